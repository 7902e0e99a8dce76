import pytest
from django.utils.translation import gettext_lazy as _

from commonhall.core.errors import Conflict, Refused, Unavailable
from commonhall.core.verdicts import YES, no, require


def test_yes_lets_pass():
    assert YES
    require(YES)


def test_no_stops_with_its_own_words():
    verdict = no(_("Only the owner can do this."))
    assert not verdict
    with pytest.raises(Refused, match="Only the owner") as refusal:
        require(verdict)
    assert refusal.value.status == 403


@pytest.mark.parametrize(("error", "status"), [(Refused, 403), (Conflict, 409), (Unavailable, 503)])
def test_each_refusal_has_its_answer(error, status):
    assert error("why").status == status
    assert str(error("why")) == "why"
