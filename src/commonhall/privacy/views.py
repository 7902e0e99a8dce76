from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from commonhall.privacy import queries
from commonhall.privacy.words import LABELS


def mine(request: HttpRequest) -> HttpResponse:
    counted = queries.counted_about(request.user)
    kinds = [(LABELS.get(kind, kind.replace("_", " ")), count) for kind, count in counted]
    return render(request, "privacy/mine.html", {"kinds": kinds})


@require_POST
def download(request: HttpRequest) -> HttpResponse:
    text = queries.as_text(queries.handed_to_oneself(request.user))
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="commonhall-my-data.json"'
    return response
