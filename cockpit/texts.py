"""The words of the cockpit: domain words of conf and the UI texts of conf/texts/ui*_<lang>.yaml, by dotted
key; and the names of national series, whose English words stand in conf/texts/series_en.yaml."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

import conf
from cockpit.facts_types import Text


def get(key: str, lang: str, **values: object) -> str:
    """The text of a key such as `status.real`, its `{fields}` filled from `values`.

    Raises KeyError for a key that no file has.
    """
    text = _texts(lang)[key]
    return text.format(**values) if values else text


def has(key: str) -> bool:
    """Whether there is a text of that key."""
    return key in _texts("zh")


def both(key: str, **values: object) -> Text:
    """The text of a key in both languages."""
    return Text(get(key, "zh", **values), get(key, "en", **values))


def role(code: str, lang: str) -> str:
    """The role of an analysis' input in words; the code itself where there are none."""
    key = f"analysis.role.{code}"
    return get(key, lang) if has(key) else code


def series(name: str) -> Text:
    """A national series' name as published, and in English (`CPI:食品:环比` → `CPI, food, on the period before`);
    as published in both where a word of it has no English."""
    words = [_series_words().get(word) for word in name.split(":")]
    known = [word for word in words if word is not None]
    if len(known) < len(words):
        return Text(name, name)
    english = get("format.joint", "en").join(known)
    return Text(name, english[:1].upper() + english[1:])


def keys(lang: str) -> frozenset[str]:
    """All keys of a language."""
    return frozenset(_texts(lang))


@cache
def _texts(lang: str) -> dict[str, str]:
    settings = conf.load()
    found = dict(settings.words[lang])
    for path in sorted((settings.root / "texts").glob(f"ui*_{lang}.yaml")):
        found |= _flat(yaml.safe_load(path.read_text(encoding="utf-8")), "")
    return found


@cache
def _series_words() -> dict[str, str]:
    path = conf.load().root / "texts" / "series_en.yaml"
    words: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return words


def _flat(tree: dict[str, Any], prefix: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, below in tree.items():
        key = f"{prefix}{name}"
        found |= _flat(below, f"{key}.") if isinstance(below, dict) else {key: str(below)}
    return found
