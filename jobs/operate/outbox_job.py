"""`outbox`: messages about failed runs and late data, and whether they have been sent."""

from __future__ import annotations

import sys

from conf.operations import operations
from conf.options import Parser
from jobs.lake import paths
from jobs.operate.outbox import Outbox
from jobs.operate.senders import senders


def parser() -> Parser:
    """The options of the job."""
    made = Parser(
        prog="spark-submit.sh outbox", description=__doc__,
        epilog="example: ./spark-submit.sh outbox send --all",
    )  # fmt: skip
    made.add_argument("way", choices=("list", "send"), help="list the messages, or send those that are due")
    made.add_argument("--all", action="store_true", help="also send what failed and waits for its next try")
    paths.add_option(made)
    return made


def run(argv: list[str]) -> int:
    """Exit code 0, 1 when a sender failed. Raises ConfError when the environment lacks what a sender needs."""
    options = parser().parse_args(argv)
    lake = paths.chosen(options)
    settings = operations().outbox
    outbox = Outbox(lake, settings)
    if options.way == "send":
        failures = outbox.send(senders(settings, lake), anew=options.all)
        print("\n".join(failures), file=sys.stderr, end="\n" if failures else "")
        return 1 if failures else 0
    for message in outbox.messages():
        ways = [f"{name} sent" for name in message["sent"]]
        ways += [
            f"{name} failed {tried['count']} times: {tried['error']}"
            for name, tried in message["tries"].items()
        ]
        title = next(iter(message["words"].values()))["title"]
        print(f"{message['id']}  {title}  ({'; '.join(ways) or 'waiting'})")
    return 0
