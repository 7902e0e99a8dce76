"""Pages on which a person says when they can meet."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonhall.accounts.forms import zones
from commonhall.organisations.holidays import place
from commonhall.organisations.queries import coming_periods
from commonhall.people import actions, queries, time_words
from commonhall.people.availability import works_where
from commonhall.people.forms.times import AroundForm, HolidaysForm, LeaveForm, TimeForm, WeeksForm, as_spans
from commonhall.people.forms.told import initial
from commonhall.people.models import Leave, Profile


def times(request: HttpRequest) -> HttpResponse:
    profile = queries.profile_of(request.user)
    alternate = time_words.alternate(profile)
    form = TimeForm(request.POST or None, initial=initial(profile), zones=zones(), alternate=alternate)
    if request.method == "POST" and form.is_valid():
        actions.save_times(request.user, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("people:photo_edit" if request.POST.get("go_on") else "people:edit")
    context = {"form": form, "title": form.title, "after": "people:photo_edit", "parts": time_words.parts(profile)}
    return render(request, "people/times.html", context, status=422 if form.errors else 200)


def _part(request: HttpRequest, form: Any, template: str = "people/times_part.html", **more: Any) -> HttpResponse:
    context = {"form": form, "title": form.title, **more}
    return render(request, template, context, status=422 if form.errors else 200)


def weeks(request: HttpRequest) -> HttpResponse:
    profile = queries.profile_of(request.user)
    monday = time_words.this_monday(profile)
    this_week, next_week = time_words.weeks_of(profile)
    known = {"hours": as_spans(this_week), "next_hours": as_spans(next_week)}
    form = WeeksForm(request.POST or None, initial=known, monday=monday)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.save_weeks(request.user, by=request.user, this_week=told["hours"], next_week=told["next_hours"])
        messages.success(request, _("Saved."))
        return redirect("people:times")
    return _part(request, form, "people/weeks.html", alternate=this_week != next_week)


@require_POST
def weeks_alike(request: HttpRequest) -> HttpResponse:
    actions.make_weeks_alike(request.user, by=request.user)
    messages.success(request, _("All your weeks are now like this one."))
    return redirect("people:times")


def leave(request: HttpRequest) -> HttpResponse:
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_leave(request.user, by=request.user, **form.cleaned_data)
        messages.success(request, _("Noted. No meeting is suggested on these days."))
        return redirect("people:leave")
    return _part(request, form, "people/leave.html", leave=time_words.away(queries.profile_of(request.user)))


@require_POST
def leave_remove(request: HttpRequest, pk: int) -> HttpResponse:
    mine = Leave.objects.filter(profile__user=request.user).select_related("profile")
    actions.remove_leave(get_object_or_404(mine, pk=pk), by=request.user)
    messages.success(request, _("Removed."))
    return redirect("people:leave")


def holidays(request: HttpRequest) -> HttpResponse:
    profile = queries.profile_of(request.user)
    form = HolidaysForm(request.POST or None, initial=initial(profile), usual=_usual_place(profile))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.save_profile(request.user, by=request.user, fields=told)
        if "holiday_country" in form.changed_data and "holiday_region" in form.fields:
            messages.success(request, _("Saved. If your region has holidays of its own, choose it now."))
            return redirect("people:holidays")
        messages.success(request, _("Saved."))
        return redirect("people:times")
    more = {"coming": time_words.coming_holidays(profile), "periods": coming_periods(works_where(profile))}
    return _part(request, form, "people/holidays.html", **more)


def _usual_place(profile: Profile) -> str:
    organisation = works_where(profile)
    return place(organisation.country, organisation.holiday_region) if organisation else ""


def around(request: HttpRequest) -> HttpResponse:
    form = AroundForm(request.POST or None, initial=initial(queries.profile_of(request.user)))
    if request.method == "POST" and form.is_valid():
        actions.save_profile(request.user, by=request.user, fields=form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("people:times")
    return _part(request, form)
