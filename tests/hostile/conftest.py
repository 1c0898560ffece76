"""The people and rows that hostile requests are about."""

from copy import deepcopy

import pytest

from tests.hostile.attacker import Attacker
from tests.hostile.canaries import make_foreign_world
from tests.hostile.scene import Scene


@pytest.fixture(scope="module")
def worlds(once):
    """Ours and a foreign one, as every test of a module finds them."""
    return once(lambda: Scene(make_foreign_world()))


@pytest.fixture
def foreign(scene):
    """Somebody else's world: nothing of it may ever be seen from the scene."""
    return scene.foreign


@pytest.fixture
def scene(db, worlds, settings):
    """Our own world with a person for every part, while a foreign one exists."""
    settings.ACCOUNT_RATE_LIMITS = False  # an attacker with many addresses
    return deepcopy(worlds)


@pytest.fixture
def attack(scene):
    """``attack(form)``: an Attacker in front of this Form."""
    return lambda form: Attacker(scene, form)
