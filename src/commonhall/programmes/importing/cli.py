"""What the verb `import-people` does and says."""

import argparse
import sys
from pathlib import Path

from commonhall.core.errors import Refused
from commonhall.core.sheets.problems import ERROR
from commonhall.core.sheets.reading import read
from commonhall.core.sheets.sheet import Sheet
from commonhall.programmes.importing.actions import packed, save_at_once
from commonhall.programmes.importing.context import context_for
from commonhall.programmes.imports.checking import check
from commonhall.programmes.imports.mapping import suggest_mapping
from commonhall.programmes.imports.rows import Checked
from commonhall.programmes.models import Enrolment, Import, Programme, SavedMapping


def run(options: argparse.Namespace) -> int:
    programme = Programme.objects.select_related("pool").filter(slug=options.programme).first()
    if programme is None:
        known = ", ".join(Programme.objects.values_list("slug", flat=True)[:20])
        raise Refused(f"There is no programme “{options.programme}”. Known are: {known or 'none yet'}.")
    path = Path(options.file)
    if not path.is_file():
        raise Refused(f"There is no file {path}.")
    sheet = read(path)
    role, mapping = _columns(programme, sheet, options.role)
    checked = check(sheet, mapping, context_for(programme, role))
    _print_problems(checked)
    if checked.errors and not (options.partial and checked.rows):
        raise Refused(
            f"Nothing was saved: {len(checked.errors)} problems in {len(checked.wrong_lines)} lines, listed above. "
            "--partial takes the sound lines."
        )
    if options.dry_run:
        print(f"Dry run: {len(checked.rows)} people would be saved; nothing was.")
        return 0
    return _save(programme, path.name, sheet, mapping, role, checked, options.partial)


def _columns(programme: Programme, sheet: Sheet, wanted: str) -> tuple[str, dict[str, str]]:
    """The role of everybody, if it was given, and which column holds what."""
    remembered = SavedMapping.objects.filter(pool=programme.pool_id, signature=sheet.signature).first()
    mapping = suggest_mapping(sheet, remembered.mapping if remembered else None)
    if wanted.lower() in Enrolment.Role.values:
        return wanted.lower(), mapping
    if not sheet.usable:
        return "", mapping
    column = next(
        (one for one in sheet.columns if wanted.casefold() in (one.label.casefold(), one.name.casefold())), None
    )
    if column is None:
        named = ", ".join(one.label for one in sheet.columns)
        raise Refused(f"--as is neither mentor nor mentee nor a column of the file. Its columns are: {named}.")
    others = {label: field for label, field in mapping.items() if field != "role"}
    return "", {**others, column.label: "role"}


def _print_problems(checked: Checked) -> None:
    for problem in checked.problems:
        place = ", ".join(
            part for part in (f"line {problem.line}" if problem.line else "", problem.column or "") if part
        )
        words = f"{problem.message} {problem.remedy}"
        print(
            f"{problem.severity}: {place or 'the file'}: {words}",
            file=sys.stderr if problem.severity == ERROR else sys.stdout,
        )


def _save(
    programme: Programme,
    filename: str,
    sheet: Sheet,
    mapping: dict[str, str],
    role: str,
    checked: Checked,
    partial: bool,
) -> int:
    source = Import.objects.create(
        programme=programme,
        filename=filename[:200],
        sheet=packed(sheet.as_json()),
        mapping=mapping,
        problems=packed([problem.as_json() for problem in checked.problems]),
        role=role,
        partial=partial,
        state=Import.State.RUNNING,
        total=len(checked.rows),
        counts={"wrong": len(checked.wrong_lines), "sound": len(checked.rows)},
    )
    try:
        save_at_once(source, checked)
    except BaseException:
        source.delete()
        raise
    source.refresh_from_db()
    left_out = len(checked.wrong_lines)
    print(f"{source.done} people saved, {source.counts['created']} of them new; {left_out} lines left out.")
    return 0
