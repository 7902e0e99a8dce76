"""What the verb `import-organisations` does and says."""

import argparse
import sys
from pathlib import Path

from commonhall.core.errors import Refused
from commonhall.core.sheets.reading import read
from commonhall.organisations import actions
from commonhall.organisations.imports.checking import check
from commonhall.organisations.models import Organisation


def run(options: argparse.Namespace) -> int:
    path = Path(options.file)
    known = [(one.code or one.slug, one.name) for one in Organisation.objects.only("code", "slug", "name")]
    checked = check(read(path), known)
    for problem in checked.problems:
        if problem.blocks:
            print(f"line {problem.line}, {problem.column}: {problem.message} {problem.remedy}", file=sys.stderr)
    if checked.errors and not (options.partial and checked.rows):
        raise Refused(
            f"Nothing was saved: {len(checked.errors)} problems, listed above. --partial takes the sound rows."
        )
    outcome = actions.import_rows(checked.rows)
    current = sum(row.ended_on is None for row in checked.rows)
    print(f"{len(checked.rows)} organisations read, {current} of them current.")
    print(f"{outcome.added} added, {outcome.changed} changed, {outcome.same} as they were.")
    return 0
