"""Where the labels of a map go, so that none covers another: greedy placement over a few places a label."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]

#: Places tried around a label's point, in its own width and height: on it first, then ever farther off.
_SHIFTS = (
    (0.0, 0.0),
    (0.0, 0.6),
    (0.0, -0.6),
    (0.4, 0.0),
    (-0.4, 0.0),
    (0.4, 0.6),
    (-0.4, 0.6),
    (0.4, -0.6),
    (-0.4, -0.6),
    (0.0, 1.1),
    (0.7, 0.0),
    (-0.7, 0.0),
    (0.7, 0.6),
    (0.7, 1.1),
)
#: Height of a line in units of its type size, and pixels kept free between two labels.
_LINE = 1.3
_GAP = 1.0


@dataclass(frozen=True)
class Label:
    """A text and its point in degrees (longitude, latitude)."""

    key: str
    text: str
    point: tuple[float, float]


@dataclass(frozen=True)
class Placed:
    """A label with the middle of its text in degrees."""

    key: str
    text: str
    point: tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """A map's ends in degrees and its width in px, in the Mercator projection."""

    bounds: Box
    width: float

    @property
    def height(self) -> float:
        """Height in px."""
        return self.width / aspect(self.bounds)

    def to_px(self, point: tuple[float, float]) -> tuple[float, float]:
        """Pixels right of and below the map's upper left corner."""
        west, _, _, north = self.bounds
        return (point[0] - west) * self._scale, (_mercator(north) - _mercator(point[1])) * self._scale

    def to_degrees(self, x: float, y: float) -> tuple[float, float]:
        """The point of the map at a pixel."""
        west, _, _, north = self.bounds
        return west + x / self._scale, _latitude(_mercator(north) - y / self._scale)

    @property
    def _scale(self) -> float:
        return self.width / (self.bounds[2] - self.bounds[0])


def aspect(bounds: Box) -> float:
    """Width of a map over its height."""
    west, south, east, north = bounds
    return (east - west) / (_mercator(north) - _mercator(south))


def padded(bounds: Box, share: float) -> Box:
    """The ends, with a share of the longer side left free all around."""
    west, south, east, north = bounds
    pad = max(east - west, north - south) * share
    return west - pad, south - pad, east + pad, north + pad


def place(labels: Sequence[Label], frame: Frame, size: float, taken: Sequence[Placed] = ()) -> list[Placed]:
    """Those of the labels that find a place in the frame where they meet neither each other nor those
    already `taken`; first come, first placed. `size` is the type size in px."""
    boxes = [_box(frame.to_px(item.point), item.text, size) for item in taken]
    found = []
    for label in labels:
        x, y = frame.to_px(label.point)
        wide, high = text_width(label.text) * size, size * _LINE
        for right, down in _SHIFTS:
            box = _box((x + right * wide, y + down * high), label.text, size)
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= frame.width and box[3] <= frame.height
            if inside and not any(_meet(box, other) for other in boxes):
                boxes.append(box)
                middle = frame.to_degrees(x + right * wide, y + down * high)
                found.append(Placed(label.key, label.text, middle))
                break
    return found


def text_width(text: str) -> float:
    """Width of a line in units of its type size: a Chinese character takes one, a Latin one about half."""
    return sum(1.0 if ord(char) > 0x2E80 or char in "▲◆●■—" else 0.56 for char in text)


def _box(middle: tuple[float, float], text: str, size: float) -> Box:
    x, y = middle
    wide, high = text_width(text) * size / 2 + _GAP, size * _LINE / 2
    return x - wide, y - high, x + wide, y + high


def _meet(box: Box, other: Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def _mercator(latitude: float) -> float:
    return math.degrees(math.asinh(math.tan(math.radians(latitude))))


def _latitude(mercator: float) -> float:
    return math.degrees(math.atan(math.sinh(math.radians(mercator))))
