import factory
from django.contrib.contenttypes.models import ContentType

from commonhall.core import clock
from commonhall.history.models import Event
from commonhall.notifications.models import Notice
from tests.factories.accounts import UserFactory


class EventFactory(factory.django.DjangoModelFactory):
    """A fact about a person; nothing follows from it."""

    class Meta:
        model = Event

    verb = "user.changed"
    by = factory.SubFactory(UserFactory)
    about_type = factory.LazyFunction(lambda: ContentType.objects.get(app_label="accounts", model="user"))
    about_id = factory.LazyAttribute(lambda made: made.by.pk)


class NoticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notice

    user = factory.SubFactory(UserFactory)
    event = factory.SubFactory(EventFactory)
    kind = "meetings"
    key = factory.Sequence(lambda n: f"{n}:tests/mail/notice.txt")
    subject = "Zadie proposes times"
    text = "Zadie Okonjo proposes two times for a meeting."
    url = "/meetings/1/"
    act = "Choose a time"
    email = Notice.Email.WAITING
    created_at = factory.LazyFunction(clock.now)
