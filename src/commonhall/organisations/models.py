from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock
from commonhall.organisations.countries import country_name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def current(self) -> "OrganisationQuerySet":
        return self.filter(ended_on=None)

    def looked_after_by(self, user: Any) -> "OrganisationQuerySet":
        """All of them for a site administrator; those in one's pools for an owner; one's own for an administrator."""
        held = Grant.objects.filter(user=user)
        if held.filter(role=Grant.Role.SITE_ADMINISTRATOR).exists():
            return self
        own = held.filter(role=Grant.Role.ORGANISATION_ADMINISTRATOR).values("scope_id")
        in_pools = PoolMember.objects.filter(
            pool__in=held.filter(role=Grant.Role.POOL_OWNER).values("scope_id"), left_on=None
        ).values("organisation")
        return self.filter(Q(pk__in=own) | Q(pk__in=in_pools))


class Organisation(models.Model):
    """A council or another public body. One that ended stays, with its successor."""

    class Tier(models.TextChoices):
        SINGLE = "single", _("Single tier")
        UPPER = "upper", _("Upper tier")
        LOWER = "lower", _("Lower tier")
        REGIONAL = "regional", _("Regional or combined")
        ASSOCIATION = "association", _("Association")
        OTHER = "other", _("Other")

    class Size(models.TextChoices):
        SMALL = "small", _("Small: under 50,000 people")
        MEDIUM = "medium", _("Medium: 50,000 to 150,000")
        LARGE = "large", _("Large: 150,000 to 500,000")
        VERY_LARGE = "very_large", _("Very large: over 500,000")
        UNKNOWN = "", _("Not known")

    code = models.CharField(max_length=60, unique=True, null=True, blank=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=120, blank=True)
    slug = models.SlugField(max_length=120, unique=True)
    kind = models.CharField(max_length=60, blank=True)
    tier = models.CharField(max_length=12, choices=Tier.choices, default=Tier.OTHER)
    region = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, default="GB")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, default="Europe/London")
    size_band = models.CharField(max_length=12, choices=Size.choices, blank=True, default="")
    population = models.PositiveIntegerField(null=True, blank=True)
    languages = models.JSONField(default=list, blank=True)
    email_domains = models.JSONField(default=list, blank=True)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors")
    colour = models.CharField(max_length=7, blank=True)
    logo = models.FileField(upload_to="logos/", blank=True)
    holiday_region = models.CharField(max_length=20, blank=True)
    room_link = models.CharField(max_length=300, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone_in_words(self) -> str:
        return clock.zone_in_words(self.time_zone)

    @property
    def country_name(self) -> str:
        return country_name(self.country)

    @property
    def label(self) -> str:
        return self.short_name or self.name


class QuietPeriod(models.Model):
    """Days on which an organisation's people do not meet, or those who work in term time do not. Its people see it."""

    class Kind(models.TextChoices):
        BUSY = "busy", _("A busy season, such as elections or the budget: nobody meets")
        SCHOOL = "school", _("School holidays: those who work in term time do not meet")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="quiet_periods")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.BUSY)
    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="organisations_quiet_order"),
        ]

    def __str__(self) -> str:
        return self.name


class OtherName(models.Model):
    """Another name by which people know an organisation; `folded` is `core.text.folded(name)`."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="other_names")
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=200, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "folded"], name="organisations_othername_once")]

    def __str__(self) -> str:
        return self.name


class PoolQuerySet(models.QuerySet["Pool"]):
    def visible_to(self, user: Any) -> "PoolQuerySet":
        """A pool is seen by site administrators, its owners and the administrators of its organisations."""
        held = Grant.objects.filter(user=user)
        if held.filter(role=Grant.Role.SITE_ADMINISTRATOR).exists():
            return self
        owned = held.filter(role=Grant.Role.POOL_OWNER).values("scope_id")
        own = held.filter(role=Grant.Role.ORGANISATION_ADMINISTRATOR).values("scope_id")
        of_members = PoolMember.objects.filter(organisation__in=own, left_on=None).values("pool")
        return self.filter(Q(pk__in=owned) | Q(pk__in=of_members))


class Pool(models.Model):
    """Several organisations that share programmes and mentors."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=120, unique=True)
    description = models.TextField(blank=True)

    objects = PoolQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PoolMember(models.Model):
    """An organisation in a pool, with its own rules there."""

    class Reach(models.TextChoices):
        OWN = "own", _("Own organisation")
        POOL = "pool", _("Anyone in the pool")
        ANYONE = "anyone", _("Anyone, also from other pools")

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="members")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="pool_members")
    may_be_mentored = models.BooleanField(default=True)
    mentored_by = models.CharField(max_length=8, choices=Reach.choices, default=Reach.POOL)
    mentors_for = models.CharField(max_length=8, choices=Reach.choices, default=Reach.POOL)
    places_taken = models.PositiveSmallIntegerField(null=True, blank=True)
    places_given = models.PositiveSmallIntegerField(null=True, blank=True)
    hidden_fields = models.JSONField(default=list, blank=True)
    joined_on = models.DateField(default=clock.today)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pool", "organisation"], name="organisations_poolmember_once")]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.pool}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def confirmed(self) -> "MembershipQuerySet":
        return self.filter(confirmed_at__isnull=False)

    def waiting(self) -> "MembershipQuerySet":
        return self.filter(confirmed_at=None)


class Membership(models.Model):
    """Where a person works now, as they say; it opens doors once somebody else, or their address, has confirmed it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="membership")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    since = models.DateField(default=clock.today)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.user} at {self.organisation}"


class GrantQuerySet(models.QuerySet["Grant"]):
    def visible_to(self, user: Any) -> "GrantQuerySet":
        """All for a site administrator, and those of one's own pools for an owner."""
        held = Grant.objects.filter(user=user)
        if held.filter(role=Grant.Role.SITE_ADMINISTRATOR).exists():
            return self
        owned = held.filter(role=Grant.Role.POOL_OWNER)
        return self.filter(role=Grant.Role.POOL_OWNER, scope_id__in=owned.values("scope_id"))


class Grant(models.Model):
    """A staff role held by a person, for the whole site or for one thing."""

    class Role(models.TextChoices):
        SITE_ADMINISTRATOR = "site_administrator", _("Site administrator")
        ORGANISATION_ADMINISTRATOR = "organisation_administrator", _("Organisation administrator")
        POOL_OWNER = "pool_owner", _("Pool owner")
        COORDINATOR = "coordinator", _("Coordinator")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=40, choices=Role.choices)
    scope_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    scope_id = models.BigIntegerField(null=True, blank=True)
    scope = GenericForeignKey("scope_type", "scope_id")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField(default=clock.now)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "scope_type", "scope_id"], name="organisations_grant_once"),
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(scope_id=None), name="organisations_site_grant_once"
            ),
            models.CheckConstraint(
                condition=Q(role="site_administrator", scope_id=None)
                | (~Q(role="site_administrator") & Q(scope_id__isnull=False)),
                name="organisations_grant_scope",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
