import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from commonhall.core import text
from commonhall.meetings import elsewhere
from commonhall.mentorships.models import Mentorship

MeetsBy = Mentorship.MeetsBy


class RoomLinkForm(forms.Form):
    """The usual room of an organisation or of a programme; empty for none."""

    room_link = forms.CharField(
        label=_("Address of the room, with its gap"),
        help_text=_(
            "For instance https://meet.example.org/{pair}. Where {pair} stands (the same for each meeting of a pair)"
            " or {meeting} (a new one each time), we put a name that nobody can guess. Leave it empty for the room "
            "built into Commonhall."
        ),
        max_length=elsewhere.LONGEST,
        required=False,
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    seen_by = {"room_link": _("those who may change it; each pair sees its own link")}

    def clean_room_link(self) -> str:
        link = text.line(self.cleaned_data["room_link"])
        if link:
            elsewhere.check(link, shared=True)
        return link

    @property
    def example(self) -> str:
        """The link that it would give; empty while something is wrong with it."""
        link = self.cleaned_data.get("room_link", "") if self.is_bound else self.initial.get("room_link", "")
        return elsewhere.example(link) if link and not self.errors else ""


class PairRoomForm(forms.Form):
    """How and where the two usually meet. No way of meeting stands below another."""

    meets_by = forms.ChoiceField(
        label=_("How do you usually meet?"), choices=MeetsBy.choices, required=False, widget=forms.RadioSelect
    )
    room_link = forms.CharField(
        label=_("Link, number or place"),
        help_text=_(
            "For a link of your own: its address, with {meeting} where each meeting is to have a room of its own. For "
            "the telephone: who rings whom, and the number. In person: where. It may wait."
        ),
        max_length=elsewhere.LONGEST,
        required=False,
    )
    mark_optional = False
    seen_by = {"meets_by": _("the two of you"), "room_link": _("the two of you")}

    def __init__(self, *args: Any, usual_words: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meets_by"].choices = [(MeetsBy.USUAL, usual_words), *MeetsBy.choices[1:]]

    def clean_room_link(self) -> str:
        return text.line(self.cleaned_data["room_link"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "room_link" in cleaned and "meets_by" in cleaned:
            try:
                _check(cleaned["meets_by"], cleaned["room_link"])
            except ValidationError as problem:
                self.add_error("room_link", problem)
        return cleaned

    @property
    def example(self) -> str:
        """The link that it would give, if it is one."""
        given = self.cleaned_data if self.is_bound and self.is_valid() else {} if self.is_bound else self.initial
        is_link = given.get("meets_by") == MeetsBy.LINK
        return elsewhere.example(given["room_link"]) if is_link else ""


def _check(meets_by: str, words: str) -> None:
    if meets_by == MeetsBy.LINK:
        if not words:
            raise ValidationError(_("Give the address of your room."))
        elsewhere.check(words, shared=False)
    elif meets_by == MeetsBy.PHONE and words and not re.search(r"\d{3}", re.sub(r"[\s()+\-./]", "", words)):
        raise ValidationError(_("Give the number, with who rings whom if you like."))
