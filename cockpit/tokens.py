"""Colours, type and space of the two dresses: `office` (light, on desks) and `wall` (dark, on big screens).

One list for CSS, figures and documents: `css()` writes it as custom properties, figures read it directly.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Palette:
    """Colours as `#rrggbb`. `series` are for lines and bars, `sequential` ends for maps run from page to
    accent, `low` and `high` are the two sides of a diverging map."""

    page: str
    card: str
    text: str
    muted: str
    line: str
    accent: str
    series: tuple[str, str, str, str, str]
    red: str
    orange: str
    yellow: str
    blue: str
    green: str
    missing: str
    low: str
    high: str

    def light(self, name: str) -> str:
        """Colour of a light; the missing grey for `grey`."""
        return {
            "red": self.red,
            "orange": self.orange,
            "yellow": self.yellow,
            "blue": self.blue,
            "green": self.green,
        }.get(name, self.missing)


OFFICE = Palette(
    page="#F5F6F8",
    card="#FFFFFF",
    text="#1B2430",
    muted="#56606E",
    line="#D5DAE1",
    accent="#0B5CAD",
    series=("#0B5CAD", "#C2410C", "#0F766E", "#6D28D9", "#A16207"),
    red="#B42318",
    orange="#B54708",
    yellow="#8A6A00",
    blue="#175CD3",
    green="#1E7A3E",
    missing="#6B7280",
    low="#B45309",
    high="#0B5CAD",
)

WALL = Palette(
    page="#0B1B33",
    card="#11264A",
    text="#E8EEF7",
    muted="#9FB0C8",
    line="#2A4470",
    accent="#5AB2FF",
    series=("#5AB2FF", "#FFB27A", "#4FD1C5", "#B79CFF", "#E6C35C"),
    red="#FF6B5E",
    orange="#FF9F43",
    yellow="#FFD23F",
    blue="#6FA8FF",
    green="#4FD08A",
    missing="#8FA0B8",
    low="#FFB27A",
    high="#5AB2FF",
)

DRESSES = {"office": OFFICE, "wall": WALL}

#: A light is never colour alone: each level has its own shape.
SHAPES = {"red": "▲", "orange": "◆", "yellow": "●", "blue": "■", "green": "✓", "grey": "—"}

FONT = (
    '"Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif'
)
#: Type scale in px; the wall shows it at 1.5.
SIZES = {"small": 12, "body": 14, "large": 16, "title": 20, "heading": 28, "headline": 40}
WALL_SCALE = 1.5
SPACE = 8
RADIUS = 8


def palette(dress: str) -> Palette:
    """The colours of a dress. Raises KeyError for a name that is not one."""
    return DRESSES[dress]


def size(name: str, dress: str) -> int:
    """A type size in px as a dress shows it."""
    return round(SIZES[name] * (WALL_SCALE if dress == "wall" else 1))


def css() -> str:
    """The tokens as CSS custom properties: office on `:root`, wall on `[data-dress="wall"]`."""
    return "\n".join((_rules(":root", "office"), _rules('[data-dress="wall"]', "wall")))


def mix(start: str, end: str, share: float) -> str:
    """The colour that lies `share` of the way from one to another, in straight RGB."""
    pairs = zip(_rgb(start), _rgb(end), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def translucent(colour: str, alpha: float) -> str:
    """A colour as `rgba(…)`."""
    red, green, blue = _rgb(colour)
    return f"rgba({red},{green},{blue},{alpha:g})"


def contrast(first: str, second: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.1, relative luminance)."""
    bright, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _rules(selector: str, dress: str) -> str:
    colours = palette(dress)
    values: dict[str, str] = {}
    for item in fields(colours):
        value = getattr(colours, item.name)
        if item.name == "series":
            values |= {f"series-{n}": colour for n, colour in enumerate(value, start=1)}
        else:
            values[item.name] = value
    values |= {f"size-{name}": f"calc({size(name, dress)} * var(--unit))" for name in SIZES}
    values |= {"font": FONT, "space": f"{SPACE}px", "radius": f"{RADIUS}px"}
    body = "".join(f"  --{name}: {value};\n" for name, value in values.items())
    return f"{selector} {{\n{body}}}"


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    channels = [channel / 255 for channel in _rgb(colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
