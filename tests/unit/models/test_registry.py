import numpy as np
import pytest

from models import registry
from models.forecasting.pipeline import run


class Best:
    """Knows the rule of its test series: h steps on, the value is h squared higher."""

    def fit(self, y: list[np.ndarray], season: int) -> "Best":
        self._last = np.array([one[-1] for one in y])
        return self

    def predict(self, horizon: int) -> np.ndarray:
        return self._last[:, None] + np.arange(1, horizon + 1) ** 2


def test_the_built_in_forecasters_are_registered() -> None:
    assert {"damped", "seasonal_naive", "theta", "theta_damped"} <= set(registry.names())


def test_unknown_name_lists_the_known() -> None:
    with pytest.raises(ValueError, match=r"no forecaster 'x'; registered: .*theta"):
        registry.get("x")


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        registry.register("theta", "9")(Best)


def test_an_own_algorithm_competes_and_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_ENTRIES", dict(registry._ENTRIES))
    registry.register("own", "0.1")(Best)
    # rises of 1, 3, 5 add up to squares; with origins three apart each sees the same three rises ahead
    values = np.cumsum(np.tile([1.0, 3.0, 5.0], 20))
    result = run({"a": values}, season=1, horizon=3, origins=6, non_negative=True)
    scores = result.scores.set_index("model")
    assert scores.loc["own", "mase"] == 0
    assert scores.loc["own", "champion"] and not scores.loc["theta_damped", "champion"]
    assert set(result.forecast.loc[result.forecast["champion"], "model"]) == {"own"}


def test_an_algorithm_of_the_wrong_shape_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrong(Best):
        def predict(self, horizon: int) -> np.ndarray:
            return super().predict(horizon)[:, :1]

    monkeypatch.setattr(registry, "_ENTRIES", dict(registry._ENTRIES))
    registry.register("wrong", "0.1")(Wrong)
    with pytest.raises(ValueError, match="forecaster wrong: expected"):
        run({"a": np.arange(30.0)}, season=1, horizon=3, origins=2, non_negative=True)
