from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from commonhall.home.queries import own, running, staff


@login_not_required
def start(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return personal(request)
    if not get_user_model().objects.exists():
        return redirect("operations:first_run")
    return render(request, "home/welcome.html", {"programmes": own.open_to_all()})


def personal(request: HttpRequest) -> HttpResponse:
    mine = own.own(request.user)
    context = {
        "mine": mine,
        "running": running.running(request.user),
        "things": [*staff.things(request.user), *own.next_things(mine)],
        "taking_part": staff.taking_part(request.user),
    }
    return render(request, "home/start.html", context)
