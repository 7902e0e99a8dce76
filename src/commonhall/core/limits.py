"""What a child process is given, and how far it may go. Plain Python: a child need not know Django."""

import contextlib
import os
import resource
import sys

MEGABYTE = 1024 * 1024
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "LD_LIBRARY_PATH", "DJANGO_SETTINGS_MODULE")


def environment() -> dict[str, str]:
    """What a child needs to find the same code, and no secrets; one thread for each library of numbers."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return threads | kept | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}


def limit(megabytes: int, seconds: int | None = None) -> None:
    """Of this process: anonymous memory tightly, address space, of which libraries reserve plenty, loosely."""
    for which, size in ((resource.RLIMIT_DATA, megabytes), (resource.RLIMIT_AS, megabytes * 2 + 1024)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(which, (size * MEGABYTE, size * MEGABYTE))
    if seconds is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
