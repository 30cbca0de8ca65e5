"""What is said when a method refuses all that it is given."""

import pandas as pd
import pytest

from jobs.methods.runs import attempt
from models.checks import LackingError


def rows(**years: int) -> pd.DataFrame:
    """So many yearly values of each region."""
    return pd.DataFrame(
        [
            {"region": region.removeprefix("r"), "breakdown": "", "period": str(2000 + n), "value": 1.0 + n}
            for region, count in years.items()
            for n in range(count)
        ]
    )


def refuse(region: str, breakdown: str, values: pd.Series) -> None:
    raise LackingError("too_few_years", f"only {len(values)} years", need=8)


def test_a_reason_that_all_regions_share_names_none_of_them() -> None:
    with pytest.raises(LackingError, match=r"^only 5 years$") as caught:
        attempt(rows(r110000=5, r440000=5), refuse)
    assert "region" not in caught.value.values


@pytest.mark.parametrize("given", [{"r110000": 5}, {"r110000": 5, "r440000": 6}])
def test_a_reason_of_one_region_names_it(given: dict[str, int]) -> None:
    with pytest.raises(LackingError, match=r"^110000: only 5 years$") as caught:
        attempt(rows(**given), refuse)
    assert caught.value.values["region"] == "110000"
