"""500 mentees and 500 mentors, from CSV to explained pairs: ours beside mentor-match, whole processes.

    python bench/pairing_vs_mentor_match.py [--size 500] [--sample FOLDER] [--repeat 3]
    python bench/pairing_vs_mentor_match.py --solve-only --size 1000

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

HERE = Path(__file__).resolve().parent
GRADES = ["AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4"]
ALSO = {"Grade 7": "G7", "Grade 6": "G6"}
ROUNDS = 3
SHARED = ["first name", "last name", "email address", "both mentor and mentee", "job title", "grade"]
SHARED += ["organisation", "profession"]
MENTEE = [*SHARED, "match with similar identity", "identity to match", "biography"]
MENTOR = [*SHARED, "characteristics", "biography"]


def grade_of(text: str) -> int:
    """The rung of a grade, 0 the lowest."""
    names = {name: place for place, name in enumerate(GRADES)}
    names |= {short: names[name] for name, short in ALSO.items()}
    return names[text.strip()]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


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


def problem_of(folder: Path) -> object:
    """The two files as a problem of ours."""
    from pairing.types import Person, Problem, Rules, Wish

    def person(row: dict[str, str], role: str) -> Person:
        profession = Wish("service", row["profession"])
        wanted = row.get("identity to match", "") if row.get("match with similar identity") == "yes" else ""
        traits = [one.strip() for one in row.get("characteristics", "").split(",") if one.strip()]
        return Person(
            id=row["email address"],
            role=role,
            identity=row["email address"],
            organisation=row["organisation"],
            level=grade_of(row["grade"]) + 1,
            services=(row["profession"],),
            wants=(profession, *([Wish("tag", wanted)] if wanted else [])) if role == "mentee" else (),
            offers=(profession, *(Wish("tag", one) for one in traits)) if role == "mentor" else (),
        )

    return Problem(
        mentees=tuple(person(row, "mentee") for row in read(folder / "mentees.csv")),
        mentors=tuple(person(row, "mentor") for row in read(folder / "mentors.csv")),
        rules=Rules(seniority=(1, 10)),
    )


def ours(folder: Path) -> None:
    """The whole of our side: read, three rounds, words for each pair, write."""
    import pairing
    from pairing import words

    prepared = pairing.prepare(problem_of(folder))
    done: frozenset[tuple[str, str]] = frozenset()
    with (folder / "ours.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["round", "mentee", "mentor", "score", "why"])
        for number in range(1, ROUNDS + 1):
            solution = prepared.solve(forbidden=done)
            for pair in solution.pairs:
                why = "; ".join(words.reasons(pair, "mentee"))
                writer.writerow([number, pair.mentee_id, pair.mentor_id, f"{pair.score:.4f}", why])
            print(f"round {number}: {solution.placed} pairs, proven to within {solution.gap:.4%} of the best")
            done |= solution.pair_keys()


def ours_solve_only(folder: Path) -> None:
    """One round when everything is measured; with prices, proof and reasons. Prints its seconds."""
    import pairing

    prepared = pairing.prepare(problem_of(folder))
    started = time.perf_counter(), time.process_time()
    prepared.solve()
    print(time.perf_counter() - started[0], time.process_time() - started[1])


def peer_solve_only(folder: Path) -> None:
    """One round of the peer when all its scores are there. Prints its seconds."""
    from matching import process

    mentors, mentees, rules = peer_input(folder)
    scored = process.generate_match_matrix(mentors, mentees, rules(6))
    started = time.perf_counter(), time.process_time()
    process.match_and_assign_participants(scored)
    print(time.perf_counter() - started[0], time.process_time() - started[1])


def peer(folder: Path) -> None:
    """The whole of the peer's side, as its README shows it, with its own export."""
    from matching import process

    mentors, mentees, rules = peer_input(folder)
    process.process_data(mentors, mentees, [rules(bonus) for bonus in (6, 4, 0)])
    process.create_mailing_list(mentees, folder / "output")


def peer_input(folder: Path) -> tuple[object, object, object]:
    """The two files as the peer reads them, and its rules for a bonus."""
    from matching import process
    from matching.mentee import Mentee
    from matching.mentor import Mentor
    from matching.rules import rule

    def mapped(row: dict[str, str], _: str) -> dict[str, object]:
        return {**row, "grade": grade_of(row["grade"]), "email": row["email address"], "role": row["job title"]}

    def rules(bonus: int) -> list[object]:
        return [
            rule.Disqualify(lambda match: match.mentor.organisation == match.mentee.organisation),
            rule.Disqualify(lambda match: match.mentor.grade <= match.mentee.grade),
            rule.Grade(1, lambda difference, target: difference >= target, {True: 3, False: 0}),
            rule.Equivalent("profession", {True: 4, False: 0}),
            rule.UnmatchedBonus(bonus),
        ]

    mentors = process.create_participant_list_from_path(Mentor, folder, mapped)
    mentees = process.create_participant_list_from_path(Mentee, folder, mapped)
    return mentors, mentees, rules


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
    script = Path(__file__)
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(HERE.parent / "src")}

    def asked(python: Path | str, mode: str, folder: Path) -> tuple[float, float]:
        command = [str(python), str(script), mode, str(folder)]
        done = subprocess.run(command, check=True, env=environment, capture_output=True, text=True)
        clock, processor = map(float, done.stdout.split())
        return clock, processor

    with tempfile.TemporaryDirectory() as scratch:
        generate(Path(scratch), size)
        runs = sorted(asked(sys.executable, "--ours-solve", Path(scratch)) for _ in range(repeat))
        return runs[len(runs) // 2], asked(peer_python(), "--peer-solve", Path(scratch))


def compare(name: str, folder: Path, repeat: int) -> tuple[float, float]:
    """Print both sides; the ratio by the clock and of the processor."""
    size = f"{len(read(folder / 'mentees.csv'))} + {len(read(folder / 'mentors.csv'))}"
    script = Path(__file__)
    python = peer_python()
    bytecode = folder.parent / "bytecode"
    timed([sys.executable, script, "--ours", folder], bytecode)
    runs = [timed([sys.executable, script, "--ours", folder], bytecode) for _ in range(repeat)]
    mine = (statistics.median(clock for clock, _ in runs), statistics.median(processor for _, processor in runs))
    theirs = timed([python, script, "--peer", folder])
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
    parser.add_argument("--ours", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--peer", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--ours-solve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--peer-solve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--solve-only", action="store_true", help="one round, the solving alone")
    asked = parser.parse_args()
    for part in (ours, peer, ours_solve_only, peer_solve_only):
        folder = getattr(asked, part.__name__.removesuffix("_only"))
        if folder:
            return part(folder)
    if asked.solve_only:
        mine, theirs = solve_only(asked.size, asked.repeat)
        print(f"ours {mine[0]:.3f} s, theirs {theirs[0]:.1f} s; processor {mine[1]:.3f} s, {theirs[1]:.1f} s")
        return None
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
    return None


if __name__ == "__main__":
    main()
