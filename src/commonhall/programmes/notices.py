"""What this room tells people."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from commonhall.core.notices import Notice, of_room
from commonhall.history.models import Event
from commonhall.programmes import sponsors
from commonhall.programmes.models import Enrolment
from commonhall.programmes.queries.programmes import coordinators_of


@dataclass(frozen=True)
class Sponsor:
    """A line manager, who has no account: only an address."""

    email: str
    name: str = ""
    language: str = settings.LANGUAGE_CODE
    time_zone: str = settings.TIME_ZONE
    pk: None = None


def _enrolment(event: Event) -> Enrolment:
    return Enrolment.objects.select_related("programme__pool", "user", "organisation").get(pk=event.about_id)


def applicant(event: Event) -> Iterable[Any]:
    return [_enrolment(event).user]


def coordinators(event: Event) -> Iterable[Any]:
    enrolment = _enrolment(event)
    return [user for user in coordinators_of(enrolment.programme) if user.pk != enrolment.user_id]


def sponsor(event: Event) -> Iterable[Any]:
    enrolment = _enrolment(event)
    if enrolment.state != Enrolment.State.SPONSOR:
        return []
    return [Sponsor(enrolment.line_manager_email, time_zone=enrolment.user.time_zone, language=enrolment.user.language)]


def _context(event: Event, user: Any) -> dict[str, Any]:
    enrolment = _enrolment(event)
    programme = enrolment.programme
    return {
        "name": enrolment.user.name,
        "programme": programme.name,
        "role": enrolment.get_role_display(),
        "is_mentor": enrolment.role == Enrolment.Role.MENTOR,
        "organisation": enrolment.organisation.name,
        "kick_off": date_format(programme.kick_off_on, "l j F Y") if programme.kick_off_on else "",
        "ends": date_format(programme.ends_on, "l j F Y") if programme.ends_on else "",
        "meetings": programme.meetings_planned,
        "weeks": programme.rhythm_weeks,
        "waits_for_sponsor": enrolment.state == Enrolment.State.SPONSOR,
        "sponsor": enrolment.line_manager_email,
        "agreed": event.verb == "enrolment.sponsor_approved",
    }


def _own_page(event: Event, user: Any) -> str:
    return reverse("programmes:application", args=[event.about_id])


def _programme_page(event: Event, user: Any) -> str:
    return reverse("programmes:public", args=[_enrolment(event).programme.slug])


def _applicant_page(event: Event, user: Any) -> str:
    return reverse("programmes:applicant", args=[_enrolment(event).programme.slug, event.about_id])


def _sponsor_page(event: Event, user: Any) -> str:
    return reverse("programmes:sponsor", args=[sponsors.token_for(_enrolment(event))])


_notice = of_room("programmes", _context, to=applicant, url=_own_page)

NOTICES: tuple[Notice, ...] = (
    _notice("enrolment.applied", "applied", _("Your application to %(programme)s is in"), _("See your application")),
    _notice(
        "enrolment.applied",
        "new_application",
        _("%(name)s applied to %(programme)s"),
        _("Look at the application"),
        to=coordinators,
        url=_applicant_page,
    ),
    _notice(
        "enrolment.sponsor_asked",
        "sponsor_asked",
        _("May %(name)s take part in %(programme)s?"),
        _("Answer in one minute"),
        to=sponsor,
        url=_sponsor_page,
        essential=True,
    ),
    _notice(
        "enrolment.sponsor_approved", "sponsor_answered", _("Your line manager has agreed"), _("See your application")
    ),
    _notice(
        "enrolment.sponsor_declined",
        "sponsor_answered",
        _("Your line manager did not agree this time"),
        _("See your application"),
    ),
    _notice(
        "enrolment.approved",
        "approved",
        _("You have a place in %(programme)s"),
        _("See what comes next"),
        essential=True,
    ),
    _notice(
        "enrolment.declined",
        "declined",
        _("Your application to %(programme)s"),
        _("About the programme"),
        url=_programme_page,
        essential=True,
    ),
)
