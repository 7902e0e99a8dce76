import argparse


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    inbox = verbs.add_parser("inbox", help="take answers from people's calendars, in a process of its own")
    inbox.set_defaults(run="commonhall.integrations.inbox.listener:listen")
