"""The room of a meeting: for its people, and by a signed link for guests whom they let in."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commonhall.accounts.requests import Request
from commonhall.core.errors import Conflict
from commonhall.core.verdicts import require
from commonhall.meetings import rules, visitors
from commonhall.meetings.actions import room as acts
from commonhall.meetings.forms.room import AgendaForm, AnswerGuestForm, GuestForm
from commonhall.meetings.models import Guest, Meeting
from commonhall.meetings.queries.room import at_the_door, chat_of, inside, other_ways
from commonhall.meetings.queries.times import names_of, people_of, with_people
from commonhall.meetings.visitors import Visitor


def _mine(request: Request, pk: int) -> Meeting:
    return get_object_or_404(with_people(Meeting.objects.visible_to(request.user)), pk=pk)


@never_cache
@require_GET
def room(request: Request, pk: int) -> HttpResponse:
    """Before it opens and after it has closed, the page says so in words."""
    meeting = _mine(request, pk)
    others = people_of(meeting, request.user)[1:]
    context = {"meeting": meeting, "others": others, "names": names_of(others)}
    verdict = rules.can_use_room(meeting)
    if not verdict:
        return render(request, "meetings/room_closed.html", {**context, "reason": verdict.reason})
    context |= {
        "visitor": Visitor(meeting, user=request.user),
        "present": [one for one in inside(meeting) if one.user_id != request.user.pk],
        "ways": other_ways(meeting),
        "lines": chat_of(meeting),
        "guests": at_the_door(meeting),
        "guest_link": settings.BASE_URL + visitors.guest_path(meeting),
        "agenda": AgendaForm.of(meeting, back="room"),
    }
    return render(request, "meetings/room.html", context)


@require_http_methods(["GET", "POST"])
def agenda(request: Request, pk: int) -> HttpResponse:
    """What they would like to talk about; both write it, before the meeting and in it."""
    meeting = _mine(request, pk)
    require(rules.can_write_agenda(request.user, meeting))
    form = AgendaForm(request.POST) if request.method == "POST" else AgendaForm.of(meeting)
    if form.is_valid():
        words, was, back = (form.cleaned_data[name] for name in ("words", "was", "back"))
        try:
            acts.write_agenda(meeting, by=request.user, words=words, was=was)
            return redirect(f"meetings:{back or 'detail'}", pk)
        except Conflict as conflict:
            meeting = _mine(request, pk)
            form.again(meeting, str(conflict.reason))
    context = {"meeting": meeting, "names": names_of(people_of(meeting, request.user)[1:]), "agenda": form}
    return render(request, "meetings/agenda.html", context, status=422 if form.errors else 200)


@require_POST
def answer_guest(request: Request, pk: int, guest_pk: int) -> HttpResponse:
    """Let a guest in, or not."""
    meeting = _mine(request, pk)
    guest = get_object_or_404(Guest.objects.filter(meeting=meeting), pk=guest_pk)
    guest.meeting = meeting
    form = AnswerGuestForm(request.POST)
    if form.is_valid():
        acts.answer_guest(guest, by=request.user, admit=form.cleaned_data["admit"])
    return redirect("meetings:room", pk)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def guest(request: HttpRequest, token: str) -> HttpResponse:
    """What a guest sees: a question for the name, the wait at the door, and the room; never the meeting's own page."""
    meeting = visitors.opened_for_guests(token)
    if meeting is None:
        raise Http404
    if any(one.user_id == request.user.pk for one in meeting.mentorship.participants.all()):
        return redirect("meetings:room", meeting.pk)
    response = _ask(request, meeting) if request.method == "POST" else None
    response = response or _as_guest(request, meeting)
    response["X-Robots-Tag"] = "noindex"
    return response


def _ask(request: HttpRequest, meeting: Meeting) -> HttpResponse | None:
    form = GuestForm(request.POST)
    if not form.is_valid():
        return render(request, "meetings/guest.html", {"form": form, "hosts": _hosts(meeting)}, status=422)
    known = visitors.guest_in(request.session, meeting)
    if known is None or known.state == Guest.State.REFUSED:
        _guest, secret = acts.ask_to_come_in(meeting, name=form.cleaned_data["name"])
        visitors.remember(request.session, meeting, secret)
    return redirect(request.path)


def _as_guest(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    verdict, known = rules.can_use_room(meeting), visitors.guest_in(request.session, meeting)
    context = {"meeting": meeting, "hosts": _hosts(meeting), "guest": known, "reason": verdict.reason}
    if not verdict or known is None or not known.is_in:
        form = GuestForm() if verdict and (known is None or known.state == Guest.State.REFUSED) else None
        return render(request, "meetings/guest.html", {**context, "form": form})
    context |= {"visitor": Visitor(meeting, guest=known), "present": inside(meeting)}
    context["lines"] = chat_of(meeting, known.answered_at)
    return render(request, "meetings/room.html", context)


def _hosts(meeting: Meeting) -> str:
    return names_of(one.user for one in meeting.mentorship.participants.all())
