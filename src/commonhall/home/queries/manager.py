"""A line manager who has an account: whose application waits for their agreement."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core.prepared import Prepared
from commonhall.home.queries.next_thing import Next
from commonhall.programmes.models import Enrolment
from commonhall.programmes.sponsors import token_for


def _asked(address: str) -> QuerySet[Enrolment]:
    waiting = Enrolment.objects.alias(manager=Lower("line_manager_email")).filter(state=Enrolment.State.SPONSOR)
    return waiting.filter(manager=address).select_related("user", "programme").order_by("pk")


_asked_of = Prepared(_asked, address=str)


def to_agree(user: User) -> Iterator[Next]:
    for place in _asked_of(address=user.email.lower()):
        yield Next(
            _("%(name)s asks for your agreement") % {"name": place.user.name},
            _("As line manager, for a place in %(programme)s.") % {"programme": place.programme.name},
            reverse("programmes:sponsor", args=[token_for(place)]),
            _("Read and answer"),
            "people",
        )
