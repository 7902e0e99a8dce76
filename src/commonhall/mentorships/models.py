from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock
from commonhall.programmes.models import Enrolment, Programme


class MentorshipQuerySet(models.QuerySet["Mentorship"]):
    def of(self, user: Any) -> "MentorshipQuerySet":
        return self.filter(pk__in=Participant.objects.filter(user=user).values("mentorship"))

    def visible_to(self, user: Any) -> "MentorshipQuerySet":
        """The people in it, and those who run its programme (who see that it is, not what it says)."""
        runs = Programme.objects.coordinated_by(user).values("pk")
        takes_part = Participant.objects.filter(user=user).values("mentorship")
        return self.filter(Q(pk__in=takes_part) | Q(programme__in=runs))

    def live(self) -> "MentorshipQuerySet":
        return self.exclude(state=Mentorship.State.ENDED)


class Mentorship(models.Model):
    """A pair or a circle, from the day that everybody said yes."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        ENDED = "ended", _("Ended")

    class Origin(models.TextChoices):
        ROUND = "round", _("matching round")
        REQUEST = "request", _("asked directly")
        COORDINATOR = "coordinator", _("made by the coordinator")
        IMPORT = "import", _("brought in from a spreadsheet")

    class EndReason(models.TextChoices):
        COMPLETE = "complete", _("We have done what we set out to do")
        PROGRAMME = "programme", _("The programme has finished")
        NO_TIME = "no_time", _("There is not enough time")
        FIT = "fit", _("It is not the right pairing")
        MOVED = "moved", _("One of us has moved on")
        OTHER = "other", _("Something else")

    class MeetsBy(models.TextChoices):
        USUAL = "", _("Video call in the programme’s usual room")
        ROOM = "room", _("Video call in the room built into Commonhall")
        LINK = "link", _("Video call at a link of our own")
        PHONE = "phone", _("Telephone")
        IN_PERSON = "in-person", _("In person")

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="mentorships")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    origin = models.CharField(max_length=12, choices=Origin.choices)
    pair = models.CharField(max_length=60)
    began_at = models.DateTimeField(default=clock.now)
    paused_at = models.DateTimeField(null=True, blank=True)
    resumes_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=10, choices=EndReason.choices, blank=True)
    meets_by = models.CharField(max_length=10, choices=MeetsBy.choices, default=MeetsBy.USUAL, blank=True)
    room_link = models.CharField(max_length=300, blank=True)

    objects = MentorshipQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "pair"], condition=~Q(state="ended"), name="mentorships_pair_once"
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) | (~Q(state="ended") & Q(ended_at=None)),
                name="mentorships_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"mentorship {self.pk}"


class Participant(models.Model):
    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="participations")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=6, choices=Enrolment.Role.choices)
    joined_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["mentorship", "user"], name="mentorships_participant_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.role}"


class Agreement(models.Model):
    """The words that both sides sign; a change makes a new version and asks for new signatures."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="agreements")
    version = models.PositiveSmallIntegerField(default=1)
    text = models.TextField()
    goals = models.JSONField(default=list, blank=True)
    review_on = models.DateField(null=True, blank=True)
    written_at = models.DateTimeField(default=clock.now)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["mentorship", "version"], name="mentorships_agreement_once")]

    def __str__(self) -> str:
        return f"agreement {self.mentorship_id} v{self.version}"


class Signature(models.Model):
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="signatures")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="signatures")
    signed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "participant"], name="mentorships_signature_once")]

    def __str__(self) -> str:
        return f"signature {self.pk}"
