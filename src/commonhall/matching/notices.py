"""What this room tells people."""

from commonhall.core.notices import Notice

NOTICES: tuple[Notice, ...] = ()
