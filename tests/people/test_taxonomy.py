"""The shipped words: whole, consistent, and found under the names that councils use."""

import pytest

from commonhall.people import ladder, taxonomy

DEPARTMENTS = {
    "Grounds & Countryside": "parks-and-open-spaces",
    "IT & Transformation": "digital-data-technology",
    "HR & OD": "people-and-od",
    "Planning (DM)": "development-management",
    "Spatial Planning": "planning-policy",
    "EH & Licensing": "environmental-health",
    "Chief Executive’s Office": "chief-executive",
    "Dem Services": "democratic-services",
    "COUNCIL TAX AND BENEFITS": "revenues-and-benefits",
    "Corporate Landlord": "asset-and-facilities",
    "Waste & Street Scene Team": "waste-and-recycling",
    "Department of Public Works": "highways-and-transport",
    "Enviromental health": "environmental-health",
    "Parks, Trees & Cemeteries": "parks-and-open-spaces",
    "finance, audit and procurement": "finance-audit-procurement",
    "Iwi relations": "indigenous-relations",
    "Sheriff's Office": "police",
}


@pytest.mark.parametrize(("words", "key"), DEPARTMENTS.items())
def test_a_department_is_found_by_the_name_its_council_gives_it(words: str, key: str) -> None:
    found = taxonomy.service_area(words)
    assert found is not None
    assert found.key == key
    assert 0 < found.confidence <= 1


@pytest.mark.parametrize("words", ["Department of Silly Walks", "Wizardry", "", "   ", "&", "42"])
def test_words_that_mean_no_service_find_none(words: str) -> None:
    assert taxonomy.service_area(words) is None


def test_every_name_finds_its_own_key() -> None:
    for key, term in taxonomy.service_areas().items():
        assert taxonomy.service_area(term.name).key == key
    for key, term in taxonomy.competencies().items():
        assert taxonomy.competency(term.name).key == key
    for key, term in taxonomy.languages().items():
        assert taxonomy.language(term.name).key == key
    for key, term in taxonomy.channels().items():
        assert taxonomy.channel(term.name).key == key


def test_no_synonym_belongs_to_two_service_areas() -> None:
    owners: dict[str, str] = {}
    for key, term in taxonomy.service_areas().items():
        for words in {taxonomy.plain(text) for text in (term.name, *term.synonyms)}:
            assert owners.setdefault(words, key) == key, words


def test_every_competency_has_four_different_levels_of_behaviour() -> None:
    levels = [level for term in taxonomy.competencies().values() for level in term.levels]
    assert len(levels) == 4 * 12 == len(set(levels))


def test_relatedness_is_symmetric_and_within_bounds() -> None:
    near = taxonomy.relatedness()
    keys = set(taxonomy.service_areas())
    assert {key for pair in near for key in pair} == keys
    assert all(0 < closeness <= 1 and near[other, one] == closeness for (one, other), closeness in near.items())
    assert all(near[key, key] == 1 for key in keys)
    assert (
        near["housing", "homelessness"] > near["housing", "asset-and-facilities"] > near.get(("housing", "police"), 0)
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Cantonese", "yue"),
        ("Panjabi", "pa"),
        ("Yoruba", "yo"),
        ("BSL", "bfi"),
        ("Te Reo", "mi"),
        ("Cymraeg", "cy"),
        ("French (basic)", "fr"),
        ("pt-BR", "pt"),
        ("日本語", "ja"),
        ("Klingonish", None),
        ("n/a", None),
    ],
)
def test_a_language_is_found_by_any_of_its_names(words: str, code: str | None) -> None:
    found = taxonomy.language(words)
    assert (found.key if found else None) == code


@pytest.mark.parametrize(
    ("words", "key"),
    [("MS Teams", "teams"), ("In person if near enough", "in-person"), ("I don't mind", "any"), ("pigeon post", None)],
)
def test_a_way_to_meet_is_understood(words: str, key: str | None) -> None:
    found = taxonomy.channel(words)
    assert (found.key if found else None) == key


@pytest.mark.parametrize(
    ("typed", "among", "first"),
    [
        ("hr", "service_areas", "people-and-od"),
        ("plan", "service_areas", "planning-policy"),
        ("bins", "service_areas", None),
        ("lead", "competencies", "people-leadership"),
        ("pun", "languages", "pa"),
    ],
)
def test_suggestions_begin_with_the_nearest(typed: str, among: str, first: str | None) -> None:
    keys = [term.key for term in taxonomy.suggest(typed, 5, among=among)]
    assert len(keys) <= 5
    assert (keys[0] if keys else None) == first


def test_a_key_that_is_no_longer_shipped_names_itself() -> None:
    assert taxonomy.names(["housing", "gone-since"]) == ["Housing", "gone-since"]


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("4", "4"),
        ("L4", "4"),
        ("7.0", "7"),
        ("LE1", "E1"),
        ("lr", "R"),
        ("5 – Service manager", "5"),
        ("3 – Senior officer, specialist or qualified professional", "3"),
        ("Senior officer, specialist", "3"),
        ("Officer or administrator", "2"),
        ("Committee chair", "E2"),
        ("Cllr", "E1"),
        ("City manager", "9"),
        ("Grand Vizier", None),
        ("10", None),
        ("E4", None),
        ("", None),
    ],
)
def test_a_level_is_read_from_key_name_or_both(words: str, level: str | None) -> None:
    assert ladder.parse(words) == level


def test_every_level_reads_back_from_its_own_label() -> None:
    for level, label in ladder.choices():
        assert ladder.parse(label) == level == ladder.parse(ladder.name_of(level))


def test_only_officers_stand_on_a_rung() -> None:
    assert [ladder.rung(level) for level in ("1", "9", "E2", "R")] == [1, 9, None, None]
