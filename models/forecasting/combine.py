"""Combining the members' forecasts, and the choice of how, from errors at earlier origins.

Source of combining by inverse errors: Bates and Granger, Operational Research Quarterly 20 (1969); that simple
combinations are hard to beat: Timmermann, Handbook of Economic Forecasting 1 (2006). Shrinking a series' errors to
the panel's is our own.
"""

import numpy as np

from models.forecasting.members import CORE

PSEUDO = 8.0  # origins that the panel's mean error counts for beside a series' own
SHARPNESS = 4  # weight = error to the minus this
TRIMMED = 0.25  # share of members left out at each end


def weights(error: np.ndarray, owner: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Inverse-error weights (cases, members) from scaled errors (cases, members), NaN unknown.

    A case's weights come from its series' errors at other origins, shrunk to the panel's: never from its
    own. Cases at offset 0 are live and have no error. Equal weights where no other origin is known.
    """
    found = np.full(error.shape, 1.0 / error.shape[1])
    known = np.isfinite(error).all(axis=1)
    for one in np.unique(offset):
        others = known & (offset != one)
        if not others.any():
            continue
        total = np.zeros((int(owner.max()) + 1, error.shape[1]))
        np.add.at(total, owner[others], error[others])
        count = np.bincount(owner[others], minlength=len(total))[:, None]
        mine = offset == one
        shrunk = ((total + PSEUDO * error[others].mean(axis=0)) / (count + PSEUDO))[owner[mine]]
        inverse = (shrunk / shrunk.min(axis=1, keepdims=True)) ** -SHARPNESS
        found[mine] = inverse / inverse.sum(axis=1, keepdims=True)
    return found


def by_rule(means: dict[str, np.ndarray], weight: np.ndarray) -> dict[str, np.ndarray]:
    """Combined forecasts by rule, each (cases, horizon); `weight` (cases, members) in the order of `means`.

    core: median of the four statistical members. mean, median: of the core and each learner. trimmed: mean
    of all members without a quarter at each end. inverse: mean weighted by inverse errors.
    """
    every = np.stack(list(means.values()))
    core = np.median([means[name] for name in CORE], axis=0)
    voters = np.stack([core, *(means[name] for name in learned(list(means)))])
    cut = int(TRIMMED * len(every))
    return {
        "core": core,
        "mean": voters.mean(axis=0),
        "median": np.median(voters, axis=0),
        "trimmed": np.sort(every, axis=0)[cut : len(every) - cut].mean(axis=0),
        "inverse": np.einsum("mch,cm->ch", every, weight),
    }


def shares(rule: str, names: list[str], weight: np.ndarray) -> np.ndarray:
    """What each member has in a rule's forecast, (cases, members); for medians and trimming, its vote."""
    if rule == "inverse":
        return weight
    learners = learned(names)
    share = {name: 1.0 / len(names) for name in names}
    if rule != "trimmed":
        voters = 1 + (len(learners) if rule != "core" else 0)
        share = dict.fromkeys(names, 0.0)
        share |= dict.fromkeys(CORE, 1 / voters / len(CORE))
        share |= {name: 1 / voters for name in learners if rule != "core"}
    return np.tile([share[name] for name in names], (len(weight), 1))


def learned(names: list[str]) -> list[str]:
    """The learners among the members."""
    return [name for name in names if name.startswith(("network_", "trees_"))]


def choose(error: dict[str, float]) -> str:
    """The rule with the least error; without one, the mean. Of equals the first."""
    known = {rule: value for rule, value in error.items() if np.isfinite(value)}
    return min(known, key=known.__getitem__) if known else "mean"
