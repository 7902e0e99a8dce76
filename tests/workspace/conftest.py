import pytest

from commonhall.workspace.actions import notes
from tests.factories.mentorships import MentorshipFactory
from tests.factories.programmes import coordinator_of


@pytest.fixture
def pair(db):
    return MentorshipFactory()


@pytest.fixture
def people(pair):
    """Both of them, the mentee first."""
    return [one.user for one in pair.participants.order_by("role")]


@pytest.fixture
def note(pair, people):
    return notes.create(pair, by=people[0], title="First meeting")


@pytest.fixture
def coordinator(pair):
    return coordinator_of(pair.programme)
