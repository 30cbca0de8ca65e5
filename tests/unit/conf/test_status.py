import pytest
from hypothesis import given
from hypothesis import strategies as st

from conf.status import ORDER, worst


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["real"], "real"),
        (["estimated", "real"], "estimated"),
        (["forecast", "estimated"], "forecast"),
        (["real", "simulated", "forecast"], "simulated"),
    ],
)
def test_worst(statuses: list[str], expected: str) -> None:
    assert worst(statuses) == expected


@given(st.lists(st.sampled_from(ORDER), min_size=1), st.lists(st.sampled_from(ORDER), min_size=1))
def test_worst_of_parts_is_worst_of_all(first: list[str], second: list[str]) -> None:
    assert worst([worst(first), worst(second)]) == worst(first + second)


def test_unknown_and_missing_statuses_are_refused() -> None:
    with pytest.raises(ValueError, match="'guessed'"):
        worst(["real", "guessed"])
    with pytest.raises(ValueError, match="no status"):
        worst([])
