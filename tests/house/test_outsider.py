"""Somebody from another council walks every object address of the demo, and finds nothing there."""

import itertools
import re

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.urls import reverse

from commonhall.demo.actions.loading import load
from commonhall.demo.cast import CAST
from commonhall.programmes.models import Programme
from tests.factories.organisations import MembershipFactory
from tests.factories.programmes import ProgrammeFactory
from tests.house.test_urls import all_addresses, is_public

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OUTSIDER = next(person for person in CAST if person.role == "outsider")
ROOMS = {
    "organisations",
    "integrations",
    "people",
    "notifications",
    "programmes",
    "mentorships",
    "meetings",
    "matching",
    "workspace",
}
APPLYING = {"programmes:apply", "programmes:apply_check", "programmes:apply_step"}
A_FEW = 3
MOST = 24


def arguments(route):
    return re.findall(r"<(?:(\w+):)?(\w+)>", route)


def some(kind, room):
    """Numbers and slugs of what is really there, from every table of the room and of programmes."""
    models = [model for app in {room, "programmes"} for model in apps.get_app_config(app).get_models()]
    if kind == "int":
        found = [list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in models]
        return sorted({pk for pks in found for pk in (*pks[:A_FEW], *pks[-A_FEW:])})
    found = [model.objects.values_list("slug", flat=True)[: A_FEW * 4] for model in models if hasattr(model, "slug")]
    return sorted({slug for slugs in found for slug in slugs})


def object_addresses():
    for name, route, pattern in all_addresses():
        room = name.split(":")[0]
        if room in ROOMS and arguments(route) and not is_public(pattern) and name not in APPLYING:
            yield name, room, arguments(route)


def test_an_outsider_finds_nothing_at_any_object_address(client, caplog):
    caplog.set_level("ERROR", "django.request")
    load(number=60, seed=7)
    outsider = get_user_model().objects.get(email=OUTSIDER.email)
    client.force_login(outsider)
    found, walked = set(), 0
    for name, room, parts in object_addresses():
        for values in itertools.islice(itertools.product(*(some(kind, room) for kind, _ in parts)), MOST):
            address = reverse(name, args=values)
            answer = client.get(address)
            if answer.status_code == 405:
                answer = client.post(address)
            walked += 1
            if answer.status_code != 404:
                found.add((name, answer.status_code))
    assert not found
    assert walked > 300


@pytest.mark.parametrize(("public", "status"), [(True, 302), (False, 404)])
def test_an_outsider_may_begin_to_apply_to_a_public_programme_alone(client, public, status):
    programme = ProgrammeFactory(is_public=public, state=Programme.State.OPEN)
    client.force_login(MembershipFactory().user)
    assert client.get(reverse("programmes:apply", args=[programme.slug])).status_code == status
