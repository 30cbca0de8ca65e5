from pathlib import Path
from shutil import copytree

import pytest
import yaml

import conf
from conf import ConfError
from conf.series_checks import RULES


def changed(tmp_path: Path, rule: str, key: str, value: object) -> Path:
    root = tmp_path / "conf"
    copytree(
        Path(conf.__file__).parent, root, ignore=lambda _, names: [n for n in names if n.endswith(".py")]
    )
    file = root / "series_checks.yaml"
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    if value is None:
        del data[rule]
    else:
        data.setdefault(rule, {})[key] = value
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return root


def test_every_rule_words_its_evidence() -> None:
    numbers = {"value": 16.34, "expected": 160.0}
    for rule, check in conf.load().series_checks.items():
        evidence = numbers | dict.fromkeys(RULES[rule][1], 2.5)
        for template in (check.evidence.zh, check.evidence.en):
            assert "2020-03" in template.format(period="2020-03", **evidence)


@pytest.mark.parametrize(
    ("rule", "key", "value", "said"),
    [
        ("decimal_slip", "parameters", {"factors": [10]}, "decimal_slip.parameters.reach: Field required"),
        ("decimal_slip", "evidence", {"zh": "{growth}", "en": "x"}, r"evidence.zh: has an unknown field {growth}"),
        ("decimal_slip", "withholds", "most", "decimal_slip.withholds"),
        ("decimal_slip", "kinds", ["colour"], "decimal_slip.kinds.0"),
        ("decimal_slip", "", None, "decimal_slip: is missing"),
        ("missing_periods", "parameters", {"longest": {"Y": 0}, "coverage": 0.8, "habit": 0.5, "least_count": 1},
         "longest lacks frequency D"),
    ],
)  # fmt: skip
def test_faulty_entries_are_named(tmp_path: Path, rule: str, key: str, value: object, said: str) -> None:
    with pytest.raises(ConfError, match=said):
        conf.load(changed(tmp_path, rule, key, value))


def test_an_unknown_rule_is_named(tmp_path: Path) -> None:
    entry = conf.load().series_checks["future_date"].model_dump(mode="json")
    root = changed(tmp_path, "future_date", "days", 1)
    file = root / "series_checks.yaml"
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    del data["future_date"]["days"]
    file.write_text(yaml.safe_dump(data | {"hunch": entry}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ConfError, match="hunch: unknown rule; known are future_date"):
        conf.load(root)
