from typing import Any

from django import forms

from commonhall.notifications import queries
from commonhall.notifications.models import Preference


class PreferForm(forms.Form):
    """One choice for each kind of notice that may be switched off."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for choice in queries.choices(user):
            self.fields[choice.kind] = forms.ChoiceField(
                label=choice.label, choices=Preference.How.choices, initial=choice.how, widget=forms.RadioSelect
            )
