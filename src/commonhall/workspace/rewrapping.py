"""What the verb `rewrap-keys` does and says."""

import argparse

from commonhall.core.errors import Refused
from commonhall.workspace import vault


def run(options: argparse.Namespace) -> None:
    done, lost = vault.rewrap()
    print(f"{done} keys are sealed with the newest key of the settings.")
    if lost:
        raise Refused(f"{lost} keys could not be opened: name the former key behind the newest and run this again.")
