import argparse

MOST_THREADS = 64


def several(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_THREADS:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to {MOST_THREADS}")
    return int(text)


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    worker = verbs.add_parser("worker", help="do background jobs, in a process of its own")
    worker.add_argument("--queues", nargs="+", default=[], metavar="NAME", help="only these queues (else all)")
    worker.add_argument("--threads", type=several, default=2, metavar="N", help="how many jobs at a time (2)")
    worker.set_defaults(run="commonhall.jobs.processes:worker")
    clock = verbs.add_parser("clock", help="start what is due by the clock, in a process of its own")
    clock.set_defaults(run="commonhall.jobs.processes:clock")
