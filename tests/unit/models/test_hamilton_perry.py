import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.projection.hamilton_perry import AGES, control_totals, interval, project

SURVIVORS = np.array([100, 99, 99, 98, 97, 96, 95, 93, 91, 88, 84, 79, 72, 63, 51, 37, 22, 15.0])


def census(units: dict[str, tuple[np.ndarray, np.ndarray]]) -> pd.DataFrame:
    """Frame of units with (first, second) census by (sex, age)."""
    rows = [
        (unit, sex, age, before[s, a], now[s, a])
        for unit, (before, now) in units.items()
        for s, sex in enumerate("fm")
        for a, age in enumerate(AGES)
    ]
    return pd.DataFrame(rows, columns=["unit", "sex", "age_from", "pop0", "pop1"])


def random_census(units: int, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    size = random.uniform(5, 500, units)
    before = [SURVIVORS * s * random.uniform(0.8, 1.2, (2, 18)) for s in size]
    return census(
        {f"u{i:02d}": (one, one * random.uniform(0.7, 1.4, (2, 18))) for i, one in enumerate(before)}
    )


def totals(frame: pd.DataFrame, column: str, by: str | list[str] = "unit") -> pd.Series:
    return frame.groupby(by)[column].sum()


@pytest.mark.parametrize("control", ["linear", "shrinking"])
def test_a_stationary_population_returns_itself(control: str) -> None:
    shape = np.stack([SURVIVORS, SURVIVORS * 1.03])
    frame = census({"a": (shape, shape), "b": (7 * shape, 7 * shape)})
    later = project(frame, 2, control)
    for step in (1, 2):
        found = later[later["step"] == step].merge(frame, on=["unit", "sex", "age_from"])
        assert len(found) == 72
        assert found["pop"].to_numpy() == pytest.approx(found["pop1"].to_numpy(), rel=1e-12)


def test_a_cohort_keeps_its_ratio() -> None:
    """One unit whose every age grows alike keeps its age structure and grows to the linear total."""
    now = np.stack([SURVIVORS, SURVIVORS]) * 1000
    frame = census({"a": (now / 1.1, now)})
    later = project(frame, 1).query("sex == 'f'").set_index("age_from")["pop"]
    # growth is the same in all ages, so ratios keep the age structure and the linear total sets its size
    assert later.to_numpy() == pytest.approx(now[0] * (2 - 1 / 1.1), rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(
    units=st.integers(1, 12), seed=st.integers(0, 10_000), control=st.sampled_from(["linear", "shrinking"])
)
def test_totals_match_control_and_nothing_is_negative(units: int, seed: int, control: str) -> None:
    frame = random_census(units, seed)
    later = project(frame, 2, control)
    wanted = control_totals(totals(frame, "pop0").to_numpy(), totals(frame, "pop1").to_numpy(), 2, control)
    for step in (1, 2):
        found = totals(later[later["step"] == step], "pop").to_numpy()
        assert found == pytest.approx(wanted[step - 1], rel=1e-12)
    assert (later["pop"] >= 0).all()
    assert len(later) == units * 2 * 18 * 2


def test_units_add_up_to_the_parent() -> None:
    before, now = np.array([100.0, 300.0, 50.0]), np.array([120.0, 280.0, 10.0])
    linear = control_totals(before, now, 2, "linear")
    assert linear.sum(axis=1) == pytest.approx([410 - 40, 410 - 80])
    assert linear[0, 2] == 0  # the third unit would fall below zero
    shrinking = control_totals(before, now, 2, "shrinking")
    assert shrinking.sum(axis=1) == pytest.approx([410 - 20, 410 - 30])


@settings(max_examples=10, deadline=None)
@given(factor=st.floats(0.9, 1.1), seed=st.integers(0, 100))
def test_order_and_names_of_units_do_not_matter(factor: float, seed: int) -> None:
    frame = random_census(6, seed)
    frame["pop1"] *= factor
    shuffled = frame.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(project(frame, 2), project(shuffled, 2))


def test_an_outlier_is_capped_and_a_tiny_unit_follows_its_peers() -> None:
    shape = np.stack([SURVIVORS, SURVIVORS])
    usual = {f"u{i:03d}": (shape * 1000, shape * 1000) for i in range(200)}
    boom = np.where(np.array(AGES) == 30, 50.0, 1.0)
    later = project(census({**usual, "boom": (shape * 1000, shape * 1000 * boom)}), 1).set_index(
        ["unit", "sex", "age_from"]
    )["pop"]
    ratio = later["boom", "f", 30] / later["boom", "f", 25]
    usual_ratio = later["u000", "f", 30] / later["u000", "f", 25]
    assert ratio == pytest.approx(usual_ratio, rel=0.3)  # 50 times before the cap
    tiny = project(census({**usual, "tiny": (shape / 1000, shape / 1000 * boom)}), 1).set_index(
        ["unit", "sex", "age_from"]
    )["pop"]
    assert tiny["tiny", "m", 30] / tiny["tiny", "m", 25] == pytest.approx(
        tiny["u000", "m", 30] / tiny["u000", "m", 25], rel=0.01
    )


def test_empty_cells_are_no_obstacle() -> None:
    frame = random_census(5, 1)
    frame.loc[frame["unit"] == "u00", ["pop0", "pop1"]] = 0.0
    later = project(frame, 2)
    assert np.isfinite(later["pop"]).all()
    assert (later.loc[later["unit"] == "u00", "pop"] == 0).all()


def test_interval_holds_the_projection_widens_and_repeats() -> None:
    frame = random_census(16, 3)
    found = interval(frame, 2, draws=60)
    middle = project(frame, 2).sort_values(["unit", "sex", "age_from", "step"], ignore_index=True)
    assert found["pop"].to_numpy() == pytest.approx(middle["pop"].to_numpy())
    assert ((found["lo80"] <= found["pop"]) & (found["pop"] <= found["hi80"])).all()
    width = ((found["hi80"] - found["lo80"]) / found["pop"]).groupby(found["step"]).mean()
    assert 0 < width[1] < width[2]
    pd.testing.assert_frame_equal(found, interval(frame, 2, draws=60))


def test_interval_of_sums() -> None:
    frame = random_census(16, 3)
    found = interval(frame, 1, by=("unit",), draws=60)
    cells = interval(frame, 1, draws=60)
    assert list(found) == ["unit", "step", "pop", "lo80", "hi80"]
    assert ((found["hi80"] - found["lo80"]).to_numpy() < totals(cells.eval("w = hi80 - lo80"), "w")).all()


def test_interval_needs_peers() -> None:
    found = interval(random_census(4, 3), 1, draws=5)
    assert found[["lo80", "hi80"]].isna().all(axis=None) and found["pop"].notna().all()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.drop(index=5), "unit u00, sex f, age_from 25: missing"),
        (lambda f: pd.concat([f, f.iloc[[3]]]), "age_from 15: given twice"),
        (lambda f: f.replace({"age_from": {85: 90}}), "age_from 90: not a sex"),
        (lambda f: f.assign(pop1=f["pop1"].where(f.index != 2)), "age_from 10: not a number"),
        (lambda f: f.assign(pop0=f["pop0"].where(f.index != 2, -1.0)), "age_from 10: not a number"),
    ],
)
def test_bad_frames_are_named(change, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=said):
        project(change(random_census(2, 0)), 1)
