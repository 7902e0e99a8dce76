"""The start page as somebody sees it, and people and programmes that have something on it."""

import re
from datetime import timedelta

from django.test import Client

from commonhall.core import clock
from commonhall.programmes.models import Enrolment, Milestone
from tests.factories.accounts import UserFactory
from tests.factories.mentorships import MentorshipFactory
from tests.factories.people import ProfileFactory
from tests.factories.programmes import (
    EnrolmentFactory,
)


def home(user):
    browser = Client()
    browser.force_login(user)
    return browser.get("/").content.decode()


def main(user):
    page = home(user)
    return page[page.index("<main") : page.index("</main>")]


def things(user):
    """What the page asks somebody to do, in order."""
    page = main(user)
    section = page[page.index('id="next"') :] if 'id="next"' in page else ""
    return [re.sub(r"<[^>]+>", "", title).strip() for title in re.findall(r"<h3[^>]*>(.*?)</h3>", section, re.S)]


def known(**fields):
    """Somebody who has filled in a profile."""
    return ProfileFactory(user=UserFactory(**fields), biography="Hello", job_title="Officer").user


def enough_to_do(programme, number):
    """A programme in its fourth month, with `number` of everything that needs its coordinator."""
    long_ago = clock.now() - timedelta(days=60)
    for _one in range(number):
        EnrolmentFactory(programme=programme, state=Enrolment.State.APPLIED)
        MentorshipFactory(programme=programme, began_at=long_ago)
    Milestone.objects.create(
        programme=programme, key=f"m{number}", label="Midway", on=clock.today() + timedelta(days=9)
    )
