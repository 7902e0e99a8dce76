from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from commonhall.home import queries


@login_not_required
def start(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return personal(request)
    if not get_user_model().objects.exists():
        return redirect("operations:first_run")
    return render(request, "home/welcome.html", {"programmes": queries.open_to_all()})


def personal(request: HttpRequest) -> HttpResponse:
    user = request.user
    mine = queries.own(user)
    context = {
        "running": queries.running(user),
        "things": queries.next_things(mine),
        "places": mine.places,
        "coming": mine.coming,
        "to_join": queries.programmes_to_join(user),
    }
    return render(request, "home/start.html", context)
