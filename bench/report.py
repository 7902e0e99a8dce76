"""Figures beside their limits. A ratio of 2.0 says that the figure is half of what is allowed."""

from collections.abc import Iterable

FAST = 1.0


def heading(words: str) -> None:
    print(f"\n{words}\n{'-' * len(words)}", flush=True)


def line(what: str, measured: float, unit: str, limit: float | None = None, note: str = "") -> None:
    """One figure; the limit is the most that is allowed."""
    against = ""
    if limit is not None:
        ratio = limit / measured if measured else float("inf")
        against = f"limit {_short(limit):>6} {unit:<8} ratio {ratio:6.2f}{'' if ratio >= FAST else '  OVER'}"
    print(f"  {what:<58} {_short(measured):>8} {unit:<8} {against} {note}".rstrip(), flush=True)


def reached(what: str, measured: float, unit: str, least: float, note: str = "") -> None:
    """One figure that is to be at least so much."""
    ratio = measured / least
    against = f"least {_short(least):>6} {unit:<8} ratio {ratio:6.2f}{'' if ratio >= FAST else '  UNDER'}"
    print(f"  {what:<58} {_short(measured):>8} {unit:<8} {against} {note}".rstrip(), flush=True)


def told(what: str, words: str) -> None:
    print(f"  {what:<58} {words}", flush=True)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    written = [list(heads), *(list(row) for row in rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*written, strict=True)]
    for row in written:
        cells = [
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  " + "  ".join(cells), flush=True)


def _short(figure: float) -> str:
    if figure >= 100 or figure == int(figure):
        return f"{figure:,.0f}"
    return f"{figure:.1f}" if figure >= 2 else f"{figure:.2g}"
