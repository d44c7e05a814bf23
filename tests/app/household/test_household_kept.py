"""Lists kept beside the books for the next start: what they answer is what the books say, or they are not believed."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from gridworker import discover
from gridworker.app.few_bytes import unpacked
from gridworker.app.household import roll_kept
from gridworker.app.household.households import Households
from gridworker.app.household.order import Order, orders
from gridworker.app.household.roll import everything
from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.store.engine.database import raw_cursor
from gridworker.store.erasure.eviction import evict
from gridworker.store.health.unlogged import fingerprint
from gridworker.store.log.clock import MS_SHIFT, OFFICE, device
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_edits
from gridworker.store.store import Incoming
from gridworker.store.tables.changes import Act
from gridworker.store.upgrade.reread import reread
from tests.app.household.test_household_roll import (
    LOOKED_UP,
    NAMES,
    READ_ANEW,
    _ending,
    _member,
    _moves_out,
    _new,
    _visit,
    homes,
    known,
    require_right,
)
from tests.village import HandClock, Home, Village

__all__ = ["homes"]


FRAME = b"\x28\xb5\x2f\xfd"
"""How what is packed begins."""


@pytest.fixture(autouse=True)
def _few_are_worth_it() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gridworker.app.household.roll.WORTH_KEEPING", 1)
        yield


@pytest.fixture
def kept(workspace: Workspace, homes: list[Home]) -> Session:
    """Of a store beside whose books all is kept."""
    assert homes
    workspace.households.look_ahead()()
    return workspace.session


def rows(session: Session) -> dict[str, bytes]:
    """What is kept, by name."""
    with session.store.cursor() as cursor:
        cursor.execute("SELECT name, body FROM worked_out")
        return dict(cursor.fetchall())


def read_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nobody may read all households."""
    for name in ("households.first_page", "households.ordered", "roll.ordered", "roll.both_ways", "roll.part_of"):
        monkeypatch.setattr(f"gridworker.app.household.{name}", None)


def test_the_next_start_reads_nothing(kept: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    started = Households(kept)
    require_right(started)
    read_nothing(monkeypatch)
    started.look_ahead()()
    assert known(Households(kept)) == {*everything()}


def test_what_came_since_is_looked_up_at_the_next_start(
    kept: Session, village: Village, homes: list[Home], clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for act in (_visit, _member, _new, _moves_out):
        act(village, homes)
    clock.move(days=1)
    require_right(Households(kept))
    read_nothing(monkeypatch)
    assert {*orders()} <= known(Households(kept))


@pytest.mark.parametrize("seed", range(8))
def test_whatever_was_done_in_whatever_order_the_books_are_right(
    kept: Session,
    village: Village,
    homes: list[Home],
    clock: HandClock,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    """Edits, evictions, undos, days, restarts and readings ahead between what was kept and what is asked."""
    chance = Random(seed)
    monkeypatch.setattr("gridworker.app.household.roll_pieces.LAG", chance.choice([0, 3, 100]))
    monkeypatch.setattr("gridworker.app.household.roll_pieces.FEW", chance.choice([0, 8]))
    at_work = Households(kept)
    for _ in range(12):
        act = chance.choice([*LOOKED_UP, *READ_ANEW, _ending])
        act(village, homes)
        for step in chance.sample(["day", "start", "ahead", "ask", "rebuild"], chance.randint(0, 3)):
            if step == "day":
                clock.move(days=chance.choice([1, 1, 2, 9, 45]))
            elif step == "start":
                at_work = Households(kept)
            elif step == "ahead":
                at_work.look_ahead()()
            elif step == "rebuild":
                reread(kept.store.db)
            else:
                require_right(at_work)
        if chance.random() < 0.4:
            require_right(Households(kept))
    require_right(at_work)
    require_right(Households(kept))


def test_nothing_personal_is_kept(kept: Session) -> None:
    bodies = rows(kept)
    assert len(bodies) > 30
    for name, kept_body in bodies.items():
        body = unpacked(kept_body) if kept_body.startswith(FRAME) else kept_body
        assert kept_body.startswith(FRAME) == (name != "households"), name
        for word in (*NAMES[:3], "李四", "138000", "安宁"):
            assert word.encode() not in body, name


def test_what_leaves_the_log_takes_all_of_it_along(kept: Session, homes: list[Home]) -> None:
    assert rows(kept)
    evict(kept.store, [homes[0].people[NAMES[0]]], Act("evict", kept.who))
    assert rows(kept) == {}
    require_right(Households(kept))


def test_who_is_erased_takes_all_of_it_along(kept: Session, homes: list[Home]) -> None:
    """The office's word comes with a reply; a laptop's own erases nothing."""
    resident, kind = homes[0].people[NAMES[0]], discover.kinds()["resident"].kind
    edits = [Edit(spec.number, None, (resident,)) for spec in kind.specs.values()]
    clk = ((kept.store.newest >> MS_SHIFT) + 1) << MS_SHIFT | device(OFFICE, 0)
    row = OpRow(clk, kind.number, resident, What.ERASE, 0, pack_edits(resident, edits))
    kept.store.apply(Incoming([row], [Author(kept.who, 1)], Act("merge", kept.who)))
    assert kept.store.get("resident", resident) == dict.fromkeys(kind.specs)
    assert rows(kept) == {}
    started = Households(kept)
    started.look_ahead()()
    require_right(started)


def test_tables_that_are_read_anew_are_not_what_it_was_worked_out_from(kept: Session) -> None:
    assert rows(kept)
    reread(kept.store.db)
    assert rows(kept) == {}


def test_what_is_kept_lies_where_no_other_name_is_looked_up(kept: Session) -> None:
    assert rows(kept)
    with kept.store.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM meta WHERE name GLOB 'worked out*'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(rowid) FROM worked_out")  # without rowids large ones are read to find others
        assert cursor.fetchone() == (len(rows(kept)),)


def test_what_was_kept_in_another_place_once_goes_when_the_tables_are_read_anew(kept: Session) -> None:
    with kept.store.db.write() as connection:
        raw_cursor(connection).execute("INSERT INTO meta (name, value) VALUES ('worked out: households ids', 'x')")
    reread(kept.store.db)
    with kept.store.cursor() as cursor:
        cursor.execute("SELECT name FROM meta WHERE name GLOB 'worked out*'")
        assert cursor.fetchall() == []


def test_another_rule_another_journal_or_a_page_of_another_time_is_not_believed(
    kept: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = next(name for name in rows(kept) if name.endswith("Order people True"))
    with kept.store.db.write() as connection:
        raw_cursor(connection).execute("UPDATE worked_out SET body = zeroblob(length(body)) WHERE name = ?", (name,))
    assert known(Households(kept)) == {*everything()} - {Order("people", down=True)}
    with monkeypatch.context() as patch:
        patch.setattr(roll_kept, "VERSION", roll_kept.VERSION + 1)
        roll_kept._own_rule.cache_clear()
        assert known(Households(kept)) == set()
    roll_kept._own_rule.cache_clear()
    assert known(Households(kept))
    with kept.store.db.write() as connection:
        raw_cursor(connection).execute("UPDATE batch SET mac = zeroblob(32)")
    assert known(Households(kept)) == set()


def test_keeping_changes_nothing_that_anybody_reads(workspace: Workspace, homes: list[Home]) -> None:
    assert homes
    session = workspace.session
    writes = session.store.db.writes
    with session.store.cursor() as cursor:
        before = fingerprint(cursor)
    workspace.households.look_ahead()()
    assert rows(session)
    with session.store.cursor() as cursor:
        assert fingerprint(cursor) == before
    assert session.store.db.writes == writes


def test_another_window_keeps_nothing_and_uses_what_is_kept(
    workspace: Workspace, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert homes
    reading = replace(workspace.session, writer="王芳")
    Households(reading).look_ahead()()
    assert rows(reading) == {}
    workspace.households.look_ahead()()
    require_right(Households(reading))
    read_nothing(monkeypatch)
    assert known(Households(reading)) == {*everything()}


def test_on_a_disk_that_is_nearly_full_nothing_is_kept(
    workspace: Workspace, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert homes
    monkeypatch.setattr(roll_kept, "free_bytes", lambda _folder: roll_kept.ROOM - 1)
    workspace.households.look_ahead()()
    assert rows(workspace.session) == {}
    assert known(workspace.households) == {*everything()}


def test_of_few_households_nothing_is_kept(
    workspace: Workspace, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.app.household.roll.WORTH_KEEPING", len(homes) + 2)
    workspace.households.look_ahead()()
    assert rows(workspace.session) == {}


def test_what_is_kept_is_written_anew_once_much_has_come(
    kept: Session, village: Village, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(kept)
    _visit(village, homes)
    Households(kept).look_ahead()()
    assert rows(kept) == before
    monkeypatch.setattr("gridworker.app.household.roll_pieces.LAG", 0)
    Households(kept).look_ahead()()
    after = rows(kept)
    changed = {name for name in after if after[name] != before[name]}
    assert {"households", "households Order visit False", "households Part unvisited 30"} <= changed
    assert "households Order door False" not in changed
    require_right(Households(kept))
