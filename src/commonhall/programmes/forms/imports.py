from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonhall.core.doorkeeper import MOST_MEGABYTES
from commonhall.core.sheets.sheet import Sheet
from commonhall.programmes.imports.fields import FIELDS, MAY_COME_TWICE
from commonhall.programmes.models import Enrolment, Import

WHO = [
    ("", _("A column says so for each of them")),
    (Enrolment.Role.MENTEE, _("Mentees")),
    (Enrolment.Role.MENTOR, _("Mentors")),
]
COLUMN = "column"
WHO_AT_FIRST = [*WHO[1:], (COLUMN, WHO[0][1])]
APPROVES = [
    ("yes", _("Give them a place at once")),
    ("no", _("Treat them as applications that wait for a decision")),
]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("The spreadsheet"),
        help_text=_("CSV, XLSX, XLS or ODS, up to 20 MB, with one line for each person and a name above each column."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods"}),
        error_messages={"required": _("Choose a file"), "empty": _("The file is empty. Choose another.")},
    )
    role = forms.ChoiceField(
        label=_("Who is in it?"),
        choices=WHO_AT_FIRST,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say who is in it: mentees, mentors, or both with a column that says so")},
    )
    approves = forms.ChoiceField(
        label=_("When they are saved"), choices=APPROVES, initial="yes", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, refused: int = 0, **kwargs: Any) -> None:
        """`refused` is the size in megabytes of a file that was too large to be let in."""
        super().__init__(*args, **kwargs)
        if refused:
            words = _("The file has %(size)d MB; %(most)d MB is the most. Take out pictures, or split the list.")
            told = words % {"size": refused, "most": MOST_MEGABYTES}
            self.fields["file"].error_messages["required"] = told
            self.fields["role"].required = self.fields["approves"].required = False

    def clean_role(self) -> str:
        role = str(self.cleaned_data["role"])
        return "" if role == COLUMN else role


class ColumnsForm(forms.Form):
    """Which column holds what."""

    mark_optional = False

    def __init__(self, *args: Any, sheet: Sheet, source: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        fields = [("", _("(leave it out)")), *FIELDS.items()]
        for column in sheet.columns:
            self.fields[f"column_{column.index}"] = forms.ChoiceField(
                label=column.label,
                choices=fields,
                required=False,
                initial=source.mapping.get(column.label, ""),
                help_text=_example(sheet, column.index),
            )
        self.fields["role"] = forms.ChoiceField(
            label=_("Who is in it?"), choices=WHO, required=False, initial=source.role
        )
        self.fields["approves"] = forms.ChoiceField(
            label=_("When they are saved"), choices=APPROVES, initial="yes" if source.approves else "no"
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen: dict[str, str] = {}
        for column in self.sheet.columns:
            field = cleaned.get(f"column_{column.index}")
            if field and field in seen and field not in MAY_COME_TWICE:
                message = _("“%(field)s” is chosen for “%(other)s” already. Choose it once.")
                self.add_error(
                    f"column_{column.index}",
                    forms.ValidationError(message, params={"field": FIELDS[field], "other": seen[field]}),
                )
            elif field:
                seen[field] = column.label
        return cleaned

    @property
    def mapping(self) -> dict[str, str]:
        chosen = {column.label: self.cleaned_data[f"column_{column.index}"] for column in self.sheet.columns}
        return {label: field for label, field in chosen.items() if field}


def _example(sheet: Sheet, index: int) -> Any:
    values = list(dict.fromkeys(row.cells[index].strip()[:40] for row in sheet.rows[:30] if row.cells[index].strip()))
    return _("for instance “%(value)s”") % {"value": "”, “".join(values[:2])} if values else _("empty")
