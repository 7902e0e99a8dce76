"""Everything that follows from anything: a fact on the left, the tasks it starts on the right.

Each task takes the id of the history event. A fact with notices (`config.notices`) starts their delivery as well.
"""

from commonhall.config import notices
from commonhall.config.timeline import ACTING, WORDS
from commonhall.history import reactions, words
from commonhall.jobs.actions import enqueue_many
from commonhall.notifications import declared

# What a calendar shows of a meeting; those that people connected for their meetings are told.
SHOWN_IN_CALENDARS = (
    *("meeting.agreed", "meeting.moved", "meeting.placed", "meeting.cancelled"),
    *("series.agreed", "series.moved", "series.shortened", "series.ended"),
)

REACTIONS: dict[str, tuple[str, ...]] = {
    "calendar.changed": ("meetings.tasks.follow_calendars",),
    "calendar.connected": ("meetings.tasks.follow_calendars",),
    "enrolment.applied": ("programmes.tasks.index_application",),
    "enrolment.approved": ("programmes.tasks.index_application",),
    "enrolment.changed": ("programmes.tasks.index_application",),
    "enrolment.declined": ("programmes.tasks.index_application",),
    "enrolment.finished": ("programmes.tasks.index_application",),
    "enrolment.withdrawn": ("programmes.tasks.index_application", "matching.tasks.withdraw_matches_of"),
    "membership.confirmed": ("programmes.tasks.count_applications_of",),
    "membership.moved": ("programmes.tasks.index_person",),
    "mentorship.ended": ("meetings.tasks.cancel_coming",),
    "message.sent": ("workspace.tasks.plan_telling",),
    "profile.changed": ("programmes.tasks.index_person",),
    "profile.first_listed": ("programmes.tasks.index_person",),
    "profile.listed": ("programmes.tasks.index_person",),
    "profile.unlisted": ("programmes.tasks.index_person",),
    "programme.finished": ("mentorships.tasks.end_with_programme", "matching.tasks.close_with_programme"),
    "proposal.declined": ("matching.tasks.offer_next",),
    "proposal.lapsed": ("matching.tasks.offer_next",),
    "proposal.withdrawn": ("matching.tasks.offer_next",),
    "user.changed": ("programmes.tasks.index_person", "meetings.tasks.follow_person"),
    "user.erased": ("meetings.tasks.follow_person",),
    "user.first_signed_in": ("people.tasks.list_after_first_sign_in",),
}


def install() -> None:
    told = notices.by_verb()
    declared.install(told)
    table = {
        verb: (
            *REACTIONS.get(verb, ()),
            *(("meetings.tasks.follow_copies",) if verb in SHOWN_IN_CALENDARS else ()),
            *(("notifications.tasks.deliver",) if verb in told else ()),
        )
        for verb in {*REACTIONS, *SHOWN_IN_CALENDARS, *told}
    }
    reactions.install(WORDS, table, enqueue_many)
    words.install(WORDS, ACTING)
