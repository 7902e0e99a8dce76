"""Whether the tests of the solvers notice a changed sign, comparison or constant.

    .venv/bin/python -m bench.mutants --each 12 --seconds 90

Each mutant is one change in a copy of the package; the tests run against the copy, and a mutant that no test notices
is printed. Changes that cannot alter an answer (a wording, a limit on time) survive by right.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODULES = (
    "assignment",
    "blending",
    "one_quota",
    "row_totals",
    "transport",
    "faces",
    "goals",
    "task",
    "rows",
    "program",
    "covering",
    "stable",
    "peers",
)
TESTS = ("test_nearby.py", "test_optimal.py", "test_one_quota.py", "test_folder_answers.py")
COMPARISONS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd}


def changes(tree):
    """(line, what, change) for everything that could be otherwise; calling the change makes it so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
            yield node.lineno, "comparison", lambda node=node: node.ops.__setitem__(0, COMPARISONS[type(node.ops[0])]())
        elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in OPERATORS:
            yield node.lineno, "operator", lambda node=node: setattr(node, "op", OPERATORS[type(node.op)]())
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            yield node.lineno, "sign", lambda node=node: setattr(node, "op", ast.UAdd())
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value in (0, 1):
            yield node.lineno, "constant", lambda node=node: setattr(node, "value", 1 - node.value)


def mutants(module, each, dice):
    text = (ROOT / "src/pairing/solvers" / f"{module}.py").read_text()
    places = list(range(len(list(changes(ast.parse(text))))))
    for place in sorted(dice.sample(places, min(each, len(places)))):
        tree = ast.parse(text)
        line, what, change = list(changes(tree))[place]
        change()
        yield line, what, ast.unparse(ast.fix_missing_locations(tree))


def noticed(copy, seconds):
    """Whether a test fails, or does not end."""
    tests = [str(ROOT / "tests/pairing" / name) for name in TESTS]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:randomly", "--no-header", *tests]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(copy)}, capture_output=True, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode == 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=12, help="mutants of each module, drawn by lot")
    parser.add_argument("--seconds", type=float, default=120.0, help="after which a test run counts as hanging")
    parser.add_argument("--modules", nargs="*", default=MODULES)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    dice, killed, tried = random.Random(asked.seed), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        shutil.copytree(ROOT / "src", copy, dirs_exist_ok=True)
        for module in asked.modules:
            path = copy / "pairing/solvers" / f"{module}.py"
            original = path.read_text()
            for line, what, text in mutants(module, asked.each, dice):
                path.write_text(text)
                seen = noticed(copy, asked.seconds)
                killed, tried = killed + seen, tried + 1
                if not seen:
                    source = (ROOT / "src/pairing/solvers" / f"{module}.py").read_text().splitlines()[line - 1].strip()
                    print(f"{module}.py:{line}: {what} not noticed: {source}", flush=True)
                path.write_text(original)
    print(f"{killed} of {tried} noticed", flush=True)


if __name__ == "__main__":
    main()
