"""English names of national series are put together from the words of conf/texts/series_en.yaml."""

from __future__ import annotations

import re

import pytest
import yaml

import conf
from cockpit import texts
from cockpit.facts_read import breakdown_name

_HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("CPI:食品:环比", "CPI, food, on the period before"),
        ("M2:同比", "M2, on a year ago"),
        ("中国台湾:出口金额:当月值", "Taiwan, China, exports, month"),
        (
            "三亚:二手住宅价格指数:环比:上月=100",
            "Sanya, price index of second-hand homes, on the period before, previous month = 100",
        ),
        ("出口金额:人民币:当月同比", "Exports, in yuan, month, on a year ago"),
    ],
)
def test_series_is_named_in_english_and_keeps_its_chinese_name(name: str, english: str) -> None:
    found = breakdown_name(f"series={name}")

    assert (found.zh, found.en) == (name, english)


def test_series_with_a_word_that_is_not_known_stays_as_published() -> None:
    assert texts.series("CPI:未知分类:环比").en == "CPI:未知分类:环比"


def test_no_english_word_is_chinese_and_no_two_cities_share_a_name() -> None:
    path = conf.load().root / "texts" / "series_en.yaml"
    words = yaml.safe_load(path.read_text(encoding="utf-8"))

    assert all(isinstance(word, str) and word and not _HAN.search(word) for word in words.values())
    assert all(_HAN.search(key) or key == words[key] for key in words)
