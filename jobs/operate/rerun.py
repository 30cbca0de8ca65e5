"""`rerun`: a run once more, with its day and profile, everything built anew from landing."""

from __future__ import annotations

import sys
from datetime import date

from conf.options import Parser
from jobs import daily
from jobs.lake import paths
from jobs.lake.ledger import Ledger
from jobs.operate import lease
from jobs.operate.backfill import shown_again
from jobs.operate.runs import find_run
from jobs.plan import code_version


def parser() -> Parser:
    """The options of the job."""
    made = Parser(
        prog="spark-submit.sh rerun", description=__doc__,
        epilog="example: ./spark-submit.sh rerun 20260131T173000-65c6cae3",
    )  # fmt: skip
    made.add_argument("run", help="id of the run (see `runs`), its beginning, or last")
    paths.add_option(made)
    made.add_argument("--master", default=None, help="Spark master (default: conf/settings.yaml)")
    return made


def run(argv: list[str]) -> int:
    """Exit code of the daily run; 1 when another run is at work, 2 when there is no such run."""
    options = parser().parse_args(argv)
    lake = paths.chosen(options)
    try:
        known = find_run(lake, options.run)
        with lease.hold(lake, "rerun"), shown_again(lake, daily.today()):
            if known["code_version"] != code_version():
                print("The code, or a contract or setting, is another than that run's: figures may differ.")
            Ledger(lake.ledger).forget_all()
            return daily.one_day(lake, known["profile"], date.fromisoformat(known["as_of"]), options.master)
    except LookupError as error:
        print(f"rerun: {error.args[0]}", file=sys.stderr)
        return 2
    except lease.LeaseHeldError as error:
        print(f"rerun: {error}", file=sys.stderr)
        return 1
