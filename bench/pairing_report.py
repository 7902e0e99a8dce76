"""The pairing report, row by row. Every row runs in a process of its own, whose memory the system tells at its end."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench import pairing_drawing, pairing_vs_mentor_match, report

HERE = Path(__file__).resolve().parent
CURVE = (100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)
QUICK_UP_TO = 10_000
DRAWING = HERE.parent / "var" / "pairing-curve.svg"


def row(name: str, *numbers: float) -> dict[str, Any]:
    """What a row measured, with the largest memory of its process in megabytes."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    paths = [str(HERE.parent), str(HERE.parent / "src"), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    command = [sys.executable, "-m", "bench.pairing_rows", name, *map(str, numbers)]
    child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    told = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"the row {name} ended with {child.returncode}")
    return {**json.loads(told), "memory": usage.ru_maxrss / 1024}


def beside_mentor_match(quick: bool) -> None:
    report.heading("Beside mentor-match 7.0.1 with munkres 3.0.0")
    clock, processor = pairing_vs_mentor_match.whole_processes(500, 1 if quick else 3)
    report.reached("500 × 500, CSV to explained pairs, by the clock", clock, "times", 30)
    report.reached("  of the processor", processor, "times", 30)
    if quick:
        report.told("1,000 × 1,000, one round, solve only", "left out by --quick (about five minutes)")
        return
    mine, theirs = pairing_vs_mentor_match.solve_only(1_000, 3)
    report.told("1,000 × 1,000: ours and theirs, by the clock", f"{mine[0]:.3f} s and {theirs[0]:.1f} s")
    report.reached("1,000 × 1,000, one round, solve only", theirs[0] / mine[0], "times", 150, "300 is the aim")
    report.reached("  of the processor", theirs[1] / mine[1], "times", 150)


def interactive(quick: bool) -> None:
    report.heading("1,000 × 1,000, interactive: the 95th percentile with the reasons of changed pairs (median)")
    figures = row("interactive", 1_000, 20 if quick else 100)
    for what, limit in (("lock", 50), ("forbid", 50), ("weight", 100)):
        for name, (median, most) in zip((f"{what}, by the clock", "  of the processor"), figures[what], strict=True):
            report.line(name, most, "ms", limit, f"({median:.0f} ms)")


def fair() -> None:
    report.heading("1,000 mentees, 953 places: fair against total")
    figures = row("fair", 1_000, 953)
    total, fairest = figures["worst"]
    report.told("the worst pair of the best total, and of the fairest plan", f"{total:.4f} and {fairest:.4f}")
    report.told("both placed, and proven", f"{figures['placed']}, {', '.join(figures['status'])}")
    report.line("what the fairest plan gives up of the total", 100 * figures["loss"], "%", 0.1)
    report.line("time, by the clock", figures["clock"], "s", 1, f"({figures['processor']:.2f} s of processor)")


def rerun() -> None:
    report.heading("A re-run of 1,000 × 1,000 after 6 % of both sides were replaced")
    figures = row("rerun", 1_000, 0.06)
    report.told("kept without inertia", f"{figures['kept_without']:.1%} of the pairs that are still possible")
    report.reached(f"kept with an inertia of {figures['inertia']:.2f}", 100 * figures["kept"], "%", 95)
    report.line("what that costs of the total", 100 * figures["loss"], "%", 0.15)
    report.reached("confirmed pairs kept", 100 * figures["confirmed"], "%", 100)
    report.line("others who move when one pair is forbidden, at most", max(figures["moved"]), "people", 3)


def ten_thousand() -> None:
    report.heading("10,000 × 5,000 with capacities, from profiles")
    figures, matrix = row("large", 10_000, 5_000), row("dense", 10_000, 5_000)
    _large("10,000 × 5,000", figures, seconds=5, memory=500)
    with_reasons = row("large", 10_000, 5_000, 1)
    clock, processor = with_reasons["clock"], with_reasons["processor"]
    report.told("with the reasons of all pairs", f"{clock:.1f} s by the clock, {processor:.1f} s of processor")
    told = f"{matrix['clock']:.1f} s by the clock, {matrix['processor']:.1f} s of processor, {matrix['memory']:,.0f} MB"
    report.told("scipy's dense solve of the same", told)
    report.told(
        "  times slower; times more memory",
        f"{matrix['clock'] / figures['clock']:.1f}; {matrix['memory'] / figures['memory']:.1f}",
    )
    report.told("  our total below scipy's", f"{1.0 - figures['total'] / matrix['total']:.2e}")


def hundred_thousand() -> None:
    report.heading("100,000 × 50,000: nobody holds the matrix (about three minutes)")
    _large("100,000 × 50,000", row("large", 100_000, 50_000), seconds=180, memory=1_500)


def _large(name: str, figures: dict[str, Any], seconds: float, memory: float) -> None:
    report.line(f"{name}, by the clock", figures["clock"], "s", seconds, f"({figures['processor']:.1f} s of processor)")
    report.line("  memory, people included", figures["memory"], "MB", memory)
    report.line(
        "  gap over all pairs, in ten-thousandths", 1e4 * figures["gap"], "", 1, f"({figures['placed']:,} pairs)"
    )


def curve(quick: bool) -> None:
    sizes = [size for size in CURVE if not quick or size <= QUICK_UP_TO]
    report.heading(f"Gap and time from {sizes[0]:,} to {sizes[-1]:,} mentees, half as many mentors")
    found = [(size, row("large", size, size // 2)) for size in sizes]
    heads = ("mentees", "pairs to choose from", "seconds", "of processor", "ns a pair", "MB", "gap")
    report.table(heads, ([
        f"{size:,}", f"{size * (size // 2):,}", f"{one['clock']:.2f}", f"{one['processor']:.2f}",
        f"{one['processor'] / (size * (size // 2)) * 1e9:,.0f}", f"{one['memory']:,.0f}", f"{one['gap']:.1e}",
    ] for size, one in found))  # fmt: skip
    DRAWING.parent.mkdir(exist_ok=True)
    points = [(size, one["clock"], one["memory"], one["gap"]) for size, one in found]
    DRAWING.write_text(pairing_drawing.svg(points), encoding="utf-8")
    report.told("drawn in", str(DRAWING.relative_to(HERE.parent)))


def free_text() -> None:
    done = subprocess.run([sys.executable, HERE / "pairing_text.py"], check=False)
    if done.returncode:
        report.told("free text", f"below what it should reach, or not measured (exit code {done.returncode})")


def measure(quick: bool) -> None:
    """The whole report."""
    started = time.perf_counter()
    beside_mentor_match(quick)
    interactive(quick)
    fair()
    rerun()
    ten_thousand()
    if not quick:
        hundred_thousand()
    curve(quick)
    free_text()
    report.told("the pairing report took", f"{time.perf_counter() - started:.0f} s")
