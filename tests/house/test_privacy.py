from importlib import import_module

from django.apps import apps
from django.contrib.auth import get_user_model

from commonhall.privacy.queries import ROOMS

User = get_user_model()


def covered():
    return {model for room in ROOMS for model in import_module(f"commonhall.{room}.privacy").MODELS}


def points_at_a_person(model):
    fields = model._meta.get_fields()
    return any(getattr(f, "related_model", None) is User and f.concrete for f in fields if hasattr(f, "concrete"))


def test_every_model_that_points_at_a_person_is_covered_by_its_rooms_privacy():
    pointing = {model for model in apps.get_models() if points_at_a_person(model)}
    assert User in covered()
    assert not {model._meta.label for model in pointing - covered()}


def test_every_room_hands_over_and_erases():
    for room in ROOMS:
        module = import_module(f"commonhall.{room}.privacy")
        assert callable(module.holds)
        assert callable(module.erase)
