"""The sign-in page as HTML: no script, nothing fetched but the web font."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from cockpit import texts, tokens
from cockpit.access.reader import role_name
from cockpit.address import parse
from cockpit.store.accounts import Account

_PAGE = """<!DOCTYPE html>
<html lang="{lang}" data-dress="{dress}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{head}<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/fonts/noto-sans-sc.css">
<style>{tokens}
{css}</style>
</head>
<body>
{body}
</body>
</html>"""


def text(key: str, lang: str, **values: object) -> str:
    """A text of the page."""
    return texts.get(f"access.{key}", lang, **values)


def render(*, lang: str, wanted: str, token: str, message: str, demo: Sequence[Account], oidc: bool) -> str:
    """The whole page. `wanted` is the address to go on to, `token` ties the form to the browser."""
    other = "en" if lang == "zh" else "zh"
    switch = "/sign-in?" + urlencode({"lang": other, "next": _in(wanted, other)})
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in (("token", token), ("lang", lang), ("next", wanted))
    )
    parts = [
        f'<header><p class="brand">{_say("pages.name", lang)}<span>{_say("pages.subtitle", lang)}</span></p>',
        f'<a href="{escape(switch)}" lang="{other}">{_say(f"pages.language.{other}", lang)}</a></header>',
        f"<main><h1>{_own('title', lang)}</h1>",
        f'<p class="message" role="alert">{escape(message)}</p>' if message else "",
        _demo(demo, hidden, lang) if demo else _form(hidden, lang),
        _provider(wanted, lang) if oidc else "",
        f'<p class="note">{_own("note", lang)}</p></main>',
    ]
    return _page(wanted, lang, text("title", lang), "\n".join(filter(None, parts)))


def onward(href: str, lang: str) -> str:
    """A page that goes on to an address by itself."""
    link = f'<main><p><a href="{escape(href)}">{_own("onward", lang)}</a></p></main>'
    head = f'<meta http-equiv="refresh" content="0;url={escape(href)}">\n'
    return _page(href, lang, text("onward", lang), link, head)


def _page(wanted: str, lang: str, title: str, body: str, head: str = "") -> str:
    path, _, query = wanted.partition("?")
    return _PAGE.format(
        lang=lang,
        dress=parse(path, query).dress,
        head=head,
        title=f"{escape(title)} · {_say('pages.name', lang)}",
        tokens=tokens.css(),
        css=_css(),
        body=body,
    )


def _form(hidden: str, lang: str) -> str:
    return (
        f'<form method="post" action="/sign-in">{hidden}'
        f'<label for="account">{_own("account", lang)}</label>'
        '<input id="account" name="account" autocomplete="username" required autofocus maxlength="64">'
        f'<label for="password">{_own("password", lang)}</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" required>'
        f'<button class="primary">{_own("enter", lang)}</button></form>'
    )


def _demo(accounts: Sequence[Account], hidden: str, lang: str) -> str:
    buttons = "".join(
        f'<button name="demo" value="{escape(each.account)}"><b>{escape(role_name(each.role, lang))}</b>'
        f"<span>{_own(f'demo.{each.role}', lang)}</span></button>"
        for each in accounts
    )
    return (
        f'<p class="demo-note">{_own("demo.note", lang)}</p>'
        f'<form method="post" action="/sign-in" class="demo">{hidden}{buttons}</form>'
    )


def _provider(wanted: str, lang: str) -> str:
    href = "/sign-in/oidc?" + urlencode({"lang": lang, "next": wanted})
    return f'<p><a class="provider" href="{escape(href)}">{_own("provider", lang)}</a></p>'


def _in(wanted: str, lang: str) -> str:
    path, _, query = wanted.partition("?")
    return parse(path, query).to(lang=lang).href


def _own(key: str, lang: str) -> str:
    return escape(text(key, lang))


def _say(key: str, lang: str) -> str:
    return escape(texts.get(key, lang))


@cache
def _css() -> str:
    return (Path(__file__).parent / "sign_in.css").read_text(encoding="utf-8")
