"""The people and rows that hostile requests are about."""

import pytest

from tests.hostile.attacker import Attacker
from tests.hostile.canaries import make_foreign_world
from tests.hostile.scene import Scene


@pytest.fixture
def foreign(db):
    """Somebody else's world: nothing of it may ever be seen from the scene."""
    return make_foreign_world()


@pytest.fixture
def scene(db, foreign, settings):
    """Our own world with a person for every part, while a foreign one exists."""
    settings.ACCOUNT_RATE_LIMITS = False  # an attacker with many addresses
    return Scene(foreign)


@pytest.fixture
def attack(scene):
    """``attack(form)``: an Attacker in front of this Form."""
    return lambda form: Attacker(scene, form)
