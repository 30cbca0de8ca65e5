"""Ways out of the outbox: a file, e-mail, a webhook. Hosts and passwords come from the environment only.

| variable | |
|---|---|
| DINGPAN_OUTBOX_FILE | file that messages are added to (default: ops/outbox.log of the lake) |
| DINGPAN_SMTP_HOST, DINGPAN_SMTP_PORT | mail server; port 25, or 587 with DINGPAN_SMTP_TLS=1 |
| DINGPAN_SMTP_TLS | 1: STARTTLS before signing in |
| DINGPAN_SMTP_USER, DINGPAN_SMTP_PASSWORD | how to sign in, if the server asks for it |
| DINGPAN_MAIL_FROM, DINGPAN_MAIL_TO | addresses; several receivers by comma |
| DINGPAN_WEBHOOK_URL, DINGPAN_WEBHOOK_TOKEN | where to post, and the bearer token |

Each may also be given as a file that holds the value: the same name with `_FILE` behind it.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path

import requests

from conf import ConfError
from conf.operations import Outbox as Settings
from jobs.lake.paths import Lake
from jobs.operate.outbox import Message, Sender, text_of


class Environment:
    """Values from the environment, or from the files it names."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self.values = os.environ if values is None else values

    def get(self, name: str, default: str = "") -> str:
        """The value, or what stands in the file that `<name>_FILE` names. Raises ConfError."""
        if file := self.values.get(f"{name}_FILE"):
            try:
                return Path(file).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ConfError([f"environment: {name}_FILE: {error.strerror}"]) from error
        return self.values.get(name, default)

    def needed(self, name: str, sender: str) -> str:
        """The same; ConfError when there is none."""
        if value := self.get(name):
            return value
        raise ConfError([f"operations.yaml: outbox.senders: {sender} needs {name} in the environment"])


def senders(settings: Settings, lake: Lake, environment: Environment | None = None) -> dict[str, Sender]:
    """The senders that conf wants. Raises ConfError when the environment lacks what one needs."""
    given = environment or Environment()
    made: dict[str, Sender] = {}
    for name in settings.senders:
        if name == "file":
            made[name] = to_file(Path(given.get("DINGPAN_OUTBOX_FILE") or lake.root / "ops" / "outbox.log"))
        elif name == "email":
            made[name] = by_mail(given, settings.timeout_seconds)
        else:
            made[name] = to_webhook(given, settings.timeout_seconds)
    return made


def to_file(path: Path) -> Sender:
    """Adds the text to a file."""

    def send(message: Message) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{message['made']} {message['id']}\n{text_of(message)[1]}\n\n")

    return send


def by_mail(given: Environment, timeout: int) -> Sender:
    """Sends a mail to every receiver. A message keeps its Message-ID when it is sent again."""
    host = given.needed("DINGPAN_SMTP_HOST", "email")
    tls = given.get("DINGPAN_SMTP_TLS") == "1"
    try:
        port = int(given.get("DINGPAN_SMTP_PORT") or (587 if tls else 25))
    except ValueError as error:
        raise ConfError(["environment: DINGPAN_SMTP_PORT: not a number"]) from error
    sender, receivers = given.needed("DINGPAN_MAIL_FROM", "email"), given.needed("DINGPAN_MAIL_TO", "email")
    user, password = given.get("DINGPAN_SMTP_USER"), given.get("DINGPAN_SMTP_PASSWORD")

    def send(message: Message) -> None:
        title, body = text_of(message)
        mail = EmailMessage()
        mail["Subject"], mail["From"], mail["To"] = title, sender, receivers
        mail["Message-ID"] = f"<{message['id']}@dingpan>"
        mail.set_content(body)
        with smtplib.SMTP(host, port, timeout=timeout) as server:
            if tls:
                server.starttls(context=ssl.create_default_context())
            if user:
                server.login(user, password)
            server.send_message(mail)

    return send


def to_webhook(given: Environment, timeout: int) -> Sender:
    """Posts the message as JSON; its id goes along as Idempotency-Key, so that a receiver can drop the second."""
    url, token = given.needed("DINGPAN_WEBHOOK_URL", "webhook"), given.get("DINGPAN_WEBHOOK_TOKEN")

    def send(message: Message) -> None:
        title, text = text_of(message)
        body = {key: message[key] for key in ("id", "kind", "made", "words")} | {"title": title, "text": text}
        headers = {"Idempotency-Key": message["id"]} | ({"Authorization": f"Bearer {token}"} if token else {})
        try:
            answer = requests.post(url, json=body, headers=headers, timeout=timeout, allow_redirects=False)
        except requests.RequestException as error:
            # Its text names the address, which may hold a secret.
            raise OSError(f"the webhook cannot be reached ({type(error).__name__})") from None
        if answer.status_code // 100 != 2:
            raise OSError(f"the webhook answered {answer.status_code}")

    return send
