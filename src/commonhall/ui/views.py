from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commonhall.ui import design as samples


@login_not_required
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/about.html")


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/accessibility.html")


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/privacy.html")


@login_not_required
def design(request: HttpRequest) -> HttpResponse:
    """Every component in all its states, for the people who build pages."""
    return render(request, "ui/design.html", samples.context(request))
