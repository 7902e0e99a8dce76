from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import get_user_model, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from commonhall.accounts.entrance import enter
from commonhall.demo import letters
from commonhall.demo.cast import CAST
from commonhall.demo.models import KeptMail, Mark
from commonhall.ui import pages

View = Callable[..., HttpResponse]


def in_demo_only(view: View) -> View:
    """404 wherever `commonhall demo` has not set its mark; the mark is read from the database each time."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not Mark.objects.exists():
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@login_not_required
@in_demo_only
def cast(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/cast.html", {"cast": CAST})


@login_not_required
@require_POST
@in_demo_only
def sign_in(request: HttpRequest, key: str) -> HttpResponse:
    """One click; the person's second factor counts as given."""
    persona = next((persona for persona in CAST if persona.key == key), None)
    user = get_object_or_404(get_user_model(), email=persona.email if persona else "", is_active=True)
    logout(request)
    enter(request, user, shown="mfa" if user.needs_second_factor else "password")
    return redirect("home:start")


@login_not_required
@in_demo_only
def outbox(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("to", "").strip()
    rows = KeptMail.objects.filter(recipient__icontains=asked) if asked else KeptMail.objects.all()
    context = {"page": pages.page_of(rows.defer("source"), request, per=25), "asked": asked}
    return render(request, "demo/outbox.html", context)


@login_not_required
@in_demo_only
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    kept = get_object_or_404(KeptMail, pk=pk)
    message = letters.parsed(kept)
    context = {
        "kept": kept,
        "message": message,
        "text": letters.text_of(message),
        "has_html": bool(letters.html_of(message)),
        "parts": letters.parts_of(message),
    }
    return render(request, "demo/letter.html", context)


@login_not_required
@in_demo_only
def letter_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter as a mail program would show it, in a page that can run nothing."""
    response = HttpResponse(letters.html_of(letters.parsed(get_object_or_404(KeptMail, pk=pk))))
    response._csp_config = {}
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups"
    return response


@login_not_required
@in_demo_only
def part(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = letters.content_of(letters.parsed(get_object_or_404(KeptMail, pk=pk)), number)
    if found is None:
        raise Http404
    filename, content = found
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
