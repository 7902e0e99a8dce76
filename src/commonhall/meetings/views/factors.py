"""How we count what distance saves: everybody reads it, the site's administrators set it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commonhall.accounts.requests import Request
from commonhall.core.verdicts import require
from commonhall.meetings.actions.factors import drop_factors, set_factors
from commonhall.meetings.forms.factors import CountryForm, FactorsForm
from commonhall.meetings.queries import factors as queries
from commonhall.organisations.countries import countries, country_name
from commonhall.organisations.rules import is_site_administrator

ALL = "all"


def _country(slug: str) -> str:
    if slug != ALL and slug.upper() not in countries():
        raise Http404
    return queries.EVERYWHERE if slug == ALL else slug.upper()


@require_GET
def shown(request: Request) -> HttpResponse:
    form = CountryForm(request.GET if "country" in request.GET else None)
    may_change = is_site_administrator(request.user)
    if may_change and form.is_valid():
        return redirect("meetings:factors_change", form.cleaned_data["country"].lower())
    context = {"sets": queries.sets(), "may_change": may_change, "form": form}
    context["changes"] = queries.changes() if may_change else ()
    return render(request, "meetings/factors.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def change(request: Request, country: str) -> HttpResponse:
    code = _country(country)
    require(is_site_administrator(request.user))
    values, sources = queries.in_force(code)
    form = FactorsForm(request.POST if request.method == "POST" else None, values=values, sources=sources)
    if form.is_valid():
        set_factors(code, by=request.user, values=form.values, sources=form.sources)
        messages.success(request, _("Saved. Every figure is counted by these numbers from now on."))
        return redirect("meetings:factors")
    context = {"form": form, "label": country_name(code) if code else _("All countries without their own")}
    return render(request, "meetings/factors_change.html", context, status=422 if form.errors else 200)


@require_POST
def drop(request: Request, country: str) -> HttpResponse:
    drop_factors(_country(country), by=request.user)
    messages.success(request, _("The country is counted by the numbers of all again."))
    return redirect("meetings:factors")
