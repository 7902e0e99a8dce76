"""The verb `import-organisations`."""

import argparse


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = verbs.add_parser("import-organisations", help="add councils from a CSV or XLSX file")
    verb.add_argument("file", help="mySociety's list as it is, or columns as in docs/reference/organisations-csv.md")
    verb.add_argument("--partial", action="store_true", help="take the sound rows; otherwise all or nothing")
    verb.set_defaults(run="commonhall.organisations.importing:run", needs="tables")
