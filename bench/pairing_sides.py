"""What each side does in a process of its own: `python bench/pairing_sides.py NAME FOLDER`. Imports are part of it."""

import csv
import sys
import time
from pathlib import Path

GRADES = ["AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4"]
ALSO = {"Grade 7": "G7", "Grade 6": "G6"}
ROUNDS = 3


def grade_of(text: str) -> int:
    """The rung of a grade, 0 the lowest."""
    names = {name: place for place, name in enumerate(GRADES)}
    names |= {short: names[name] for name, short in ALSO.items()}
    return names[text.strip()]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


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
    """One round when everything is measured: the scores, the plan, its prices and its bound. Prints seconds."""
    import pairing
    from pairing.solvers.task import bound

    prepared = pairing.prepare(problem_of(folder))
    started = time.perf_counter(), time.process_time()
    outline = prepared.outline()
    most = bound(outline.settled.task, outline.plan.prices, outline.plan.placed)
    seconds = time.perf_counter() - started[0], time.process_time() - started[1]
    assert most - outline.total <= 1e-9 * most
    print(*seconds)


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


SIDES = {side.__name__: side for side in (ours, peer, ours_solve_only, peer_solve_only)}

if __name__ == "__main__":
    SIDES[sys.argv[1]](Path(sys.argv[2]))
