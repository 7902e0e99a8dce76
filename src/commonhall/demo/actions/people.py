"""The people and councils of the demo region, in bulk."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password

from commonhall.accounts.models import User
from commonhall.core import clock, text
from commonhall.demo import content
from commonhall.demo.cast import CAST, Persona
from commonhall.organisations import actions as organisations
from commonhall.organisations.models import Grant, Membership, Organisation, OtherName, Pool, PoolMember
from commonhall.people.models import Profile, Topic, WorkingHours


@dataclass(frozen=True)
class Account:
    """What `accounts.json` says of a member of the cast."""

    role: str
    tenant: str
    user: str
    password: str
    totp: str | None
    canary: str


def secret(seed: int, *parts: str) -> bytes:
    return hmac.new(f"commonhall demo {seed}".encode(), "/".join(parts).encode(), hashlib.sha256).digest()


def account_of(persona: Persona, seed: int) -> Account:
    """The same for the same seed."""
    totp = base64.b32encode(secret(seed, persona.key, "totp")[:20]).decode()
    return Account(
        role=persona.role,
        tenant=persona.organisation,
        user=persona.email,
        password=f"demo-{persona.key}-{secret(seed, persona.key, 'password').hex()[:12]}",
        totp=totp if persona.needs_second_factor else None,
        canary=f"canary-{secret(seed, persona.key, 'canary').hex()[:16]}",
    )


def councils() -> dict[str, Organisation]:
    rows = content.organisations()
    Organisation.objects.bulk_create(
        Organisation(
            name=row.name,
            short_name=row.short_name,
            slug=row.slug,
            kind=row.kind.replace("-", " ").capitalize(),
            tier=row.tier,
            region=row.region,
            country=row.country,
            latitude=row.latitude,
            longitude=row.longitude,
            time_zone=row.time_zone,
            size_band=row.size_band.replace("-", "_"),
            population=row.population,
            languages=list(row.languages),
            email_domains=list(row.domains),
            colour=row.colour,
        )
        for row in rows
    )
    made = {organisation.slug: organisation for organisation in Organisation.objects.all()}
    OtherName.objects.bulk_create(
        OtherName(organisation=made[row.slug], name=name, folded=text.folded(name))
        for row in rows
        for name in dict.fromkeys((row.short_name, *row.alternative_names))
        if name
    )
    return made


def pools(made: dict[str, Organisation]) -> dict[str, Pool]:
    for row in content.pools():
        pool = Pool.objects.create(name=row.name, slug=row.slug, description=row.summary)
        PoolMember.objects.bulk_create(
            PoolMember(pool=pool, organisation=made[slug], joined_on=date(2025, 1, 6)) for slug in row.councils
        )
    return {pool.slug: pool for pool in Pool.objects.all()}


def everybody(people: int) -> Iterator[content.Person]:
    """So many people of the big pool, cast first; beyond those who are written, more with names put together."""
    written = sorted(content.people(), key=lambda person: person.email not in _cast_emails())
    yield from written[:people]
    yield from more(written, people - len(written))
    yield from content.people_beyond()


def _cast_emails() -> set[str]:
    return {persona.email for persona in CAST}


def more(written: Sequence[content.Person], count: int) -> Iterator[content.Person]:
    for number in range(max(0, count)):
        base = written[number % len(written)]
        family = written[(number * 7 + 3) % len(written)].name.split()[-1]
        name = f"{base.name.split()[0]} {family}"
        domain = base.email.split("@")[1]
        yield replace(base, name=name, email=f"{content.address(name, 'x').split('@')[0]}.{number + 2}@{domain}")


def users(people: Sequence[content.Person], made: dict[str, Organisation], seed: int) -> dict[str, User]:
    """Accounts, councils and profiles of people and cast; by e-mail address."""
    by_email = {person.email: person for person in people}
    cast = {persona.email: persona for persona in CAST}
    joined = clock.now() - timedelta(days=400)
    emails = [*by_email, *(email for email in cast if email not in by_email)]
    User.objects.bulk_create(
        User(
            email=email,
            name=by_email[email].name if email in by_email else cast[email].name,
            time_zone=made[_council(email, by_email, cast)].time_zone,
            password=_password(cast.get(email), email, seed),
            joined_at=joined,
            first_seen_at=joined,
            left_at=clock.now() - timedelta(days=60) if email in by_email and by_email[email].has_left else None,
            is_active=not (email in by_email and by_email[email].has_left),
        )
        for email in emails
    )
    found = {user.email: user for user in User.objects.filter(email__in=emails)}
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in found.values()
    )
    Membership.objects.bulk_create(
        Membership(
            user=found[email],
            organisation=made[_council(email, by_email, cast)],
            since=joined.date(),
            confirmed_at=joined,
        )
        for email in emails
    )
    profiles(by_email, cast, found, seed)
    return found


def _password(persona: Persona | None, email: str, seed: int) -> str:
    """Salted from the seed, so that two loadings are equal; nobody outside of the cast has one."""
    salt = secret(seed, email, "salt").hex()
    if persona is None:
        return f"{UNUSABLE_PASSWORD_PREFIX}{salt[:40]}"
    return make_password(account_of(persona, seed).password, salt=salt[:22])


def _council(email: str, by_email: dict[str, content.Person], cast: dict[str, Persona]) -> str:
    return by_email[email].council if email in by_email else cast[email].organisation


def profiles(by_email: dict[str, content.Person], cast: dict[str, Persona], found: dict[str, User], seed: int) -> None:
    Profile.objects.bulk_create(
        [_profile(by_email[email], user) if email in by_email else _staff_profile(cast[email], user)
         for email, user in found.items()]
    )  # fmt: skip
    for email, persona in cast.items():
        profile = Profile.objects.get(user=found[email])
        profile.adjustments = " ".join((profile.adjustments, account_of(persona, seed).canary)).strip()
        profile.save(update_fields=["adjustments"])
    made = {profile.user.email: profile for profile in Profile.objects.select_related("user")}
    Topic.objects.bulk_create(topic for email, person in by_email.items() for topic in _topics(person, made[email]))
    WorkingHours.objects.bulk_create(
        WorkingHours(profile=made[email], weekday=day, starts=_minutes(stretch.start), ends=_minutes(stretch.end))
        for email, person in by_email.items()
        for stretch in person.hours
        for day in stretch.days
    )


def _profile(person: content.Person, user: User) -> Profile:
    return Profile(
        user=user,
        pronouns=person.pronouns,
        job_title=person.job_title,
        service_area=person.area,
        level=person.level,
        can_help=person.can_help_with,
        want_to_learn=person.wants_to_learn,
        biography=person.biography,
        career_path=person.career,
        qualifications=", ".join(person.qualifications),
        languages=list(person.languages),
        channels=list(person.channels),
        adjustments=person.adjustments,
        listed_at=None if person.has_left else user.first_seen_at,
    )


def _staff_profile(persona: Persona, user: User) -> Profile:
    return Profile(user=user, job_title=persona.job_title, languages=["en"])


def _topics(person: content.Person, profile: Profile) -> Iterator[Topic]:
    known = {"offer": person.offers, "want": person.wants}
    free = {"offer": person.offer_tags, "want": person.want_tags, "interest": person.interests}
    for purpose, keys in known.items():
        for key in dict.fromkeys(keys):
            kind = Topic.Kind.COMPETENCY if key in content.COMPETENCIES else Topic.Kind.SERVICE
            yield Topic(profile=profile, purpose=purpose, kind=kind, key=key)
    for purpose, words in free.items():
        for word in dict.fromkeys(words):
            yield Topic(profile=profile, purpose=purpose, kind=Topic.Kind.TAG, key=word[:80])


def _minutes(moment: object) -> int:
    hour, minute = str(moment).split(":")[:2]
    return int(hour) * 60 + int(minute)


def staff(found: dict[str, User], made: dict[str, Organisation], by_slug: dict[str, Pool], seed: int) -> None:
    """Roles and second factors of the staff; coordinators get theirs with their programmes."""
    administrator = _user(found, "site-administrator")
    organisations.grant(user=administrator, role=Grant.Role.SITE_ADMINISTRATOR, by=administrator)
    owner = _user(found, "pool-owner")
    organisations.grant(user=owner, role=Grant.Role.POOL_OWNER, scope=by_slug["four-rivers"], by=administrator)
    for persona in _with_role("organisation administrator"):
        organisations.grant(
            user=found[persona.email],
            role=Grant.Role.ORGANISATION_ADMINISTRATOR,
            scope=made[persona.organisation],
            by=administrator,
        )
    for persona in CAST:
        totp = account_of(persona, seed).totp
        if totp:
            TOTP.activate(found[persona.email], totp)
    Authenticator.objects.update(created_at=clock.now())


def _with_role(role: str) -> Iterable[Persona]:
    return (persona for persona in CAST if persona.role == role)


def _user(found: dict[str, User], key: str) -> User:
    return next(found[persona.email] for persona in CAST if persona.key == key)
