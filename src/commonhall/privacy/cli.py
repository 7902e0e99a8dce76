"""The verbs `sar` and `erase`."""

import argparse


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    sar = verbs.add_parser("sar", help="write everything that is held about one person into a file")
    sar.add_argument("email", metavar="EMAIL", help="the address with which the person signs in")
    sar.add_argument("out", metavar="OUT", help="the JSON file to write")
    sar.set_defaults(run="commonhall.privacy.commands:sar", needs="tables")

    erase = verbs.add_parser("erase", help="erase one person; figures stay, without a name")
    erase.add_argument("email", metavar="EMAIL", help="the address with which the person signs in")
    erase.set_defaults(run="commonhall.privacy.commands:erase", needs="tables")
