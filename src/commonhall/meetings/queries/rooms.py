"""Where a pair meets when nobody says otherwise: the pair's choice, else the programme's room, else that of the
mentor's organisation, else the room built in."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonhall.meetings import elsewhere
from commonhall.meetings.models import Meeting
from commonhall.mentorships.models import Mentorship
from commonhall.programmes.models import Enrolment

Channel, MeetsBy = Meeting.Channel, Mentorship.MeetsBy
PAIR, PROGRAMME, ORGANISATION, BUILT_IN = "pair", "programme", "organisation", "built-in"
WORDS = {
    PROGRAMME: gettext_lazy("Video call in the programme’s usual room"),
    ORGANISATION: gettext_lazy("Video call in the usual room of the mentor’s organisation"),
    BUILT_IN: gettext_lazy("Video call in the room built into Commonhall"),
}
CHANNELS = {MeetsBy.PHONE: Channel.PHONE, MeetsBy.IN_PERSON: Channel.IN_PERSON}


@dataclass(frozen=True)
class Usual:
    """How a pair meets, the address with its gaps (or number, or place), and whose choice this is."""

    channel: str
    words: str
    whose: str

    @property
    def says(self) -> str:
        if self.whose != PAIR:
            return str(WORDS[self.whose])
        if self.channel == Channel.VIDEO:
            return str(MeetsBy.LINK.label if self.words else MeetsBy.ROOM.label)
        return str(Channel(self.channel).label)

    @property
    def is_template(self) -> bool:
        return self.channel == Channel.VIDEO and bool(self.words)


def usual(mentorship: Mentorship) -> Usual:
    if mentorship.meets_by == MeetsBy.USUAL:
        return usual_without_choice(mentorship)
    channel = CHANNELS.get(MeetsBy(mentorship.meets_by), Channel.VIDEO)
    words = "" if mentorship.meets_by == MeetsBy.ROOM else mentorship.room_link
    return Usual(channel, words, PAIR)


def usual_without_choice(mentorship: Mentorship) -> Usual:
    """What there is for a pair that does not choose for itself."""
    if mentorship.programme.room_link:
        return Usual(Channel.VIDEO, mentorship.programme.room_link, PROGRAMME)
    if link := _of_the_mentor(mentorship):
        return Usual(Channel.VIDEO, link, ORGANISATION)
    return Usual(Channel.VIDEO, "", BUILT_IN)


def _of_the_mentor(mentorship: Mentorship) -> str:
    mentors = [one for one in mentorship.participants.all() if one.role == Enrolment.Role.MENTOR]
    return mentors[0].enrolment.organisation.room_link if mentors else ""


def place_for(meeting: Meeting) -> str:
    """What stands as the place of a meeting when nobody gives one; empty for the room built in."""
    found = usual(meeting.mentorship)
    if found.channel != meeting.channel:
        return ""
    if not found.is_template:
        return found.words
    return elsewhere.filled(found.words, meeting=meeting.pk, pair=meeting.mentorship_id)


def usual_in_words(mentorship: Mentorship) -> str:
    """What a pair is offered that does not choose for itself, and what that is today."""
    found = usual_without_choice(mentorship)
    if found.whose == BUILT_IN:
        return _("As the programme sets it; today the room built into Commonhall")
    return found.says
