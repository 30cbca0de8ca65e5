"""Messages are sent at least once, and a sender that fails stops nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from conf.operations import Outbox as Settings
from conf.operations import operations, templates
from jobs.lake.paths import Lake
from jobs.operate.outbox import Message, Outbox, text_of

SETTINGS = Settings(languages=("zh", "en"), senders=("file",), timeout_seconds=1, backoff_minutes=(5, 60))
LATE = {"table": "t", "last": "2026-01-01", "due": "2026-01-31", "days": "3"}


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outbox(tmp_path: Path, clock: Clock) -> Outbox:
    return Outbox(Lake(tmp_path), SETTINGS, clock)


def put(outbox: Outbox, key: str = "t 2026-01-01") -> bool:
    words = {"title": {"zh": "出生登记", "en": "Births"}, "department": {"zh": "卫健委", "en": "Health"}}
    return outbox.put("late", key, templates()["late"], None, **LATE, **words)


def test_a_message_says_what_where_and_what_to_do_in_chinese_first(outbox: Outbox) -> None:
    put(outbox)
    title, text = text_of(outbox.messages()[0])
    assert title == "【定盘】出生登记逾期 3 天"
    assert "卫健委的“出生登记”（t）最近一次交付是 2026-01-01" in text
    assert text.index("请联系该部门补交") < text.index("[Dingpan] Births is 3 days late")


def test_the_same_thing_is_told_once(outbox: Outbox) -> None:
    assert put(outbox) and not put(outbox)
    assert put(outbox, "another")
    assert len(outbox.messages()) == 2


def test_what_is_sent_is_marked_and_not_sent_again(outbox: Outbox) -> None:
    put(outbox)
    sent: list[str] = []
    for _ in range(2):
        assert outbox.send({"file": lambda m: sent.append(m["id"])}) == []
    assert len(sent) == 1
    assert outbox.messages()[0]["sent"] == {"file": "2026-01-01T00:00:00+00:00"}


def test_a_sender_that_fails_stops_neither_the_others_nor_the_run(outbox: Outbox) -> None:
    put(outbox), put(outbox, "another")
    sent: list[str] = []
    calls: list[str] = []

    def broken(message: Message) -> None:
        calls.append(message["id"])
        raise ConnectionError("no route")

    failures = outbox.send({"email": broken, "file": lambda m: sent.append(m["id"])})
    assert len(failures) == len(calls) == 1, "a broken sender is not asked for every message"
    assert "email" in failures[0] and "no route" in failures[0]
    assert len(sent) == 2


def test_it_is_tried_again_with_longer_waits(outbox: Outbox, clock: Clock) -> None:
    put(outbox)
    tries: list[datetime] = []

    def broken(_: Message) -> None:
        tries.append(clock.now)
        raise OSError("down")

    for _ in range(200):
        outbox.send({"email": broken})
        clock.forward(1)
    waits = [(b - a) / timedelta(minutes=1) for a, b in pairwise(tries)]
    assert waits == [5, 60, 60, 60]
    assert outbox.messages()[0]["tries"]["email"]["count"] == 5
    assert outbox.send({"email": lambda _: None}, anew=True) == []
    assert outbox.messages()[0]["tries"] == {}


def test_a_clock_set_back_silences_no_message(outbox: Outbox, clock: Clock) -> None:
    put(outbox)

    def broken(_: Message) -> None:
        raise OSError("down")

    outbox.send({"email": broken})
    clock.forward(-60 * 24 * 365)
    sent: list[Message] = []
    outbox.send({"email": sent.append})
    assert len(sent) == 1


def test_a_process_that_dies_before_marking_sends_again(outbox: Outbox) -> None:
    put(outbox)
    sent: list[str] = []

    def dies(message: Message) -> None:
        sent.append(message["id"])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outbox.send({"email": dies})
    outbox.send({"email": lambda m: sent.append(m["id"])})
    assert len(sent) == 2 and len(set(sent)) == 1


def test_a_file_that_is_no_message_is_left_alone(outbox: Outbox) -> None:
    put(outbox)
    (outbox.folder / "0.json").write_text("{", encoding="utf-8")
    (outbox.folder / "1.json").write_text("[]", encoding="utf-8")
    assert len(outbox.messages()) == 1
    assert not list(outbox.folder.glob("*.part"))
    whole = json.loads(next(outbox.folder.glob("2026*.json")).read_text(encoding="utf-8"))
    assert whole["kind"] == "late"


def test_the_settings_of_this_installation_hold() -> None:
    assert operations().outbox.languages[0] == "zh"
