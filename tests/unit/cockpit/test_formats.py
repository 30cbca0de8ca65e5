from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import conf
from cockpit import formats, texts
from cockpit.facts_types import Change, Light


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (126_012_510, "person", "1.26亿人", "126.01 million persons"),
        (35_678, "person", "3.57万人", "35.68 thousand persons"),
        (812, "person", "812人", "812 persons"),
        (13_000, "hundred_million_yuan", "1.30万亿元", "1.30 trillion yuan"),
        (4.55, "percent", "4.5%", "4.5%"),
        (-0.04, "percent", "0.0%", "0.0%"),
        (-3.2, "percent", "−3.2%", "−3.2%"),
        (0.3, "percentage_point", "0.3个百分点", "0.3 percentage points"),
        (15.2, "yuan_per_kg", "15.20元/公斤", "15.20 yuan per kg"),
        (5.43, "ratio", "5.43", "5.43"),
        (None, "person", "—", "—"),
    ],
)
def test_number(value: float | None, unit: str, zh: str, en: str) -> None:
    assert formats.number(value, unit, "zh") == zh
    assert formats.number(value, unit, "en") == en


@pytest.mark.parametrize(
    ("label", "zh", "en"),
    [
        ("2020", "2020年", "2020"),
        ("2026-Q1", "2026年一季度", "Q1 2026"),
        ("2026-03", "2026年3月", "2026-03"),
        ("2026-03-T1", "2026年3月上旬", "2026-03, days 1–10"),
        ("2026-W07", "2026年第7周", "week 7, 2026"),
        ("2026-03-08", "2026年3月8日", "2026-03-08"),
        (None, "—", "—"),
    ],
)
def test_period(label: str | None, zh: str, en: str) -> None:
    assert formats.period(label, "zh") == zh
    assert formats.period(label, "en") == en


def test_change_names_its_kind_and_shows_points_for_rates() -> None:
    assert formats.change(Change("yoy", 4.21, "percent", 1, True, "k"), "zh") == "同比 ▲4.2%"
    assert (
        formats.change(Change("prev", -0.3, "percentage_point", 1, False, "k"), "zh") == "环比 ▼0.3个百分点"
    )
    assert formats.change(Change("prev", 0.04, "percent", 1, True, "k"), "zh") == "环比 持平"
    assert formats.change(Change("yoy", None, "percent", 1, None, "k"), "zh") == "同比 —"


def test_places_days_moments_and_lights() -> None:
    assert [formats.places(n, "zh") for n in (2, -1, 0, None)] == ["升2位", "降1位", "名次未变", ""]
    assert formats.day(date(2026, 6, 1), "zh") == "2026年6月1日"
    assert formats.moment(datetime(2026, 6, 30, 18, 5, tzinfo=UTC), "zh") == "2026年7月1日 02:05"
    assert formats.light(Light("red", "I", "emergency"), "zh") == "红 Ⅰ级"
    assert formats.percent(0.625, "zh", 1) == "62.5%"
    assert formats.bare(5.50, "zh") == "5.5"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (4.90819, "4.908"),
        (0.00240042, "0.0024"),
        (-0.5, "−0.5"),
        (12345.6, "12,346"),
        (100.0, "100"),
        (0.0, "0"),
    ],
)
def test_raw_numbers_have_four_figures(value: float, shown: str) -> None:
    assert formats.brief(value, "zh") == shown


def test_every_unit_has_a_name_in_both_languages_at_every_scale() -> None:
    for code, unit in conf.load().units.items():
        for lang, scales in (("zh", unit.scales.zh), ("en", unit.scales.en)):
            for scale in scales:
                name = formats.unit_name(code, lang, scale)
                assert scale.symbol in name
                assert name.count(unit.zh if lang == "zh" else unit.en) <= 1


@given(
    st.floats(-1e12, 1e12),
    st.floats(1e-3, 1e12),
    st.sampled_from(["person", "percent", "hundred_million_yuan"]),
)
def test_ticks_cover_the_span_rise_evenly_and_never_use_si_letters(
    low: float, width: float, unit: str
) -> None:
    high = low + width
    if not high > low or width < abs(low) * 1e-9:
        return
    positions, labels, _ = formats.ticks(low, high, unit, "zh")
    slack = (positions[-1] - positions[0]) * 1e-6 + abs(low) * 1e-9
    assert positions[0] <= low + slack
    assert positions[-1] >= high - slack
    assert 2 <= len(positions) <= 8
    assert positions == sorted(positions)
    if "e" not in f"{positions[1] - positions[0]}":
        assert len(set(labels)) == len(labels)
    assert not any(letter in label for label in labels for letter in "kKMGB")


def test_tick_labels_say_exactly_where_they_stand() -> None:
    positions, labels, unit = formats.ticks(1.04e8, 1.91e8, "person", "zh")
    assert unit == "亿人"
    assert [float(label) * 1e8 for label in labels] == pytest.approx(positions)


def test_limits_show_as_few_decimals_as_tell_them_apart() -> None:
    assert formats.limits([8, 10, 12], "percent", "zh") == (["8", "10", "12"], "%")
    assert formats.limits([0.5, 1.0, 1.5], "percent", "zh")[0] == ["0.5", "1.0", "1.5"]
    assert formats.limits([4_000_000, 6_000_000], "person", "zh") == (["400", "600"], "万人")


def test_both_languages_have_the_same_keys() -> None:
    assert texts.keys("zh") == texts.keys("en")


def test_an_unknown_text_is_an_error() -> None:
    with pytest.raises(KeyError):
        texts.get("no.such.key", "zh")


def test_a_ten_day_period_under_an_axis_is_short_enough_for_a_phone() -> None:
    assert formats.tick("2023-01-T3", "en") == "01-21<br>2023"
    assert formats.tick("2023-01-T3", "zh") == "1月下旬<br>2023年"
    assert formats.period("2023-01-T3", "en") == "2023-01, from day 21"
