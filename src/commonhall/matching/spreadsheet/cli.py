"""`commonhall match`: from a spreadsheet to pairs with reasons. Opens no database."""

import argparse
import datetime as dt
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.conf import settings

if not settings.configured:
    settings.configure(USE_I18N=False, LANGUAGE_CODE="en-gb")

import pairing
from commonhall.core.sheets.problems import Problem
from commonhall.core.sheets.write import to_csv
from commonhall.matching.spreadsheet import reading, report, rules
from commonhall.matching.spreadsheet.reading import Named, Source
from pairing.folder import command
from pairing.text import models, prose
from pairing.types import Problem as Question
from pairing.types import Rules, Solution

SHOWN = 12


class NothingToMatch(Exception):
    """No mentees, or no mentors, could be read."""


def match(options: argparse.Namespace) -> int:
    if Path(options.file).is_dir():
        return _match_folder(options)
    today = dt.date.today()  # noqa: DTZ011
    chosen = rules.read(Path(options.rules) if options.rules else None)
    sources = reading.read(_files(options), today)
    _say_problems(sources)
    if options.strict and any(source.errors for source in sources):
        print("Nothing was matched, because some lines are wrong.", file=sys.stderr)
        return 1
    mentees, mentors, known = reading.people(sources, today)
    if not mentees or not mentors:
        raise NothingToMatch(_nothing_words(len(mentees), len(mentors)))
    alone = all(not source.has_organisations for source in sources)
    question = Question(
        mentees=tuple(mentees),
        mentors=tuple(mentors),
        weights=chosen.weights,
        rules=Rules(**({"same_organisation_allowed": True} if alone else {}) | chosen.rules),
        objective=chosen.objective,  # type: ignore[arg-type]
        cover=tuple(one.id for one in mentees) if chosen.objective == "cover" else (),
    )
    prepared = pairing.prepare(question)
    solution = prepared.solve()
    _summary(solution, len(mentees), len(mentors))
    if prose.texts(question) and models.default() is None:
        print("What people wrote was not compared: the package wordllama is not installed.", file=sys.stderr)
    if options.out:
        _write(Path(options.out), solution, known)
        print(f"Pairs written to {options.out}.")
    if options.report:
        page = report.page(prepared, solution, known, sources, today)
        Path(options.report).write_text(page, encoding="utf-8")
        print(f"Report written to {options.report}.")
    return 0


def _match_folder(options: argparse.Namespace) -> int:
    """A folder with scores of one's own, as pairing/folder/README.md describes it."""
    for name in ("mentors", "rules", "report", "strict"):
        if getattr(options, name):
            print(f"A folder says everything itself; leave out --{name}.", file=sys.stderr)
            return 2
    return command.solve(Path(options.file), Path(options.out) if options.out else None)


def _files(options: argparse.Namespace) -> list[tuple[Path, str]]:
    if options.mentors:
        return [(Path(options.file), "mentee"), (Path(options.mentors), "mentor")]
    return [(Path(options.file), "")]


def _nothing_words(mentees: int, mentors: int) -> str:
    if not mentees and not mentors:
        return "No sound line was found. Mend what is listed above, or say with --mentors which file holds the mentors."
    missing = "mentees" if not mentees else "mentors"
    return f"There are no {missing} to match. Write mentor, mentee or both in a column, or give two files (--mentors)."


def _say_problems(sources: Sequence[Source]) -> None:
    for source in sources:
        errors = source.errors
        warnings = [problem for problem in source.problems if problem.severity == "warning"]
        for text in [*_grouped(errors), *_grouped(warnings)][:SHOWN]:
            print(f"{source.filename}: {text}", file=sys.stderr)
        wrong = len({problem.line for problem in errors if problem.line})
        if wrong:
            left_out = "1 wrong line was" if wrong == 1 else f"{wrong} wrong lines were"
            print(f"{source.filename}: {left_out} left out; the report lists them.", file=sys.stderr)


def _grouped(problems: Iterable[Problem]) -> list[str]:
    """The same thing in many lines is said once."""
    lines: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        lines.setdefault((problem.column or "", f"{problem.message} {problem.remedy}"), []).append(problem)
    return [
        sentence(found[0]) + (f" (And in {len(found) - 1} more lines.)" if len(found) > 1 else "")
        for found in lines.values()
    ]


def sentence(problem: Problem) -> str:
    where = f"line {problem.line}" if problem.line else "the file"
    column = f", column “{problem.column}”" if problem.column and problem.column != "(row)" else ""
    return f"{where}{column}: {problem.message} {problem.remedy}".strip()


def _summary(solution: Solution, mentees: int, mentors: int) -> None:
    without = sum(1 for one in solution.unmatched if one.role == "mentee")
    print(f"{mentees} mentees and {mentors} mentors: {solution.placed} pairs, {without} mentees without.")
    print(
        f"Fit overall {solution.mean:.0%}, weakest pair {solution.worst:.0%}, "
        f"{solution.cross_share:.0%} of the pairs join two organisations."
    )
    print(f"{report.proof(solution)} Worked out in {solution.seconds:.2f} s.")


def _write(path: Path, solution: Solution, known: dict[str, Named]) -> None:
    sides = ("mentee", "mentee e-mail", "mentee organisation", "mentor", "mentor e-mail", "mentor organisation")
    rows = [
        (*_cells(known[pair.mentee_id]), *_cells(known[pair.mentor_id]), round(pair.score, 3), report.short(pair))
        for pair in solution.pairs
    ]
    path.write_bytes(to_csv([*sides, "fit", "why"], rows))


def _cells(person: Named) -> tuple[str, str, str]:
    return (person.name, person.email, person.organisation)
