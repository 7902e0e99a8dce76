from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from bench.yardstick.models import Enrolment, Programme


@login_required
def mentors(request: HttpRequest, slug: str) -> HttpResponse:
    """The first twenty mentors of a programme, with council and profile; no filters, no search, no permissions."""
    programme = get_object_or_404(Programme, slug=slug)
    rows = Enrolment.objects.filter(programme=programme, role="mentor", state="approved", user__is_active=True)
    rows = rows.filter(user__profile__listed_at__isnull=False).select_related("user__profile", "organisation")
    page = Paginator(rows.order_by("user__name", "pk"), 20).get_page(request.GET.get("page"))
    return render(request, "mentors.html", {"programme": programme, "page": page})


urlpatterns = [path("programmes/<slug:slug>/mentors/", mentors, name="mentors")]
