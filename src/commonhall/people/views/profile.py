from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonhall.core.verdicts import require
from commonhall.organisations.models import Organisation
from commonhall.organisations.queries import hidden_everywhere, waits_for_confirmation
from commonhall.organisations.rules import can_administer_organisation
from commonhall.people import actions, photos, queries, visibility
from commonhall.people.forms import profile as forms
from commonhall.people.forms.told import initial
from commonhall.people.models import Department, Profile
from commonhall.people.visibility import Viewer


def edit(request: HttpRequest) -> HttpResponse:
    profile = queries.profile_of(request.user)
    card = queries.card_of(profile, Viewer.SELF, request.user)
    listed = visibility.listed(profile)
    context = {"card": card, "listed": listed, "steps": queries.steps(card)}
    context["not_known_yet"] = waits_for_confirmation(request.user)
    return render(request, "people/edit.html", context)


def as_seen(request: HttpRequest) -> HttpResponse:
    """One's own profile through other people's eyes."""
    viewer = Viewer.PARTNER if request.GET.get("by") == "partner" else Viewer.PARTICIPANT
    card = queries.card(request.user, viewer, request.user, hidden_everywhere(request.user))
    context = {"card": card, "pool": viewer == Viewer.PARTICIPANT, "partner": viewer == Viewer.PARTNER}
    return render(request, "people/as_seen.html", context)


def _step(request: HttpRequest, form: Any, after: str) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "people/step.html", {"form": form, "title": form.title, "after": after}, status=status)


def _saved(request: HttpRequest, after: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(after if request.POST.get("go_on") else "people:edit")


def _initial(request: HttpRequest) -> dict[str, Any]:
    return initial(queries.profile_of(request.user))


def work(request: HttpRequest) -> HttpResponse:
    form = forms.WorkForm(request.POST or None, initial=_initial(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        actions.save_work(request.user, by=request.user, **form.cleaned_data)
        return _saved(request, "people:exchange")
    return _step(request, form, "people:exchange")


def exchange(request: HttpRequest) -> HttpResponse:
    form = forms.ExchangeForm(request.POST or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        topics = {"offer": cleaned["offers"], "want": cleaned["wants"], "interest": cleaned["interests"]}
        actions.save_profile(
            request.user,
            by=request.user,
            fields={name: cleaned[name] for name in ("can_help", "want_to_learn")},
            topics={purpose: forms.as_pairs(picked) for purpose, picked in topics.items()},
        )
        return _saved(request, "people:background")
    return _step(request, form, "people:background")


def background(request: HttpRequest) -> HttpResponse:
    form = forms.BackgroundForm(request.POST or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        fields = {**form.cleaned_data, "languages": list(form.cleaned_data["languages"].known)}
        actions.save_profile(request.user, by=request.user, fields=fields)
        return _saved(request, "people:times")
    return _step(request, form, "people:times")


def photo_edit(request: HttpRequest) -> HttpResponse:
    form = forms.PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        actions.save_photo(request.user, form.cleaned_data["photo"], by=request.user)
        return _saved(request, "people:edit")
    profile = queries.profile_of(request.user)
    context = {"form": form, "title": form.title, "photo": photos.address(profile, request.user)}
    return render(request, "people/photo.html", context, status=422 if form.errors else 200)


@require_POST
def photo_remove(request: HttpRequest) -> HttpResponse:
    actions.save_photo(request.user, None, by=request.user)
    messages.success(request, _("Your photo is gone."))
    return redirect("people:edit")


@require_POST
def listing(request: HttpRequest) -> HttpResponse:
    profile = actions.ensure_profile(request.user)
    if request.POST.get("listed") == "yes":
        actions.list_in_directory(profile, by=request.user)
        messages.success(request, _("You stand in the directory when you mentor."))
    else:
        actions.take_out_of_directory(profile, by=request.user)
        messages.success(request, _("You no longer stand in the directory."))
    return redirect("people:edit")


def photo(request: HttpRequest, token: str) -> FileResponse:
    profile_id, name = photos.opened(token, request.user)
    profile = get_object_or_404(Profile.objects.exclude(photo=""), pk=profile_id, photo=name)
    try:
        response = FileResponse(profile.photo.open("rb"), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404 from error
    response["Cache-Control"] = "private, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _administered(request: HttpRequest, slug: str) -> Organisation:
    organisation = get_object_or_404(Organisation.objects.looked_after_by(request.user), slug=slug)
    require(can_administer_organisation(request.user, organisation))
    return organisation


def departments(request: HttpRequest, slug: str) -> HttpResponse:
    """What an organisation calls its departments; the form adds one more."""
    organisation = _administered(request, slug)
    form = forms.DepartmentForm(request.POST or None, instance=Department(organisation=organisation))
    if request.method == "POST" and form.is_valid():
        actions.save_department(form.instance, by=request.user)
        messages.success(request, _("Added."))
        return redirect("people:departments", slug)
    context = {"organisation": organisation, "form": form, "names": queries.departments_of(organisation)}
    return render(request, "people/departments.html", context, status=422 if form.errors else 200)


def department(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = _administered(request, slug)
    one = get_object_or_404(organisation.departments.select_related("organisation"), pk=pk)
    form = forms.DepartmentForm(request.POST or None, instance=one)
    if request.method == "POST" and form.is_valid():
        actions.save_department(form.instance, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("people:departments", slug)
    context = {"organisation": organisation, "form": form}
    return render(request, "people/department.html", context, status=422 if form.errors else 200)


@require_POST
def department_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = _administered(request, slug)
    one = get_object_or_404(organisation.departments.select_related("organisation"), pk=pk)
    actions.remove_department(one, by=request.user)
    messages.success(request, _("“%(name)s” is removed.") % {"name": one.name})
    return redirect("people:departments", slug)
