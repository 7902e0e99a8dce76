"""The verb `demo`. The loading itself is imported only when it is asked for."""

import argparse

PEOPLE = 320
SEED = 2026


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = verbs.add_parser("demo", help="load the demo region into an empty database")
    verb.add_argument("--people", type=int, default=PEOPLE, metavar="N", help="how many people (default 320)")
    verb.add_argument(
        "--seed", type=int, default=SEED, metavar="S", help="another seed gives other pairs and passwords"
    )
    verb.add_argument("--accounts", default="", metavar="FILE", help="where to write the accounts of the cast")
    verb.set_defaults(run="commonhall.demo.telling:demo")
