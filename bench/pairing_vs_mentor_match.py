"""500 mentees and 500 mentors, from CSV to explained pairs: ours beside mentor-match, whole processes.

    python -m bench.pairing_vs_mentor_match [--size 500] [--sample FOLDER] [--repeat 3]
    python -m bench.pairing_vs_mentor_match --solve-only --size 1000

Both read the same two files in mentor-match's own format, run three rounds (in each, everybody gets one more partner,
never the same again) under the same two rules (another organisation; the mentor of a higher grade) and
write their pairs to disk. Interpreter start and imports are part of the time. mentor-match lives in a virtual
environment of its own (``COMMONHALL_CACHE``, else ``~/.cache/commonhall``): it installs a package called `matching`.
"""

import argparse
import csv
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from bench.pairing_sides import GRADES, ROUNDS, grade_of, read

HERE = Path(__file__).resolve().parent
SHARED = ["first name", "last name", "email address", "both mentor and mentee", "job title", "grade"]
SHARED += ["organisation", "profession"]
MENTEE = [*SHARED, "match with similar identity", "identity to match", "biography"]
MENTOR = [*SHARED, "characteristics", "biography"]


def generate(folder: Path, size: int) -> None:
    """Two files in the peer's format, the same for the same size."""
    dice = random.Random(size)
    organisations = [
        f"Department of {name}" for name in ["Bridges", "Ferries", "Harbours", "Orchards", "Rivers", "Roads"]
    ]
    professions = ["Policy", "Finance", "DDaT", "Security", "Communications", "Project delivery"]
    traits = ["First in the family to study", "Carer", "Part time", "Returner", "Northern", ""]
    for role, columns in (("mentee", MENTEE), ("mentor", MENTOR)):
        with (folder / f"{role}s.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            for number in range(size):
                trait = dice.choice(traits)
                row = {
                    "first name": role,
                    "last name": f"{number:04}",
                    "email address": f"{role}.{number:04}@hall.example",
                    "both mentor and mentee": "no",
                    "job title": "Some post",
                    "grade": dice.choice(GRADES[:6] if role == "mentee" else GRADES[2:]),
                    "organisation": dice.choice(organisations),
                    "profession": dice.choice(professions),
                    "match with similar identity": dice.choice(["yes", "no"]),
                    "identity to match": trait,
                    "characteristics": trait,
                    "biography": "",
                }
                writer.writerow({column: row[column] for column in columns})


def pairs_of_ours(folder: Path) -> list[tuple[str, str]]:
    return [(row["mentee"], row["mentor"]) for row in read(folder / "ours.csv")]


def pairs_of_peer(folder: Path) -> list[tuple[str, str]]:
    found = []
    for row in read(folder / "output" / "mentees-list.csv"):
        found += [(row["email"], row[f"match {n} email"]) for n in range(1, ROUNDS + 1) if row.get(f"match {n} email")]
    return found


def broken(folder: Path, pairs: list[tuple[str, str]]) -> int:
    """How many pairs break a rule: the same organisation, a mentor of no higher grade, a pair made twice."""
    mentees = {row["email address"]: row for row in read(folder / "mentees.csv")}
    mentors = {row["email address"]: row for row in read(folder / "mentors.csv")}
    bad = sum(first == second for first, second in pairwise(sorted(pairs)))
    for mentee_id, mentor_id in pairs:
        one, other = mentees[mentee_id], mentors[mentor_id]
        bad += one["organisation"] == other["organisation"] or grade_of(other["grade"]) <= grade_of(one["grade"])
    return bad


def peer_python() -> Path:
    """The interpreter of the peer's own environment, made on first use."""
    home = Path(os.environ.get("COMMONHALL_CACHE", Path.home() / ".cache" / "commonhall")) / "bench-peers"
    python, wanted = home / "bin" / "python", HERE / "requirements-peers.txt"
    mark = home / wanted.name
    if not mark.exists() or mark.read_text() != wanted.read_text():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", wanted], check=True)
        mark.write_text(wanted.read_text())
    return python


def timed(command: list[object], bytecode: Path | None = None) -> tuple[float, float]:
    """Seconds by the clock and of the processor; the second hardly depends on what else the machine does.

    bytecode: where ours, run from its source, finds what an installed package brings along, as the peer does.
    """
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(HERE.parent / "src")}
    if bytecode is not None:
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = str(bytecode)
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(part) for part in command], check=True, env=environment, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - started, processor


def solve_only(size: int, repeat: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Seconds by the clock and of the processor for one round: ours (the median of some), and the peer's."""
    script = HERE / "pairing_sides.py"
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(HERE.parent / "src")}

    def asked(python: Path | str, mode: str, folder: Path) -> tuple[float, float]:
        command = [str(python), str(script), mode, str(folder)]
        done = subprocess.run(command, check=True, env=environment, capture_output=True, text=True)
        clock, processor = map(float, done.stdout.split())
        return clock, processor

    with tempfile.TemporaryDirectory() as scratch:
        generate(Path(scratch), size)
        runs = sorted(asked(sys.executable, "ours_solve_only", Path(scratch)) for _ in range(repeat))
        return runs[len(runs) // 2], asked(peer_python(), "peer_solve_only", Path(scratch))


def compare(name: str, folder: Path, repeat: int) -> tuple[float, float]:
    """Print both sides; the ratio by the clock and of the processor."""
    size = f"{len(read(folder / 'mentees.csv'))} + {len(read(folder / 'mentors.csv'))}"
    script = HERE / "pairing_sides.py"
    python = peer_python()
    bytecode = folder.parent / "bytecode"
    timed([sys.executable, script, "ours", folder], bytecode)
    runs = [timed([sys.executable, script, "ours", folder], bytecode) for _ in range(repeat)]
    mine = (statistics.median(clock for clock, _ in runs), statistics.median(processor for _, processor in runs))
    theirs = timed([python, script, "peer", folder])
    results = (("ours", mine, pairs_of_ours(folder)), ("mentor-match", theirs, pairs_of_peer(folder)))
    print(f"{name}, {size} people, {ROUNDS} rounds, whole processes")
    for who, seconds, pairs in results:
        clock, processor = seconds
        told = f"{len(pairs)} pairs, {broken(folder, pairs)} of them break a rule"
        print(f"  {who:<13}{clock:8.2f} s by the clock {processor:8.2f} s of processor   {told}")
    ratio = theirs[0] / mine[0], theirs[1] / mine[1]
    print(f"  ratio        {ratio[0]:8.1f}                {ratio[1]:8.1f}", flush=True)
    return ratio


def whole_processes(size: int, repeat: int) -> tuple[float, float]:
    """The ratio for people made by ourselves."""
    with tempfile.TemporaryDirectory() as scratch:
        generate(Path(scratch), size)
        return compare("made by ourselves", Path(scratch), repeat)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=500)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--sample", type=Path, default=HERE.parents[1] / "shared/data/matching/mentor_match_sample")
    parser.add_argument("--solve-only", action="store_true", help="one round, the solving alone")
    asked = parser.parse_args()
    if asked.solve_only:
        mine, theirs = solve_only(asked.size, asked.repeat)
        print(f"ours {mine[0]:.3f} s, theirs {theirs[0]:.1f} s; processor {mine[1]:.3f} s, {theirs[1]:.1f} s")
        return
    whole_processes(asked.size, asked.repeat)
    with tempfile.TemporaryDirectory() as scratch:
        if asked.sample.is_dir():
            theirs = Path(scratch, "sample")
            theirs.mkdir()
            for role in ("mentees", "mentors"):
                (theirs / f"{role}.csv").write_bytes((asked.sample / f"large-{role}.csv").read_bytes())
            compare("the peer's own sample", theirs, asked.repeat)
        else:
            print(f"the peer's own sample is not at {asked.sample}")


if __name__ == "__main__":
    main()
