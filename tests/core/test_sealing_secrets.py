"""Secrets at rest: sealed by the newest key, opened by any that is still there."""

import pytest

from apps.core import sealing

TOKEN = "ghp_not-a-real-one 🔑"


def test_what_is_sealed_says_nothing_and_opens_again():
    sealed = sealing.seal(TOKEN)

    assert TOKEN not in sealed
    assert sealed != sealing.seal(TOKEN)
    assert sealing.open_sealed(sealed) == TOKEN


def test_setting_keys_later_loses_nothing(settings):
    sealed = sealing.seal(TOKEN)

    settings.CREDENTIAL_KEYS = ["a new key"]

    assert sealing.open_sealed(sealed) == TOKEN


def test_a_key_is_rotated_by_sealing_again(settings):
    settings.CREDENTIAL_KEYS = ["old"]
    sealed = sealing.seal(TOKEN)
    settings.CREDENTIAL_KEYS = ["new", "old"]
    renewed = sealing.renewed(sealed)
    settings.CREDENTIAL_KEYS = ["new"]

    assert sealing.open_sealed(renewed) == TOKEN
    with pytest.raises(sealing.CannotBeOpened):
        sealing.open_sealed(sealed)
    with pytest.raises(sealing.CannotBeOpened):
        sealing.renewed(sealed)


@pytest.mark.parametrize("damaged", ["", "nonsense", "gAAAAA", "\x00", "ü"])
def test_damage_is_told_and_not_read(damaged):
    with pytest.raises(sealing.CannotBeOpened):
        sealing.open_sealed(damaged)
