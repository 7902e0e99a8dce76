"""Where things are, for the laws about the code."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
PRODUCT = SOURCE / "commonhall"
NOT_ROOMS = {"config"}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that git knows or would take in; from an archive without git, every file."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        return tuple(path for path in sorted(ROOT.rglob("*")) if path.is_file() and ".venv" not in path.parts)
    return tuple(path for name in sorted(done.stdout.splitlines()) if (path := ROOT / name).is_file())


@cache
def rooms() -> tuple[str, ...]:
    folders = {path.relative_to(PRODUCT).parts[0] for path in tracked() if PRODUCT in path.parents}
    return tuple(sorted(name for name in folders if (PRODUCT / name).is_dir() and name not in NOT_ROOMS))


def python(*, tests: bool = False) -> list[Path]:
    """Hand-written modules of the product (and of the tests)."""
    tops = (SOURCE, ROOT / "tests", ROOT / "bench") if tests else (SOURCE,)
    found = [path for path in tracked() if path.suffix == ".py" and any(top in path.parents for top in tops)]
    return [path for path in found if "migrations" not in path.parts]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def furniture(path: Path) -> str:
    """The piece of furniture that a module belongs to: views for views.py and for views/rounds.py."""
    inside = path.relative_to(PRODUCT).parts[1:]
    return inside[0].removesuffix(".py") if inside else ""


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())
