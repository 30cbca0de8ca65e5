"""``python -m cockpit user …`` and ``python -m cockpit audit …``: accounts and the audit trail by command."""

from __future__ import annotations

import argparse
import getpass
import os
import re
import sys
from pathlib import Path

import conf
from cockpit import texts
from cockpit.access.reader import account_problem
from cockpit.store import Store, StoreError, exists, open_store, store_url
from cockpit.store.accounts import LONGEST_SHOWN
from cockpit.store.audit import Verdict
from conf.options import Parser

FAILED, BAD_INPUT = 1, 2
FIRST_ADMINISTRATOR = "python -m cockpit user add NAME --role administrator"
_NAME = re.compile(r"[\w.@-]{1,64}")


class _InputError(ValueError):
    """One line that says what is wrong with what was asked for."""


def main(argv: list[str]) -> int:
    """Do what is asked; 0 done, 1 the audit's chain is broken, 2 bad input."""
    args = _parser().parse_args(argv)
    try:
        url = store_url(args.lake)
        # Only `add` makes a store: an empty one in a mistyped folder would have a chain that holds.
        if args.run is not _add and not exists(url):
            raise _InputError(f"--lake {args.lake}: no account has been made there ({FIRST_ADMINISTRATOR})")
        store = open_store(url)
        done: int = args.run(store, args)
        return done
    except (_InputError, StoreError, LookupError, ValueError) as error:
        print(f"python -m cockpit {argv[0]}: {error.args[0]}", file=sys.stderr)
        return BAD_INPUT


def _parser() -> Parser:
    settings = conf.load().settings
    parser = Parser(
        prog="python -m cockpit",
        description="Accounts and audit trail of the cockpit. A password is asked for, or read from stdin.",
        epilog=f"example: {FIRST_ADMINISTRATOR} --name 张三",
    )
    parser.set_defaults(lake=Path(settings.lake.path))
    groups = parser.add_subparsers(required=True, metavar="user|audit")
    user = groups.add_parser("user", help="accounts").add_subparsers(required=True, metavar="COMMAND")
    audit = groups.add_parser("audit", help="audit trail").add_subparsers(required=True, metavar="COMMAND")

    roles = f"one of {', '.join(conf.load().access.roles)}"
    region = "region code; give it again for more"
    add = user.add_parser("add", help="make an account")
    add.add_argument("account", help="name to sign in with")
    add.add_argument("--role", required=True, help=roles)
    add.add_argument("--name", default="", help="name shown (default: the account's)")
    add.add_argument(
        "--region",
        action="append",
        default=[],
        help=f"{region} (default: all provinces of conf/settings.yaml)",
    )
    add.add_argument("--grade", default="internal", help="public or internal (default internal)")
    add.add_argument("--no-password", action="store_true", help="signs in through the identity provider only")
    add.set_defaults(run=_add)
    change = user.add_parser(
        "change", help="give other rights, end its sessions, and let it in again if it was disabled"
    )
    change.add_argument("account")
    change.add_argument("--role", help=f"{roles} (default: as it is)")
    change.add_argument("--region", action="append", help=f"{region} (default: as they are)")
    change.add_argument("--grade", help="public or internal (default: as it is)")
    change.set_defaults(run=_change)
    user.add_parser("list", help="all accounts").set_defaults(run=_list)
    for name, run, meaning in (
        ("reset", _reset, "give a new password, end its sessions and lift its lock"),
        ("disable", _disable, "end its sessions and let it in no more"),
    ):
        command = user.add_parser(name, help=meaning)
        command.add_argument("account")
        command.set_defaults(run=run)

    verify = audit.add_parser("verify", help="check the chain of hashes")
    verify.add_argument("--noted", help="a hash noted earlier, which the chain must still hold")
    verify.set_defaults(run=_verify)
    listed = audit.add_parser("list", help="the newest rows")
    listed.add_argument("--limit", type=int, default=50, help="how many (default 50)")
    listed.set_defaults(run=_entries)
    for command in (*user.choices.values(), *audit.choices.values()):
        command.add_argument("--lake", type=Path, default=argparse.SUPPRESS, help="the lake's folder")
    return parser


def _add(store: Store, args: argparse.Namespace) -> int:
    if not _NAME.fullmatch(args.account):
        raise _InputError(f"account {args.account!r}: only letters, digits and . _ @ - (64 at most)")
    regions = tuple(args.region) or conf.load().settings.provinces
    if len(args.name) > LONGEST_SHOWN:
        raise _InputError(f"--name: {LONGEST_SHOWN} characters at most")
    if problem := account_problem(args.role, regions, args.grade):
        raise _InputError(problem)
    if store.accounts.find(args.account):
        raise _InputError(f"account {args.account} exists already")
    password = None if args.no_password else _password(args.account)
    store.accounts.add(
        args.account,
        shown=args.name or args.account,
        role=args.role,
        regions=regions,
        grade=args.grade,
        password=password,
    )
    return _done(store, args.account, "added")


def _reset(store: Store, args: argparse.Namespace) -> int:
    if store.accounts.find(args.account) is None:
        raise _InputError(f"no account {args.account}")
    store.accounts.reset(args.account, _password(args.account))
    store.attempts.forget(args.account)
    return _done(store, args.account, "given a new password")


def _change(store: Store, args: argparse.Namespace) -> int:
    known = store.accounts.find(args.account)
    if known is None:
        raise _InputError(f"no account {args.account}")
    role, grade = args.role or known.role, args.grade or known.grade
    regions = tuple(args.region or known.regions)
    if problem := account_problem(role, regions, grade):
        raise _InputError(problem)
    store.accounts.change(args.account, role=role, regions=regions, grade=grade)
    return _done(store, args.account, f"now {role}, {','.join(regions)}, {grade}")


def _disable(store: Store, args: argparse.Namespace) -> int:
    store.accounts.disable(args.account)
    return _done(store, args.account, "disabled")


def _done(store: Store, account: str, what: str) -> int:
    store.audit.write("account", account=f"command of uid {os.getuid()}", object=f"{account}: {what}")
    print(f"{account}: {what}")
    return 0


def _password(account: str) -> str:
    if sys.stdin.isatty():
        password = getpass.getpass(f"Password of {account}: ")
        if getpass.getpass("The same again: ") != password:
            raise _InputError("the two passwords differ")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    rule = conf.load().access.password
    if len(password) < rule.min_length or len(password) > 256:
        raise _InputError(f"a password has {rule.min_length} to 256 characters")
    if len(set(password)) < rule.min_different:
        raise _InputError(f"a password has at least {rule.min_different} different characters")
    if account.casefold() in password.casefold():
        raise _InputError("a password must not hold the account's name")
    return password


def _list(store: Store, _args: argparse.Namespace) -> int:
    for each in store.accounts.list():
        state = "disabled" if each.disabled else "password" if each.has_password else "identity provider"
        print(each.account, each.role, ",".join(each.regions), each.grade, state, each.name, sep="\t")
    return 0


def _verify(store: Store, args: argparse.Namespace) -> int:
    verdict = store.audit.verify(args.noted)
    if verdict.rows == 0 and store.accounts.any():
        # Making an account writes a row: that there is none means that all were taken away.
        verdict = Verdict(0, verdict.head, 1, "missing")
    if verdict.broken is not None:
        reason = texts.get(f"access.audit.reason.{verdict.reason}", "en")
        print(texts.get("access.audit.broken", "en", row=verdict.broken, reason=reason), file=sys.stderr)
        return FAILED
    print(texts.get("access.audit.holds", "en", rows=verdict.rows, head=verdict.head))
    return 0


def _entries(store: Store, args: argparse.Namespace) -> int:
    for entry in reversed(store.audit.newest(args.limit)):
        at = entry.at.isoformat(timespec="seconds")
        about = (entry.account, entry.role, entry.address, entry.action, entry.about, entry.outcome)
        print(entry.id, at, *about, sep="\t")
    return 0
