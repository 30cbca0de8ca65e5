"""Members, learners and their combination: identities, equivariance, and what they must not see."""

import numpy as np
import pytest

from models.forecasting import combine, intermittent, members, theta, windows
from models.forecasting.batch import Batch, stack
from models.forecasting.network import Network


def walks(number: int = 5, length: int = 48, seed: int = 0) -> Batch:
    random = np.random.default_rng(seed)
    return stack(list(np.exp(np.cumsum(random.normal(0.01, 0.05, (number, length)), axis=1)) * 100))


def scaled(batch: Batch, by: float) -> Batch:
    return Batch(by * batch.values, batch.length)


def test_a_demand_every_third_period_is_a_third_of_its_size_a_period() -> None:
    batch = stack([np.tile([0.0, 0.0, 6.0], 40)])
    found = intermittent.means(batch)
    assert found["croston"] == pytest.approx([2.0])
    assert found["sba"] == pytest.approx([0.95 * 2.0])
    # the probability has just seen a demand, so it stands above a third
    assert 2.0 < found["tsb"][0] < 2.5


def test_demand_that_has_died_out_is_forgotten_by_tsb_alone() -> None:
    alive = np.tile([0.0, 0.0, 6.0], 20)
    one, other = (intermittent.means(stack([v])) for v in (alive, np.append(alive, np.zeros(40))))
    assert other["croston"] == one["croston"]
    assert other["tsb"] < 0.05 * one["tsb"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [([0, 0, 0, 5, 5], True), ([0, 5, 5, 5], False), ([0, 0, 0, 0], False), ([0, 0, -1, 3, 0], False)],
)
def test_what_counts_as_intermittent(values: list[float], expected: bool) -> None:
    assert intermittent.is_intermittent(np.array(values, dtype=float)) is expected


def test_members_follow_the_unit_and_keep_a_constant() -> None:
    batch = walks()
    one, other = members.means(batch, 12, 6), members.means(scaled(batch, 1e4), 12, 6)
    for name in one:
        assert other[name] == pytest.approx(1e4 * one[name], rel=1e-6), name
    for name, mean in members.means(stack([np.full(20, 3.0)]), 1, 4).items():
        assert mean == pytest.approx(np.full((1, 4), 3.0)), name


def test_drift_and_naive_by_hand() -> None:
    found = members.means(stack([np.array([1.0, 4.0, 2.0, 6.0, 9.0])]), 1, 2)
    assert found["naive"].tolist() == [[9.0, 9.0]]
    assert found["drift"].tolist() == [[11.0, 13.0]]


def test_dynamic_theta_moves_with_its_series_and_goes_on_with_a_line() -> None:
    batch = walks()
    moved = theta.dynamic(Batch(batch.values + 50, batch.length), 6)
    assert moved == pytest.approx(theta.dynamic(batch, 6) + 50, rel=1e-6)
    line = theta.dynamic(stack([10 + 2.0 * np.arange(40)]), 3)
    assert line == pytest.approx(np.array([[90.0, 92.0, 94.0]]), rel=0.02)


@pytest.mark.parametrize("framer", [windows.adjusted(12), windows.aligned((12,))])
def test_a_frame_restores_its_targets_and_grows_with_the_unit(framer: windows.Framer) -> None:
    batch, future = walks(), walks(seed=3).values[:, :6]
    frame = framer(batch, 6)
    assert frame.centre + frame.spread * frame.target(future) == pytest.approx(future)
    other = framer(scaled(batch, 100.0), 6)
    assert other.window == pytest.approx(frame.window, abs=1e-6)
    assert other.centre == pytest.approx(100 * frame.centre)


def test_a_window_sees_nothing_of_its_future() -> None:
    batch = walks(length=60)
    changed = batch.values.copy()
    changed[:, -6:] *= 3
    one, other = (
        windows.lesson(given, 6, windows.adjusted(12), 12, 5)
        for given in (batch, Batch(changed, batch.length))
    )
    assert one.frame.flat() == pytest.approx(other.frame.flat())
    assert not np.allclose(one.target, other.target)


def test_too_short_series_teach_nothing() -> None:
    with pytest.raises(ValueError, match="no series is long enough to learn 6 steps"):
        windows.lesson(walks(length=10), 6, windows.adjusted(12), 12, 100)


def test_the_network_learns_what_can_be_learnt_and_again_the_same() -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(800, 3))
    target = np.stack([features[:, 0] - features[:, 1], np.abs(features[:, 2])], axis=1)
    first, second = (Network(features[:600], target[:600], np.ones((600, 2))) for _ in range(2))
    told = first.predict(features[600:])
    assert np.abs(told - target[600:]).mean() < 0.3 * np.abs(target[600:] - np.median(target, axis=0)).mean()
    assert (told == second.predict(features[600:])).all()


def test_weights_do_not_know_the_error_they_are_judged_by() -> None:
    error = np.array([[1.0, 2.0], [1.0, 2.0], [9.0, 1.0], [np.nan, np.nan]])
    owner, offset = np.array([0, 0, 0, 0]), np.array([1, 2, 3, 0])
    found = combine.weights(error, owner, offset)
    assert found.sum(axis=1) == pytest.approx(np.ones(4))
    assert found[2, 0] > 0.9  # judged by the other origins, where the first erred less
    alone = combine.weights(error[:1], owner[:1], offset[:1])
    assert alone.tolist() == [[0.5, 0.5]]


def test_rules_of_combination_by_hand() -> None:
    means = {
        name: np.array([[value]]) for name, value in zip(members_of(), (1.0, 2.0, 3.0, 6.0, 8.5), strict=True)
    }
    found = combine.by_rule(means, np.full((1, 5), 0.2))
    assert {rule: float(mean[0, 0]) for rule, mean in found.items()} == pytest.approx(
        {"core": 2.5, "mean": 5.5, "median": 5.5, "trimmed": 11 / 3, "inverse": 4.1}
    )
    for rule in found:
        assert combine.shares(rule, members_of(), np.full((1, 5), 0.2)).sum() == pytest.approx(1.0)


def members_of() -> list[str]:
    return [*members.CORE, "trees_adjusted"]


def test_the_rule_that_erred_least_is_chosen_and_the_mean_where_nothing_is_known() -> None:
    assert combine.choose({"core": 1.2, "mean": 1.1, "median": np.nan}) == "mean"
    assert combine.choose({"core": np.nan}) == "mean"
