"""D9: old copies of laptops and of the office are put back again and again, and no work that was acknowledged is lost.

``GRIDWORKER_PUT_BACK`` sets how many of each (1), ``GRIDWORKER_SEED`` from where; 1,000 of each by ``make soak``. That
each of them is noticed at the start is in store/test_spliced.py.
"""

import os
import random
import shutil
from collections.abc import Iterator

import pytest

from tests.circle import made_visit
from tests.convergence.community import Community
from tests.convergence.ground import OFFICE, Template
from tests.convergence.machine import fast_folder
from tests.convergence.settled import require_settled

COUNT = int(os.environ.get("GRIDWORKER_PUT_BACK", "1"))
SEED = int(os.environ.get("GRIDWORKER_SEED", "1"))
EACH = 5
"""In one community: a device has but so many lives."""


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    folder = fast_folder()
    yield Template.make(folder / "template")
    shutil.rmtree(folder)


def work(community: Community, name: str, chance: random.Random) -> None:
    """A visit, and a number that somebody else may be changing too."""
    households, people = (community.editable(name, kind) for kind in ("household", "resident"))
    if households:
        household = chance.choice(households)
        community.act(name, lambda at: made_visit(at, household))
    if people:
        person, phone = chance.choice(people), f"138{chance.randrange(10**8):08d}"
        community.act(name, lambda at: at.records.save("resident", {"phones": phone}, person))


def put_back(community: Community, name: str, chance: random.Random) -> int:
    """Any one of its copies, where there is one that may be. Returns how many."""
    copies = community.useful(name, community.copies[name])
    if copies:
        community.restore(name, chance.choice(copies))
    return len(copies[:1])


def lived(template: Template, number: int, wanted: int) -> tuple[int, int]:
    """One community, so many copies of each put back at most. How many of a laptop and of the office were."""
    chance, done = random.Random(f"{SEED} {number}"), [0, 0]
    community = Community(template, template.folder.parent / f"put-back-{number}")
    try:
        for _ in range(min(wanted, EACH)):
            name = chance.choice(community.laptops)
            for device in (name, OFFICE):
                work(community, device, chance)
                community.copy(device)
                work(community, device, chance)
            if chance.random() < 0.7:
                community.exchange(name)
            for at, device in enumerate((name, OFFICE)):
                done[at] += put_back(community, device, chance)
                work(community, device, chance)
        community.settle()
        require_settled(community)
    finally:
        community.close()
    return done[0], done[1]


def test_old_copies_put_back_lose_nothing(template: Template) -> None:
    laptops = offices = number = 0
    while min(laptops, offices) < COUNT:
        one, other = lived(template, number, COUNT - min(laptops, offices))
        assert one + other > 0, "there is always one that may be put back"
        laptops, offices, number = laptops + one, offices + other, number + 1
