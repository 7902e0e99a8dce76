"""``python -m pairing solve FOLDER --out result.json`` and ``python -m pairing check FOLDER result.json``.

The exit code is 0 where there is an answer or the check found nothing wrong, 1 where it did, and 2 where something
could not be read or written.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from pairing.errors import PairingError
from pairing.folder import answering, checking, reading, vast
from pairing.phrases import counted, number

EXACT = 1e-9


def add_verb(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """``solve`` and ``check``."""
    solve = verbs.add_parser("solve", help="answer the question in a folder")
    solve.add_argument("folder", type=Path, help="holds problem.json and scores.npy")
    solve.add_argument("--out", type=Path, default=None, help="where the result goes; else it is printed")
    solve.set_defaults(run=_solve)
    check = verbs.add_parser("check", help="check a result against its folder, without the solvers")
    check.add_argument("folder", type=Path)
    check.add_argument("result", type=Path)
    check.set_defaults(run=_check)


def _solve(asked: argparse.Namespace) -> int:
    return solve(asked.folder, asked.out)


def solve(folder: Path, out: Path | None) -> int:
    """Answer a folder's question, into a file or else in print; the exit code."""
    try:
        result, code = _answered(folder), 0
    except (PairingError, OSError, MemoryError) as unreadable:
        result, code = answering.refused(_sentence(unreadable)) | {"seconds": 0.0, "notes": []}, 2
    if result["status"] != "ok":
        print(result["status"], file=sys.stderr)
    code = _written(result, out) or code
    if out is not None and result["status"] == "ok" and not code:
        print(_summary(result))
    return code


def _answered(folder: Path) -> dict[str, Any]:
    large = vast.asked(folder)
    found = None if large is None else vast.answer(large)
    return found or answering.answer(reading.read(folder))


def _summary(result: dict[str, Any]) -> str:
    """What came out, with its proof."""
    many = len(result["unmatched"])
    without = number(many) if many else "nobody"
    said = f"{counted(len(result['pairs']), 'pair')}, {without} without. {_proof(result)}".strip()
    return said[0].upper() + said[1:]


def _proof(result: dict[str, Any]) -> str:
    gap = result.get("gap")
    if gap is None or result["objective"] == "stable":
        return ""
    if gap <= EXACT:
        return "Nothing better is possible."
    return f"Within {max(gap * 100, 0.001):.3f} % of the best possible."


def _written(result: dict[str, Any], out: Path | None) -> int:
    text = json.dumps(result, allow_nan=False)
    if out is None:
        print(text)
        return 0
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as refused:
        print(f"{out.name} cannot be written: {refused.strerror}.", file=sys.stderr)
        return 2
    return 0


def _check(asked: argparse.Namespace) -> int:
    try:
        verdict = checking.check(reading.read(asked.folder), asked.result)
    except (PairingError, OSError) as unreadable:
        print(_sentence(unreadable), file=sys.stderr)
        return 2
    print(verdict.sentence)
    return 1 if verdict.faults else 0


def _sentence(refused: BaseException) -> str:
    if isinstance(refused, MemoryError):
        return "There is not enough memory for this many pairs."
    text = str(refused) or type(refused).__name__
    return text if text.endswith(".") else f"{text}."
