"""Sub-index from one hard series, on the scale of a diffusion index: 50 = growth as usual.

Own construction, to be shown as a trial index 试算: no published formula stands behind it. The parts go into
`models.lights.diffusion.weighted_index`. The window's standard score follows the practice of nowcasting boards
(Stock and Watson, Indexes of coincident and leading indicators, 1989, standardise growth likewise).
"""

import numpy as np
from numpy.typing import ArrayLike

from models.checks import finite

NEUTRAL = 50.0


def scored_index(growth: ArrayLike, *, window: int, points: float, most: float) -> np.ndarray:
    """50 + `points` * clip(z, -`most`, `most`), z of growth (n,) against the `window` values before each.

    `growth` is seasonally adjusted change in percent. The value that is judged is not among those it is
    compared with; NaN for the first `window` periods and where those before do not vary. ValueError when
    the scale leaves 0-100, or for a series no longer than the window.
    """
    if window < 3 or points <= 0 or most <= 0 or points * most > NEUTRAL:
        raise ValueError(
            f"needs window >= 3 and 0 < points * most <= {NEUTRAL:g}, not {window}, {points:g}, {most:g}"
        )
    array = finite(growth, "growth", least=window + 1)
    past = np.lib.stride_tricks.sliding_window_view(array[:-1], window)
    spread = past.std(axis=1, ddof=1)
    spread[np.ptp(past, axis=1) == 0] = np.nan
    z = (array[window:] - past.mean(axis=1)) / spread
    return np.concatenate([np.full(window, np.nan), NEUTRAL + points * np.clip(z, -most, most)])
