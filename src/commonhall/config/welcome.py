"""What `commonhall up` prints when it is ready."""

from django.conf import settings

from commonhall.demo.cast import CAST
from commonhall.demo.queries import is_demo


def lines() -> list[str]:
    return [f"Commonhall is at {settings.BASE_URL}", *(demo_people() if is_demo() else []), "Ctrl-C stops it."]


def demo_people() -> list[str]:
    width = max(len(person.name) for person in CAST)
    return [
        f"Sign in with one click as any of these people: {settings.BASE_URL}/demo/",
        *(f"  {person.name:{width}}  {person.role}" for person in CAST),
        f"The e-mail that people receive: {settings.BASE_URL}/outbox/",
    ]
