"""The verb `demo`. The loading itself is imported only when it is asked for."""

import argparse

PEOPLE = 320
SEED = 2026
MOST_PEOPLE = 5000


def people(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_PEOPLE:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to {MOST_PEOPLE}")
    return int(text)


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = verbs.add_parser("demo", help="load the demo region into an empty database")
    verb.add_argument("--people", type=people, default=PEOPLE, metavar="N", help="how many people, 1 to 5,000 (320)")
    verb.add_argument(
        "--seed", type=int, default=SEED, metavar="S", help="another seed gives other pairs and passwords"
    )
    verb.add_argument("--accounts", default="", metavar="FILE", help="where to write the accounts of the cast")
    verb.set_defaults(run="commonhall.demo.telling:demo")
