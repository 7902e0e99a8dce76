"""The words of every fact, for timelines and the audit log. A verb without words cannot be recorded.

Placeholders: {by} the person who did it, and any key of the event's details.
"""

from django.utils.translation import gettext_lazy as _

ACCOUNTS = {
    "user.joined": _("{by} joined Commonhall"),
    "user.first_signed_in": _("{by} signed in for the first time"),
    "user.changed": _("{by} changed their account"),
    "user.erased": _("a person was erased"),
    "user.signed_in": _("{by} signed in"),
}

ORGANISATIONS = {
    "organisation.added": _("{by} added the organisation"),
    "organisation.changed": _("{by} changed the organisation's details"),
    "organisation.logo_changed": _("{by} changed the organisation's logo"),
    "organisation.logo_removed": _("{by} took the organisation's logo away"),
    "organisation.quiet_period_added": _("{by} added days on which an organisation's people do not meet"),
    "organisation.quiet_period_removed": _("{by} removed days on which an organisation's people did not meet"),
    "department.added": _("{by} added a department's own name"),
    "department.changed": _("{by} changed a department's own name"),
    "department.removed": _("{by} removed a department's own name"),
    "organisations.imported": _("{by} imported organisations"),
    "pool.created": _("{by} created the pool"),
    "pool.changed": _("{by} changed the pool"),
    "pool.member_added": _("{by} added an organisation to the pool"),
    "pool.member_changed": _("{by} changed an organisation's rules in the pool"),
    "pool.member_left": _("an organisation left the pool"),
    "membership.confirmed": _("it was confirmed where a person works"),
    "membership.moved": _("{by} moved to another organisation"),
    "grant.given": _("{by} gave a staff role"),
    "grant.taken_back": _("{by} took back a staff role"),
}

PEOPLE = {
    "profile.changed": _("{by} changed their profile"),
    "profile.first_listed": _("a profile stands in the directory since the first sign-in"),
    "profile.listed": _("{by} agreed to be listed in the directory"),
    "profile.unlisted": _("{by} left the directory"),
}

INTEGRATIONS = {
    "calendar.connected": _("{by} connected a calendar"),
    "calendar.changed": _("{by} changed a connected calendar"),
    "calendar.removed": _("{by} removed a connected calendar"),
}

PROGRAMMES = {
    "programme.created": _("{by} created the programme"),
    "programme.changed": _("{by} changed the programme"),
    "programme.opened": _("{by} opened the programme for applications"),
    "programme.matching_began": _("{by} closed applications and began matching"),
    "programme.started": _("{by} started the programme"),
    "programme.finished": _("{by} finished the programme"),
    "enrolment.applied": _("{by} applied"),
    "enrolment.changed": _("{by} changed an application"),
    "enrolment.imported": _("{by} brought a person in with a spreadsheet"),
    "enrolment.sponsor_asked": _("the line manager was asked"),
    "enrolment.sponsor_approved": _("the line manager approved"),
    "enrolment.sponsor_declined": _("the line manager did not approve"),
    "enrolment.approved": _("{by} approved an application"),
    "enrolment.declined": _("{by} turned an application down"),
    "enrolment.withdrawn": _("{by} withdrew"),
    "enrolment.finished": _("a place ended with the programme"),
    "enrolment.paused": _("{by} paused"),
    "enrolment.resumed": _("{by} resumed"),
    "import.saved": _("{by} imported participants"),
    "import.undone": _("{by} undid an import"),
}

MENTORSHIPS = {
    "mentorship.began": _("the mentorship began"),
    "mentorship.agreement_written": _("{by} wrote the agreement"),
    "mentorship.signed": _("{by} signed the agreement"),
    "mentorship.room_chosen": _("{by} chose how and where the two usually meet"),
    "mentorship.paused": _("{by} paused the mentorship"),
    "mentorship.resumed": _("{by} resumed the mentorship"),
    "mentorship.ended": _("the mentorship ended"),
}

MEETINGS = {
    "meeting.proposed": _("{by} proposed times for a meeting"),
    "meeting.agreed": _("{by} agreed the time of a meeting"),
    "meeting.moved": _("{by} moved a meeting"),
    "meeting.placed": _("{by} said how and where a meeting takes place"),
    "meeting.kept": _("{by} kept the agreed time of a meeting"),
    "meeting.doubted": _("{by} answered “maybe” in the calendar"),
    "meeting.cancelled": _("{by} cancelled a meeting"),
    "meeting.held": _("{by} noted that a meeting was held"),
    "meeting.missed": _("{by} noted that a meeting was missed"),
    "meeting.due": _("a meeting is near"),
    "feed.made": _("{by} made an address for their calendar of meetings"),
    "feed.renewed": _("{by} made a new address for their calendar of meetings"),
    "feed.closed": _("{by} closed the address of their calendar of meetings"),
    "travel.set": _("{by} set what travel takes"),
    "travel.dropped": _("{by} dropped a country’s own numbers for travel"),
    "meeting.over": _("it was asked whether a meeting took place"),
    "series.proposed": _("{by} proposed meetings that come again"),
    "series.agreed": _("{by} agreed meetings that come again"),
    "series.moved": _("{by} agreed a new time for the rest of a series"),
    "series.shortened": _("the rest of a series gave way to a new time"),
    "series.ended": _("{by} ended a series of meetings"),
    "meeting.guest_admitted": _("{by} let a guest into the room of a meeting"),
    "meeting.guest_refused": _("{by} did not let a guest into the room of a meeting"),
}

MATCHING = {
    "round.created": _("{by} began a matching round"),
    "round.solved": _("{by} ran the matching"),
    "round.queued": _("{by} had a large round worked out"),
    "round.stopped": _("{by} stopped the matching"),
    "round.weighed": _("{by} changed what counts in a plan, or its rules"),
    "round.edited": _("{by} fixed or ruled out a pair"),
    "round.lifted": _("{by} took back a decision about a pair"),
    "round.change_taken_up": _("{by} applied a change to a plan"),
    "round.change_dropped": _("{by} took a change back out of a plan"),
    "round.plan_copied": _("{by} made a plan from another"),
    "round.provisional": _("{by} made provisional matches"),
    "round.published": _("{by} published the matches"),
    "round.closed": _("{by} closed the round"),
    "round.taken_back": _("{by} took the provisional matches back"),
    "proposal.offered": _("a match was offered"),
    "proposal.accepted_by_one": _("{by} accepted a match"),
    "proposal.accepted": _("a match was accepted by both"),
    "proposal.declined": _("{by} declined a match"),
    "proposal.lapsed": _("a match was not answered in time"),
    "proposal.withdrawn": _("a match was taken back"),
    "proposal.prompted": _("a match that waits for an answer was mentioned again"),
    "proposal.prepared": _("a next best match was prepared"),
    "proposal.nobody_left": _("no next best match was found"),
    "request.sent": _("{by} asked a mentor"),
    "shortlist.changed": _("{by} changed a shortlist"),
}

WORKSPACE = {
    "note.created": _("{by} began a note"),
    "note.changed": _("a note was written on"),
    "note.restored": _("{by} put back an earlier version of a note"),
    "note.put_away": _("{by} put a note away"),
    "note.taken_out": _("{by} took a note out again"),
    "goal.set": _("{by} set a goal"),
    "goal.changed": _("{by} changed a goal"),
    "goal.moved": _("{by} noted a step towards a goal"),
    "goal.reached": _("{by} noted that a goal is reached"),
    "goal.let_go": _("{by} let a goal go"),
    "action.added": _("{by} added an action"),
    "action.taken": _("{by} took actions over from a note"),
    "action.done": _("{by} finished an action"),
    "action.reopened": _("{by} opened an action again"),
    "action.near": _("an action is due soon"),
    "message.sent": _("{by} wrote a message"),
    "message.edited": _("{by} corrected a message"),
    "message.deleted": _("{by} deleted a message"),
    "message.waiting": _("somebody was told of new messages"),
    "message.reported": _("{by} reported a message"),
    "message.report_closed": _("{by} dealt with a reported message"),
    "person.blocked": _("{by} blocked somebody in a mentorship"),
    "person.unblocked": _("{by} lifted a block"),
}

# Who did it, where it was nobody’s own act: by the way in which it came.
ACTING = {"room": _("the meeting’s room")}

WORDS = {
    **ACCOUNTS,
    **ORGANISATIONS,
    **PEOPLE,
    **INTEGRATIONS,
    **PROGRAMMES,
    **MENTORSHIPS,
    **MEETINGS,
    **MATCHING,
    **WORKSPACE,
}
