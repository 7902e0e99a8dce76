"""The verb `import-people`."""

import argparse


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = verbs.add_parser("import-people", help="bring participants into a programme from a CSV or XLSX file")
    verb.add_argument("file", help="a spreadsheet with one line for each person")
    verb.add_argument("--programme", required=True, metavar="SLUG", help="the programme's name in its address")
    verb.add_argument(
        "--as",
        dest="role",
        required=True,
        metavar="mentor|mentee|COLUMN",
        help="what everybody in the file is, or the heading of the column that says so",
    )
    verb.add_argument("--partial", action="store_true", help="take the sound lines; otherwise all or nothing")
    verb.add_argument("--dry-run", action="store_true", help="say what would happen, and save nothing")
    verb.set_defaults(run="commonhall.programmes.importing.cli:run", needs="tables")
