from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import remove_webauthn
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from commonhall.accounts import actions, queries
from commonhall.accounts.forms import AccountForm


def settings(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        actions.change_account(request.user, **form.cleaned_data)
        messages.success(request, _("Your account is saved."))
        return redirect("accounts:settings")
    return render(request, "accounts/settings.html", {"form": form}, status=422 if form.errors else 200)


def sessions(request: HttpRequest) -> HttpResponse:
    devices = queries.devices(request.user, request.session.session_key)
    return render(request, "accounts/sessions.html", {"devices": devices})


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    actions.end_session(get_object_or_404(queries.open_sessions(request.user), pk=pk))
    messages.success(request, _("That device is signed out."))
    return redirect("accounts:sessions")


def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """django-allauth's own page, which does not ask whether the last second factor may go."""
    passkey = get_object_or_404(Authenticator, user=request.user, type=Authenticator.Type.WEBAUTHN, pk=pk)
    if not get_adapter().can_delete_authenticator(passkey):
        messages.error(request, get_adapter().error_messages["cannot_delete_authenticator"])
        return redirect("mfa_list_webauthn")
    response: HttpResponse = remove_webauthn(request, pk=pk)
    return response


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    ended = actions.sign_out_everywhere_else(request.user, request.session.session_key)
    told = ngettext("Signed out on %(count)d other device.", "Signed out on %(count)d other devices.", ended)
    messages.success(request, told % {"count": ended})
    return redirect("accounts:sessions")
