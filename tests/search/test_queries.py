import pytest

from commonhall.search import actions, queries

pytestmark = pytest.mark.django_db

PEOPLE = {
    1: ("pool-1", "Zoë Müller plans waste and recycling in Łódź; flooding, drainage"),
    2: ("pool-1", "Ann O'Brien recycles and manages housing. Recycling recycling recycling."),
    3: ("pool-2", "Zoe Miller, recycling elsewhere"),
}


@pytest.fixture(autouse=True)
def people():
    actions.index_many("person", [(key, [scope], text) for key, (scope, text) in PEOPLE.items()])
    actions.index("council", 1, ["pool-1"], "Recycling Council")


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        ("recycling", {1, 2}),
        ("recycle", {1, 2}),
        ("RECYCLÉS", {1, 2}),
        ("zoe", {1}),
        ("muller", {1}),
        ("lodz", {1}),
        ("drain", {1}),
        ("hous recyc", {2}),
        ("zoe housing", set()),
        ("o'brien", {2}),
        ("floodnig", {1}),
        ("", set()),
        ("  *?!\"'()-:^~ ", set()),
        ("AND OR NOT NEAR(", set()),
        ('recycling" OR scopes : "zq', set()),
        ("'; drop table search_entry; --", set()),
        ("\x00recycling\u202e", {1, 2}),
        ("zqpersonxpoolx2", set()),
    ],
)
def test_words_find_people_of_the_scope_and_nobody_else(terms, found):
    assert set(queries.find("person", terms, ["pool-1"])) == found


def test_whoever_fits_best_stands_first():
    assert queries.find("person", "recycling", ["pool-1"]) == [2, 1]


def test_several_scopes_and_none():
    assert set(queries.find("person", "zoe", ["pool-1", "pool-2"])) == {1, 3}
    assert queries.find("person", "zoe", []) == []


def test_a_scope_is_not_found_by_the_beginning_of_its_name():
    actions.index("person", 10, ["pool-10"], "Zoe of the tenth pool")
    assert queries.find("person", "zoe", ["pool-1"]) == [1]


def test_a_change_is_found_at_once_and_what_was_removed_never():
    actions.index("person", 1, ["pool-1"], "Now a beekeeper")
    assert queries.find("person", "zoe", ["pool-1"]) == []
    assert queries.find("person", "beekeepers", ["pool-1"]) == [1]
    actions.remove("person", [1])
    assert queries.find("person", "beekeeper", ["pool-1"]) == []
    assert queries.find("council", "recycling", ["pool-1"]) == [1]


def test_a_limit_is_kept():
    assert len(queries.find("person", "recycling", ["pool-1"], limit=1)) == 1


@pytest.mark.parametrize("terms", ["housing", "huosing"])
def test_searching_asks_the_database_at_most_three_times(django_assert_max_num_queries, terms):
    with django_assert_max_num_queries(3):
        assert queries.find("person", terms, ["pool-1"]) == [2]
