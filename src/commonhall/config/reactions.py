"""Everything that follows from anything: a fact on the left, the tasks it starts on the right.

Each task takes the id of the history event.
"""

from commonhall.config.timeline import WORDS
from commonhall.history import reactions
from commonhall.jobs.actions import enqueue

REACTIONS: dict[str, tuple[str, ...]] = {}


def install() -> None:
    reactions.install(WORDS, REACTIONS, enqueue)
