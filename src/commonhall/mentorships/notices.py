"""What this room tells people."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from commonhall.accounts.models import User
from commonhall.core.notices import Notice, of_room
from commonhall.history.models import Event
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.queries import partners, with_people


def _mentorship(event: Event) -> Mentorship:
    return with_people(Mentorship.objects.all()).get(pk=event.about_id)


def everybody(event: Event) -> Iterable[User]:
    return [one.user for one in _mentorship(event).participants.all()]


def everybody_if_made_for_them(event: Event) -> Iterable[User]:
    """Two who said yes to a match are told so with its answer; this is for pairs that somebody else put together."""
    people = list(everybody(event))
    return [] if any(user.pk == event.by_id for user in people) else people


def the_others(event: Event) -> Iterable[User]:
    return [user for user in everybody(event) if user.pk != event.by_id]


def _context(event: Event, user: User) -> dict[str, Any]:
    mentorship = _mentorship(event)
    return {
        "mentorship": mentorship,
        "programme": mentorship.programme.name,
        "name": ", ".join(one.user.name for one in partners(mentorship, user)),
        "by": event.by.name if event.by else "",
        "is_mentor": any(one.user_id == user.pk and one.role == "mentor" for one in mentorship.participants.all()),
        "until": date_format(mentorship.resumes_on, "l j F Y") if mentorship.resumes_on else "",
        "with_programme": mentorship.end_reason == Mentorship.EndReason.PROGRAMME,
        "complete": event.detail("complete"),
        "version": event.detail("version"),
    }


def _page(event: Event, user: User) -> str:
    return reverse("mentorships:detail", args=[event.about_id])


def _agreement(event: Event, user: User) -> str:
    return reverse("mentorships:agreement", args=[event.about_id])


def _list(event: Event, user: User) -> str:
    return reverse("mentorships:list")


_notice = of_room("mentorships", _context, to=the_others, url=_page)

NOTICES: tuple[Notice, ...] = (
    _notice(
        "mentorship.began",
        "began",
        _("You and %(name)s can begin"),
        _("Open your mentorship"),
        to=everybody_if_made_for_them,
        essential=True,
    ),
    _notice(
        "mentorship.agreement_written",
        "agreement_written",
        _("%(by)s has written your agreement"),
        _("Read the agreement"),
        url=_agreement,
    ),
    _notice(
        "mentorship.signed", "signed", _("%(by)s has signed your agreement"), _("Open the agreement"), url=_agreement
    ),
    _notice("mentorship.paused", "paused", _("Your mentorship with %(name)s is paused"), _("Open your mentorship")),
    _notice("mentorship.resumed", "resumed", _("Your mentorship with %(name)s goes on"), _("Arrange a meeting")),
    _notice(
        "mentorship.ended",
        "ended",
        _("Your mentorship with %(name)s has ended"),
        _("See your mentorships"),
        to=everybody,
        url=_list,
        essential=True,
    ),
)
