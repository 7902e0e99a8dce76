from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from commonhall.core.errors import Refused
from commonhall.integrations import actions, queries
from commonhall.integrations.caldav import client
from commonhall.integrations.fetching import in_turn
from commonhall.integrations.forms import AddressForm, CalendarForm, ChoiceForm, ServerForm, sealed_for
from commonhall.integrations.models import Calendar
from commonhall.integrations.rules import can_connect
from commonhall.integrations.sealing import SealBroken


def calendars(request: HttpRequest) -> HttpResponse:
    mine = list(queries.calendars_of(request.user))
    silent = [one for one in mine if one.is_silent]
    context = {"calendars": mine, "silent": silent, "may_connect": can_connect(request.user)}
    return render(request, "integrations/calendars.html", context)


def add(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            calendar, unread = actions.connect_address(request.user, by=request.user, **form.cleaned_data)
        except Refused as problem:
            form.add_error("address", str(problem.reason))
        else:
            messages.success(request, _("“%(name)s” is connected.") % {"name": calendar.name} + _left_out(unread))
            return redirect("integrations:calendars")
    context = {"form": form, "may_connect": can_connect(request.user)}
    return render(request, "integrations/add.html", context, status=422 if form.errors else 200)


def _left_out(unread: int) -> str:
    if not unread:
        return ""
    told = ngettext(
        "%(n)d entry made no sense and is left out.", "%(n)d entries made no sense and are left out.", unread
    )
    return " " + told % {"n": unread}


def connect(request: HttpRequest) -> HttpResponse:
    """First step: find the calendars on a server."""
    form = ServerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with in_turn():
                found = client.calendars_at(form.cleaned_data["server"], form.login)
        except client.NotLetIn as problem:
            form.add_error("password", str(problem.reason))
        except Refused as problem:
            form.add_error("server", str(problem.reason))
        else:
            choice = ChoiceForm(sealed=sealed_for(request.user, form.login, found), user=request.user)
            return render(request, "integrations/choose.html", {"form": choice})
    context = {"form": form, "may_connect": can_connect(request.user)}
    return render(request, "integrations/connect.html", context, status=422 if form.errors else 200)


def choose(request: HttpRequest) -> HttpResponse:
    """Second step: which of them."""
    try:
        form = ChoiceForm(request.POST, sealed=request.POST.get("sealed", ""), user=request.user)
    except SealBroken as problem:
        if request.method == "POST":
            messages.error(request, str(problem.reason))
        return redirect("integrations:connect")
    if not form.is_valid():
        return render(request, "integrations/choose.html", {"form": form}, status=422)
    actions.connect_server(
        request.user, by=request.user, login=form.login, found=form.chosen, takes=form.takes_meetings
    )
    messages.success(request, _("Connected. They are read within a minute or so."))
    return redirect("integrations:calendars")


def _mine(request: HttpRequest, pk: int) -> Calendar:
    return get_object_or_404(Calendar.objects.visible_to(request.user).select_related("user"), pk=pk)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    calendar = _mine(request, pk)
    form = CalendarForm(request.POST or None, calendar=calendar)
    if request.method == "POST" and form.is_valid():
        actions.change(calendar, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("integrations:calendars")
    context = {"form": form, "calendar": calendar}
    return render(request, "integrations/edit.html", context, status=422 if form.errors else 200)


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    calendar = _mine(request, pk)
    try:
        unread = actions.check_now(calendar, by=request.user)
    except Refused as problem:
        messages.error(request, f"{calendar.name}: {problem.reason}")
    else:
        messages.success(request, _("“%(name)s” has been read.") % {"name": calendar.name} + _left_out(unread))
    return redirect("integrations:calendars")


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    calendar = _mine(request, pk)
    actions.remove(calendar, by=request.user)
    messages.success(request, _("“%(name)s” is removed, and all that was read from it.") % {"name": calendar.name})
    return redirect("integrations:calendars")
