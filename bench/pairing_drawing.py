"""The curve as a drawing: time, memory and gap over the number of mentees, each on logarithmic axes."""

from collections.abc import Sequence
from html import escape
from math import log10

Point = tuple[int, float, float, float]
WIDTH, HEIGHT, LEFT, TOP, WIDE, HIGH, BETWEEN = 960, 380, 70, 60, 220, 240, 300
PANELS = (("Seconds by the clock", 1, "#0b5d66"), ("Memory in MB", 2, "#7a3e9d"), ("Gap over all pairs", 3, "#a34700"))
LEAST = 1e-7


def svg(points: Sequence[Point]) -> str:
    """One drawing with a title, a description in words, and the same figures as text."""
    first, last = points[0], points[-1]
    title = f"Pairing from {first[0]:,} to {last[0]:,} mentees"
    said = "; ".join(f"{size:,}: {clock:.2f} s, {memory:,.0f} MB, gap {gap:.1e}" for size, clock, memory, gap in points)
    panels = "".join(_panel(points, place, *panel) for place, panel in enumerate(PANELS))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="t d" font-family="sans-serif" font-size="12">'
        f'<title id="t">{escape(title)}</title><desc id="d">{escape(said)}</desc>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
        f'<text x="{LEFT}" y="26" font-size="16" font-weight="bold">{escape(title)}, half as many mentors</text>'
        f"{panels}</svg>\n"
    )


def _panel(points: Sequence[Point], place: int, name: str, which: int, colour: str) -> str:
    left = LEFT + place * BETWEEN
    figures = [max(float(point[which]), LEAST) for point in points]
    across, up = _span([point[0] for point in points]), _span(figures)
    drawn = [f'<text x="{left}" y="{TOP - 10}" font-weight="bold">{escape(name)}</text>']
    for power in range(up[0], up[1] + 1):
        y = TOP + HIGH - HIGH * (power - up[0]) / (up[1] - up[0])
        drawn.append(f'<line x1="{left}" x2="{left + WIDE}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        drawn.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{_short(power)}</text>')
    for power in range(across[0], across[1] + 1):
        x = left + WIDE * (power - across[0]) / (across[1] - across[0])
        drawn.append(f'<text x="{x:.1f}" y="{TOP + HIGH + 18}" text-anchor="middle">{10**power:,}</text>')
    spots = [
        (
            left + WIDE * (log10(point[0]) - across[0]) / (across[1] - across[0]),
            TOP + HIGH - HIGH * (log10(figure) - up[0]) / (up[1] - up[0]),
        )
        for point, figure in zip(points, figures, strict=True)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    drawn.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
    drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in spots]
    drawn.append(f'<text x="{left + WIDE / 2}" y="{TOP + HIGH + 38}" text-anchor="middle">mentees</text>')
    return "".join(drawn)


def _span(figures: Sequence[float]) -> tuple[int, int]:
    low, high = int(log10(min(figures)) // 1), -int(-log10(max(figures)) // 1)
    return low, max(high, low + 1)


def _short(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else (f"{10.0**power:g}" if power >= -3 else f"1e{power}")
