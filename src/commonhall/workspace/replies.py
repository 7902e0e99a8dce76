"""The address to which somebody answers a message by e-mail: one for each thread and person."""

from commonhall.accounts.models import User
from commonhall.integrations.inbox import addresses
from commonhall.mentorships.models import Mentorship

OF_THREAD = "t"


def reply_address(mentorship: Mentorship, user: User) -> str:
    """Empty without an inbox."""
    return addresses.address(OF_THREAD, mentorship.pk, user.pk)
