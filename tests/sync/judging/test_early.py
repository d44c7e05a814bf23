"""What was said of a record before it is created is judged with its creation: nobody names others' people that way."""

from pathlib import Path

import pytest

from gridworker.store.engine.database import Database
from gridworker.store.log.clock import Clock, device
from gridworker.store.log.op import Edit, OpRow, What, pack_create, pack_edits
from gridworker.store.scope.scope import grids_of, in_scope
from gridworker.store.store import Store
from gridworker.sync.judging.judge import OUT_OF_SCOPE
from tests.builders import CHAIN_KEY, DEK, MORNING, Wall
from tests.sync.test_bundle_batch import LAPTOPS, RESIDENT, ground, taken_in
from tests.sync.test_bundle_batch_new import AUDIT, MEMBER, TO_COME, Street, _laptops, street

__all__ = ["ground", "street"]

WHO = 2
"""Field of a membership: whom it brings along."""
NUMBER = LAPTOPS[0]


class Edited:
    """A membership of a laptop's own household that names somebody in an edit alone."""

    def __init__(self, street: Street, said: int, whom: int) -> None:
        clock = Clock(device(NUMBER, 0), wall=Wall(now=MORNING, step=9))
        self.edit, self.record = clock.next(), clock.next()
        self.named = OpRow(self.edit, said, self.record, int(What.EDIT), 0, pack_edits(
            self.record, [Edit(WHO, whom, (self.record,))]))  # fmt: skip
        vals = pack_create({1: street.households[NUMBER]})
        self.made = OpRow(self.record, MEMBER, self.record, int(What.CREATE), 0, vals)


def _waiting(street: Street, folder: Path, monkeypatch: pytest.MonkeyPatch, *bundles: list[OpRow]) -> dict[int, str]:
    """Take bundles of a laptop in. Returns the ops that wait, with their reasons."""
    _, (laptop, *_) = _laptops(street)
    paths = [laptop._packed(folder, rows) for rows in bundles]
    seen = taken_in(street.ground, folder / "office", monkeypatch, paths)
    assert len(seen.touched) == len(bundles)
    return {row[0]: reason for row in seen.tables["aside"] for reason in row if reason == OUT_OF_SCOPE}


def _members(folder: Path) -> set[int]:
    store = Store.open(Database(folder / "office" / "store.db", DEK), CHAIN_KEY)
    try:
        with store.db.read() as connection:
            return in_scope(connection, grids_of(connection, NUMBER), NUMBER)
    finally:
        store.close()


@pytest.mark.parametrize("said", [MEMBER, RESIDENT, TO_COME])
@pytest.mark.parametrize("together", [True, False])
def test_nobody_of_elsewhere_is_named_before_the_record_is_there(
    street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: int, together: bool
) -> None:
    stranger = street.ground.residents[-1]
    ops = Edited(street, said, stranger)
    bundles = [[ops.named, ops.made]] if together else [[ops.named], [ops.made]]
    assert _waiting(street, tmp_path, monkeypatch, *bundles)[ops.record] == OUT_OF_SCOPE
    assert stranger not in _members(tmp_path)


def test_what_a_bundle_before_said_counts_beside_what_this_one_says(
    street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = street.ground.residents[-1]
    ops = Edited(street, MEMBER, stranger)
    between = Clock(device(NUMBER, 0), wall=Wall(now=MORNING, step=9)).next() + (1 << 22)
    beside = ops.named._replace(clk=between, vals=pack_edits(ops.record, [Edit(3, "02", (ops.record,))]))
    assert ops.edit < between < ops.record
    waiting = _waiting(street, tmp_path, monkeypatch, [ops.named], [beside, ops.made])
    assert waiting[ops.record] == OUT_OF_SCOPE
    assert stranger not in _members(tmp_path)


def test_who_is_the_laptops_may_be_named_before_the_record_is_there(
    street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ops = Edited(street, MEMBER, street.ground.residents[0])
    assert _waiting(street, tmp_path, monkeypatch, [ops.named], [ops.made]) == {}
    assert ops.record in _members(tmp_path)


@pytest.mark.parametrize("said", [MEMBER, RESIDENT, TO_COME])
def test_what_was_superseded_before_the_record_is_there_is_judged_too(
    street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: int
) -> None:
    """It comes back where a verdict makes what replaced it count for nothing."""
    ops = Edited(street, said, street.ground.residents[-1])
    between = ops.edit + (1 << 22)
    vals = pack_edits(ops.record, [Edit(WHO, street.ground.residents[0], (ops.edit,))])
    replacing = ops.named._replace(clk=between, kind=MEMBER, vals=vals)
    assert ops.edit < between < ops.record
    waiting = _waiting(street, tmp_path, monkeypatch, [ops.named], [replacing], [ops.made])
    assert waiting[ops.record] == OUT_OF_SCOPE


@pytest.mark.parametrize("said", [MEMBER, RESIDENT, TO_COME])
def test_what_comes_in_one_row_with_the_creation_is_judged_with_it(
    street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: int
) -> None:
    stranger = street.ground.residents[-1]
    ops = Edited(street, said, stranger)
    _, (laptop, *_) = _laptops(street)
    paths = [laptop._packed(tmp_path, rows) for rows in ([ops.named], [ops.made])]
    paths += [laptop.creates(tmp_path, AUDIT, {4: "save"}) for _ in range(9)]
    seen = taken_in(street.ground, tmp_path / "office", monkeypatch, paths)
    assert ops.record in {row[0] for row in seen.tables["aside"]}
    assert stranger not in _members(tmp_path)


@pytest.mark.parametrize("said", [MEMBER, RESIDENT, TO_COME])
def test_the_creation_is_judged_with_it_too_where_the_same_bundle_says_another_kind_of_it(
    street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: int
) -> None:
    """A kind of a newer version has no table, in which the record could be missed."""
    stranger = street.ground.residents[-1]
    ops = Edited(street, said, stranger)
    beside = ops.made._replace(clk=ops.record + (1 << 22), record=ops.record + (1 << 22))
    later = ops.named._replace(
        clk=ops.record + (2 << 22), kind=TO_COME, vals=pack_edits(ops.record, [Edit(3, "02", (ops.record,))])
    )
    waiting = _waiting(street, tmp_path, monkeypatch, [ops.named], [ops.made, beside, later])
    assert waiting[ops.record] == OUT_OF_SCOPE
    assert stranger not in _members(tmp_path)


@pytest.mark.parametrize("said", [MEMBER, RESIDENT, TO_COME])
def test_what_comes_with_a_creation_that_is_here_is_judged_as_an_edit_of_it(
    street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: int
) -> None:
    """A bundle may bring once more what came before, with an edit that is said to be older than that."""
    stranger = street.ground.residents[-1]
    ops = Edited(street, said, stranger)
    _, (laptop, *_) = _laptops(street)
    paths = [laptop._packed(tmp_path, [ops.made])]
    laptop._upto = 0
    paths.append(laptop._packed(tmp_path, [ops.named, ops.made]))
    seen = taken_in(street.ground, tmp_path / "office", monkeypatch, paths)
    assert [row[0] for row in seen.tables["aside"]] == [ops.edit]
    assert stranger not in _members(tmp_path)


@pytest.mark.parametrize("beside", ["nothing", "what made it", "a strange household"])
def test_what_left_the_laptop_is_not_written_to_whatever_comes_with_that(
    street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beside: str
) -> None:
    """Its creation may come once more, or be judged once more with what a strange household would bring along."""
    clock = Clock(device(NUMBER, 0), wall=Wall(now=MORNING, step=9))
    person, member, edit, other = (clock.next() for _ in range(4))
    home, away = (
        OpRow(made, MEMBER, made, int(What.CREATE), 0, pack_create({1: street.households[laptop], WHO: person}))
        for made, laptop in ((member, NUMBER), (other, LAPTOPS[-1]))
    )
    made = OpRow(person, RESIDENT, person, int(What.CREATE), 0, pack_create({1: "王强"}))
    renamed = OpRow(edit, RESIDENT, person, int(What.EDIT), 0, pack_edits(person, [Edit(1, "王刚", (person,))]))
    _, (laptop, *_) = _laptops(street)
    taken_in(street.ground, tmp_path / "held", monkeypatch, [laptop._packed(tmp_path, [made, home])])
    store = Store.open(Database(tmp_path / "held" / "store.db", DEK), CHAIN_KEY)
    with store.db.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE span SET since = 0, until = 1, gone = 1 WHERE record IN ({person}, {member})"
        )
    store.close()
    with_it = {"nothing": [], "what made it": [made], "a strange household": [away]}[beside]
    left = street.ground._replace(folder=tmp_path / "held")
    laptop._upto = 0
    seen = taken_in(left, tmp_path / "office", monkeypatch, [laptop._packed(tmp_path, [*with_it, renamed])])
    assert edit in {row[0] for row in seen.tables["aside"]}


def test_what_was_replaced_in_a_circle_is_judged_too(
    street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two edits that name each other are nobody's head: no walk from the heads comes by them, a verdict may."""
    ops = Edited(street, MEMBER, street.ground.residents[-1])
    between = ops.edit + (1 << 22)
    there = ops.named._replace(vals=pack_edits(ops.record, [Edit(WHO, street.ground.residents[-1], (between,))]))
    back = Edit(WHO, street.ground.residents[0], (ops.edit,))
    again = ops.named._replace(clk=between, vals=pack_edits(ops.record, [back]))
    other = ops.named._replace(clk=between + 1, vals=pack_edits(ops.record, [Edit(3, "02", (ops.record,))]))
    assert ops.edit < between < between + 1 < ops.record
    waiting = _waiting(street, tmp_path, monkeypatch, [there, again, other], [ops.made])
    assert waiting[ops.record] == OUT_OF_SCOPE
