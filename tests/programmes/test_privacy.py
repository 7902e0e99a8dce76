import pytest

from commonhall.accounts.models import User
from commonhall.programmes import findable, privacy
from commonhall.programmes.models import Conflict, Enrolment, Import, ImportedRow
from commonhall.programmes.queries import directory
from tests.factories.programmes import EnrolmentFactory, MentorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(programme):
    place = MentorFactory(
        programme=programme, note_to_coordinator="My secret note", line_manager_email="boss@harbour.example"
    )
    Conflict.objects.create(enrolment=place, words="Not my cousin")
    source = Import.objects.create(programme=programme, filename="people.csv", sheet=b"cells")
    ImportedRow.objects.create(
        source=source, line=2, user=place.user, enrolment=place, before={"user": {"name": "Old"}}
    )
    findable.refresh(Enrolment.objects.all())
    return place.user


def test_everything_written_in_an_application_is_handed_over(person, programme):
    held = privacy.holds(person)
    assert held["applications"][0]["note_to_coordinator"] == "My secret note"
    assert held["not_to_be_matched_with"][0]["words"] == "Not my cousin"
    assert held["imported"][0]["source__filename"] == "people.csv"


def test_who_named_somebody_as_a_conflict_is_not_told_to_them(person, programme):
    Conflict.objects.create(enrolment=EnrolmentFactory(programme=programme), person=person, words="Never again")
    assert "Never again" not in str(privacy.holds(person))


def test_erasing_takes_the_words_and_keeps_the_count(person, programme):
    other = EnrolmentFactory(programme=programme, line_manager_email=person.email, goal="Stay")
    Conflict.objects.create(enrolment=other, person=person)
    privacy.erase(person)
    place = programme.enrolments.get(user=person)
    assert (place.note_to_coordinator, place.line_manager_email, place.state) == ("", "", "withdrawn")
    other.refresh_from_db()
    assert (other.line_manager_email, other.goal) == ("", "Stay")
    assert not Conflict.objects.exists()
    assert bytes(Import.objects.get().sheet) == b""
    row = ImportedRow.objects.get()
    assert (row.user, row.before) == (None, {})
    assert len(directory.find([programme], {}, person.name, None, None)) == 0


def test_erasing_takes_an_application_that_waits_back(programme):
    waiting = EnrolmentFactory(programme=programme, state="applied")
    privacy.erase(waiting.user)
    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"


def test_every_model_that_points_at_a_person_is_covered():
    pointing = {
        relation.related_model
        for relation in User._meta.related_objects
        if relation.related_model._meta.app_label == "programmes"
    }
    assert pointing <= set(privacy.MODELS)
