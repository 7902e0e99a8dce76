"""What anybody can read of a programme, and the way in."""

import io

import segno
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import cache_control

from commonhall.organisations.queries import logos_of
from commonhall.programmes.models import Programme
from commonhall.programmes.queries import programmes as queries
from commonhall.programmes.queries.programmes import public_address


def _readable(request: HttpRequest, slug: str) -> Programme:
    return get_object_or_404(Programme.objects.readable_by(request.user).select_related("pool"), slug=slug)


@login_not_required
def public(request: HttpRequest, slug: str) -> HttpResponse:
    programme = _readable(request, slug)
    context = {"programme": programme, "doors": queries.timeline(programme), "address": public_address(programme)}
    context["logos"] = logos_of(programme.pool)
    return render(request, "programmes/public.html", context)


@login_not_required
def poster(request: HttpRequest, slug: str) -> HttpResponse:
    programme = _readable(request, slug)
    context = {"programme": programme, "address": public_address(programme), "logos": logos_of(programme.pool)}
    return render(request, "programmes/poster.html", context)


@login_not_required
@cache_control(public=True, max_age=3600)
def qr(request: HttpRequest, slug: str) -> HttpResponse:
    """The QR code of the public page, as a picture."""
    picture = io.BytesIO()
    code = segno.make(public_address(_readable(request, slug)), error="m")
    code.save(picture, kind="svg", border=2, omitsize=True, svgclass=None, lineclass=None)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@login_not_required
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """The door: new people make an account with e-mail and name, the others sign in, and both go on to apply."""
    programme = _readable(request, slug)
    if not programme.takes_applications:
        return render(request, "programmes/closed.html", {"programme": programme}, status=403)
    after = reverse("programmes:apply", args=[slug])
    if request.user.is_authenticated:
        return redirect(after)
    context = {
        "programme": programme,
        "new_url": f"{reverse('account_signup')}?{urlencode({'next': after})}",
        "known_url": f"{reverse('account_request_login_code')}?{urlencode({'next': after})}",
    }
    return render(request, "programmes/join.html", context)
