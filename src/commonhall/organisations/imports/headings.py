"""Which column of a sheet holds what: the documented plain file, and mySociety's list of UK local authorities."""

from commonhall.core.sheets.sheet import Sheet
from commonhall.core.sheets.words import plain

PLAIN = {
    "name": "name, official name, organisation, organization, council, authority, full name, organisation name",
    "slug": "slug",
    "code": "code, id, key, reference, local authority code, gss code",
    "short_name": "short name, nice name, known as, short",
    "kind": "kind, type, organisation type, kind of organisation",
    "tier": "tier, level",
    "region": "region, state, province, county",
    "country": "country, country code, nation",
    "latitude": "latitude, lat",
    "longitude": "longitude, long, lon, lng",
    "time_zone": "time zone, timezone, tz",
    "size_band": "size band, size",
    "population": "population, pop, residents, inhabitants",
    "languages": "languages, language",
    "email_domains": "email domains, email domain, e mail domains, e mail domain, domains, domain",
    "alternative_names": "alternative names, alternative name, other names, aliases, also known as, alt names",
    "started_on": "started on, start date, established, from",
    "ended_on": "ended on, end date, abolished, until, closed on",
    "replaced_by": "replaced by, successor, succeeded by",
}
MYSOCIETY = {
    "name": "official-name",
    "slug": "gov-uk-slug",
    "code": "local-authority-code",
    "short_name": "nice-name",
    "kind": "local-authority-type-name",
    "tier": "powers",
    "region": "region",
    "nation": "nation",
    "latitude": "lat",
    "longitude": "long",
    "population": "pop-2020",
    "alternative_names": "alt-names",
    "started_on": "start-date",
    "ended_on": "end-date",
    "replaced_by": "replaced-by",
}
_MARKS = {"local-authority-code", "official-name", "nice-name"}


def is_mysociety(sheet: Sheet) -> bool:
    return {column.label for column in sheet.columns} >= _MARKS


def suggest(sheet: Sheet) -> dict[str, int]:
    """Field to the index of its column; a heading that says nothing known is left alone."""
    labels = {column.label: column.index for column in sheet.columns}
    if is_mysociety(sheet):
        return {field: labels[label] for field, label in MYSOCIETY.items() if label in labels}
    words = {plain(label): index for label, index in reversed(labels.items())}
    found: dict[str, int] = {}
    for field, names in PLAIN.items():
        for name in names.split(", "):
            if plain(name) in words and words[plain(name)] not in found.values():
                found[field] = words[plain(name)]
                break
    return found
