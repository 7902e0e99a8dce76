"""Who takes the letters that come to addresses which we gave out: the kind of address on the left."""

from commonhall.integrations.inbox import handlers
from commonhall.integrations.inbox.handlers import Handler
from commonhall.meetings.actions import replies
from commonhall.meetings.replies import OF_MEETING, OF_SERIES
from commonhall.workspace.actions import letters
from commonhall.workspace.replies import OF_THREAD

HANDLERS: dict[str, Handler] = {
    OF_MEETING: replies.take,
    OF_SERIES: replies.take_for_series,
    OF_THREAD: letters.take,
}


def install() -> None:
    handlers.install(HANDLERS)
