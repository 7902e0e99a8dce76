"""The words of the demo region hold together: complete, legal, and never the same sentence twice."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from commonhall.demo import content
from commonhall.demo.cast import CAST, persona
from commonhall.people import taxonomy
from commonhall.people.ladder import LEVELS

EVERYBODY = (*content.people(), *content.people_beyond())
STAFF = {"site administrator", "pool owner", "coordinator", "organisation administrator"}
PROSE = ("biography", "can_help_with", "wants_to_learn", "career")


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!])\s+", text.strip()) if part]


def _plain(sentence: str) -> str:
    return re.sub(r"\W+", " ", sentence.casefold()).strip()


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _domains() -> dict[str, tuple[str, ...]]:
    return {organisation.slug: organisation.domains for organisation in content.organisations()}


def test_big_pool_has_24_councils_in_four_countries_and_four_offsets() -> None:
    big, small = content.pools()
    councils = [row for row in content.organisations() if row.slug in big.councils]
    assert len(councils) == len(set(big.councils)) == 24
    assert {row.country for row in councils} == {"GB", "IE", "CA", "NZ"}
    assert len({row.time_zone for row in councils}) >= 4
    assert len(small.councils) == 2
    assert not set(small.councils) & set(big.councils)


def test_one_council_stands_outside_every_pool() -> None:
    inside = {slug for pool in content.pools() for slug in (*pool.councils, pool.owner)}
    assert {row.slug for row in content.organisations()} - inside == {persona("outsider").organisation}


@pytest.mark.parametrize("council", content.organisations(), ids=lambda row: row.slug)
def test_council_is_complete(council: content.Organisation) -> None:
    assert ZoneInfo(council.time_zone)
    assert -90 < council.latitude < 90
    assert -180 < council.longitude < 180
    assert all(domain.endswith(".example") for domain in council.domains)
    assert set(council.languages) <= set(taxonomy.languages())
    assert council.kind
    assert council.region


@pytest.mark.parametrize("council", content.organisations(), ids=lambda row: row.slug)
def test_colour_is_readable_on_white(council: content.Organisation) -> None:
    assert 1.05 / (_luminance(council.colour) + 0.05) >= 4.5


@pytest.mark.parametrize("field", ["slug", "name", "short_name", "colour"])
def test_no_two_councils_share_a(field: str) -> None:
    values = [getattr(row, field) for row in content.organisations()]
    assert len(set(values)) == len(values)


def test_size_band_agrees_with_the_population() -> None:
    for row in content.organisations():
        if row.population:
            limits = {"small": (0, 50_000), "medium": (50_000, 150_000), "large": (150_000, 500_000)}
            low, high = limits.get(row.size_band, (500_000, 10**7))
            assert low <= row.population < high, row.slug


def test_320_people_work_in_the_big_pool_and_in_every_council_of_it() -> None:
    assert len(content.people()) == 320
    assert {person.council for person in content.people()} == set(content.pools()[0].councils)


def test_every_service_area_and_level_is_covered() -> None:
    assert set(content.areas()) == set(taxonomy.service_areas())
    assert {person.level for person in content.people()} == set(content.LEVELS) == set(LEVELS)
    assert min(Counter(person.area for person in content.people()).values()) >= 5


def test_competencies_are_those_of_the_product() -> None:
    assert set(content.COMPETENCIES) == set(taxonomy.competencies())
    used = {key for person in content.people() for key in (*person.offers, *person.wants)}
    assert set(content.COMPETENCIES) <= used


def test_elected_members_keep_to_their_own_area_and_levels() -> None:
    members = [person for person in content.people() if person.level.startswith("E")]
    assert len(members) == 15
    assert {person.area for person in members} == {"elected-office"}


def test_nobody_shares_an_address_or_a_name_and_all_addresses_are_invented() -> None:
    emails = [person.email for person in EVERYBODY]
    assert len(set(emails)) == len(emails)
    assert len({person.name for person in EVERYBODY}) == len(EVERYBODY)
    for person in EVERYBODY:
        assert person.email.split("@")[1] in _domains()[person.council]
        assert re.fullmatch(r"[a-z]+\.[a-z]+@[a-z-]+\.example", person.email)


def _told() -> Iterator[tuple[str, str]]:
    for person in EVERYBODY:
        for field in PROSE:
            for sentence in _sentences(getattr(person, field)):
                yield _plain(sentence), f"{person.name}: {sentence}"


def test_no_two_people_share_a_sentence() -> None:
    counts = Counter(plain for plain, _ in _told())
    assert [words for plain, words in _told() if counts[plain] > 1] == []


def test_every_profile_is_whole() -> None:
    for person in EVERYBODY:
        assert 2 <= len(_sentences(person.biography)) <= 5, person.email
        assert len(person.biography) >= 110, person.email
        assert person.job_title, person.email
        assert person.can_help_with, person.email
        assert person.wants_to_learn, person.email
        assert person.career, person.email
        assert person.interests, person.email
        assert set(person.languages) <= set(taxonomy.languages()), person.email
        assert set(person.channels) <= set(taxonomy.channels()), person.email
        assert person.wants or person.place == "mentor", person.email
        assert person.offers or person.place == "mentee", person.email
        assert all(len(tag) <= 80 for tag in (*person.offer_tags, *person.want_tags, *person.interests)), person.email


def test_place_and_capacity_agree() -> None:
    for person in EVERYBODY:
        allowed = {"mentee": {0}, "mentor": {1, 2}, "both": {1, 2}}
        assert person.capacity in allowed[person.place], person.email


def test_hours_are_real_stretches_that_do_not_overlap() -> None:
    for person in EVERYBODY:
        stretches = sorted((day, part.start, part.end) for part in person.hours for day in part.days)
        assert stretches, person.email
        assert all(start < end for _, start, end in stretches), person.email
        assert all(one[0] < two[0] or one[2] <= two[1] for one, two in pairwise(stretches)), person.email


def test_no_free_tag_is_a_misspelt_key() -> None:
    tags = {tag for person in EVERYBODY for tag in (*person.offer_tags, *person.want_tags)}
    known = {*taxonomy.service_areas(), *taxonomy.competencies()}
    assert {tag for tag in tags if tag.count("-") and " " not in tag and tag.replace("-and-", "-") in known} == set()
    assert not tags & known


def test_patterns_of_work_differ() -> None:
    patterns = Counter(person.hours for person in content.people())
    assert len(patterns) > 80
    evenings = [person for person in content.people() if any(part.end >= time(20) for part in person.hours)]
    assert len(evenings) >= 15
    assert sum(len({day for part in person.hours for day in part.days}) < 5 for person in content.people()) >= 60


def test_there_is_room_for_every_mentee() -> None:
    mentees = sum(person.place != "mentor" for person in content.people())
    assert sum(person.capacity for person in content.people()) >= mentees


def test_cast_is_whom_the_content_says() -> None:
    written = {person.email: person for person in EVERYBODY}
    for one in CAST:
        assert one.email.split("@")[1] in _domains()[one.organisation]
        if person := written.get(one.email):
            assert (person.name, person.council) == (one.name, one.organisation)
            assert person.job_title == one.job_title


def test_everybody_in_a_programme_has_a_profile() -> None:
    written = {person.email for person in EVERYBODY}
    slugs = {programme.slug for programme in content.programmes()}
    for one in CAST:
        assert not one.programme or one.programme in slugs
        if one.programme and one.role not in STAFF:
            assert one.email in written, one.key


def test_staff_need_a_second_factor_and_nobody_else_does() -> None:
    assert {one.key for one in CAST if one.needs_second_factor} == {one.key for one in CAST if one.role in STAFF}


def test_cast_has_no_key_or_address_twice() -> None:
    assert len({one.key for one in CAST}) == len({one.email for one in CAST}) == len(CAST)
    with pytest.raises(StopIteration):
        persona("nobody")


def test_one_person_has_left_and_is_the_one_of_the_cast() -> None:
    assert [person.email for person in EVERYBODY if person.has_left] == [persona("left").email]


def test_line_managers_are_of_the_same_council_or_share_its_pool() -> None:
    written = {person.email: person for person in EVERYBODY}
    managed = [person for person in EVERYBODY if person.line_manager]
    assert len(managed) >= 60
    assert sum(person.line_manager in written for person in managed) >= 30
    domains = {domain for names in _domains().values() for domain in names}
    for person in managed:
        assert person.line_manager != person.email
        assert person.line_manager.split("@")[1] in domains
    assert written[persona("mentee").email].line_manager == persona("line-manager").email


def test_no_chain_of_managers_runs_in_a_circle() -> None:
    above = {person.email: person.line_manager for person in EVERYBODY if person.line_manager}
    for email in above:
        seen = [email]
        while seen[-1] in above:
            seen.append(above[seen[-1]])
            assert len(seen) == len(set(seen))


def test_conflicts_name_people_or_councils_that_exist() -> None:
    emails = {person.email for person in EVERYBODY}
    assert len(content.conflicts()) >= 10
    for conflict in content.conflicts():
        assert conflict.person in emails
        assert bool(conflict.with_person) != bool(conflict.with_organisation)
        assert not conflict.with_person or conflict.with_person in emails
        assert not conflict.with_organisation or conflict.with_organisation in _domains()
        assert 0 < len(conflict.reason) <= 300


def test_circumstances_are_of_people_who_exist() -> None:
    row = content.circumstances()
    emails = {person.email for person in EVERYBODY}
    assert {*row["managers"], *row["adjustments"]} <= emails
    assert len(row["adjustments"]) >= 15


def test_programmes_stand_at_three_stages_and_the_small_pool_has_one() -> None:
    by_pool = Counter(programme.pool for programme in content.programmes())
    assert by_pool == {"four-rivers": 3, "chalk-and-marl": 1}
    assert {one.stage for one in content.programmes() if one.pool == "four-rivers"} == {
        "matching",
        "running",
        "finished",
    }
    for programme in content.programmes():
        assert len(programme.summary) <= 250
        assert all((programme.purpose, programme.for_whom, programme.asks, programme.gives))


def test_talk_of_pairs_is_plentiful_and_never_repeats() -> None:
    talk = content.talk()
    goals = [goal.words for goal in talk.goals]
    for words, least in ((talk.topics, 60), (goals, 80), (talk.actions, 40)):
        assert len(words) >= least
        assert len(set(words)) == len(words)
    assert {goal.competency for goal in talk.goals} == set(content.COMPETENCIES)
    assert {reason.code for reason in talk.end_reasons} == {"complete", "programme", "no_time", "fit", "moved", "other"}


@pytest.mark.parametrize(
    ("text", "days", "start"),
    [
        ("Mon-Fri 09:00-17:00", (0, 1, 2, 3, 4), time(9)),
        ("Mon/Wed/Sat 18:30-21:00", (0, 2, 5), time(18, 30)),
        ("Mon/Wed-Fri 08:30-16:30", (0, 2, 3, 4), time(8, 30)),
        ("Sun 12:00-18:00", (6,), time(12)),
    ],
)
def test_hours_read_days_in_each_notation(text: str, days: tuple[int, ...], start: time) -> None:
    (stretch,) = content.hours(text)
    assert (stretch.days, stretch.start) == (days, start)


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Kwabena Osei-Mensah", "kwabena.oseimensah@x.example"),
        ("Brendan O'Grady", "brendan.ogrady@x.example"),
        ("Diarmuid Ó Conchúir", "diarmuid.oconchuir@x.example"),
        ("Abigail Sørensen-Hart", "abigail.sorensenhart@x.example"),
    ],
)
def test_address_is_in_plain_letters(name: str, email: str) -> None:
    assert content.address(name, "x.example") == email
