import argparse


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    worker = verbs.add_parser("worker", help="do background jobs, in a process of its own")
    worker.add_argument("--queues", nargs="+", default=[], metavar="NAME", help="only these queues (else all)")
    worker.add_argument("--threads", type=int, default=2, help="how many jobs at a time (2)")
    worker.set_defaults(run="commonhall.jobs.processes:worker")
    clock = verbs.add_parser("clock", help="start what is due by the clock, in a process of its own")
    clock.set_defaults(run="commonhall.jobs.processes:clock")
