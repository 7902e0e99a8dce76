import pytest
import time_machine

from commonhall.integrations.sealing import SealBroken, resealed, seal, unseal


def test_what_is_sealed_cannot_be_read_and_comes_back_whole():
    sealed = seal("https://calendar.example/secret.ics")
    assert "secret" not in sealed
    assert unseal(sealed) == "https://calendar.example/secret.ics"
    assert seal("") == unseal("") == ""


def test_a_former_key_still_opens_and_a_lost_one_does_not(settings):
    sealed, old = seal("word"), settings.SECRET_KEY
    settings.SECRET_KEY = "another-key-0123456789-0123456789-0123456789"
    with pytest.raises(SealBroken, match="key under which this was kept is gone"):
        unseal(sealed)

    settings.SECRET_KEY_FALLBACKS = [old]
    assert unseal(sealed) == "word"
    moved = resealed(sealed)
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(moved) == "word"
    assert resealed(moved) == moved


@pytest.mark.parametrize("broken", ["x", "gAAAAA", "ü"])
def test_what_was_never_sealed_is_said_so(broken):
    with pytest.raises(SealBroken):
        unseal(broken)


def test_what_is_sealed_for_a_while_runs_out():
    with time_machine.travel("2027-01-01T10:00Z", tick=False):
        sealed = seal("word")
    with time_machine.travel("2027-01-01T10:04Z", tick=False):
        assert unseal(sealed, seconds=300) == "word"
    with time_machine.travel("2027-01-01T10:06Z", tick=False), pytest.raises(SealBroken):
        unseal(sealed, seconds=300)
