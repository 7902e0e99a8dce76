"""An answer by e-mail comes into the thread, as a message of the person for whom the address was made."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.accounts.queries import addresses_of
from commonhall.core.errors import Refused
from commonhall.integrations.inbox.letters import Letter
from commonhall.integrations.inbox.words import answer_in
from commonhall.mentorships.models import Mentorship
from commonhall.workspace.actions import messages
from commonhall.workspace.models import Message, Reading
from commonhall.workspace.queries.messages import correspondence_of, with_thread


def take(letter: Letter, numbers: tuple[int, ...]) -> None:
    """Raises `Refused` with words for whoever sent it."""
    mentorship_pk, user_pk = numbers
    user = User.objects.filter(pk=user_pk, is_active=True).first()
    mentorship = with_thread(Mentorship.objects.of(user)).filter(pk=mentorship_pk).first() if user else None
    if user is None or mentorship is None:
        raise Refused(_("This conversation is not there any more."))
    if letter.sender not in addresses_of(user) | {user.email.lower()}:
        raise Refused(_("Only the person who was written to can answer, from the address that the e-mail went to."))
    with translation.override(user.language):
        try:
            _say(letter, mentorship, user)
        except Refused as refusal:
            page = settings.BASE_URL + reverse("workspace:thread", args=[mentorship.pk])
            told = {"reason": refusal.reason, "page": page}
            raise Refused(_("%(reason)s\n\nThe conversation: %(page)s") % told) from refusal


def _say(letter: Letter, mentorship: Mentorship, user: User) -> None:
    answer = answer_in(letter)
    if not answer.text:
        raise Refused(_("There were no words of your own in your e-mail, so nothing was sent on."))
    messages.send(mentorship, by=user, text=answer.text, via=Message.Via.MAIL, left_behind=answer.files)
    reading = Reading.objects.filter(mentorship=mentorship, user=user).first()
    if reading and correspondence_of(user).with_words:
        messages.read(mentorship, by=user, up_to=reading.told_to)
