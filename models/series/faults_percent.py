"""A decimal slip in rates: percents and percentage points pass through zero, so that their logarithms say nothing."""

from collections.abc import Sequence

import numpy as np

from models.series.faults import Suspicion, about, around, suspicion, usual
from models.series.track import Track


def percent_slips(
    track: Track, *, factors: Sequence[float], tolerance: float, least_steps: float, reach: int, sigmas: float
) -> list[Suspicion]:
    """Rates about `factors` times (or a part of) the median of the 2 * `reach` values around them.

    They are at least `sigmas` usual deviations away, in the series' own unit, and by the factor come back among
    them: within `tolerance` in logarithms, and within `sigmas` deviations. Of the values around all but one have one
    sign, and half of them lie no further from the median than half of it: else no factor means anything, as where a
    crisis begins. No slip is what stands beside another value out of order, or follows one after a year: growth that
    compares with a crisis; nor what is less strange than a value that is no slip. Where the smaller of value and
    median has fewer than `least_steps` units of the last digit, no factor is proved.
    """
    values, n = track.values, track.values.size
    if n < 2 * reach + 1:
        return []
    beside = values[around(n, reach)]
    middle = np.median(beside, axis=1)
    apart = values - middle
    agreed = (np.sign(beside) == np.sign(middle)[:, None]).sum(axis=1) >= 2 * reach - 1
    agreed &= np.median(np.abs(beside - middle[:, None]), axis=1) <= np.abs(middle) / 2
    spread = max(usual(apart), track.step)
    smaller = np.minimum(np.abs(values), np.abs(middle))
    far = agreed & (np.abs(apart) >= sigmas * spread) & (values * middle > 0)
    far &= smaller >= max(least_steps * track.step, np.finfo(float).tiny)
    slipped = np.ones(n)
    listed = np.array([*factors, *(1 / factor for factor in factors)])
    for k in np.flatnonzero(far):
        factor = listed[np.argmin(np.abs(np.log(listed * middle[k] / values[k])))]
        back = values[k] / factor
        if abs(np.log(back / middle[k])) <= tolerance and abs(back - middle[k]) <= sigmas * spread:
            slipped[k] = factor
    place = {number: k for k, number in enumerate(track.number.tolist())}
    said = []
    for k in np.flatnonzero(slipped != 1):
        others = [j for j in (k - 1, k + 1) if 0 <= j < n and slipped[j] != slipped[k]]
        year_ago = place.get(int(track.number[k]) - track.phases)
        compared = 0.0 if year_ago is None or slipped[year_ago] != 1 else abs(apart[year_ago])
        lone = all(abs(apart[j]) < abs(apart[k]) / 2 for j in others) and compared < sigmas * spread / 2
        if lone and abs(apart[k]) >= np.max(np.abs(apart[slipped == 1]), initial=0.0):
            evidence = {"factor": float(slipped[k]), "middle": about(middle[k])}
            expected = about(values[k] / slipped[k])
            said.append(suspicion(track, "percent_slip", k, expected, **evidence))
    return said
