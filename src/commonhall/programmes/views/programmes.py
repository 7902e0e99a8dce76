from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from commonhall.core.verdicts import Verdict
from commonhall.organisations.queries import waits_for_confirmation
from commonhall.programmes import actions, cycles, rules
from commonhall.programmes.forms.programmes import CreateForm
from commonhall.programmes.models import Programme
from commonhall.programmes.queries import programmes as queries
from commonhall.programmes.queries.programmes import public_address

MOVES = {
    "open": (actions.open_applications, _("Applications are open.")),
    "match": (actions.begin_matching, _("Applications are closed; matching has begun.")),
    "start": (actions.start, _("The programme is running.")),
    "finish": (actions.finish, _("The programme is finished.")),
}


def listing(request: HttpRequest) -> HttpResponse:
    rows = queries.listed(request.user)
    runs = queries.ids_run_by(request.user)
    context = {
        "mine": [row for row in rows if row.pk in runs],
        "others": [row for row in rows if row.pk not in runs],
        "may_create": queries.may_begin_one(request.user),
    }
    return render(request, "programmes/list.html", context)


def templates(request: HttpRequest) -> HttpResponse:
    """Choose the cycle that a new programme begins with."""
    if not queries.pools_for_new(request.user).exists():
        raise Http404
    return render(request, "programmes/templates.html", {"cycles": cycles.CYCLES})


def create(request: HttpRequest, cycle: str) -> HttpResponse:
    pools = queries.pools_for_new(request.user)
    if cycle not in cycles.BY_KEY or not pools.exists():
        raise Http404
    form = CreateForm(request.POST if request.method == "POST" else None, initial={"cycle": cycle}, pools=pools)
    if request.method == "POST" and form.is_valid():
        programme = actions.create(**form.cleaned_data, by=request.user)
        messages.success(request, _("The draft is ready. Look through its words, dates and rules, then open it."))
        return redirect("programmes:detail", programme.slug)
    context = {"form": form, "cycle": cycles.get(cycle)}
    return render(request, "programmes/create.html", context, status=422 if form.errors else 200)


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """For its coordinators where it stands; for everybody else what it is, and their own part in it."""
    programme = queries.shown_to(request.user, slug)
    if programme is None:
        raise Http404
    context = {"programme": programme, "doors": queries.timeline(programme)}
    if not rules.can_coordinate(request.user, programme):
        context |= _for_participants(request.user, programme)
        return render(request, "programmes/detail.html", context)
    context |= {"counts": queries.counts_of(programme), "moves": _moves(request.user, programme)}
    context |= {"coordinators": queries.coordinators_of(programme), "public_link": public_address(programme)}
    return render(request, "programmes/overview.html", context)


def _for_participants(user: Any, programme: Programme) -> dict[str, Any]:
    return {
        "enrolments": queries.enrolments_of(user, programme),
        "takes_applications": programme.takes_applications,
        "directory": rules.can_see_directory(user, programme),
        "coordinators": queries.coordinators_of(programme),
        "not_known_yet": waits_for_confirmation(user),
    }


def _moves(user: Any, programme: Programme) -> dict[str, Verdict]:
    return {
        "open": rules.can_open(user, programme),
        "reopen": rules.can_reopen(user, programme),
        "match": rules.can_begin_matching(user, programme),
        "start": rules.can_start(user, programme),
        "finish": rules.can_finish(user, programme),
    }


@require_POST
def move(request: HttpRequest, slug: str) -> HttpResponse:
    programme = get_object_or_404(Programme.objects.visible_to(request.user), slug=slug)
    if request.POST.get("to") not in MOVES:
        raise Http404
    act, done = MOVES[request.POST["to"]]
    act(programme, by=request.user)
    programme.refresh_from_db()
    later = _("The page is public. Its dates say from when people can apply.") if programme.opens_later else done
    messages.success(request, later)
    return redirect("programmes:detail", slug)
