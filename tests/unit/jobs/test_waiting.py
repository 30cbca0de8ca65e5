"""What an analysis waits for is told in both languages, with names in place of codes."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pandas as pd
import pytest

import conf
import jobs
import models
from jobs.steps import waiting
from models.checks import LackingError, dated
from themes.common.contract import discover

ECONOMIC = next(theme for theme in discover() if theme.id == "economic")
MARINE = ECONOMIC.analyses["economic.marine_quarter"]


def told(fault: Exception) -> tuple[str, str]:
    found = waiting.words(fault, ECONOMIC, MARINE)
    return found["zh"], found["en"]


@pytest.mark.parametrize(
    ("fault", "zh", "en"),
    [
        (
            LackingError("no_input", "-", role="cumulative"),
            "海洋生产总值（年初至本季累计）",
            "Gross marine product",
        ),
        (LackingError("no_series", "-", series="orders"), "工业企业新签订单额", "new orders of industry"),
        (
            LackingError("too_few_periods", "-", need=37, have=12),
            "只有12期数据，至少需要37期",
            "only 12 periods",
        ),
        (
            LackingError("constant", "-").at("440100", region="440100"),
            "广州市：输入没有变化",
            "Guangzhou: the input",
        ),
        (LackingError("constant", "-").at("000000", region="000000"), "输入没有变化", "the input"),
        (ValueError("index 3 is out of bounds"), "暂不计算", "nothing is computed yet"),
    ],
)
def test_reasons_are_sentences_with_names(fault: Exception, zh: str, en: str) -> None:
    chinese, english = told(fault)
    assert zh in chinese and en in english
    assert not re.search("[\u4e00-\u9fff]", english)


def test_the_nearest_place_is_the_one_told() -> None:
    fault = LackingError("constant", "still").at("440100", region="440100").at("all", region="440000")
    assert told(fault)[0].startswith("广州市")
    assert str(fault) == "all: 440100: still"


def raised() -> dict[str, list[set[str]]]:
    """The codes that models and jobs raise, each with the names of the values it is raised with."""
    found: dict[str, list[set[str]]] = {}
    for package in (models, jobs):
        for file in Path(str(package.__file__)).parent.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "LackingError":
                    code = node.args[0]
                    if isinstance(code, ast.Constant):
                        found.setdefault(code.value, []).append({str(word.arg) for word in node.keywords})
    return found


def test_every_code_that_is_raised_has_words_and_every_word_a_code() -> None:
    words = {key.removeprefix("waiting.") for key in conf.load().words["zh"] if key.startswith("waiting.")}
    assert words == set(raised()) | {"at", "joint", "unspecified"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sentence_is_given_the_values_it_tells(lang: str) -> None:
    for code, calls in raised().items():
        fields = {
            field for _, field, _, _ in Formatter().parse(conf.load().words[lang][f"waiting.{code}"]) if field
        }
        for given in calls:
            assert fields <= given | ({"inputs"} if "role" in given else set()), code


def test_the_values_of_a_check_fill_its_sentence() -> None:
    short = pd.Series([1.0, 2.0], index=pd.period_range("2024-01", periods=2, freq="M"))
    with pytest.raises(LackingError) as fault:
        dated(short, "growth", least=25)
    assert told(fault.value)[0] == "只有2期数据，至少需要25期"
