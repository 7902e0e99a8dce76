"""What the system says of processes: memory and processor time of one and all its children. Linux only."""

import os
import time
from collections.abc import Callable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """A process and everything it started."""
    found = [pid]
    for one in found:
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            found += [int(child) for child in _read(children).split()]
    return found


def memory(pids: list[int]) -> tuple[float, float]:
    """Megabytes: resident, and resident with shared pages counted once."""
    resident = shared_once = 0
    for pid in pids:
        for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
            resident += int(line.split()[1]) if line.startswith("Rss:") else 0
            shared_once += int(line.split()[1]) if line.startswith("Pss:") else 0
    return resident / 1024, shared_once / 1024


def processor(pid: int) -> float:
    """Seconds of processor time that a process, its children and those that are gone have used."""
    ticks = 0
    for one in tree(pid):
        fields = _read(Path(f"/proc/{one}/stat")).rpartition(")")[2].split()
        ticks += sum(int(field) for field in fields[11:15]) if fields else 0
    return ticks / TICKS


def loop_seconds() -> float:
    """The quickest of a few runs of a fixed loop: how fast this machine is just now."""
    return min(_timed(lambda: sum(number * number for number in range(300_000))) for _turn in range(7))


def _timed(work: Callable[[], object]) -> float:
    before = time.thread_time()
    work()
    return time.thread_time() - before


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
