"""The signed link by which a line manager answers without an account."""

from django.core import signing

from commonhall.programmes.models import Enrolment

SALT = "programmes.sponsor"
DAYS = 60


def token_for(enrolment: Enrolment) -> str:
    return signing.dumps([enrolment.pk, enrolment.line_manager_email], salt=SALT)


def opened(token: str) -> Enrolment | None:
    """The application that the link is for; None when it is wrong, too old, or the manager has changed since."""
    try:
        pk, address = signing.loads(token, salt=SALT, max_age=DAYS * 24 * 3600)
    except signing.BadSignature:
        return None
    return (
        Enrolment.objects.select_related("programme__pool", "user", "organisation")
        .filter(pk=pk, line_manager_email=address)
        .first()
    )
