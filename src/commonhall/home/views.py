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
    running = queries.running(user)
    context = {
        "running": running,
        "things": queries.next_things(user),
        "places": queries.my_places(user),
        "coming": queries.coming(user),
        "to_join": queries.programmes_to_join(user),
    }
    return render(request, "home/start.html", context)
