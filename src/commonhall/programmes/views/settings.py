"""Everything of a programme that its coordinator changes, each on a page of its own."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from commonhall.core.verdicts import require
from commonhall.organisations.models import Organisation
from commonhall.programmes import actions, cycle, rules
from commonhall.programmes.forms.programmes import (
    DatesForm,
    EligibilityForm,
    KickOffForm,
    PlacesForm,
    RulesForm,
    TextsForm,
)
from commonhall.programmes.models import Eligibility, Programme
from commonhall.programmes.queries import programmes as queries


def _page(request: HttpRequest, programme: Programme, template: str, form: Any, **more: Any) -> HttpResponse:
    context = {"programme": programme, "form": form, "may_change": rules.can_change(request.user, programme), **more}
    return render(request, template, context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, programme: Programme) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("programmes:detail", programme.slug)


def texts(request: HttpRequest, slug: str) -> HttpResponse:
    """The words, with the public page as it would look beside them."""
    programme = get_object_or_404(queries.run_by(request.user), slug=slug)
    form = TextsForm(request.POST or None, instance=get_object_or_404(queries.run_by(request.user), slug=slug))
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        actions.change(programme, by=request.user, **form.cleaned_data)
        return _saved(request, programme)
    looks = form.instance if form.is_bound else programme
    return _page(request, programme, "programmes/texts.html", form, looks=looks, doors=queries.timeline(programme))


def places(request: HttpRequest, slug: str) -> HttpResponse:
    programme = get_object_or_404(queries.run_by(request.user), slug=slug)
    form = PlacesForm(request.POST or None, instance=get_object_or_404(queries.run_by(request.user), slug=slug))
    if request.method == "POST" and form.is_valid():
        actions.change(programme, by=request.user, **form.cleaned_data)
        return _saved(request, programme)
    return _page(request, programme, "programmes/places.html", form)


def matching_rules(request: HttpRequest, slug: str) -> HttpResponse:
    programme = get_object_or_404(queries.run_by(request.user), slug=slug)
    form = RulesForm(request.POST or None, programme=programme)
    looks = programme
    if request.method == "POST" and form.is_valid():
        if "preview" not in request.POST:
            actions.change(programme, by=request.user, rules=form.rules, weights=form.weights)
            return _saved(request, programme)
        looks = Programme(rules=form.rules, weights=form.weights, most_mentees=programme.most_mentees)
    in_words = cycle.in_words(looks.rules, looks.weights, looks.most_mentees)
    return _page(request, programme, "programmes/rules.html", form, in_words=in_words)


def dates(request: HttpRequest, slug: str) -> HttpResponse:
    """Move the whole timeline, or each of its dates."""
    programme = get_object_or_404(queries.run_by(request.user), slug=slug)
    data = request.POST or None
    whole = KickOffForm(data if "plan" in request.POST else None, initial={"kick_off_on": programme.kick_off_on})
    each = DatesForm(None if "plan" in request.POST else data, programme=programme)
    if whole.is_bound and whole.is_valid():
        actions.plan(programme, by=request.user, **whole.cleaned_data)
        return redirect("programmes:dates", slug)
    if each.is_bound and each.is_valid():
        kept = {name: each.cleaned_data[name] for name in ("applications_open_on", "applications_close_on", "ends_on")}
        actions.change(programme, by=request.user, **kept)
        actions.set_milestones(programme, each.timeline(), by=request.user)
        return _saved(request, programme)
    form = whole if whole.is_bound else each
    return _page(
        request, programme, "programmes/dates.html", form, whole=whole, each=each, doors=queries.timeline(programme)
    )


def organisations(request: HttpRequest, slug: str) -> HttpResponse:
    """Each organisation's rule and places in this programme."""
    programme = get_object_or_404(queries.run_by(request.user), slug=slug)
    context = {"programme": programme, "shares": queries.shares(programme)}
    return render(request, "programmes/organisations.html", context)


def eligibility(request: HttpRequest, slug: str, organisation: str) -> HttpResponse:
    programme = get_object_or_404(queries.run_by(request.user), slug=slug)
    members = Organisation.objects.filter(pool_members__pool=programme.pool_id, pool_members__left_on=None)
    member = get_object_or_404(members, slug=organisation)
    require(rules.can_change(request.user, programme))
    own = Eligibility.objects.filter(programme=programme, organisation=member).first()
    form = EligibilityForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        actions.set_eligibility(programme, member, by=request.user, **form.cleaned_data)
        messages.success(request, _("The rule for %(name)s is saved.") % {"name": member.label})
        return redirect("programmes:organisations", slug)
    return _page(request, programme, "programmes/eligibility.html", form, organisation=member)
