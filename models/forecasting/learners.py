"""Global learners: trees and a small network over windows of all series of a panel.

Source of the trees: Friedman, Annals of Statistics 29 (2001), in scikit-learn's histogram form; their settings and
those of the network were chosen on the tourism and M1 competitions.
"""

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor

from models.forecasting import windows
from models.forecasting.batch import Batch
from models.forecasting.network import Network
from models.forecasting.windows import Frame, Lesson

ROWS = 15_000  # windows to learn from
FEWEST = 300  # windows below which a learner would know too little
LINES = 150_000  # lines the trees learn from: windows x steps, drawn if there are more
TREES = 150


def means(batch: Batch, seasons: tuple[int, ...], horizon: int) -> dict[str, np.ndarray]:
    """Forecasts by learner, each (n_series, horizon); none where the panel has fewer than 300 windows.

    Trees and network see the seasonally adjusted series; where there is a season, they also see the plain
    series beside the same phases of earlier seasons.
    """
    framers = {"adjusted": windows.adjusted(seasons[0])}
    if seasons[0] > 1:
        framers["aligned"] = windows.aligned(seasons)
    found: dict[str, np.ndarray] = {}
    for view, framer in framers.items():
        if windows.available(batch, horizon, seasons[0]) < FEWEST:
            continue
        lesson = windows.lesson(batch, horizon, framer, seasons[0], ROWS)
        now = framer(batch, horizon)
        network = Network(lesson.frame.flat(), lesson.target, lesson.weight)
        told = {"network": network.predict(now.flat()), "trees": _by_trees(lesson, now)}
        for learner, scaled in told.items():
            found[f"{learner}_{view}"] = now.centre + now.spread * scaled
    return found


def _by_trees(lesson: Lesson, now: Frame) -> np.ndarray:
    """Scaled forecasts of boosted trees with absolute loss, (n, horizon)."""
    features, target, weight = lesson.frame.long(), lesson.target.ravel(), lesson.weight.ravel()
    if len(features) > LINES:
        drawn = np.random.default_rng(0).choice(len(features), LINES, replace=False)
        features, target, weight = features[drawn], target[drawn], weight[drawn]
    trees = HistGradientBoostingRegressor(
        loss="absolute_error",
        max_iter=TREES,
        learning_rate=0.05,
        min_samples_leaf=int(np.clip(len(features) // 200, 20, 150)),
        l2_regularization=5.0,
        max_features=0.5,
        early_stopping=False,
        random_state=0,
    ).fit(features, target, sample_weight=weight)
    return np.asarray(trees.predict(now.long())).reshape(now.centre.shape)
