"""Who should be paired with whom, exactly, and why. See README.md.

The names below load on first use, so that `import pairing` and `pairing.types` stay free of numpy and scipy.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pairing.changes import apply_change as apply_change
    from pairing.changes import cheapest_changes as cheapest_changes
    from pairing.difference import compare as compare
    from pairing.explain import explain_pair as explain_pair
    from pairing.explain import why_not as why_not
    from pairing.prepared import Prepared as Prepared
    from pairing.prepared import prepare as prepare
    from pairing.prepared import solve as solve
    from pairing.recruiting import recruiting_list as recruiting_list

_HOME = {
    "apply_change": "pairing.changes",
    "cheapest_changes": "pairing.changes",
    "compare": "pairing.difference",
    "explain_pair": "pairing.explain",
    "why_not": "pairing.explain",
    "Prepared": "pairing.prepared",
    "prepare": "pairing.prepared",
    "solve": "pairing.prepared",
    "recruiting_list": "pairing.recruiting",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'pairing' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
