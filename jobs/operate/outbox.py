"""Messages to people: kept as files until every sender has sent them, at least once.

A message is one JSON file in ops/outbox, written whole or not at all. What a sender has sent is marked in it
after the sending, so a process that dies in between sends it again rather than never.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from conf.operations import Outbox as Settings
from conf.operations import Template
from conf.schema import Text
from jobs.lake.paths import Lake
from jobs.plan import digest

Message = dict[str, Any]
Sender = Callable[[Message], None]
Clock = Callable[[], datetime]


def utc() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Outbox:
    """The outbox of a lake."""

    def __init__(self, lake: Lake, settings: Settings, clock: Clock = utc) -> None:
        self.folder = lake.root / "ops" / "outbox"
        self.settings, self.clock = settings, clock

    def put(
        self,
        kind: str,
        key: str,
        template: Template,
        remedy: Text | None = None,
        /,
        **values: str | Mapping[str, str],
    ) -> bool:
        """Write a message unless one of the same key is there. Values may differ by language."""
        name = digest(kind, key)
        if any(self.folder.glob(f"*-{name}.json")):
            return False
        words = {}
        for lang in self.settings.languages:
            own = {k: v if isinstance(v, str) else v[lang] for k, v in values.items()}
            todo = remedy or template.remedy
            words[lang] = {
                "title": getattr(template.title, lang).format_map(own),
                "body": getattr(template.body, lang).format_map(own),
                "remedy": getattr(todo, lang).format_map(own) if todo else "",
            }
        now = self.clock()
        message = {
            "id": f"{now:%Y%m%dT%H%M%S}-{name}", "kind": kind, "key": key, "made": now.isoformat(timespec="seconds"),
            "words": words, "sent": {}, "tries": {},
        }  # fmt: skip
        self._write(message)
        return True

    def messages(self) -> list[Message]:
        """All messages in order of their names. A file that is no message is left alone."""
        return [m for path in sorted(self.folder.glob("*.json")) if (m := _read(path)) is not None]

    def send(self, senders: Mapping[str, Sender], anew: bool = False) -> list[str]:
        """Send what is due through every sender; gives one line for each failure and never raises for it.

        A sender that fails is left alone until its time has come (with `anew`, not waiting for it), and for
        the rest of this pass.
        """
        failures = []
        with self._alone() as alone:
            if not alone:
                return []
            for name, sender in senders.items():
                for message in self.messages():
                    if name in message["sent"] or not (anew or self._is_due(message, name)):
                        continue
                    try:
                        sender(message)
                    # Whatever a mail server or a webhook does, the run goes on.
                    except Exception as error:
                        failures.append(f"outbox: {name}: {message['id']} not sent: {error}")
                        self._failed(message, name, str(error))
                        break
                    message["sent"][name] = self.clock().isoformat(timespec="seconds")
                    message["tries"].pop(name, None)
                    self._write(message)
        return failures

    def _is_due(self, message: Message, sender: str) -> bool:
        tried = message["tries"].get(sender)
        if tried is None:
            return True
        waits: Sequence[int] = self.settings.backoff_minutes
        wait = timedelta(minutes=waits[min(tried["count"], len(waits)) - 1])
        since = self.clock() - datetime.fromisoformat(tried["last"])
        # A clock that was set back must not silence a message.
        return since >= wait or since < timedelta(0)

    def _failed(self, message: Message, sender: str, why: str) -> None:
        count = message["tries"].get(sender, {}).get("count", 0) + 1
        last = self.clock().isoformat(timespec="seconds")
        message["tries"][sender] = {"count": count, "last": last, "error": why[:500]}
        self._write(message)

    def _write(self, message: Message) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{message['id']}.json"
        part = path.with_suffix(".part")
        part.write_text(json.dumps(message, ensure_ascii=False, indent=1), encoding="utf-8")
        part.replace(path)

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Whether nobody else is sending."""
        if not self.folder.is_dir():
            yield False
            return
        with (self.folder / ".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True


def text_of(message: Message) -> tuple[str, str]:
    """Title in the leading language, and the whole text in all."""
    parts = list(message["words"].values())
    body = "\n\n".join("\n".join(t for t in (p["title"], p["body"], p["remedy"]) if t) for p in parts)
    return parts[0]["title"], body


def _read(path: Path) -> Message | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and {"id", "words", "sent", "tries"} <= set(found) else None
