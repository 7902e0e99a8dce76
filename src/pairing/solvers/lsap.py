"""scipy's linear assignment, without the rest of scipy.optimize.

Importing scipy.optimize takes a third of a second of processor time; the one compiled routine that a plain round needs
takes two milliseconds. Where it cannot be loaded by itself, it comes the usual way.
"""

from collections.abc import Callable
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

Solver = Callable[..., tuple[NDArray[Any], NDArray[Any]]]


def alone() -> Solver | None:
    """The routine from its own file; None where there is no such file or it is not what it was."""
    scipy = find_spec("scipy")
    folders = scipy.submodule_search_locations if scipy else None
    for folder in folders or []:
        for suffix in EXTENSION_SUFFIXES:
            path = Path(folder, "optimize", f"_lsap{suffix}")
            spec = spec_from_file_location("scipy.optimize._lsap", path) if path.is_file() else None
            if spec is None or spec.loader is None:
                continue
            try:
                module = module_from_spec(spec)
                spec.loader.exec_module(module)
            except ImportError:
                continue
            found: Solver | None = getattr(module, "linear_sum_assignment", None)
            return found
    return None


def usual() -> Solver:
    """The routine as scipy offers it."""
    from scipy.optimize import linear_sum_assignment

    found: Solver = linear_sum_assignment
    return found


linear_sum_assignment: Solver = alone() or usual()
