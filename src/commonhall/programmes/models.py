from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock
from commonhall.organisations.models import Grant, Membership, Organisation, Pool, PoolMember


def _pools(memberships: models.QuerySet[Membership]) -> models.QuerySet[PoolMember, Any]:
    here = memberships.values("organisation")
    return PoolMember.objects.filter(organisation__in=here, left_on=None).values("pool")


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def coordinated_by(self, user: Any) -> "ProgrammeQuerySet":
        """Programmes that this person runs: as coordinator, or as owner of the pool."""
        held = Grant.objects.filter(user=user)
        own = held.filter(role=Grant.Role.COORDINATOR, scope_type=ContentType.objects.get_for_model(Programme)).values(
            "scope_id"
        )
        pools = held.filter(role=Grant.Role.POOL_OWNER, scope_type=ContentType.objects.get_for_model(Pool)).values(
            "scope_id"
        )
        return self.filter(Q(pk__in=own) | Q(pool__in=pools))

    def visible_to(self, user: Any) -> "ProgrammeQuerySet":
        """Programmes that this person runs, takes part in, or could apply to from their organisation.

        Until it is confirmed that they work there, the last are only those that everybody may read of.
        """
        runs = self.coordinated_by(user).values("pk")
        takes_part = Enrolment.objects.filter(user=user).values("programme")
        works = Membership.objects.filter(user=user)
        in_pool = Q(pool__in=_pools(works.confirmed())) | Q(pool__in=_pools(works), is_public=True)
        return self.filter(Q(pk__in=runs) | Q(pk__in=takes_part) | in_pool & ~Q(state=Programme.State.DRAFT))

    def taking_applications(self) -> "ProgrammeQuerySet":
        """Open, or a rolling pool that is under way, from the first to the last day for applications."""
        today = clock.today()
        begun = Q(applications_open_on=None) | Q(applications_open_on__lte=today)
        not_over = Q(applications_close_on=None) | Q(applications_close_on__gte=today)
        state = Programme.State
        invites = Q(state=state.OPEN) | Q(rolling=True, state__in=[state.MATCHING, state.RUNNING])
        return self.filter(begun & not_over & invites)

    def readable_by(self, user: Any) -> "ProgrammeQuerySet":
        """Programmes whose public page this person, signed in or not, may read."""
        public = Q(is_public=True) & ~Q(state=Programme.State.DRAFT)
        if not user.is_authenticated:
            return self.filter(public)
        return self.filter(public | Q(pk__in=Programme.objects.visible_to(user).values("pk")))


class Programme(models.Model):
    class Kind(models.TextChoices):
        CAREER = "career", _("Career mentoring")
        TECHNICAL = "technical", _("Technical mentoring")
        REVERSE = "reverse", _("Reverse mentoring")
        PEER = "peer", _("Peer mentoring")
        FLASH = "flash", _("Flash mentoring: one meeting")
        MEMBERS = "members", _("Elected members")
        TRANSFER = "transfer", _("Knowledge transfer before retirement")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open for applications")
        MATCHING = "matching", _("Matching")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")

    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="programmes")
    name = models.CharField(max_length=150)
    slug = models.SlugField(max_length=120, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CAREER)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    template = models.CharField(max_length=40)
    summary = models.CharField(max_length=250, blank=True)
    purpose = models.TextField(blank=True)
    audience = models.TextField(blank=True)
    asks = models.TextField(blank=True)
    gives = models.TextField(blank=True)
    agreement = models.TextField(blank=True)
    kick_off_on = models.DateField(null=True, blank=True)
    applications_open_on = models.DateField(null=True, blank=True)
    applications_close_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    rhythm_weeks = models.PositiveSmallIntegerField(default=4)
    meetings_planned = models.PositiveSmallIntegerField(default=8)
    mentee_places = models.PositiveIntegerField(null=True, blank=True)
    most_mentees = models.PositiveSmallIntegerField(default=2)
    needs_sponsor = models.BooleanField(default=False)
    members_only = models.BooleanField(default=False)
    rolling = models.BooleanField(default=False)
    is_public = models.BooleanField(default=True)
    room_link = models.CharField(max_length=300, blank=True)
    rules = models.JSONField(default=dict, blank=True)
    weights = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def invites_applications(self) -> bool:
        """Open, or a rolling pool that is under way; on some day, perhaps not today."""
        states = {self.State.OPEN, self.State.MATCHING, self.State.RUNNING} if self.rolling else {self.State.OPEN}
        return self.state in states

    @property
    def opens_later(self) -> bool:
        first = self.applications_open_on
        return self.invites_applications and first is not None and clock.today() < first

    @property
    def has_closed(self) -> bool:
        last = self.applications_close_on
        return self.invites_applications and last is not None and clock.today() > last

    @property
    def has_kicked_off(self) -> bool:
        """Its first day has come, whether or not anybody has started it."""
        return self.kick_off_on is not None and self.kick_off_on <= clock.today()

    @property
    def takes_applications(self) -> bool:
        return self.invites_applications and not self.opens_later and not self.has_closed


class Milestone(models.Model):
    """One date of a programme's timeline."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="milestones")
    key = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    on = models.DateField()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "key"], name="programmes_milestone_once")]

    def __str__(self) -> str:
        return f"{self.on}: {self.label}"


class Eligibility(models.Model):
    """One organisation's rule in one programme, where it differs from its rule in the pool."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="eligibilities")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    mentees = models.BooleanField(default=True)
    mentors = models.BooleanField(default=True)
    mentee_places = models.PositiveSmallIntegerField(null=True, blank=True)
    mentor_places = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "organisation"], name="programmes_eligibility_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.programme}"


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def mentees(self) -> "EnrolmentQuerySet":
        return self.filter(role=Enrolment.Role.MENTEE)

    def mentors(self) -> "EnrolmentQuerySet":
        return self.filter(role=Enrolment.Role.MENTOR)

    def approved(self) -> "EnrolmentQuerySet":
        return self.filter(state=Enrolment.State.APPROVED)

    def listed(self) -> "EnrolmentQuerySet":
        """Who stands in the directory: mentors with a place, still at work, who agreed to be listed."""
        return self.mentors().approved().filter(user__is_active=True, user__profile__listed_at__isnull=False)

    def live(self) -> "EnrolmentQuerySet":
        """Those who are in, or wait to hear."""
        return self.filter(state__in=Enrolment.LIVE)

    def visible_to(self, user: Any) -> "EnrolmentQuerySet":
        """One's own, and those of the programmes that one runs."""
        return self.filter(Q(user=user) | Q(programme__in=Programme.objects.coordinated_by(user).values("pk")))


class Enrolment(models.Model):
    """A person's place in a programme, as mentee or as mentor. `taken` counts places in use."""

    class Role(models.TextChoices):
        MENTEE = "mentee", _("mentee")
        MENTOR = "mentor", _("mentor")

    class State(models.TextChoices):
        SPONSOR = "sponsor", _("Waiting for the line manager")
        APPLIED = "applied", _("Applied")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Not this time")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        FINISHED = "finished", _("Finished")

    WAITING = (State.SPONSOR, State.APPLIED)
    LIVE = (*WAITING, State.APPROVED)

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="enrolments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=6, choices=Role.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.APPLIED)
    capacity = models.PositiveSmallIntegerField(default=1)
    taken = models.PositiveSmallIntegerField(default=0)
    goal = models.TextField(blank=True)
    rhythm_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    available_from = models.DateField(null=True, blank=True)
    available_until = models.DateField(null=True, blank=True)
    line_manager_email = models.EmailField(blank=True)
    sponsor_answered_at = models.DateTimeField(null=True, blank=True)
    note_to_coordinator = models.TextField(blank=True)
    paused_until = models.DateField(null=True, blank=True)
    applied_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "user", "role"], name="programmes_enrolment_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="programmes_enrolment_capacity"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="programmes_enrolment_some_capacity"),
        ]
        indexes = [
            models.Index(fields=["programme", "role", "state", "organisation"]),
            models.Index(fields=["programme", "applied_at"]),
            models.Index(Lower("line_manager_email"), name="programmes_line_manager"),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.role}"

    @property
    def places_left(self) -> int:
        return self.capacity - self.taken

    @property
    def role_label(self) -> Any:
        """As `get_role_display`, which translates every choice to find one: too slow for a long list."""
        return self.Role(self.role).label

    @property
    def state_label(self) -> Any:
        return self.State(self.state).label

    @property
    def is_confirmed(self) -> bool:
        """Whether it is known that the person works where they said in the application."""
        works: Membership | None = getattr(self.user, "membership", None)
        return bool(works and works.confirmed_at and works.organisation_id == self.organisation_id)

    @property
    def is_waiting_to_be_known(self) -> bool:
        return self.state in self.LIVE and not self.is_confirmed

    @property
    def is_paused(self) -> bool:
        return self.paused_until is not None and clock.today() < self.paused_until


class Conflict(models.Model):
    """Somebody, or some council, not to be matched with. Disclosed to nobody but the coordinator."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="conflicts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="+")
    words = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"conflict of {self.enrolment_id}"


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: Any) -> "ImportQuerySet":
        return self.filter(programme__in=Programme.objects.coordinated_by(user).values("pk"))

    def light(self) -> "ImportQuerySet":
        """Without the cells, which can be megabytes."""
        return self.defer("sheet", "problems")


class Import(models.Model):
    """One spreadsheet of participants on its way in."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Being saved")
        SAVED = "saved", _("Saved")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Failed")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    filename = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, blank=True)
    role = models.CharField(max_length=6, choices=Enrolment.Role.choices, blank=True)
    partial = models.BooleanField(default=False)
    approves = models.BooleanField(default=True)
    upload = models.FileField(upload_to="imports/", blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.UPLOADED)
    sheet = models.BinaryField(default=b"")
    mapping = models.JSONField(default=dict)
    problems = models.BinaryField(default=b"")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)
    saved_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.filename


class ImportedRow(models.Model):
    """What one line of a spreadsheet changed, so that it can be undone."""

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    enrolment = models.ForeignKey(Enrolment, on_delete=models.SET_NULL, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created = models.JSONField(default=list)
    before = models.JSONField(default=dict)

    class Meta:
        ordering = ["line", "pk"]
        constraints = [models.UniqueConstraint(fields=["source", "line"], name="programmes_importedrow_once")]

    def __str__(self) -> str:
        return f"line {self.line}"


class SavedMapping(models.Model):
    """The columns that a pool's coordinators chose for a spreadsheet with these headings."""

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="+")
    signature = models.CharField(max_length=64)
    mapping = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pool", "signature"], name="programmes_mapping_once")]

    def __str__(self) -> str:
        return self.signature
