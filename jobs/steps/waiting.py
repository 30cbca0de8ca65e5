"""Why an analysis waits, in the words of conf/texts: the code and values that a method gives, put into names."""

from __future__ import annotations

import conf
from models.checks import LackingError
from themes.common.contract import Analysis, Theme

_LANGS = ("zh", "en")


def words(fault: Exception, theme: Theme, analysis: Analysis) -> dict[str, str]:
    """The reason by language; a fault without a code is told in general."""
    if not isinstance(fault, LackingError):
        return {lang: _text("unspecified", lang) for lang in _LANGS}
    found = {}
    for lang in _LANGS:
        values = {**fault.values}
        if "role" in values:
            values["inputs"] = _inputs(theme, analysis, str(values["role"]), lang)
        if "series" in values:
            values["series"] = _code(str(values["series"]), lang)
        reason = _text(fault.code, lang, **values)
        code, regions = str(values.get("region", "")), conf.load().regions
        if regions.has(code):
            reason = _text("at", lang, region=getattr(regions.get(code), f"name_{lang}"), reason=reason)
        found[lang] = reason
    return found


def _text(code: str, lang: str, **values: object) -> str:
    return conf.load().words[lang][f"waiting.{code}"].format(**values)


def _inputs(theme: Theme, analysis: Analysis, role: str, lang: str) -> str:
    """The indicators that stand for a role, each once."""
    named = dict.fromkeys(_indicator(theme, given.indicator, lang) for given in analysis.inputs[role])
    return _text("joint", lang).join(named)


def _indicator(theme: Theme, name: str, lang: str) -> str:
    measure = theme.measures.get(f"{theme.id}.{name}")
    return name if measure is None else str(getattr(measure.name, lang))


def _code(value: str, lang: str) -> str:
    """A code in the words of the first list that has it; else as it is."""
    for codes in conf.load().codes.values():
        if value in codes:
            return str(getattr(codes[value], lang))
    return value
