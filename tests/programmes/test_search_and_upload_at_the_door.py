"""What is refused before any work is done: searches for a single letter, and files that are too large."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from commonhall.core import doorkeeper
from commonhall.programmes import findable
from commonhall.programmes.models import Enrolment, Import
from tests.factories.programmes import MentorFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "short"), [("a", True), ("Ó", True), ("a b", True), ("an", False), ("o connor", False), ("李", False)]
)
def test_a_single_letter_is_no_search_and_the_page_says_so(as_colleague, as_coordinator, programme, asked, short):
    MentorFactory(programme=programme, user__name="Ann O Connor 李 Örn")
    findable.refresh(Enrolment.objects.all())
    address = reverse("programmes:applicants", args=[programme.slug])
    answer = as_coordinator.get(address, {"q": asked})
    assert ("is too short to search for" in answer.content.decode()) is short
    assert len(answer.context["page"].object_list) == 1


def test_a_file_that_is_too_large_is_refused_with_words_and_nothing_of_it_is_kept(
    as_coordinator, programme, monkeypatch
):
    monkeypatch.setattr(doorkeeper, "MOST_BYTES", 5000)
    file = SimpleUploadedFile("people.csv", b"name,email\n" * 2000)
    answer = as_coordinator.post(reverse("programmes:imports", args=[programme.slug]), {"role": "mentee", "file": file})
    assert answer.status_code == 422
    assert "MB is the most. Take out pictures, or split the list." in answer.content.decode()
    assert not answer.wsgi_request.FILES
    assert not Import.objects.exists()


def test_who_is_in_a_file_is_asked_before_it_is_looked_at(as_coordinator, programme):
    file = SimpleUploadedFile("people.csv", b"name,email\nAda,ada@harbour.example\n")
    answer = as_coordinator.post(
        reverse("programmes:imports", args=[programme.slug]), {"approves": "yes", "file": file}
    )
    assert answer.status_code == 422
    assert "Say who is in it" in answer.content.decode()
    assert not Import.objects.exists()
