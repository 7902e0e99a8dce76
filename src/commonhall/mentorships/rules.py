"""Who may do what to a pair. Every rule reads `mentorship.participants.all()`: prefetch it for lists."""

from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core.verdicts import YES, Verdict, no
from commonhall.mentorships.models import Mentorship
from commonhall.programmes.models import Enrolment, Programme
from commonhall.programmes.rules import can_coordinate


def takes_part(user: User, mentorship: Mentorship) -> bool:
    return any(one.user_id == user.pk for one in mentorship.participants.all())


def can_read(user: User, mentorship: Mentorship) -> Verdict:
    """What the pair writes is for the pair alone; those who run the programme see dates and counts."""
    return YES if takes_part(user, mentorship) else no(_("Only the people in this mentorship can read this."))


def can_begin(user: User, mentee: Enrolment, mentor: Enrolment) -> Verdict:
    """A mentorship begins between two approved places in one programme, by one of the two or by who runs it."""
    if mentee.programme_id != mentor.programme_id:
        return no(_("The two people are in different programmes."))
    if mentee.role != Enrolment.Role.MENTEE or mentor.role != Enrolment.Role.MENTOR:
        return no(_("A mentorship needs one mentee and one mentor."))
    if mentee.user_id == mentor.user_id:
        return no(_("Nobody can be their own mentor."))
    if mentee.programme.state in (Programme.State.DRAFT, Programme.State.FINISHED):
        return no(_("This programme is not running, so nothing can begin in it."))
    if not mentee.state == mentor.state == Enrolment.State.APPROVED:
        return no(_("Both places in the programme have to be approved first."))
    if user.pk in (mentee.user_id, mentor.user_id):
        return YES
    return can_coordinate(user, mentee.programme)


def can_write_agreement(user: User, mentorship: Mentorship) -> Verdict:
    if not takes_part(user, mentorship):
        return no(_("Only the people in this mentorship can write its agreement."))
    return _still_open(mentorship)


def can_sign(user: User, mentorship: Mentorship) -> Verdict:
    if not takes_part(user, mentorship):
        return no(_("Only the people in this mentorship can sign its agreement."))
    return _still_open(mentorship)


def can_choose_room(user: User, mentorship: Mentorship) -> Verdict:
    """Either side says how and where the two usually meet."""
    if not takes_part(user, mentorship):
        return no(_("Only the two people in this mentorship can choose where they meet."))
    return _still_open(mentorship)


def can_pause(user: User, mentorship: Mentorship) -> Verdict:
    if mentorship.state == Mentorship.State.PAUSED:
        return no(_("This mentorship is already paused."))
    return _open_to_both_sides(user, mentorship)


def can_resume(user: User, mentorship: Mentorship) -> Verdict:
    if mentorship.state == Mentorship.State.ACTIVE:
        return no(_("This mentorship is not paused."))
    return _open_to_both_sides(user, mentorship)


def can_end(user: User, mentorship: Mentorship) -> Verdict:
    """Either side may end it at any time, and so may those who run the programme."""
    return _open_to_both_sides(user, mentorship)


def _open_to_both_sides(user: User, mentorship: Mentorship) -> Verdict:
    if not takes_part(user, mentorship) and not can_coordinate(user, mentorship.programme):
        return no(_("Only the people in this mentorship, or its coordinator, can do this."))
    return _still_open(mentorship)


def _still_open(mentorship: Mentorship) -> Verdict:
    if mentorship.state == Mentorship.State.ENDED:
        return no(_("This mentorship has ended, so it stays as it is."))
    return YES
