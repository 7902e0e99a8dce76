from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commonhall.accounts.entrance import enter
from commonhall.core.verdicts import require
from commonhall.operations import actions, readiness
from commonhall.operations.forms import FirstRunForm
from commonhall.organisations.rules import is_site_administrator


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether work can be done here: 200 (also when something wants attention), else 503."""
    state = readiness.state()
    return JsonResponse(state, status=503 if state["status"] == "unavailable" else 200)


@login_not_required
@never_cache
def first_run(request: HttpRequest) -> HttpResponse:
    """An empty instance asks for its first administrator, and never again."""
    if get_user_model().objects.exists():
        return redirect("home:start")
    form = FirstRunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = actions.create_first_administrator(**form.cleaned_data)
        enter(request, user, shown="password")
        messages.success(request, _("Commonhall is yours. Next: a second step for signing in."))
        return redirect("mfa_index")
    context = {"form": form, "sign_in_url": ""}
    return render(request, "operations/first_run.html", context, status=422 if form.errors else 200)


def status(request: HttpRequest) -> HttpResponse:
    require(is_site_administrator(request.user))
    state = readiness.state(write=False)
    rows = [(readiness.NAMES[name], check) for name, check in state["checks"].items()]
    return render(request, "operations/status.html", {"state": state, "rows": rows})
