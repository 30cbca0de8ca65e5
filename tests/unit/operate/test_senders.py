"""Messages reach a real mail server, a real HTTP server and a file."""

from __future__ import annotations

import email
import json
import socket
import threading
from collections.abc import Iterator
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope

from conf import ConfError
from conf.operations import Outbox as Settings
from jobs.lake.paths import Lake
from jobs.operate.senders import Environment, senders

# The server here speaks to this machine only.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

MESSAGE = {
    "id": "20260101T000000-abc", "kind": "late", "made": "2026-01-01", "sent": {}, "tries": {},
    "words": {"zh": {"title": "出生登记逾期 3 天", "body": "最近一次", "remedy": "请补交"},
              "en": {"title": "Births late", "body": "last", "remedy": "ask"}},
}  # fmt: skip


def sender(name: Any, tmp_path: Path, **environment: str) -> Any:
    settings = Settings(languages=("zh",), senders=(name,), timeout_seconds=2, backoff_minutes=(1,))
    return senders(settings, Lake(tmp_path), Environment(environment))[name]


class Mailbox:
    def __init__(self) -> None:
        self.got: list[Envelope] = []
        self.refuse = False

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.refuse:
            return "451 try later"
        self.got.append(envelope)
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    """A mail server that asks for a password."""
    box = Mailbox()

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"dingpan", b"secret"), handled=False)

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=port,
        authenticator=authenticate,
        auth_required=True,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


def mail(port: int, tmp_path: Path, **changed: str) -> Any:
    (tmp_path / "password").write_text("secret\n", encoding="utf-8")
    given = {
        "DINGPAN_SMTP_HOST": "127.0.0.1", "DINGPAN_SMTP_PORT": str(port), "DINGPAN_SMTP_USER": "dingpan",
        "DINGPAN_SMTP_PASSWORD_FILE": str(tmp_path / "password"),
        "DINGPAN_MAIL_FROM": "dingpan@example.cn", "DINGPAN_MAIL_TO": "a@example.cn, b@example.cn",
    }  # fmt: skip
    return sender("email", tmp_path, **(given | changed))


def test_mail_arrives_whole_in_chinese(mailbox: tuple[Mailbox, int], tmp_path: Path) -> None:
    box, port = mailbox
    mail(port, tmp_path)(MESSAGE)
    (envelope,) = box.got
    assert envelope.rcpt_tos == ["a@example.cn", "b@example.cn"]
    content = envelope.content
    got = email.message_from_bytes(content if isinstance(content, bytes) else b"", policy=default)
    assert got["Subject"] == "出生登记逾期 3 天"
    assert got["Message-ID"] == "<20260101T000000-abc@dingpan>"
    text = got.get_body().get_content()
    assert "请补交" in text and "Births late" in text


def test_a_mail_server_that_refuses_is_told(mailbox: tuple[Mailbox, int], tmp_path: Path) -> None:
    box, port = mailbox
    box.refuse = True
    with pytest.raises(Exception, match="try later"):
        mail(port, tmp_path)(MESSAGE)
    with pytest.raises(Exception, match="535"):
        mail(port, tmp_path, DINGPAN_SMTP_USER="someone")(MESSAGE)


@pytest.fixture
def hook() -> Iterator[tuple[list[Any], list[int], str]]:
    """A web server that notes what is posted and answers with the last code of a list."""
    got: list[Any] = []
    codes = [200]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, dict(self.headers), json.loads(body)))
            self.send_response(codes[-1])
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield got, codes, f"http://127.0.0.1:{server.server_port}/hook?key=hidden"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_webhook_gets_the_message_with_token_and_key(
    hook: tuple[list[Any], list[int], str], tmp_path: Path
) -> None:
    got, _, url = hook
    sender("webhook", tmp_path, DINGPAN_WEBHOOK_URL=url, DINGPAN_WEBHOOK_TOKEN="t0k")(MESSAGE)
    ((_, headers, body),) = got
    assert headers["Authorization"] == "Bearer t0k"
    assert headers["Idempotency-Key"] == body["id"] == "20260101T000000-abc"
    assert body["title"] == "出生登记逾期 3 天" and body["words"]["en"]["remedy"] == "ask"


@pytest.mark.parametrize("code", [302, 404, 500])
def test_a_webhook_that_does_not_take_it_is_told_without_its_address(
    hook: tuple[list[Any], list[int], str], tmp_path: Path, code: int
) -> None:
    _, codes, url = hook
    codes.append(code)
    with pytest.raises(OSError, match=f"answered {code}"):
        sender("webhook", tmp_path, DINGPAN_WEBHOOK_URL=url)(MESSAGE)


def test_a_webhook_that_is_not_there_is_told_without_its_address(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cannot be reached") as told:
        sender("webhook", tmp_path, DINGPAN_WEBHOOK_URL="http://127.0.0.1:9/hook?key=hidden")(MESSAGE)
    assert "hidden" not in str(told.value)


def test_a_file_gets_every_message(tmp_path: Path) -> None:
    send = sender("file", tmp_path)
    send(MESSAGE), send(MESSAGE)
    assert (tmp_path / "ops" / "outbox.log").read_text(encoding="utf-8").count("出生登记逾期 3 天") == 2


@pytest.mark.parametrize(
    ("name", "variable"), [("email", "DINGPAN_SMTP_HOST"), ("webhook", "DINGPAN_WEBHOOK_URL")]
)
def test_what_is_missing_in_the_environment_is_named(tmp_path: Path, name: str, variable: str) -> None:
    with pytest.raises(ConfError, match=rf"operations.yaml: outbox.senders: {name} needs {variable}"):
        sender(name, tmp_path)


def test_a_password_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfError, match="DINGPAN_SMTP_PASSWORD_FILE"):
        mail(25, tmp_path, DINGPAN_SMTP_PASSWORD_FILE=str(tmp_path / "nothing"))
