"""The verb `rewrap-keys`."""

import argparse


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = verbs.add_parser(
        "rewrap-keys", help="seal the keys of people's private notes with the newest key of the settings"
    )
    verb.set_defaults(run="commonhall.workspace.rewrapping:run", needs="tables")
