"""Who may do what to a meeting. Every rule reads the mentorship’s participants, and some the options: prefetch both."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.verdicts import YES, Verdict, no
from commonhall.meetings.models import Meeting, Series
from commonhall.meetings.queries.room import open_hours
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.rules import takes_part
from commonhall.organisations.models import Grant, Pool
from commonhall.organisations.queries import holds
from commonhall.programmes.models import Enrolment

State = Meeting.State
CALLED_OFF_BY = gettext_lazy(
    "In a circle a mentor, or whoever proposed it, calls it off. "
    "If you cannot come, write them a line; the others meet all the same."
)


def can_propose(user: User, mentorship: Mentorship) -> Verdict:
    """Either side, while the mentorship is under way."""
    if not takes_part(user, mentorship):
        return no(_("Only the people in this mentorship can arrange its meetings."))
    if mentorship.state == Mentorship.State.ENDED:
        return no(_("This mentorship has ended, so there are no more meetings to arrange."))
    if mentorship.state == Mentorship.State.PAUSED:
        return no(_("This mentorship is paused. Resume it first, then propose times."))
    return YES


def can_answer(user: User, meeting: Meeting) -> Verdict:
    """The side that did not propose the times."""
    verdict = can_rearrange(user, meeting)
    if not verdict:
        return verdict
    if not meeting.options.all():
        return no(_("There are no times waiting for an answer."))
    return may_answer(user, meeting.mentorship, meeting.proposed_by_id)


def may_answer(user: User, mentorship: Mentorship, proposed_by: int | None) -> Verdict:
    """A mentor’s yes settles what a mentee proposes, and the first mentee’s yes what a mentor proposes."""
    roles = {one.user_id: one.role for one in mentorship.participants.all()}
    if user.pk == proposed_by:
        return no(_("You proposed these times, so the answer is the other person’s."))
    asked = roles.get(proposed_by) if proposed_by else None
    if asked and set(roles.values()) != {asked} and roles[user.pk] == asked:
        if asked == Enrolment.Role.MENTEE:
            return no(_("A mentee proposed this, so a mentor’s yes settles it. You get the invitation then."))
        return no(_("A mentor proposed this, so a mentee’s yes settles it. You get the invitation then."))
    return YES


def can_rearrange(user: User, meeting: Meeting) -> Verdict:
    """Either side, until it begins; in a circle times on offer are changed by their side or answered by the other."""
    if not (verdict := can_propose(user, meeting.mentorship)):
        return verdict
    if meeting.options.all() and meeting.proposed_by_id != user.pk:
        verdict = may_answer(user, meeting.mentorship, meeting.proposed_by_id)
        if not verdict:
            return verdict
    return _still_ahead(meeting)


def can_say_where(user: User, meeting: Meeting) -> Verdict:
    """Either side, until it begins; also while the mentorship is paused."""
    if not takes_part(user, meeting.mentorship):
        return no(_("Only the people in this mentorship can say where they meet."))
    return _still_ahead(meeting)


def can_cancel(user: User, meeting: Meeting) -> Verdict:
    """Either of two, until it begins, also while the mentorship is paused; in a circle a mentor or who proposed it."""
    if not takes_part(user, meeting.mentorship):
        return no(_("Only the people in this mentorship can cancel its meetings."))
    if not _leads(user, meeting.mentorship, meeting.proposed_by_id):
        return no(CALLED_OFF_BY)
    return _still_ahead(meeting)


def can_log(user: User, meeting: Meeting) -> Verdict:
    """Either side says whether it took place, once its time has come; a slip can be put right."""
    if not takes_part(user, meeting.mentorship):
        return no(_("Only the people in this mentorship can say whether they met."))
    if meeting.state not in (State.AGREED, *Meeting.LOGGED):
        return no(_("Only a meeting that was agreed can be noted as held or missed."))
    if not meeting.has_begun:
        return no(_("This meeting has not begun yet."))
    return YES


def can_read_of_pool(user: User, pool: Pool) -> Verdict:
    """An owner of the pool, and nobody above: whoever reads each council by itself could take one from the whole."""
    if holds(user, Grant.Role.POOL_OWNER, pool):
        return YES
    return no(_("Only an owner of this pool can read what its meetings saved."))


def can_log_past(user: User, mentorship: Mentorship) -> Verdict:
    """Anybody in it, until it has ended."""
    if not takes_part(user, mentorship):
        return no(_("Only the people in this mentorship can note its meetings."))
    if mentorship.state == Mentorship.State.ENDED:
        return no(_("This mentorship has ended, so it stays as it is."))
    return YES


def can_answer_series(user: User, series: Series) -> Verdict:
    """The side that did not propose it."""
    if not (verdict := can_propose(user, series.mentorship)):
        return verdict
    if series.state != Series.State.PROPOSED:
        return no(_("These dates do not wait for an answer any more."))
    return may_answer(user, series.mentorship, series.proposed_by_id)


def can_change_series(user: User, series: Series) -> Verdict:
    """While it waits for an answer: either side. Once agreed: anybody, as long as something of it is still to come."""
    if not (verdict := can_propose(user, series.mentorship)):
        return verdict
    if series.state == Series.State.PROPOSED and series.proposed_by_id != user.pk:
        return may_answer(user, series.mentorship, series.proposed_by_id)
    return YES if series.state == Series.State.PROPOSED else _has_more(series)


def can_end_series(user: User, series: Series) -> Verdict:
    """Either of two, also while the mentorship is paused; in a circle a mentor, or whoever proposed it."""
    if not takes_part(user, series.mentorship):
        return no(_("Only the people in this mentorship can end its series."))
    if not _leads(user, series.mentorship, series.proposed_by_id):
        return no(CALLED_OFF_BY)
    return YES if series.state == Series.State.PROPOSED else _has_more(series)


def _has_more(series: Series) -> Verdict:
    if series.state == Series.State.ENDED:
        return no(_("This series has ended. You can propose a new one."))
    if not any(one.is_to_come for one in series.meetings.all()):
        return no(_("Nothing of this series is still to come. You can propose a new one."))
    return YES


def _leads(user: User, mentorship: Mentorship, proposed_by: int | None) -> bool:
    people = mentorship.participants.all()
    mentors = {one.user_id for one in people if one.role == Enrolment.Role.MENTOR}
    return len(people) <= 2 or user.pk in mentors | {proposed_by} or not mentors


def _still_ahead(meeting: Meeting) -> Verdict:
    if meeting.state == State.CANCELLED:
        return no(_("This meeting has been cancelled. You can propose a new one."))
    if meeting.state not in Meeting.OPEN or meeting.has_begun:
        return no(_("This meeting has begun or is over, so its time cannot be changed any more."))
    return YES


def can_use_room(meeting: Meeting) -> Verdict:
    """The room is open from half an hour before until two hours after, and all day on the day of the meeting."""
    if meeting.state == State.CANCELLED:
        return no(_("This meeting was cancelled, so its room stays closed."))
    hours = open_hours(meeting)
    if hours is None:
        return no(_("No time is agreed for this meeting yet. Its room opens on the day of the meeting."))
    if clock.now() < hours.opens:
        opens = date_format(timezone.localtime(hours.opens), "l j F, H:i")
        return no(_("The room of this meeting opens on %(moment)s.") % {"moment": opens})
    if clock.now() > hours.closes:
        return no(_("This meeting is over, and its room has closed."))
    return YES


def can_open_door(user: User, meeting: Meeting) -> Verdict:
    """Guests are let in by one of the meeting’s people."""
    if not takes_part(user, meeting.mentorship):
        return no(_("Only the people of this meeting can let somebody in."))
    return can_use_room(meeting)


def can_write_agenda(user: User, meeting: Meeting) -> Verdict:
    """Either side, as long as the meeting stands."""
    if not takes_part(user, meeting.mentorship):
        return no(_("Only the people of this meeting can write its agenda."))
    if meeting.state == State.CANCELLED:
        return no(_("This meeting was cancelled, so its agenda stays as it is."))
    return YES
