"""`load()`: all of conf, read once and checked as a whole."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ConfigDict

from conf import episodes, series_checks
from conf.access import Access
from conf.episodes import Episode
from conf.errors import ConfError
from conf.files import Reader
from conf.places import festivals, neighbours
from conf.regions import Region, Regions
from conf.regions import problems as region_problems
from conf.schema import Code, Department, Frozen, RegionUnit, Rule, Settings, Target, Unit
from conf.series_checks import SeriesCheck

HERE = Path(__file__).resolve().parent

_REGION_COLUMNS = (
    "code",
    "name_zh",
    "name_en",
    "level",
    "parent",
    "valid_from",
    "valid_to",
    "successor",
    "position",
)
_GROUP_COLUMNS = ("unit", "census_year", "region", "note")


class Conf(Frozen):
    """All settings and reference lists.

    `departments`, `units` and `codes` are keyed by code (`codes` by list, then code); `words` holds the
    domain words by language, then dotted key such as `status.real`. `festivals` are the first days of Spring
    Festivals, `neighbours` the regions that a region shares a border with, `episodes` known events of the past.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    root: Path
    settings: Settings
    access: Access
    regions: Regions
    region_groups: tuple[RegionUnit, ...]
    departments: Mapping[str, Department]
    units: Mapping[str, Unit]
    codes: Mapping[str, Mapping[str, Code]]
    targets: tuple[Target, ...]
    rules: tuple[Rule, ...]
    series_checks: Mapping[str, SeriesCheck]
    words: Mapping[str, Mapping[str, str]]
    festivals: tuple[date, ...]
    neighbours: Mapping[str, frozenset[str]]
    episodes: tuple[Episode, ...]


def load(root: Path | None = None) -> Conf:
    """Read and check the conf folder `root` (default: this package's own).

    Raises ConfError with one line `FILE: key.path: problem` for every fault found.
    """
    return _load((root or HERE).resolve())


@lru_cache(maxsize=8)
def _load(root: Path) -> Conf:
    reader = Reader(root)
    settings = reader.model("settings.yaml", "", Settings, reader.yaml("settings.yaml"))
    access = reader.model("access.yaml", "", Access, reader.yaml("access.yaml"))
    region_rows = _regions(reader)
    regions = Regions(region_rows)
    departments = reader.table("departments.yaml", Department)
    units = reader.table("units.yaml", Unit)
    codes = _codes(reader)
    targets = reader.list("plan_targets.yaml", "target_id", Target)
    rules = {file: reader.list(file, "rule_id", Rule) for file in reader.names("rules/*.yaml")}
    checks = series_checks.read(reader)
    groups = _region_groups(reader)
    words = _words(reader)
    days, around = festivals(reader), neighbours(reader, regions)
    known = episodes.read(reader)

    if settings is not None:
        for key, code in [("home_region", settings.home_region)] + [
            (f"provinces.{n}", code) for n, code in enumerate(settings.provinces)
        ]:
            _known_region(reader, "settings.yaml", key, code, regions)
        if settings.home_region not in settings.provinces:
            reader.note("settings.yaml", "home_region", "must be one of provinces")
    provision = access.oidc.provision if access and access.oidc else None
    for code in provision.regions if provision else ():
        _known_region(reader, "access.yaml", "oidc.provision.regions", code, regions)
    _check_targets(reader, targets, regions, departments, units)
    _check_rules(reader, rules, regions)
    for group in groups:
        key = f"{group.unit}.{group.census_year}"
        _known_region(reader, "region_groups.csv", key, group.region, regions)

    if reader.problems or settings is None or access is None:
        raise ConfError(reader.problems)
    return Conf(
        root=root,
        settings=settings,
        access=access,
        regions=regions,
        region_groups=tuple(groups),
        departments=departments,
        units=units,
        codes=codes,
        targets=tuple(targets),
        rules=tuple(rule for listed in rules.values() for rule in listed),
        series_checks=checks,
        words=words,
        festivals=days,
        neighbours=around,
        episodes=known,
    )


def _known_region(reader: Reader, file: str, key: str, code: str, regions: Regions) -> None:
    if not regions.has(code):
        reader.note(file, key, f"unknown region {code!r}")


def _regions(reader: Reader) -> list[Region]:
    rows = []
    for row in reader.csv("regions.csv", _REGION_COLUMNS):
        data: dict[str, Any] = {name: value or None for name, value in row.items()}
        data["successor"] = tuple(row["successor"].split(";")) if row["successor"] else ()
        if (region := reader.model("regions.csv", row["code"], Region, data)) is not None:
            rows.append(region)
    for key, problem in region_problems(rows):
        reader.note("regions.csv", key, problem)
    return rows


def _region_groups(reader: Reader) -> list[RegionUnit]:
    file = "region_groups.csv"
    groups = []
    seen = set()
    for row in reader.csv(file, _GROUP_COLUMNS):
        key = f"{row['unit']}.{row['census_year']}.{row['region']}"
        data = {
            **row,
            "census_year": int(row["census_year"]) if row["census_year"].isdigit() else row["census_year"],
        }
        if (group := reader.model(file, key, RegionUnit, data)) is None:
            continue
        if (group.census_year, group.region) in seen:
            reader.note(file, key, "the region is in two units of one census")
        seen.add((group.census_year, group.region))
        groups.append(group)
    return groups


def _codes(reader: Reader) -> dict[str, dict[str, Code]]:
    data = reader.mapping("codes.yaml", "", reader.yaml("codes.yaml"))
    return {name: reader.entries("codes.yaml", name, entries, Code) for name, entries in data.items()}


def _words(reader: Reader) -> dict[str, dict[str, str]]:
    words = {lang: _flat(reader.yaml(f"texts/domain_{lang}.yaml")) for lang in ("zh", "en")}
    for lang, other in (("zh", "en"), ("en", "zh")):
        for key in sorted(words[other].keys() - words[lang].keys()):
            reader.note(f"texts/domain_{lang}.yaml", key, f"is missing (domain_{other}.yaml has it)")
    return words


def _flat(data: Any, prefix: str = "") -> dict[str, str]:
    if not isinstance(data, dict):
        return {prefix: str(data)} if prefix else {}
    return {
        key: text
        for name, below in data.items()
        for key, text in _flat(below, f"{prefix}.{name}" if prefix else str(name)).items()
    }


def _check_targets(
    reader: Reader,
    targets: list[Target],
    regions: Regions,
    departments: Mapping[str, Department],
    units: Mapping[str, Unit],
) -> None:
    file = "plan_targets.yaml"
    seen = set()
    for target in targets:
        key = target.target_id
        if key in seen:
            reader.note(file, f"{key}.target_id", "occurs twice")
        seen.add(key)
        _known_region(reader, file, f"{key}.region", target.region, regions)
        if target.department not in departments:
            reader.note(file, f"{key}.department", f"unknown department {target.department!r}")
        if target.unit not in units:
            reader.note(file, f"{key}.unit", f"unknown unit {target.unit!r}")


def _check_rules(reader: Reader, rules: Mapping[str, list[Rule]], regions: Regions) -> None:
    seen: dict[tuple[str, str], str] = {}
    for file, listed in rules.items():
        for rule in listed:
            _known_region(reader, file, f"{rule.rule_id}.jurisdiction", rule.jurisdiction, regions)
            if (rule.rule_id, rule.version) in seen:
                reader.note(file, f"{rule.rule_id}.version", f"{rule.version!r} occurs twice")
            seen[rule.rule_id, rule.version] = file
