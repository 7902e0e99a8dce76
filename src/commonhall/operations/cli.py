import argparse


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    up = verbs.add_parser("up", help="serve everything in one process: pages, background jobs and clock")
    up.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    up.add_argument("--port", type=int, default=None, help="port to listen on (else PORT, else 8000)")
    up.set_defaults(run="commonhall.operations.serving:up")

    check = verbs.add_parser("check", help="look for what must never be so; fails if it finds any")
    check.set_defaults(run="commonhall.operations.checks:check", needs="tables")

    dump = verbs.add_parser("dump", help="print every row as sorted JSON Lines, equal on both engines")
    dump.set_defaults(run="commonhall.operations.dump:dump", needs="tables")

    doctor = verbs.add_parser("doctor", help="say in words how this installation is")
    doctor.set_defaults(run="commonhall.operations.doctor:doctor", needs="place")

    backup = verbs.add_parser("backup", help="save database and files, while Commonhall runs")
    backup.add_argument("out", metavar="OUT", help="the archive to write")
    backup.set_defaults(run="commonhall.operations.backup:backup", needs="data")

    restore = verbs.add_parser("restore", help="bring back what `backup` saved")
    restore.add_argument("source", metavar="IN", help="the archive to read")
    restore.add_argument("--force", action="store_true", help="replace what is there")
    restore.set_defaults(run="commonhall.operations.restore:restore", needs="nothing")
