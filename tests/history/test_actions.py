import pytest
from django.db import transaction

from commonhall.config.reactions import REACTIONS
from commonhall.config.timeline import WORDS
from commonhall.history import privacy
from commonhall.history.actions import record, record_many, together
from commonhall.history.models import Event
from commonhall.history.reactions import quietly
from commonhall.history.words import sentence
from commonhall.jobs.queries import due
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory, PoolFactory

pytestmark = pytest.mark.django_db


def test_a_fact_says_what_who_about_what_within_what_and_when():
    ada, pool, council = UserFactory(), PoolFactory(), OrganisationFactory()
    record("pool.member_added", about=council, within=pool, by=ada, via="link", organisation=council.pk)
    event = Event.objects.get()
    assert (event.about, event.within, event.by, event.via) == (council, pool, ada, "link")
    assert event.detail("organisation") == council.pk
    assert event.detail("nothing") is None


def test_facts_are_found_by_their_thing_and_by_what_surrounds_it():
    pool, other = PoolFactory(), PoolFactory()
    for _time in range(2):
        record("pool.changed", about=pool, within=pool)
    record("pool.changed", about=other, within=other)
    assert Event.objects.about(pool).count() == Event.objects.within(pool).count() == 2


def test_things_of_different_kinds_with_the_same_number_are_different():
    record("pool.changed", about=PoolFactory(pk=7001))
    assert not Event.objects.about(OrganisationFactory(pk=7001)).exists()


def test_a_fact_without_words_cannot_be_recorded():
    with pytest.raises(LookupError, match=r"config/timeline\.py"), transaction.atomic():
        record("user.teleported", about=UserFactory())
    assert not Event.objects.exists()


def test_what_follows_is_queued_with_the_fact():
    record("user.first_signed_in", about=UserFactory())
    assert [job.task_path for job in due()] == ["commonhall.people.tasks.list_after_first_sign_in"]


def test_when_the_act_is_undone_nothing_follows():
    with transaction.atomic():
        record("user.first_signed_in", about=UserFactory())
        transaction.set_rollback(True)
    assert not due().exists()
    assert not Event.objects.exists()


def test_a_story_of_the_past_is_on_record_and_nothing_follows():
    with quietly():
        record("user.first_signed_in", about=UserFactory())
    assert Event.objects.exists()
    assert not due().exists()
    record("user.first_signed_in", about=UserFactory())
    assert due().exists()


def test_many_facts_at_once_are_like_one_by_one():
    people = UserFactory.create_batch(3)
    record_many("user.first_signed_in", [{"about": user, "by": user} for user in people])
    assert set(Event.objects.values_list("by", flat=True)) == {user.pk for user in people}
    assert due().count() == 3


def test_many_facts_without_words_are_refused_together():
    with pytest.raises(LookupError):
        record_many("user.teleported", [{"about": UserFactory()}])


@pytest.mark.parametrize("verb", sorted(REACTIONS))
def test_every_reaction_follows_a_fact_that_has_words(verb):
    assert verb in WORDS


@pytest.mark.parametrize(("by", "said"), [("Ada", "Ada changed the pool"), ("", "Somebody changed the pool")])
def test_a_fact_reads_as_a_sentence(by, said):
    actor = UserFactory(name=by) if by else None
    assert sentence(record("pool.changed", about=PoolFactory(), by=actor)) == said


def test_every_fact_reads_as_a_sentence_without_gaps():
    event = Event(by=UserFactory.build(name="Ada"))
    for verb in WORDS:
        event.verb = verb
        words = sentence(event)
        assert words[0].isupper(), verb
        assert "{" not in words, verb


def test_ones_own_facts_are_handed_over_and_after_erasure_nobody_knows_who():
    ada = UserFactory()
    record("pool.changed", about=PoolFactory(), by=ada)
    assert [fact["verb"] for fact in privacy.holds(ada)["history"]] == ["pool.changed"]
    privacy.erase(ada)
    assert Event.objects.get().by is None


def test_what_is_recorded_together_is_written_at_the_end_and_at_once(django_assert_num_queries):
    organisation, ada = OrganisationFactory(), UserFactory()
    record("organisation.changed", about=organisation)
    with django_assert_num_queries(1), together():
        first = record("organisation.changed", about=organisation, by=ada)
        record("organisation.changed", about=organisation, by=ada)
        assert first.pk is None
    assert Event.objects.about(organisation).count() == 3


def test_what_was_to_be_recorded_together_is_not_when_something_goes_wrong():
    organisation, ada = OrganisationFactory(), UserFactory()

    @together()
    def change():
        record("organisation.changed", about=organisation, by=ada)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert not Event.objects.about(organisation).exists()
    assert record("organisation.changed", about=organisation, by=ada).pk
