from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from commonhall.core.verdicts import require
from commonhall.organisations import actions, holidays, queries, rules
from commonhall.organisations.forms import (
    AddMemberForm,
    GrantForm,
    HolidayRegionForm,
    LogoForm,
    MemberRulesForm,
    OrganisationForm,
    PoolForm,
    QuietPeriodForm,
)
from commonhall.organisations.logos import FOLDER
from commonhall.organisations.models import Grant, Organisation, Pool, PoolMember, QuietPeriod
from commonhall.organisations.roles import STAFF_ROLES
from commonhall.ui import pages


def listing(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip()
    rows = queries.searched(Organisation.objects.looked_after_by(request.user), asked)
    context = {
        "page": pages.page_of(rows, request, per=25),
        "pools": queries.pools_with_sizes(Pool.objects.visible_to(request.user)),
        "asked": asked,
        "may_add": rules.is_site_administrator(request.user),
    }
    return render(request, "organisations/list.html", context)


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.looked_after_by(request.user), slug=slug)
    context = {
        "organisation": organisation,
        "logo": queries.logo_of(organisation),
        "memberships": organisation.pool_members.filter(left_on=None).select_related("pool"),
        "staff": queries.staff_of(organisation),
        "people": organisation.memberships.count(),
        "waiting": organisation.memberships.waiting().select_related("user").order_by("pk")[:50],
        "may_change": rules.can_administer_organisation(request.user, organisation),
        "may_give": rules.can_give_role(request.user, Grant.Role.ORGANISATION_ADMINISTRATOR, organisation),
    }
    return render(request, "organisations/detail.html", context)


@require_POST
def confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Somebody who says that they work here does."""
    organisation = get_object_or_404(Organisation.objects.looked_after_by(request.user), slug=slug)
    people = organisation.memberships.select_related("user", "organisation")
    membership = get_object_or_404(people, pk=pk)
    actions.confirm_member(membership, by=request.user)
    messages.success(request, _("%(name)s is confirmed.") % {"name": membership.user.name})
    return redirect("organisations:detail", slug)


def add(request: HttpRequest) -> HttpResponse:
    require(rules.is_site_administrator(request.user))
    return _organisation_form(request, Organisation())


def change(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.looked_after_by(request.user), slug=slug)
    require(rules.can_administer_organisation(request.user, organisation))
    return _organisation_form(request, organisation)


def _organisation_form(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form = OrganisationForm(request.POST or None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        saved = actions.save_organisation(form.instance, by=request.user, fields=form.changed_data)
        messages.success(request, _("Saved."))
        return redirect("organisations:detail", saved.slug)
    status = 422 if form.errors else 200
    return render(request, "organisations/form.html", {"form": form, "organisation": organisation}, status=status)


def logo_edit(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.looked_after_by(request.user), slug=slug)
    require(rules.can_administer_organisation(request.user, organisation))
    form = LogoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        actions.save_logo(organisation, form.cleaned_data["logo"], by=request.user)
        messages.success(request, _("Saved."))
        return redirect("organisations:detail", slug)
    context = {"organisation": organisation, "form": form, "logo": queries.logo_of(organisation)}
    return render(request, "organisations/logo.html", context, status=422 if form.errors else 200)


@require_POST
def logo_remove(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.looked_after_by(request.user), slug=slug)
    actions.save_logo(organisation, None, by=request.user)
    messages.success(request, _("The logo is gone."))
    return redirect("organisations:detail", slug)


def _administered(request: HttpRequest, slug: str) -> Organisation:
    organisation = get_object_or_404(Organisation.objects.looked_after_by(request.user), slug=slug)
    require(rules.can_administer_organisation(request.user, organisation))
    return organisation


def quiet(request: HttpRequest, slug: str) -> HttpResponse:
    """Busy seasons and school holidays; the form adds one more."""
    organisation = _administered(request, slug)
    form = QuietPeriodForm(request.POST or None, instance=QuietPeriod(organisation=organisation))
    if request.method == "POST" and form.is_valid():
        actions.add_quiet_period(form.instance, by=request.user)
        messages.success(request, _("Added. No meeting is suggested on these days."))
        return redirect("organisations:quiet", slug)
    context = {"organisation": organisation, "form": form, "periods": queries.coming_periods(organisation)}
    context["holidays_of"] = holidays.place(organisation.country, organisation.holiday_region)
    return render(request, "organisations/quiet.html", context, status=422 if form.errors else 200)


@require_POST
def quiet_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = _administered(request, slug)
    period = get_object_or_404(organisation.quiet_periods.select_related("organisation"), pk=pk)
    actions.remove_quiet_period(period, by=request.user)
    messages.success(request, _("“%(name)s” is removed.") % {"name": period.name})
    return redirect("organisations:quiet", slug)


def holiday_region(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _administered(request, slug)
    form = HolidayRegionForm(request.POST or None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        actions.save_organisation(form.instance, by=request.user, fields=["holiday_region"])
        messages.success(request, _("Saved."))
        return redirect("organisations:holiday_region", slug)
    context = {"organisation": organisation, "form": form, "coming": queries.coming_holidays(organisation)}
    return render(request, "organisations/holidays.html", context, status=422 if form.errors else 200)


def pool(request: HttpRequest, slug: str) -> HttpResponse:
    pool = get_object_or_404(Pool.objects.visible_to(request.user), slug=slug)
    form = AddMemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_to_pool(pool, form.cleaned_data["organisation"], by=request.user)
        messages.success(request, _("The organisation is in the pool."))
        return redirect("organisations:pool", slug)
    context = {
        "pool": pool,
        "form": form,
        "members": pool.members.filter(left_on=None).select_related("organisation").order_by("organisation__name"),
        "staff": queries.staff_of(pool),
        "may_own": rules.can_own_pool(request.user, pool),
    }
    return render(request, "organisations/pool.html", context, status=422 if form.errors else 200)


def pool_add(request: HttpRequest) -> HttpResponse:
    require(rules.is_site_administrator(request.user))
    return _pool_form(request, Pool())


def pool_change(request: HttpRequest, slug: str) -> HttpResponse:
    pool = get_object_or_404(Pool.objects.visible_to(request.user), slug=slug)
    require(rules.can_own_pool(request.user, pool))
    return _pool_form(request, pool)


def _pool_form(request: HttpRequest, pool: Pool) -> HttpResponse:
    added = pool.pk is None
    form = PoolForm(request.POST or None, instance=pool)
    if request.method == "POST" and form.is_valid():
        saved = actions.save_pool(form.instance, by=request.user, fields=form.changed_data)
        messages.success(request, _("The pool is there. Add its organisations.") if added else _("Saved."))
        return redirect("organisations:pool", saved.slug)
    context = {"form": form, "added": added}
    return render(request, "organisations/pool_form.html", context, status=422 if form.errors else 200)


def member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    pool = get_object_or_404(Pool.objects.visible_to(request.user), slug=slug)
    member = get_object_or_404(PoolMember.objects.select_related("organisation", "pool"), pool=pool, pk=pk)
    require(rules.can_set_member_rules(request.user, member))
    form = MemberRulesForm(request.POST or None, instance=member)
    if request.method == "POST" and form.is_valid():
        actions.change_member(form.instance, by=request.user, fields=form.changed_data)
        messages.success(request, _("The rules are saved."))
        return redirect("organisations:pool", slug)
    status = 422 if form.errors else 200
    return render(request, "organisations/member.html", {"form": form, "member": member}, status=status)


@require_POST
def member_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    pool = get_object_or_404(Pool.objects.visible_to(request.user), slug=slug)
    member = get_object_or_404(PoolMember.objects.select_related("organisation", "pool"), pool=pool, pk=pk)
    actions.remove_from_pool(member, by=request.user)
    messages.success(request, _("The organisation has left the pool."))
    return redirect("organisations:pool", slug)


def staff(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Give a role for a pool or an organisation."""
    shown = Pool.objects.visible_to(request.user) if kind == "pool" else None
    scope = get_object_or_404(
        shown if shown is not None else Organisation.objects.looked_after_by(request.user), slug=slug
    )
    role = Grant.Role.POOL_OWNER if kind == "pool" else Grant.Role.ORGANISATION_ADMINISTRATOR
    require(rules.can_give_role(request.user, role, scope))
    form = GrantForm(request.POST or None, roles=[role])
    if request.method == "POST" and form.is_valid():
        actions.give_role(user=form.cleaned_data["email"], role=role, scope=scope, by=request.user)
        messages.success(request, _("The role is given."))
        return redirect(queries.page_of_scope(scope))
    context = {"form": form, "scope": scope, "back": queries.page_of_scope(scope), "role": role}
    return render(request, "organisations/staff.html", context, status=422 if form.errors else 200)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    given = get_object_or_404(Grant.objects.visible_to(request.user).select_related("user"), pk=pk)
    back = queries.page_of_scope(given.scope)
    actions.take_role_back(given, by=request.user)
    messages.success(request, _("The role is taken back."))
    return redirect(back)


def roles(request: HttpRequest) -> HttpResponse:
    return render(request, "organisations/roles.html", {"roles": STAFF_ROLES})


@login_not_required
@cache_control(public=True, max_age=3600)
def brand(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.exclude(colour=""), slug=slug)
    return HttpResponse(f":root{{--brand:{organisation.colour};--on-brand:#ffffff}}", content_type="text/css")


@login_not_required
@cache_control(public=True, max_age=31_536_000, immutable=True)
def logo(request: HttpRequest, slug: str, name: str) -> FileResponse:
    """A logo, whose address changes when it does."""
    organisation = get_object_or_404(Organisation.objects.exclude(logo=""), slug=slug, logo=f"{FOLDER}{name}")
    try:
        response = FileResponse(organisation.logo.open("rb"), content_type="image/png")
    except FileNotFoundError as error:
        raise Http404 from error
    response["X-Content-Type-Options"] = "nosniff"
    return response
