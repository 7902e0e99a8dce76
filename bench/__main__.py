"""Everything that is measured, in one report: `python -m bench`, or `make bench`.

    python -m bench [pairing] [web] [feed] [slots] [booking] [--seconds 30] [--times 30] [--registered 14000]
                    [--postgresql] [--quick]

Load goes to 127.0.0.1 only and ends by itself. Each figure stands beside its limit with the ratio of the two.
"""

import argparse
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bench import booking, machine, pairing_report, report


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure, side by side with peers.")
    parser.add_argument(
        "parts", nargs="*", choices=["pairing", "web", "feed", "slots", "booking", []], help="what to measure (all)"
    )
    parser.add_argument("--seconds", type=float, default=30, help="how long 500 people click (30; 0 leaves it out)")
    parser.add_argument("--times", type=int, default=30, help="how often a page is asked for its median (30)")
    parser.add_argument("--registered", type=int, default=14_000, help="people in the region (14000)")
    parser.add_argument("--postgresql", action="store_true", help="the web part on PostgreSQL instead of SQLite")
    parser.add_argument("--quick", action="store_true", help="pairing without what takes many minutes")
    return parser.parse_args()


def machine_now() -> None:
    report.heading("This machine")
    load = ", ".join(f"{figure:.1f}" for figure in os.getloadavg())
    report.told("cores; load of the last 1, 5 and 15 minutes", f"{os.cpu_count()}; {load}")
    report.told("300,000 squares in Python", f"{machine.loop_seconds() * 1000:.1f} ms of processor")
    print("  Milliseconds are processor time, not the clock. Neighbours still slow a busy core down: on a machine")
    print("  that others use, the least is nearer the truth than the median, and the ratio to plain Django nearest.")


def django_on(scratch: Path, asked: argparse.Namespace) -> None:
    """Django, on a database of its own."""
    os.environ |= {"COMMONHALL_DATA": str(scratch), "DJANGO_SETTINGS_MODULE": "commonhall.config.settings"}
    os.environ.pop("DATABASE_URL", None)
    if asked.postgresql:
        from tests import postgres

        os.environ["DATABASE_URL"] = postgres.address()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def web(asked: argparse.Namespace, scratch: Path) -> None:
    from bench import crowd
    from bench import web as parts

    started = time.perf_counter()
    made = crowd.fill(registered=asked.registered)
    made = replace(made, round=crowd.solve())
    report.heading(f"A region of {asked.registered:,} people, made in {time.perf_counter() - started:.0f} s")
    parts.lists(made, asked.times)
    parts.beside_django(made, scratch, asked.times, 200)
    parts.others(made, max(5, asked.times // 3))
    parts.sign_in(8)
    parts.whole_stack(made, scratch, asked.seconds, 200)


def feed(scratch: Path) -> None:
    from bench import feed as part

    part.measure(scratch)


def slots(times: int) -> None:
    from bench import slots as part

    part.measure(times)


def main() -> None:
    asked = options()
    parts = asked.parts or ["pairing", "web", "feed", "slots", "booking"]
    machine_now()
    if "pairing" in parts:
        pairing_report.measure(asked.quick)
    if "booking" in parts:
        booking.measure()
    if {"web", "feed", "slots"} & set(parts):
        with tempfile.TemporaryDirectory(prefix="commonhall-bench-") as scratch:
            django_on(Path(scratch), asked)
            if "web" in parts:
                web(asked, Path(scratch))
            if "feed" in parts:
                feed(Path(scratch))
            if "slots" in parts:
                slots(asked.times)


if __name__ == "__main__":
    main()
