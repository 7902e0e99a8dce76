"""Where people usually meet: of an organisation, of a programme, of a pair; and a call inside our own page."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from commonhall.accounts.requests import Request
from commonhall.core.verdicts import require
from commonhall.meetings import elsewhere
from commonhall.meetings.forms.rooms import PairRoomForm, RoomLinkForm
from commonhall.meetings.models import Meeting
from commonhall.meetings.queries.rooms import usual_in_words
from commonhall.meetings.queries.times import people_in, with_people
from commonhall.mentorships import actions as mentorships
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.queries import with_people as with_everybody
from commonhall.mentorships.rules import can_choose_room
from commonhall.organisations import actions as organisations
from commonhall.organisations.models import Organisation
from commonhall.organisations.rules import can_administer_organisation
from commonhall.programmes import actions as programmes
from commonhall.programmes.queries.programmes import run_by
from commonhall.programmes.rules import can_change


def _asked(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _is_to_keep(request: HttpRequest, form: Any) -> bool:
    return form.is_valid() and "preview" not in request.POST


@require_http_methods(["GET", "POST"])
def of_organisation(request: Request, slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.looked_after_by(request.user), slug=slug)
    require(can_administer_organisation(request.user, organisation))
    form = RoomLinkForm(_asked(request), initial={"room_link": organisation.room_link})
    back = reverse("organisations:detail", args=[slug])
    if _is_to_keep(request, form):
        organisation.room_link = form.cleaned_data["room_link"]
        organisations.save_organisation(organisation, by=request.user, fields=["room_link"])
        messages.success(request, _("Saved. Meetings that were arranged before keep the links they have."))
        return redirect(back)
    context = {"form": form, "organisation": organisation, "name": organisation.name, "back": back, "may_change": True}
    return render(request, "meetings/usual_room.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def of_programme(request: Request, slug: str) -> HttpResponse:
    programme = get_object_or_404(run_by(request.user), slug=slug)
    form = RoomLinkForm(_asked(request), initial={"room_link": programme.room_link})
    back = reverse("programmes:detail", args=[slug])
    if _is_to_keep(request, form):
        programmes.change(programme, by=request.user, room_link=form.cleaned_data["room_link"])
        messages.success(request, _("Saved. Meetings that were arranged before keep the links they have."))
        return redirect(back)
    context = {"form": form, "programme": programme, "name": programme.name, "back": back}
    context["may_change"] = can_change(request.user, programme)
    return render(request, "meetings/usual_room.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def of_pair(request: Request, pk: int) -> HttpResponse:
    mentorship = get_object_or_404(with_everybody(Mentorship.objects.of(request.user)), pk=pk)
    require(can_choose_room(request.user, mentorship))
    initial = {"meets_by": mentorship.meets_by, "room_link": mentorship.room_link}
    form = PairRoomForm(_asked(request), initial=initial, usual_words=usual_in_words(mentorship))
    if _is_to_keep(request, form):
        mentorships.choose_room(mentorship, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. It counts from the next meeting that you arrange."))
        return redirect("mentorships:detail", pk)
    context = {"form": form, "mentorship": mentorship, "others": people_in(mentorship, request.user)[1:]}
    return render(request, "meetings/pair_room.html", context, status=422 if form.errors else 200)


@require_GET
def call(request: Request, pk: int) -> HttpResponse:
    """The room of a meeting inside our own page, where its server is one that the operator has named."""
    meeting = get_object_or_404(with_people(Meeting.objects.visible_to(request.user)), pk=pk)
    server = elsewhere.host(meeting.link)
    if not server or server not in settings.EMBEDDED_ROOM_HOSTS:
        raise Http404
    context = {"meeting": meeting, "server": server, "others": people_in(meeting.mentorship, request.user)[1:]}
    response = render(request, "meetings/call.html", context)
    # Read by django-csp: on this response alone, and for this one server.
    setattr(response, "_csp_update", {"frame-src": [f"https://{server}"]})  # noqa: B010
    return response
