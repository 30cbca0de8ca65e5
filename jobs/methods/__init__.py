"""Methods 方法 that make one measure of others: between the indicator table and the numbers of `models`.

A module here takes the rows that `analyses` of a theme's indicators.yaml name, hands numbers to `models`, and
labels what comes back. Every module of this folder is imported; what it registers with `method` can be named.
"""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
