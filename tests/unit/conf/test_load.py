import shutil
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

import conf
from conf import ConfError
from conf.schema import Band, Rule

C = conf.load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of conf that a test may break."""
    root = tmp_path / "conf"
    shutil.copytree(C.root, root, ignore=shutil.ignore_patterns("*.py", "__pycache__", "sources", "real"))
    return root


def break_file(root: Path, file: str, old: str, new: str) -> list[str]:
    """Replace the first `old` in a file and give the lines of the error that loading raises."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfError) as caught:
        conf.load(root)
    assert str(caught.value).splitlines() == list(caught.value.problems)
    return list(caught.value.problems)


def test_an_unbroken_copy_loads(folder: Path) -> None:
    copied = conf.load(folder)
    assert copied.settings == C.settings
    assert copied.targets == C.targets


def test_it_is_read_once() -> None:
    assert conf.load() is conf.load(C.root)


@pytest.mark.parametrize(
    ("file", "old", "new", "start"),
    [
        (
            "settings.yaml",
            "quarantine_limit: 0.05",
            "quarantine_limit: 5",
            "settings.yaml: quarantine_limit: ",
        ),
        ("settings.yaml", "port: 8050", "port: web", "settings.yaml: cockpit.port: "),
        ("settings.yaml", "horizon: {M: 12,", "horizon: {H: 12,", "settings.yaml: forecast.horizon.H."),
        ("settings.yaml", "\n  seed: ", "\n  sede: ", "settings.yaml: simulation.s"),
        (
            "settings.yaml",
            'home_region: "440000"',
            'home_region: "110000"',
            "settings.yaml: home_region: must be one of provinces",
        ),
        ("settings.yaml", "lake:", "lake: [", "settings.yaml: line "),
        ("units.yaml", "ratio: {", "person: {", "units.yaml: line "),
        ("units.yaml", "kind: money", "kind: cash", "units.yaml: yuan.kind: "),
        ("codes.yaml", "  f: {zh: 女, en: female}", "  f: {zh: 女}", "codes.yaml: sex.f.en: "),
        ("codes.yaml", '"0": {zh: 0岁', "0: {zh: 0岁", "codes.yaml: age_band.0: the code must be text"),
        (
            "departments.yaml",
            "statistics: {zh: 统计局,",
            "statistics: {",
            "departments.yaml: statistics.zh: ",
        ),
        (
            "regions.csv",
            "440106,天河区,Tianhe,county,440100",
            "440106,天河区,Tianhe,county,440000",
            "regions.csv: 440106.parent: must be a city",
        ),
        ("regions.csv", "2014-01-25,440112", "2014-25-01,440112", "regions.csv: 440116.valid_to: "),
        ("regions.csv", "code,name_zh", "code,name", "regions.csv: header: must be code,name_zh"),
        (
            "region_groups.csv",
            "U440306,2010,440306",
            "U440306,2010,449999",
            "region_groups.csv: U440306.2010: unknown region",
        ),
        (
            "plan_targets.yaml",
            "unit: percent",
            "unit: per_cent",
            "plan_targets.yaml: GD-01.unit: unknown unit 'per_cent'",
        ),
        ("plan_targets.yaml", "goal: 50", "goal: -50", "plan_targets.yaml: GD-01: goal must lie above base"),
        ("plan_targets.yaml", "GD-02", "GD-01", "plan_targets.yaml: GD-01.target_id: occurs twice"),
        (
            "plan_targets.yaml",
            "department: government_services",
            "department: nobody",
            "plan_targets.yaml: GD-01.department: unknown department 'nobody'",
        ),
        (
            "rules/hog.yaml",
            "为{value}",
            "为{price}",
            "rules/hog.yaml: agriculture.hog_ratio_fall: message.zh has an unknown field {price}",
        ),
        (
            "rules/hog.yaml",
            "method: hog_ratio_bands",
            "method: window_change",
            "rules/hog.yaml: agriculture.hog_ratio_fall: parameters.compare is needed",
        ),
        (
            "rules/hog.yaml",
            "level: III",
            "level: IV",
            "rules/hog.yaml: agriculture.hog_ratio_fall: levels must ",
        ),
        (
            "access.yaml",
            'pages: ["/audit", "/runs"]',
            'pages: ["/other"]',
            "access.yaml: -: role auditor names",
        ),
        ("access.yaml", "actions: [view]", "actions: [rule]", "access.yaml: roles.auditor.actions.0: "),
        ("access.yaml", '"/runs": internal', '"/runs": secret', "access.yaml: pages./runs: "),
        ("access.yaml", "idle_minutes: 30", "idle_minutes: 900", "access.yaml: session: idle_minutes must"),
        (
            "access.yaml",
            "public_origin: null",
            "public_origin: cockpit.example",
            "access.yaml: public_origin: ",
        ),
        (
            "access.yaml",
            "oidc: null",
            "oidc: {issuer: 'http://id.example', client_id: x, claim: sub}",
            "access.yaml: oidc: issuer must be https",
        ),
        (
            "texts/domain_en.yaml",
            "real: real, ",
            "",
            "texts/domain_en.yaml: status.real: is missing (domain_zh.yaml has it)",
        ),
    ],
)
def test_a_fault_names_its_file_and_key(folder: Path, file: str, old: str, new: str, start: str) -> None:
    problems = break_file(folder, file, old, new)
    assert any(line.startswith(start) for line in problems), problems


def test_all_faults_are_told_at_once(folder: Path) -> None:
    (folder / "departments.yaml").unlink()
    (folder / "units.yaml").write_bytes("person: {zh: 人}".encode("gb18030"))
    problems = break_file(folder, "settings.yaml", "port: 8050", "port: 0")
    assert {line.split(": ")[0] for line in problems} >= {"departments.yaml", "units.yaml", "settings.yaml"}


def test_a_row_with_a_field_too_few_is_named_by_its_line(folder: Path) -> None:
    problems = break_file(folder, "regions.csv", "440106,天河区,Tianhe,", "440106,天河区Tianhe,")
    assert any(line.startswith("regions.csv: line ") for line in problems)


def test_plan_targets_are_all_there() -> None:
    by_id = {target.target_id: target for target in C.targets}
    assert len(by_id) == 27
    assert (by_id["GD-09"].base, by_id["GD-10"].base, by_id["GD-11"].base) == (37, 44, 4000)
    assert [by_id[f"GD-{n}"].goal for n in (15, 16, 17, 18)] == [1068, 79, 21, 121]
    assert {t.due.year for t in C.targets if t.trajectory == "milestone"} == {2016, 2017, 2018, 2020}


def test_what_a_plan_does_not_state_is_explained() -> None:
    for target in C.targets:
        assert target.verified or target.note, target.target_id
        assert target.base is not None or target.note, target.target_id


def test_sizes_of_code_lists() -> None:
    assert list(C.codes["industry"]) == list("ABCDEFGHIJKLMNOPQRST")
    assert list(C.codes["sex"]) == ["f", "m"]


@pytest.mark.parametrize("name", ["age_band", "age_group"])
def test_ages_follow_each_other_without_gap(name: str) -> None:
    ages = list(C.codes[name].values())
    assert ages[0].age_from == 0
    assert ages[-1].age_to is None
    for age, following in pairwise(ages):
        assert age.age_to is not None
        assert following.age_from == age.age_to + 1


def rule(rule_id: str, version: str) -> Rule:
    return next(rule for rule in C.rules if (rule.rule_id, rule.version) == (rule_id, version))


def levels(found: Rule, value: float) -> list[str]:
    """Levels whose band holds the value, whatever the run, mildest first."""
    return [band.level for band in found.levels if band.holds(value)]


@pytest.mark.parametrize(
    ("version", "value", "expected"),
    [
        ("2021", 6.0, []),
        ("2021", 5.57, ["III", "II"]),
        ("2021", 5.0, ["III", "II"]),
        ("2021", 4.9, ["III", "I"]),
        ("2015", 5.5, []),
        ("2015", 5.2, ["IV"]),
        ("2015", 5.0, ["IV"]),
        ("2015", 4.5, ["IV", "III"]),
        ("2015", 4.4, ["IV", "III", "I"]),
        ("2009", 6.0, []),
        ("2009", 5.9, ["IV"]),
        ("2009", 5.4, ["IV", "III"]),
        ("2009", 4.9, ["IV", "III", "I"]),
    ],
)
def test_bands_of_a_falling_hog_ratio(version: str, value: float, expected: list[str]) -> None:
    assert levels(rule("agriculture.hog_ratio_fall", version), value) == expected


def test_three_weeks_between_five_and_six_make_level_two() -> None:
    assert {band.level: band.run for band in rule("agriculture.hog_ratio_fall", "2021").levels} == {
        "III": 1,
        "II": 3,
        "I": 1,
    }


@pytest.mark.parametrize(
    ("version", "value", "expected"),
    [
        ("2015", 8.5, []),
        ("2015", 9.0, ["IV"]),
        ("2015", 9.5, ["IV", "III"]),
        ("2015", 9.6, ["IV", "III", "I"]),
        ("2021", 9.0, []),
        ("2021", 9.1, ["III"]),
        ("2021", 12.0, ["III", "II"]),
        ("2021", 12.1, ["III", "I"]),
    ],
)
def test_bands_of_a_rising_hog_ratio(version: str, value: float, expected: list[str]) -> None:
    assert levels(rule("agriculture.hog_ratio_rise", version), value) == expected


@pytest.mark.parametrize(
    ("product", "yellow", "red"),
    [
        ("grain", 2, 5),
        ("edible_oil", 2, 3),
        ("vegetables", 10, 15),
        ("pork", 5, 10),
        ("chicken", 3, 5),
        ("eggs", 3, 5),
    ],
)
def test_price_lights_of_guangdong_include_their_thresholds(product: str, yellow: float, red: float) -> None:
    light = rule(f"agriculture.price_light.{product}", "2013")
    assert light.breakdown == f"product={product}"
    assert product in C.codes["product"]
    below, at_yellow, below_red, at_red = (levels(light, x) for x in (yellow - 0.01, yellow, red - 0.01, red))
    assert (below, at_yellow, below_red, at_red) == ([], ["III"], ["III"], ["III", "I"])


def test_lean_pork_rise() -> None:
    found = rule("agriculture.pork_retail_rise", "2021")
    assert [levels(found, x) for x in (29.9, 30, 40, 40.1)] == [[], ["II"], ["II"], ["I"]]


def test_versions_of_a_rule_do_not_overlap() -> None:
    by_id: dict[str, list[Rule]] = {}
    for found in C.rules:
        by_id.setdefault(found.rule_id, []).append(found)
    for rule_id, versions in by_id.items():
        versions.sort(key=lambda r: r.valid_from)
        for earlier, later in pairwise(versions):
            assert earlier.valid_to == later.valid_from, rule_id


def test_the_unchecked_ratios_are_marked() -> None:
    assert {r.rule_id for r in C.rules if not r.verified} == {
        "agriculture.hog_ratio_rise", "agriculture.sow_change_fall", "agriculture.sow_quarter_fall",
        "agriculture.grain_stock_to_use",
    }  # fmt: skip
    assert rule("agriculture.hog_ratio_rise", "2015").verified


def test_a_band_needs_an_edge_and_order() -> None:
    fields = {"level": "I", "light": "red", "low_inclusive": True, "high_inclusive": False}
    for low, high in ((None, None), (5, 5), (6, 5)):
        with pytest.raises(ValueError, match="low"):
            Band.model_validate({**fields, "low": low, "high": high})


def test_rules_hold_on_the_dates_they_were_used() -> None:
    for day, versions in (
        (date(2014, 1, 1), {"2009"}),
        (date(2019, 1, 1), {"2015"}),
        (date(2022, 1, 28), {"2021"}),
    ):
        in_force = {
            r.version
            for r in C.rules
            if r.rule_id == "agriculture.hog_ratio_fall"
            and r.valid_from <= day
            and (r.valid_to is None or day < r.valid_to)
        }
        assert in_force == versions
