from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from commonhall.core.verdicts import YES, Verdict, no
from commonhall.organisations.models import Grant, Membership, Organisation, Pool
from commonhall.organisations.queries import holds, organisation_of
from commonhall.people.models import Profile
from commonhall.programmes.models import Enrolment, Import, Programme
from commonhall.programmes.queries import directory
from commonhall.programmes.queries.places import limits

Role, State = Enrolment.Role, Programme.State


def can_coordinate(user: Any, programme: Programme) -> Verdict:
    """Its coordinators, and the owners of its pool."""
    if holds(user, Grant.Role.COORDINATOR, programme) or holds(user, Grant.Role.POOL_OWNER, programme.pool):
        return YES
    return no(_("Only a coordinator of this programme can do this."))


def can_create(user: Any, pool: Pool) -> Verdict:
    """The owners of the pool, and those who already coordinate a programme in it."""
    if holds(user, Grant.Role.POOL_OWNER, pool):
        return YES
    if Programme.objects.coordinated_by(user).filter(pool=pool).exists():
        return YES
    return no(_("Only an owner of the pool, or a coordinator of one of its programmes, can start a new one."))


def can_change(user: Any, programme: Programme) -> Verdict:
    """Whoever coordinates it, until it is finished."""
    if programme.state == State.FINISHED:
        return no(_("This programme is finished and cannot be changed any more."))
    return can_coordinate(user, programme)


def can_open(user: Any, programme: Programme) -> Verdict:
    """From draft, once the public page says what it is and when it starts."""
    if programme.state != State.DRAFT:
        return no(_("Applications have been opened already."))
    if not programme.summary or not programme.purpose:
        return no(_("Write the summary and the purpose first: they are what people read before they apply."))
    if not programme.kick_off_on:
        return no(_("Choose the kick-off date first."))
    return can_coordinate(user, programme)


def can_begin_matching(user: Any, programme: Programme) -> Verdict:
    if programme.state != State.OPEN:
        return no(_("Matching begins when a programme is open for applications."))
    return can_coordinate(user, programme)


def can_start(user: Any, programme: Programme) -> Verdict:
    if programme.state not in (State.OPEN, State.MATCHING):
        return no(_("A programme starts from matching, or straight from applications."))
    return can_coordinate(user, programme)


def can_finish(user: Any, programme: Programme) -> Verdict:
    if programme.state != State.RUNNING:
        return no(_("Only a programme that is running can be finished."))
    return can_coordinate(user, programme)


def can_reopen(user: Any, programme: Programme) -> Verdict:
    """Back from matching to applications, when more people are wanted."""
    if programme.state != State.MATCHING:
        return no(_("Applications can be opened again only while matching goes on."))
    return can_coordinate(user, programme)


def can_apply(user: Any, programme: Programme, role: str, organisation: Organisation | None = None) -> Verdict:
    """Anyone from an organisation of the pool, in a role that the organisation and the programme allow."""
    if programme.opens_later:
        return no(
            _("Applications open on %(on)s.") % {"on": date_format(programme.applications_open_on or "", "j F Y")}
        )
    if not programme.takes_applications:
        return no(_("This programme does not take applications at the moment."))
    earlier = Enrolment.objects.filter(programme=programme, user=user, role=role).first()
    if earlier and earlier.state == Enrolment.State.DECLINED:
        return no(_("The coordinator has already answered your application for this role."))
    if earlier and earlier.state != Enrolment.State.WITHDRAWN:
        return no(_("You have already applied for this role."))
    return can_take_part(user, programme, role, organisation)


def can_take_part(user: Any, programme: Programme, role: str, organisation: Organisation | None) -> Verdict:
    """An organisation's rules for its own people in one role; elected members only where the programme says so."""
    organisation = organisation_of(user) or organisation
    if organisation is None:
        return no(_("Tell us first which organisation you work for."))
    allowed = limits(programme, organisation.pk)
    if organisation.pk not in allowed.members:
        return no(_("Your organisation does not take part in this programme."))
    if programme.members_only and not Profile.objects.filter(user=user, level__startswith="E").exists():
        return no(_("This programme is for elected members. Your profile says that you are not one."))
    if allowed.offers(role, organisation.pk):
        return YES
    if role == Role.MENTEE:
        return no(_("Your organisation does not offer its people a place as a mentee in this programme."))
    return no(_("Your organisation does not offer its people as mentors in this programme."))


def can_be_placed(enrolment: Enrolment) -> Verdict:
    """One more person, as far as there is room: the programme's places, then the organisation's."""
    programme, role = enrolment.programme, enrolment.role
    approved = programme.enrolments.approved().exclude(pk=enrolment.pk).filter(role=role)
    if role == Role.MENTEE and programme.mentee_places is not None and approved.count() >= programme.mentee_places:
        return no(_("All %(count)d places for mentees are taken.") % {"count": programme.mentee_places})
    most = limits(programme, enrolment.organisation_id).most.get((role, enrolment.organisation_id))
    if most is not None and approved.filter(organisation=enrolment.organisation_id).count() >= most:
        words = _("%(name)s has used all of its %(count)d places in this role.")
        return no(words % {"name": enrolment.organisation.label, "count": most})
    return YES


def can_decide(user: Any, enrolment: Enrolment) -> Verdict:
    """A coordinator, while the application waits; not on one's own application."""
    if enrolment.state not in Enrolment.WAITING:
        return no(_("This application has been answered already."))
    if enrolment.user_id == user.pk:
        return no(_("Somebody else has to decide on your own application."))
    return can_coordinate(user, enrolment.programme)


def can_confirm(user: Any, enrolment: Enrolment) -> Verdict:
    """A coordinator, for an applicant who says that they work for an organisation of the pool."""
    if enrolment.user_id == user.pk:
        return no(_("Somebody else has to confirm where you work."))
    if enrolment.state not in Enrolment.LIVE:
        return no(_("This application is closed."))
    works = Membership.objects.select_related("organisation").filter(user=enrolment.user_id).first()
    if works and works.organisation_id != enrolment.organisation_id:
        return no(_("Their profile says by now that they work for %(name)s.") % {"name": works.organisation.label})
    if works and works.confirmed_at:
        return no(_("It is confirmed already where they work."))
    return can_coordinate(user, enrolment.programme)


def can_answer_as_sponsor(enrolment: Enrolment) -> Verdict:
    """Whoever holds the link that was sent to the line manager, once."""
    if enrolment.state == Enrolment.State.SPONSOR:
        return YES
    return no(_("This has been answered already, or the application was taken back."))


def can_withdraw(user: Any, enrolment: Enrolment) -> Verdict:
    """The person, or a coordinator who was asked to; not while a mentorship is under way."""
    if enrolment.state not in Enrolment.LIVE:
        return no(_("This application is closed already."))
    if enrolment.taken:
        return no(_("End or hand over the mentorship first, then withdraw."))
    return YES if enrolment.user_id == user.pk else can_coordinate(user, enrolment.programme)


def can_pause(user: Any, enrolment: Enrolment) -> Verdict:
    """The person, or a coordinator who was asked to; only with a place in the programme."""
    if enrolment.state != Enrolment.State.APPROVED:
        return no(_("Only somebody with a place in the programme can pause."))
    return YES if enrolment.user_id == user.pk else can_coordinate(user, enrolment.programme)


def can_change_application(user: Any, enrolment: Enrolment) -> Verdict:
    """The person, while it waits or has a place."""
    if enrolment.state not in Enrolment.LIVE:
        return no(_("This application is closed."))
    return YES if enrolment.user_id == user.pk else can_coordinate(user, enrolment.programme)


def can_add_places(user: Any, enrolment: Enrolment, number: int) -> Verdict:
    """A coordinator, for a mentor who has said yes to it, up to what the programme lets one mentor have."""
    most = enrolment.programme.most_mentees
    if enrolment.state != Enrolment.State.APPROVED:
        return no(_("Only somebody with a place in the programme can have one more."))
    if enrolment.capacity + number > most:
        words = _(
            "%(name)s would have %(count)d mentees, and this programme allows %(most)d. Raise it in its settings."
        )
        return no(words % {"name": enrolment.user.name, "count": enrolment.capacity + number, "most": most})
    return can_coordinate(user, enrolment.programme)


def can_see_directory(user: Any, programme: Programme) -> Verdict:
    """People who are known to work in the pool, people with a place in the programme, and its coordinators."""
    if directory.open_to(user).filter(pk=programme.pk).exists():
        return YES
    return no(_("The directory is for people of the pool and of the programme."))


def can_import(user: Any, programme: Programme) -> Verdict:
    return can_change(user, programme)


def can_save_import(user: Any, source: Import) -> Verdict:
    """Once it was read and checked, once."""
    if source.state != Import.State.CHECKED:
        return no(_("This spreadsheet has been saved already, or has not been checked yet."))
    return can_import(user, source.programme)


def can_undo_import(user: Any, source: Import) -> Verdict:
    if source.state != Import.State.SAVED:
        return no(_("Only an import that was saved can be undone."))
    return can_import(user, source.programme)
