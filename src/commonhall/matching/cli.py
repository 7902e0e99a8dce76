"""The verb `match`."""

import argparse


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = verbs.add_parser(
        "match",
        help="match mentees and mentors from a spreadsheet, without a server",
        description="Match mentees and mentors from a CSV or XLSX file, provably as well as the rules allow. "
        "One file with a column that says who is mentor and who is mentee, or one file for each. A folder with "
        "problem.json and scores.npy is answered as by `python -m pairing solve`.",
    )
    verb.add_argument("file", metavar="FILE", help="the people; only the mentees where --mentors is given; or a folder")
    verb.add_argument("--mentors", metavar="FILE", help="the mentors, if they stand in a file of their own")
    verb.add_argument("--rules", metavar="FILE.toml", help="hard rules and weights; without it, the usual ones")
    verb.add_argument("--out", metavar="matches.csv", help="write the pairs here")
    verb.add_argument("--report", metavar="report.html", help="write a page with every pair's reasons here")
    verb.add_argument("--strict", action="store_true", help="stop if any line is wrong, instead of leaving it out")
    verb.set_defaults(run="commonhall.matching.spreadsheet.cli:match", plain=True)
