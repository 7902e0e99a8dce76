from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from commonhall.core.verdicts import require
from commonhall.notifications import actions, letters, queries
from commonhall.notifications.forms import PreferForm
from commonhall.notifications.kinds import LABELS
from commonhall.notifications.models import Notice
from commonhall.organisations.rules import is_site_administrator
from commonhall.ui import pages


def inbox(request: HttpRequest) -> HttpResponse:
    notices = Notice.objects.visible_to(request.user)
    context = {
        "page": pages.page_of(notices, request, per=25),
        "unread": queries.unread_count(request.user),
        "sees_undelivered": is_site_administrator(request.user),
    }
    return render(request, "notifications/inbox.html", context)


def undelivered(request: HttpRequest) -> HttpResponse:
    """E-mails that reached nobody, for whoever looks after the site."""
    require(is_site_administrator(request.user))
    page = pages.page_of(queries.undelivered(), request, per=50)
    return render(request, "notifications/undelivered.html", {"page": page})


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    actions.read(Notice.objects.visible_to(request.user).filter(pk=notice.pk))
    return redirect(notice.url or "notifications:inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    actions.read(Notice.objects.visible_to(request.user))
    return redirect("notifications:inbox")


def preferences(request: HttpRequest) -> HttpResponse:
    form = PreferForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        for kind, how in form.cleaned_data.items():
            actions.prefer(request.user, kind, how)
        messages.success(request, _("Your choices are saved."))
        return redirect("notifications:preferences")
    return render(request, "notifications/preferences.html", {"form": form}, status=422 if form.errors else 200)


@csrf_exempt
@login_not_required
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058: mail programs post here without a session; the signature says who and what."""
    try:
        user_id, kind = signing.loads(token, salt=letters.SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    user = get_object_or_404(get_user_model(), pk=user_id)
    if request.method == "POST":
        actions.unsubscribe(user, kind)
    context = {"label": LABELS.get(kind, kind), "done": request.method == "POST"}
    return render(request, "notifications/unsubscribe.html", context)
