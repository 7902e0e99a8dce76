from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonhall.accounts import actions
from commonhall.accounts.forms import AccountForm


def settings(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        actions.change_account(request.user, **form.cleaned_data)
        messages.success(request, _("Your account is saved."))
        return redirect("accounts:settings")
    return render(request, "accounts/settings.html", {"form": form}, status=422 if form.errors else 200)


def sessions(request: HttpRequest) -> HttpResponse:
    rows = UserSession.objects.filter(user=request.user).order_by("-last_seen_at")
    current = request.session.session_key
    return render(request, "accounts/sessions.html", {"sessions": rows, "current": current})


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    actions.end_session(request.user, pk)
    messages.success(request, _("That device is signed out."))
    return redirect("accounts:sessions")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    ended = actions.sign_out_everywhere_else(request.user, request.session.session_key)
    messages.success(request, _("Signed out on %(count)d other devices.") % {"count": ended})
    return redirect("accounts:sessions")
