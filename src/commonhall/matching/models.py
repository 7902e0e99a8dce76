from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.programmes.models import Enrolment, Programme


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: User) -> "RoundQuerySet":
        return self.filter(programme__in=Programme.objects.coordinated_by(user).values("pk"))


class Round(models.Model):
    """One matching of a programme's applicants."""

    class State(models.TextChoices):
        OPEN = "open", _("In preparation")
        PROVISIONAL = "provisional", _("Provisional")
        PUBLISHED = "published", _("Published")
        CLOSED = "closed", _("Closed")

    class AfterDecline(models.TextChoices):
        OFFER = "offer", _("Offer the next best match at once")
        SHOW = "show", _("Show the next best match to me first")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="rounds")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    after_decline = models.CharField(max_length=8, choices=AfterDecline.choices, default=AfterDecline.OFFER)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_run = models.ForeignKey("Run", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme"], condition=Q(state__in=["open", "provisional"]), name="matching_one_open_round"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state == Round.State.OPEN


class Scenario(models.Model):
    """One way of matching a round: its rules, its weights, its locked and forbidden pairs.

    `cover` is who comes first under that objective: "waited", "organisation:<pk>" or "level:<rung>".
    `assumptions` are changes that still need a person's yes: one more place, one more hour, a mentor to be found.
    """

    class Objective(models.TextChoices):
        TOTAL = "total", _("Best overall")
        FAIR = "fair", _("Fairest")
        LEXIMIN = "leximin", _("Fair in steps")
        STABLE = "stable", _("Nobody would rather swap")
        COVER = "cover", _("Certain people first")
        SUM = "sum", _("Only the best fit")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="scenarios")
    name = models.CharField(max_length=80)
    rules = models.JSONField(default=dict)
    weights = models.JSONField(default=dict)
    objective = models.CharField(max_length=10, choices=Objective.choices, default=Objective.TOTAL)
    cover = models.CharField(max_length=40, blank=True)
    assumptions = models.JSONField(default=list)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["round", "name"], name="matching_scenario_name_once")]

    def __str__(self) -> str:
        return self.name


class Edit(models.Model):
    """A pair that the coordinator has fixed or ruled out in a scenario, and why."""

    class Kind(models.TextChoices):
        LOCK = "lock", _("keep together")
        FORBID = "forbid", _("never together")

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="edits")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    mentee = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scenario", "mentee", "mentor"], name="matching_edit_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.mentee_id}+{self.mentor_id}"


class Run(models.Model):
    """One solving of a scenario, with all that is needed to repeat it to the same result.

    `inputs` is the whole problem and `reasons` why each pair was made, both as gzip JSON. `inputs` is emptied when
    somebody in it asks to be forgotten; the result stays, and cannot be repeated.
    """

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="runs")
    inputs_hash = models.CharField(max_length=64)
    inputs = models.BinaryField()
    result = models.JSONField()
    reasons = models.BinaryField(default=bytes)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"run {self.pk}"


class SolvingQuerySet(models.QuerySet["Solving"]):
    def visible_to(self, user: User) -> "SolvingQuerySet":
        return self.filter(round__in=Round.objects.visible_to(user))

    def live(self) -> "SolvingQuerySet":
        return self.filter(state__in=Solving.LIVE)


class Solving(models.Model):
    """A large round that is worked out in the background: what a coordinator asked for, and how far it is.

    `act` and `given` are what `matching.actions.solvings` does once it has its turn; `given` is emptied at the end.
    `attempt` counts how often a worker has taken it up: only the last one may finish it. Coordinators alone see it.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting for its turn")
        RUNNING = "running", _("Being worked out")
        DONE = "done", _("Worked out")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Could not be worked out")

    LIVE = (State.QUEUED, State.RUNNING)

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="solvings")
    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="+")
    act = models.CharField(max_length=12)
    given = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    said = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    queued_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SolvingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=Q(state__in=["queued", "running"]), name="matching_one_solving"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.round_id}: {self.state}"

    @property
    def is_live(self) -> bool:
        return self.state in Solving.LIVE


class TextVectors(models.Model):
    """What a language model made of one text, so that a text is read once. Whose text it was is not kept.

    `key` is a fingerprint of the text and `rows` whole numbers for its sentences, both as `pairing.text` has them.
    """

    key = models.CharField(max_length=40)
    model = models.CharField(max_length=80)
    rows = models.TextField()
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "key"], name="matching_text_once")]

    def __str__(self) -> str:
        return self.key


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: User) -> "ProposalQuerySet":
        """The two people, once it is offered; and those who run the programme."""
        runs = Programme.objects.coordinated_by(user).values("pk")
        mine = (Q(mentee__user=user) | Q(mentor__user=user)) & Q(offered_at__isnull=False)
        return self.filter(mine | Q(programme__in=runs))

    def live(self) -> "ProposalQuerySet":
        return self.filter(state__in=[Proposal.State.PREPARED, Proposal.State.OFFERED])


class Proposal(models.Model):
    """Two people put to each other. A mentorship begins when both accept."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("Provisional")
        OFFERED = "offered", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted by both")
        DECLINED = "declined", _("Declined")
        LAPSED = "lapsed", _("Not answered in time")
        WITHDRAWN = "withdrawn", _("Taken back")

    class Origin(models.TextChoices):
        ROUND = "round", _("matching round")
        NEXT_BEST = "next_best", _("next best after a decline")
        REQUEST = "request", _("asked by the mentee")
        COORDINATOR = "coordinator", _("made by the coordinator")

    class DeclineReason(models.TextChoices):
        TIME = "time", _("I do not have the time at present")
        KNOWN = "known", _("We know each other already")
        TOPIC = "topic", _("It is not what I am looking for")
        CLOSE = "close", _("It is too close to my own work")
        OTHER = "other", _("Something else")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="proposals")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, null=True, blank=True, related_name="proposals")
    origin = models.CharField(max_length=12, choices=Origin.choices, default=Origin.ROUND)
    mentee = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="proposals_as_mentee")
    mentor = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="proposals_as_mentor")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    score = models.FloatField(default=0)
    reasons = models.JSONField(default=list)
    message = models.TextField(blank=True)
    offered_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    mentee_accepted_at = models.DateTimeField(null=True, blank=True)
    mentor_accepted_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    prompted_at = models.DateTimeField(null=True, blank=True)
    follows = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="followed_by")
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    decline_reason = models.CharField(max_length=12, choices=DeclineReason.choices, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mentee", "mentor"],
                condition=Q(state__in=["prepared", "offered"]),
                name="matching_proposal_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(mentee_accepted_at__isnull=False, mentor_accepted_at__isnull=False),
                name="matching_accepted_by_both",
            ),
        ]
        indexes = [models.Index(fields=["state", "answer_by"])]

    def __str__(self) -> str:
        return f"proposal {self.mentee_id}+{self.mentor_id}"

    @property
    def is_open(self) -> bool:
        return self.state == Proposal.State.OFFERED

    def side_of(self, user: User) -> str:
        """ "mentee", "mentor", or "" for somebody who is neither."""
        return {self.mentee.user_id: "mentee", self.mentor.user_id: "mentor"}.get(user.pk, "")

    def accepted_by(self, side: str) -> bool:
        return bool({"mentee": self.mentee_accepted_at, "mentor": self.mentor_accepted_at}.get(side))

    def waits_for(self, side: str) -> bool:
        return self.is_open and bool(side) and not self.accepted_by(side)


class Wish(models.Model):
    """A mentee's ranked shortlist of mentors."""

    mentee = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="wishes")
    mentor = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="wished_by")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["mentee", "mentor"], name="matching_wish_once"),
            models.CheckConstraint(condition=Q(rank__gte=1, rank__lte=5), name="matching_wish_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.mentor_id}"
