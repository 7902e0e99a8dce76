"""Which flow solver there is: LEMON, else OR-tools, else scipy."""

from collections.abc import Callable
from importlib import import_module

from pairing.flow.market import Chosen, Market

Solver = Callable[[Market], Chosen]
IN_ORDER = ("lemon", "ortools", "program")


def available() -> dict[str, Solver]:
    """The solvers whose library is installed, the preferred one first."""
    found: dict[str, Solver] = {}
    for module_name in IN_ORDER:
        try:
            module = import_module(f"pairing.flow.{module_name}")
        except ImportError:
            continue
        found[module.name] = module.solve
    return found


def preferred() -> Solver:
    """The first that is there. OR-tools and scipy are not even looked for where LEMON is."""
    for module_name in IN_ORDER:
        try:
            solver: Solver = import_module(f"pairing.flow.{module_name}").solve
        except ImportError:
            continue
        return solver
    raise ImportError("No flow solver is installed: pylmcf, ortools or scipy is needed.")
