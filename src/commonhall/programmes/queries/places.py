"""Who may take part, and how many places are left. Read by the rules and by the actions."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commonhall.core.verdicts import YES, Verdict, no
from commonhall.organisations.models import Organisation, PoolMember
from commonhall.organisations.queries import organisation_of
from commonhall.people.models import Profile
from commonhall.programmes.models import Eligibility, Enrolment, Programme

MENTEE = Enrolment.Role.MENTEE


def can_take_part(user: Any, programme: Programme, role: str, organisation: Organisation | None) -> Verdict:
    """An organisation's rules for its own people in one role; elected members only where the programme says so."""
    organisation = organisation_of(user) or organisation
    if organisation is None:
        return no(_("Tell us first which organisation you work for."))
    member = PoolMember.objects.filter(pool=programme.pool_id, organisation=organisation, left_on=None).first()
    if member is None:
        return no(_("Your organisation does not take part in this programme."))
    if programme.members_only and not _is_elected(user):
        return no(_("This programme is for elected members. Your profile says that you are not one."))
    return _organisation_allows(member, programme, role)


def _organisation_allows(member: PoolMember, programme: Programme, role: str) -> Verdict:
    own = Eligibility.objects.filter(programme=programme, organisation=member.organisation_id).first()
    if role == MENTEE and not (own.mentees if own else member.may_be_mentored):
        return no(_("Your organisation does not offer its people a place as a mentee in this programme."))
    if role != MENTEE and own and not own.mentors:
        return no(_("Your organisation does not offer its people as mentors in this programme."))
    return YES


def _is_elected(user: Any) -> bool:
    return Profile.objects.filter(user=user, level__startswith="E").exists()


def limit_of(programme: Programme, organisation: Organisation, role: str) -> int | None:
    """How many people of an organisation may take part in one role; None is no limit."""
    own = Eligibility.objects.filter(programme=programme, organisation=organisation).first()
    limit = (own.mentee_places if role == MENTEE else own.mentor_places) if own else None
    if limit is not None:
        return limit
    member = PoolMember.objects.filter(pool=programme.pool_id, organisation=organisation).first()
    if member is None:
        return None
    return member.places_taken if role == MENTEE else member.places_given


def has_room(programme: Programme, enrolment: Enrolment) -> Verdict:
    """Whether one more person can be approved: the programme's places, then the organisation's."""
    approved = programme.enrolments.approved().filter(~Q(pk=enrolment.pk), role=enrolment.role)
    if enrolment.role == MENTEE and programme.mentee_places is not None and approved.count() >= programme.mentee_places:
        return no(_("All %(count)d places for mentees are taken.") % {"count": programme.mentee_places})
    limit = limit_of(programme, enrolment.organisation, enrolment.role)
    if limit is not None and approved.filter(organisation=enrolment.organisation_id).count() >= limit:
        words = _("%(name)s has used all of its %(count)d places in this role.")
        return no(words % {"name": enrolment.organisation.label, "count": limit})
    return YES
