"""Geometry of the small charts; a chart is drawn by its component: <c-chart-bars :chart="chart" />.

Lengths across are percentages, so that text keeps its size on every screen, and strings, so that no language
puts a comma into them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _

ROW = 46
Words = str | Promise


@dataclass(frozen=True)
class Bar:
    label: Words
    text: str
    percent: str
    y: int
    label_y: int
    tone: str = ""

    @property
    def drawn(self) -> bool:
        return float(self.percent) > 0


@dataclass(frozen=True)
class Chart:
    """What every chart has: a title, a sentence for those who do not see it, and its figures as rows."""

    title: Words
    description: Words
    height: int
    heads: tuple[Words, Words]
    rows: Sequence[tuple[Words, str]]

    @property
    def id(self) -> str:
        return f"chart-{slugify(str(self.title))}"


@dataclass(frozen=True)
class Bars(Chart):
    bars: list[Bar] = field(default_factory=list)


def bars(
    title: Words,
    rows: Sequence[tuple[Words, float] | tuple[Words, float, str]],
    *,
    heads: tuple[Words, Words],
    most: float | None = None,
    unit: str = "",
    description: Words = "",
) -> Bars:
    """Horizontal bars; a row is (label, value) or (label, value, tone). `most` fixes the full width."""
    full = most or max((row[1] for row in rows), default=0) or 1
    drawn = [
        Bar(row[0], f"{_figure(row[1])}{unit}", _percent(row[1] / full), n * ROW + 24, n * ROW + 16, *row[2:])
        for n, row in enumerate(rows)
    ]
    figures = [(bar.label, bar.text) for bar in drawn]
    words = description or "; ".join(f"{label}: {text}" for label, text in figures)
    return Bars(title, words, max(len(rows) * ROW - 8, 1), heads, figures, bars=drawn)


@dataclass(frozen=True)
class Strip(Chart):
    dots: list[dict[str, Any]] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)
    middle: str = "0"
    axis_y: int = 0
    radius: int = 4


def strip(
    title: Words, values: Sequence[float], *, low: float, high: float, heads: tuple[Words, Words], unit: str = ""
) -> Strip:
    """How values are spread between low and high: one dot each, stacked where they meet, and the median as a line."""
    radius, columns = 4, 32
    stacks: dict[int, int] = {}
    dots = []
    axis = max(_tallest(values, low, high, columns), 4) * 2 * radius + 14
    for value in sorted(values):
        column = _column(value, low, high, columns)
        stacks[column] = stacks.get(column, 0) + 1
        dots.append({"x": _percent(column / columns), "y": axis - radius - (stacks[column] - 1) * 2 * radius})
    middle = median(values) if values else low
    marks = [
        {"x": 0, "anchor": "start", "text": f"{low:g}{unit}"},
        {"x": 100, "anchor": "end", "text": f"{high:g}{unit}"},
    ]
    rows = [
        (_("Lowest"), f"{min(values, default=low):g}{unit}"),
        (_("Middle"), f"{middle:g}{unit}"),
        (_("Highest"), f"{max(values, default=high):g}{unit}"),
        (_("How many"), str(len(values))),
    ]
    words = "; ".join(f"{label}: {text}" for label, text in rows)
    place = _percent(_share(middle, low, high))
    return Strip(title, words, axis + 24, heads, rows, dots=dots, marks=marks, middle=place, axis_y=axis, radius=radius)


def _figure(value: float) -> str:
    return number_format(f"{value:g}" if value % 1 else round(value), use_l10n=True, force_grouping=True)


def _percent(share: float) -> str:
    return f"{min(share, 1) * 100:.1f}"


def _share(value: float, low: float, high: float) -> float:
    return min(max((value - low) / ((high - low) or 1), 0), 1)


def _column(value: float, low: float, high: float, columns: int) -> int:
    return round(_share(value, low, high) * columns)


def _tallest(values: Sequence[float], low: float, high: float, columns: int) -> int:
    placed = [_column(value, low, high, columns) for value in values]
    return max((placed.count(column) for column in set(placed)), default=0)


@dataclass(frozen=True)
class Sparkline:
    description: Words
    points: str
    last_x: str
    last_y: str
    width: int = 100
    height: int = 28


def sparkline(values: Sequence[float], description: Words) -> Sparkline:
    """A line without axes, to stand beside a figure."""
    low, high = min(values, default=0), max(values, default=0)
    step = 94 / max(len(values) - 1, 1)
    placed = [(f"{3 + n * step:.1f}", f"{24 - _share(value, low, high) * 20:.1f}") for n, value in enumerate(values)]
    last_x, last_y = placed[-1] if placed else ("3", "24")
    return Sparkline(description, " ".join(f"{x},{y}" for x, y in placed), last_x, last_y)
