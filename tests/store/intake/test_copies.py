"""Two ops of one clk: which are copies of one, and which are what two copies of a laptop wrote."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gridworker.record import Value
from gridworker.store.engine.database import raw_cursor
from gridworker.store.intake.audit_row import Done, audit_row
from gridworker.store.intake.copies import Copies
from gridworker.store.log.clock import TICK, device
from gridworker.store.log.log import Log
from gridworker.store.log.op import Edit, OpRow, What, pack_create, pack_edits
from gridworker.store.records import kind_named
from gridworker.store.store import Store
from gridworker.store.tables.changes import COMPACT, Act
from tests.builders import make_store

OWN = device(1, 2)
FIRST, SECOND = 1000 * TICK + OWN, 2000 * TICK + OWN


@pytest.fixture
def stores(tmp_path: Path) -> "Iterator[Stores]":
    opened = Stores(tmp_path)
    yield opened
    for store in opened.values():
        store.close()


class Stores(dict[tuple[int, int], Store]):
    """By number of laptop and life."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def __missing__(self, which: tuple[int, int]) -> Store:
        self[which] = make_store(self._folder / f"{which}", laptop=which[0], incarnation=which[1])
        return self[which]


def created(kind: str, **values: Value) -> OpRow:
    known = kind_named(kind).kind
    vals = pack_create({known.specs[name].number: value for name, value in values.items()})
    return OpRow(FIRST, known.number, FIRST, What.CREATE, 0, vals)


def edited(phones: str | None) -> OpRow:
    known = kind_named("resident").kind
    edits = [Edit(known.specs["phones"].number, phones, (77,)), Edit(known.specs["note"].number, "n", (77,))]
    return OpRow(FIRST, known.number, 77, What.EDIT, 0, pack_edits(77, edits))


PERSON = created("resident", name="张三", status="in_place"), created("resident", name="张三")
CHANGE = edited("13811111111"), edited(None)
ACT = created("audit_event", action="merge", count=3), created("audit_event", action="merge")


def act_of(clk: int, name: str = COMPACT) -> OpRow:
    return audit_row(clk, 0, Act.note(name, 7), Done(0))


def told_by(store: Store, whole: OpRow, bare: OpRow, *came: OpRow) -> tuple[bool, bool]:
    """Whether they are one where the bare one is here and the whole one comes, and the other way round."""
    with store.cursor() as cursor:
        copies = Copies(cursor, came)
        return copies.are_one(bare, whole), copies.are_one(whole, bare)


@pytest.mark.parametrize("pair", [PERSON, CHANGE, ACT])
@pytest.mark.parametrize("where", [(0, 0), (0, 1), (1, 2)])
def test_one_that_says_less_is_another(stores: Stores, where: tuple[int, int], pair: tuple[OpRow, OpRow]) -> None:
    whole, bare = pair
    assert told_by(stores[where], whole, bare) == (False, False)
    assert told_by(stores[where], whole, whole._replace(author=3)) == (True, True)


@pytest.mark.parametrize("pair", [PERSON, CHANGE])
def test_what_was_erased_makes_no_difference(stores: Stores, pair: tuple[OpRow, OpRow]) -> None:
    whole, bare = pair
    gone = {name: kind_named("resident").kind.specs[name].number for name in ("phones", "status")}
    store = stores[0, 0]
    with store.db.write() as connection:
        Log(raw_cursor(connection)).add_erasures((whole.record, field, SECOND) for field in gone.values())
    assert told_by(store, whole, bare) == (True, True)
    other = bare._replace(vals=pack_create({1: "李四"}))
    assert told_by(store, whole, other) == (False, False)


@pytest.mark.parametrize(
    ("where", "expected"),
    [((0, 0), (False, False)), ((0, 1), (True, True)), ((1, 3), (True, False)), ((2, 0), (True, True))],
)
@pytest.mark.parametrize("pair", [PERSON, CHANGE])
def test_a_laptop_that_let_values_go_hands_the_op_in_bare_where_the_office_was_put_back(
    stores: Stores, pair: tuple[OpRow, OpRow], where: tuple[int, int], expected: tuple[bool, bool]
) -> None:
    """The laptop itself takes the whole op for its own; of what others wrote it knows nothing, and the office does."""
    assert told_by(stores[where], *pair, act_of(SECOND)) == expected
    assert told_by(stores[where], *ACT, act_of(SECOND)) == (False, False)


@pytest.mark.parametrize("act", [act_of(FIRST - TICK), act_of(SECOND, "pack"), act_of(SECOND - OWN + device(2, 0))])
def test_what_was_let_go_before_or_by_another_says_nothing(stores: Stores, act: OpRow) -> None:
    assert told_by(stores[0, 1], *PERSON, act) == (False, False)


def test_that_values_were_let_go_may_be_on_record_already(stores: Stores) -> None:
    store = stores[1, 2]
    assert told_by(store, *PERSON) == (False, False)
    store.write([], Act.note(COMPACT, 7))
    assert told_by(store, *PERSON) == (True, False)
