"""The beginning of an order kept by itself: a first page at a new start without all households."""

from collections.abc import Callable
from random import Random

import pytest

from gridworker.app.household.filter import EVERYBODY
from gridworker.app.household.households import Households
from gridworker.app.household.order import NEWEST, Order, orders
from gridworker.app.session import Session
from gridworker.store.upgrade.reread import reread
from tests.app.household.test_household_kept import _few_are_worth_it, kept
from tests.app.household.test_household_roll import LOOKED_UP, READ_ANEW, _ending, _new, _visit, homes, roll_of
from tests.village import HandClock, Home, Village

__all__ = ["_few_are_worth_it", "homes", "kept"]

HEAD = 5
KEPT = [one for one in orders() if one.by != NEWEST]


@pytest.fixture(autouse=True)
def _short_heads(_few_are_worth_it: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gridworker.app.household.roll.HEAD", HEAD)


def begun(session: Session, order: Order, limit: int) -> tuple[tuple[int, ...] | None, bool]:
    """What a new start has of an order without reading the books, and whether all of it was needed for that."""
    started = Households(session)
    with session.store.db.read() as connection:
        found = roll_of(started).first(connection, limit, order, EVERYBODY)
    return found, roll_of(started)._pieces.homes is not None


def require_right(session: Session, limits: range = range(1, HEAD + 2)) -> int:
    """It is what the books say. Returns how often it was told by the beginning alone."""
    alone = 0
    for order in KEPT:
        whole = Households(session).ids("", order.by, down=order.down)
        for limit in limits:
            found, with_all = begun(session, order, limit)
            assert found is None or found == tuple(whole[:limit]), (order, limit)
            alone += found is not None and not with_all
    return alone


def test_a_page_at_a_new_start_needs_the_beginning_alone(kept: Session) -> None:
    assert require_right(kept, range(1, HEAD + 1)) == HEAD * len(KEPT)
    assert begun(kept, Order(), HEAD + 1) == (tuple(Households(kept).ids()[: HEAD + 1]), True)


@pytest.mark.parametrize("act", LOOKED_UP)
def test_what_came_since_is_brought_in(
    kept: Session, village: Village, homes: list[Home], act: Callable[[Village, list[Home]], None], clock: HandClock
) -> None:
    act(village, homes)
    assert require_right(kept) > len(KEPT)
    clock.move(days=1)
    require_right(kept)


def test_who_comes_to_the_front_is_first_and_who_leaves_it_is_not(
    kept: Session, village: Village, homes: list[Home]
) -> None:
    latest = Order("visit", down=True)
    village.visit(homes[0], "2026-03-18")
    assert begun(kept, latest, 2)[0] == tuple(Households(kept).ids("", "visit", down=True)[:2])
    assert begun(kept, latest, 1) == ((homes[0].id,), False)
    for home in homes:
        village.visit(home, "2026-03-18")
    found, with_all = begun(kept, Order("visit"), HEAD)
    assert with_all
    assert found == tuple(Households(kept).ids("", "visit")[:HEAD])


def test_the_whole_list_is_there_after_its_beginning(kept: Session, village: Village, homes: list[Home]) -> None:
    """It is not looked for with a first page, and is with the second."""
    _visit(village, homes)
    started = Households(kept)
    first = started.first(HEAD)
    assert roll_of(started)._pieces.homes is None
    assert tuple(started.ids()[:HEAD]) == first
    assert roll_of(started)._pieces.homes is not None
    _new(village, homes)
    assert started.first(HEAD) == tuple(Households(kept).ids()[:HEAD])


@pytest.mark.parametrize("seed", range(6))
def test_whatever_was_done_a_first_page_is_right(
    kept: Session, village: Village, homes: list[Home], clock: HandClock, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = Random(seed)
    monkeypatch.setattr("gridworker.app.household.roll_pieces.LAG", chance.choice([0, 3, 100]))
    monkeypatch.setattr("gridworker.app.household.roll_pieces.FEW_IN_HEAD", chance.choice([2, 40]))
    alone = 0
    for _ in range(10):
        chance.choice([*LOOKED_UP, *READ_ANEW, _ending])(village, homes)
        for step in chance.sample(["day", "ahead", "rebuild"], chance.randint(0, 2)):
            if step == "day":
                clock.move(days=chance.choice([1, 1, 2, 9, 45]))
            elif step == "ahead":
                Households(kept).look_ahead()()
            else:
                reread(kept.store.db)
        alone += require_right(kept, range(2, 4))
    assert alone
