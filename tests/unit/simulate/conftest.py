from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

import conf
from jobs import deliver
from jobs.simulate.delivery import Delivery, Params

PERSONS, FIRMS, SEED = 12000, 3000, 7


@pytest.fixture(scope="package")
def loaded() -> conf.Conf:
    return conf.load()


@pytest.fixture(scope="package")
def params(loaded: conf.Conf) -> Params:
    return deliver.read_params(loaded.root)


@pytest.fixture(scope="package")
def census(loaded: conf.Conf) -> pd.DataFrame:
    return pd.read_csv(loaded.root / "reference/census_age_sex.csv", dtype={"region": str})


@pytest.fixture(scope="package")
def clean(loaded: conf.Conf, census: pd.DataFrame, params: Params) -> Mapping[str, list[Delivery]]:
    """Table → simulated deliveries before defects."""
    found: dict[str, list[Delivery]] = {}
    for delivery in deliver.simulated(loaded, census, params, PERSONS, FIRMS, SEED):
        found.setdefault(delivery.table, []).append(delivery)
    return found


@pytest.fixture(scope="package")
def files(loaded: conf.Conf, params: Params) -> list[deliver.LandingFile]:
    return list(deliver.landing_files(loaded, params, PERSONS, FIRMS, SEED))


@pytest.fixture(scope="package")
def lake(tmp_path_factory: pytest.TempPathFactory, files: list[deliver.LandingFile]) -> Path:
    root = tmp_path_factory.mktemp("lake")
    deliver.write(root, files)
    return root
