"""How good a warning signal was: the table of signals and crises, and thresholds chosen by it.

Sources: Kaminsky, Lizondo and Reinhart, Leading indicators of currency crises, IMF Staff Papers 45 (1998);
Alessi and Detken, Real time early warning indicators for costly asset price boom/bust cycles, European Central
Bank working paper 1039 (2009), for the usefulness to who weighs misses against false alarms.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.checks import finite


@dataclass(frozen=True)
class SignalTable:
    """Periods by signal and by what came: hits A, false alarms B, misses C, quiet D; rates are NaN on 0 / 0."""

    hits: int
    false_alarms: int
    misses: int
    quiet: int

    def __post_init__(self) -> None:
        if min(self.hits, self.false_alarms, self.misses, self.quiet) < 0:
            raise ValueError("counts of a signal table are not negative")

    @property
    def miss_rate(self) -> float:
        """Share of periods before a crisis without signal, type I error: C / (A + C)."""
        return _ratio(self.misses, self.hits + self.misses)

    @property
    def false_alarm_rate(self) -> float:
        """Share of tranquil periods with a signal, type II error: B / (B + D)."""
        return _ratio(self.false_alarms, self.false_alarms + self.quiet)

    @property
    def noise_to_signal(self) -> float:
        """[B / (B + D)] / [A / (A + C)]: below 1 the signal knows something; NaN when it never hit."""
        return _ratio(self.false_alarm_rate, 1 - self.miss_rate)

    def loss(self, preference: float) -> float:
        """Loss of who weighs misses by `preference` (0-1): theta C/(A + C) + (1 - theta) B/(B + D)."""
        if not 0 < preference < 1:
            raise ValueError(f"preference must be within 0 and 1, not {preference:g}")
        return preference * self.miss_rate + (1 - preference) * self.false_alarm_rate

    def usefulness(self, preference: float) -> float:
        """Loss spared against always or never warning, whichever is better: min(theta, 1 - theta) - loss."""
        return min(preference, 1 - preference) - self.loss(preference)

    def relative_usefulness(self, preference: float) -> float:
        """Usefulness as a share of that of a perfect signal; at most 1, not above 0 for a useless one."""
        return self.usefulness(preference) / min(preference, 1 - preference)


def ahead(onsets: ArrayLike, horizon: int) -> np.ndarray:
    """Target of a warning (n,): whether a crisis begins within the next 1..`horizon` periods after each.

    `onsets` (n,) is true where one begins. The last `horizon` periods cannot be judged yet unless an onset
    is already seen; leave them out of a table.
    """
    if horizon < 1:
        raise ValueError(f"horizon must be at least 1, not {horizon}")
    begins = np.asarray(onsets, dtype=bool)
    found = np.zeros(begins.shape, dtype=bool)
    for step in range(1, min(horizon, begins.size) + 1):
        found[:-step] |= begins[step:]
    return found


def signal_table(signals: ArrayLike, target: ArrayLike, counted: ArrayLike | None = None) -> SignalTable:
    """Table of boolean `signals` and `target` (n,); only `counted` periods (all, when None).

    Leave out the crisis itself and the months after it, in which indicators are not normal.
    """
    signal, event = np.asarray(signals, dtype=bool), np.asarray(target, dtype=bool)
    used = np.ones(signal.shape, dtype=bool) if counted is None else np.asarray(counted, dtype=bool)
    if not signal.shape == event.shape == used.shape:
        raise ValueError(f"signals, target and counted differ: {signal.shape}, {event.shape}, {used.shape}")
    signal, event = signal[used], event[used]
    return SignalTable(
        int((signal & event).sum()),
        int((signal & ~event).sum()),
        int((~signal & event).sum()),
        int((~signal & ~event).sum()),
    )


def best_threshold(
    values: ArrayLike, target: ArrayLike, percentiles: ArrayLike, *, least_hits: float, upper: bool = True
) -> tuple[float, SignalTable]:
    """Of the series' own percentiles (0-100) the threshold with the least noise-to-signal ratio, with its table.

    A signal is a value beyond the threshold, above it for `upper`, else below. Only thresholds that catch at
    least `least_hits` (0-1) of the periods before crises are tried: the least ratio alone picks thresholds
    that are almost silent. Of equal ones the loudest is given. ValueError when none does.
    """
    array = finite(values, "values", least=2)
    tried = []
    for threshold in np.percentile(array, finite(percentiles, "percentiles")):
        table = signal_table(array > threshold if upper else array < threshold, target)
        if table.hits and 1 - table.miss_rate >= least_hits:
            tried.append((table.noise_to_signal, float(threshold if upper else -threshold), table))
    if not tried:
        raise ValueError(f"no threshold catches {least_hits:.0%} of the periods before a crisis")
    _, loudest, table = min(tried, key=lambda found: found[:2])
    return loudest if upper else -loudest, table


def lead_times(signals: ArrayLike, onsets: ArrayLike, *, gap: int) -> list[int]:
    """Periods from the first signal of the run that leads up to each onset, 0 when none does.

    A run may be broken by at most `gap` periods without signal, and must reach to within `gap` + 1 periods of
    the onset.
    """
    signal, begins = np.asarray(signals, dtype=bool), np.flatnonzero(np.asarray(onsets, dtype=bool))
    leads = []
    for onset in begins:
        first = onset
        for at in np.flatnonzero(signal[:onset])[::-1]:
            if first - at > gap + 1:
                break
            first = at
        leads.append(int(onset - first))
    return leads


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")
