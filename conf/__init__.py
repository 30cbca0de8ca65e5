"""Settings, code lists, regions, rules, targets and reference tables of Dingpan 定盘.

`conf.load()` reads and checks everything once; `conf.periods`, `conf.regions` and `conf.status` are pure.
"""

from conf.errors import ConfError
from conf.load import Conf, load

__all__ = ["Conf", "ConfError", "load"]
