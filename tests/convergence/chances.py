"""What the product leaves to chance and the course of events hangs on: in the machine the same in every run."""

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from gridworker.store.health import lives
from gridworker.sync import forks, incoming
from gridworker.sync.returning import life

if TYPE_CHECKING:
    from gridworker.store.store import Store


def live_the_same_lives(patch: pytest.MonkeyPatch) -> None:
    """Lives that devices take by themselves are drawn from a seed. A bug that is planted there stays planted."""
    chance = Random(1)
    for module in (forks, incoming, life, lives):
        patch.setattr(module, "take_new_life", _seeded(vars(module)["take_new_life"], chance))


def _seeded(take: Callable[..., None], chance: Random) -> Callable[..., None]:
    def seeded(store: "Store", **known: Any) -> None:
        take(store, chance.choice, **known)

    return seeded
