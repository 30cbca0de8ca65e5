import numpy as np
import pandas as pd
import pytest

from .conftest import Lab

CITIES = ["440100", "440200", "440300", "440400"]


def table(
    values: dict[str, dict[str, list[float]]], first: int = 2023
) -> dict[str, dict[str, dict[str, float]]]:
    """industry → city → yearly values, as items."""
    return {
        f"employment|industry={industry}": {
            city: {str(first + t): value for t, value in enumerate(series)} for city, series in cities.items()
        }
        for industry, cities in values.items()
    }


JOBS = table(
    {
        "A": {"440100": [10, 12], "440200": [10, 9], "370100": [30, 30], "370200": [30, 33]},
        "C": {"440100": [30, 33], "440200": [10, 12], "370100": [10, 10], "370200": [10, 12]},
    }
)


def test_a_city_is_compared_with_its_own_province(lab: Lab) -> None:
    figures, details = lab.run("location_quotient", {"table": JOBS})
    found = figures.set_index(["region", "breakdown", "period"])["value"]

    # Guangzhou has 10 of 40 in farming, Guangdong's two cities 20 of 60
    assert found["440100", "industry=A", "2023"] == pytest.approx((10 / 40) / (20 / 60))
    side = details.set_index(["region", "breakdown", "period", "measure"])["value"]
    assert side["440100", "industry=A", "2024", "growth"] == pytest.approx(20.0)
    assert side["440100", "industry=A", "2024", "size"] == 12.0


def test_totals_are_not_taken_for_an_industry(lab: Lab) -> None:
    total = {"employment": {"440100": {"2023": 40.0}, "440200": {"2023": 20.0}}}
    with_total, _ = lab.run("location_quotient", {"table": {**JOBS, **total}})
    without, _ = lab.run("location_quotient", {"table": JOBS})

    pd.testing.assert_frame_equal(with_total, without)


def test_a_table_with_a_hole_is_left_out(lab: Lab) -> None:
    holed = {item: dict(cities) for item, cities in JOBS.items()}
    holed["employment|industry=A"] = {**holed["employment|industry=A"], "440100": {"2024": 12.0}}
    figures, _ = lab.run("location_quotient", {"table": holed})

    assert set(figures[figures["region"] == "440100"]["period"]) == {"2024"}


def test_shift_share_adds_up_to_the_change(lab: Lab) -> None:
    figures, details = lab.run("shift_share", {"table": JOBS}, years=1)
    parts = details.pivot(index="region", columns="measure", values="value")

    assert parts.loc["440100"].sum() == pytest.approx(45 - 40, abs=1e-9)
    assert figures.set_index("region")["value"]["440100"] == pytest.approx(parts.loc["440100", "regional"])


def test_shift_share_waits_for_the_year_it_is_compared_with(lab: Lab) -> None:
    with pytest.raises(ValueError, match="two years"):
        lab.run("shift_share", {"table": JOBS}, years=5)


def test_equal_industries_have_a_concentration_of_one_over_their_number(lab: Lab) -> None:
    even = table({name: {"440100": [5.0]} for name in "ABCDE"})
    hhi, _ = lab.run("industry_hhi", {"table": even})
    four, _ = lab.run("industry_cr4", {"table": even})

    assert hhi["value"].tolist() == pytest.approx([1e4 / 5])
    assert four["value"].tolist() == pytest.approx([80.0])


def income(values: dict[str, float]) -> dict[str, dict[str, dict[str, dict[str, float]]]]:
    return {
        "income": {"value_added": {city: {"2024": value} for city, value in values.items()}},
        "population": {"residents": {city: {"2024": 10.0} for city in values}},
    }


def test_inequality_is_that_within_and_between_groups(lab: Lab) -> None:
    figures, details = lab.run("inequality", income({"440100": 50, "440300": 70, "445100": 20, "445200": 10}))
    parts = details.set_index("measure")["value"]

    assert figures["region"].tolist() == ["440000"]
    assert parts["within"] + parts["between"] == pytest.approx(figures["value"].iloc[0], abs=1e-12)
    assert parts["between"] > parts["within"] > 0
    assert 0 < parts["gini"] < 1


def test_a_region_missing_in_one_year_leaves_that_year_out(lab: Lab) -> None:
    given = income({"440100": 50, "440300": 70, "445100": 20})
    given["income"]["value_added"]["440100"]["2023"] = 40.0
    given["population"]["residents"]["440100"]["2023"] = 10.0
    figures, _ = lab.run("inequality", given)

    assert figures["period"].tolist() == ["2024"]


def test_rich_cities_beside_rich_ones_are_found(lab: Lab) -> None:
    codes = [r.code for r in lab.loaded.regions.rows() if r.parent == "440000" and r.valid_to is None]
    core = {"440100", "440300", "440400", "440600", "441900", "442000"}
    rng = np.random.default_rng(1)
    given = income({code: (100.0 if code in core else 20.0) + rng.random() for code in codes})
    figures, details = lab.run("neighbourhood", given)
    side = details.set_index(["region", "measure"])

    assert figures["value"].iloc[0] > 0.3
    assert side.at[("440000", "p_value"), "value"] < 0.05
    assert side.at[("440000", "expected"), "value"] == pytest.approx(-1 / (len(codes) - 1))
    assert side.at[("442000", "quadrant"), "text"] == "hh"


def test_a_region_without_neighbours_is_named(lab: Lab) -> None:
    # Zhanjiang touches Maoming alone, which has no figures
    with pytest.raises(ValueError, match="440800 has no neighbour"):
        lab.run("neighbourhood", income({"440100": 5, "440600": 7, "440800": 3}))


def test_a_province_without_sections_is_told_by_sectors(lab: Lab) -> None:
    sectors = {
        f"sector_employment|sector={sector}": {
            city: {"2023": float(n)} for city, n in zip(["440100", "370100", "370200"], counts, strict=True)
        }
        for sector, counts in {"secondary": (50, 10, 30), "tertiary": (50, 30, 10)}.items()
    }
    only_guangdong = {
        item: {city: values for city, values in cities.items() if city.startswith("44")}
        for item, cities in JOBS.items()
    }
    figures, _ = lab.run("location_quotient", {"table": only_guangdong | sectors})
    named = figures.groupby(figures["region"].str[:2])["breakdown"].agg(set)

    assert named["44"] == {"industry=A", "industry=C"}
    assert named["37"] == {"sector=secondary", "sector=tertiary"}


def test_years_count_with_the_cities_that_then_existed(lab: Lab) -> None:
    years = ["2018", "2019"]
    cities = {city: dict(zip(years, [10.0, 11.0], strict=True)) for city in ("370100", "370200", "370300")}
    cities["371200"] = {"2018": 5.0}  # Laiwu, part of Jinan since January 2019
    given = {"income": {"value_added": cities}, "population": {"residents": cities}}
    found, _ = lab.run("inequality", given)
    assert set(found["period"]) == set(years)

    cities["370300"] = {"2018": 10.0}
    found, _ = lab.run("inequality", {"income": {"value_added": cities}, "population": {"residents": cities}})
    assert set(found["period"]) == {"2018"}


def test_moran_passes_over_years_of_cities_that_are_on_no_map(lab: Lab) -> None:
    around = [code for code in lab.loaded.neighbours if code.startswith("37") and code.endswith("00")]
    values = {code: {"2018": 10.0 + k, "2019": 10.0 + k} for k, code in enumerate(sorted(around))}
    people = {code: {"2018": 1.0, "2019": 1.0} for code in values}
    gone = {"371200": {"2018": 5.0}}
    found, _ = lab.run(
        "neighbourhood",
        {"income": {"value_added": values | gone}, "population": {"residents": people | gone}},
        permutations=99,
    )
    assert set(found["period"]) == {"2019"}
