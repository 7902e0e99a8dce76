"""The closing line of a test run in several parts, summed from their reports."""

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

KINDS = {"failures": "failed", "errors": "errors", "skipped": "skipped"}


def total(folder: Path) -> tuple[Counter[str], float]:
    counts: Counter[str] = Counter()
    seconds = 0.0
    for report in sorted(folder.glob("*.xml")):
        for suite in ElementTree.parse(report).iter("testsuite"):
            other = {words: int(suite.get(kind, 0)) for kind, words in KINDS.items()}
            counts.update(other, passed=int(suite.get("tests", 0)) - sum(other.values()))
            seconds += float(suite.get("time", 0))
    return counts, seconds


def main() -> int:
    counts, seconds = total(Path(sys.argv[1]))
    order = ("failed", "passed", "skipped", "errors")
    words = ", ".join(f"{counts[kind]} {kind}" for kind in order if counts[kind] or kind == "passed")
    print(f"============ {words} in {seconds:.2f}s ============")
    return int(bool(counts["failed"] or counts["errors"] or not counts["passed"]))


if __name__ == "__main__":
    sys.exit(main())
