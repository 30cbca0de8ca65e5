"""Class of surface water 地表水水质类别 from concentrations.

Source: GB 3838-2002, Environmental quality standards for surface water. Limits are arguments.
"""

from collections.abc import Mapping, Sequence

from models.checks import finite

CLASSES = 5  # I to V; one more is worse than V 劣Ⅴ类
THIRD = 2  # position of class III among the limits


def water_class(
    concentrations: Mapping[str, float], limits: Mapping[str, Sequence[float]], at_least: frozenset[str]
) -> int:
    """1 (I) to 5 (V), 6 worse than V: the worst item decides 单因子评价. A value at a limit is in the better class.

    `limits` of classes I to V by item, in the unit of the concentrations; for items of `at_least` (oxygen) more
    is better. ValueError for an item without limits, or none.
    """
    return max(
        _class(value, _limits(name, limits), name in at_least) for name, value in _known(concentrations)
    )


def pollution_index(
    concentrations: Mapping[str, float], limits: Mapping[str, Sequence[float]], at_least: frozenset[str]
) -> float:
    """Composite index 水质综合指数: sum of C / S over items, S the limit of class III; S / C for `at_least`."""
    total = 0.0
    for name, value in _known(concentrations):
        ratio = value / _limits(name, limits)[THIRD]
        if name in at_least and ratio <= 0:
            raise ValueError(f"{name} must be above 0, not {value:g}")
        total += 1 / ratio if name in at_least else ratio
    return total


def _class(value: float, limits: Sequence[float], more_is_better: bool) -> int:
    for position, limit in enumerate(limits, 1):
        if (value >= limit) if more_is_better else (value <= limit):
            return position
    return CLASSES + 1


def _known(concentrations: Mapping[str, float]) -> list[tuple[str, float]]:
    finite(list(concentrations.values()), "concentrations")
    return list(concentrations.items())


def _limits(name: str, limits: Mapping[str, Sequence[float]]) -> Sequence[float]:
    if name not in limits or len(limits[name]) != CLASSES:
        raise ValueError(f"{name} needs the limits of {CLASSES} classes")
    return limits[name]
