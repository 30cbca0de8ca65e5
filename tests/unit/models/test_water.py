import pytest

from models.environment.water import pollution_index, water_class

LIMITS = {"oxygen": [7.5, 6, 5, 3, 2], "ammonia": [0.15, 0.5, 1.0, 1.5, 2.0]}
MORE = frozenset({"oxygen"})


@pytest.mark.parametrize(
    ("oxygen", "ammonia", "number"),
    [
        (7.5, 0.15, 1),
        (7.4, 0.15, 2),
        (7.5, 0.151, 2),
        (5, 1.0, 3),
        (4.99, 0.1, 4),
        (2, 2.0, 5),
        (9, 2.01, 6),
        (1.9, 0.1, 6),
    ],
)
def test_the_worst_item_decides_and_a_limit_belongs_to_the_better_class(
    oxygen: float, ammonia: float, number: int
) -> None:
    assert water_class({"oxygen": oxygen, "ammonia": ammonia}, LIMITS, MORE) == number


def test_water_at_the_limits_of_class_three_has_an_index_of_one_an_item() -> None:
    assert pollution_index({"oxygen": 5, "ammonia": 1.0}, LIMITS, MORE) == pytest.approx(2)
    assert pollution_index({"oxygen": 2.5, "ammonia": 1.0}, LIMITS, MORE) == pytest.approx(3)


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="mercury needs the limits"):
        water_class({"mercury": 1}, LIMITS, MORE)
    with pytest.raises(ValueError, match="at least 1"):
        water_class({}, LIMITS, MORE)
    with pytest.raises(ValueError, match="oxygen must be above 0"):
        pollution_index({"oxygen": 0}, LIMITS, MORE)
