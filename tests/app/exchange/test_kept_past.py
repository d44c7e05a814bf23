"""A restored office keeps what its log says of places: replies read that, and it goes where the log changes."""

import pytest

from gridworker.app.workspace import Workspace
from gridworker.store import relink
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.log import Cursor
from gridworker.store.log.op import OpRow
from gridworker.store.log.sheaves import fetch_ops
from gridworker.store.upgrade.reread import reread
from tests.circle import Circle, Family, delete, made_visit
from tests.past import require_as_defined


@pytest.fixture
def restored(circle: Circle, laptop: Workspace, family: Family) -> Workspace:
    """The office, set back once; its laptop has heard of that."""
    put_back(circle)
    circle.round(laptop)
    circle.round(laptop)
    return circle.office


def put_back(circle: Circle, copy: str = "copy") -> None:
    if not (circle.folder / copy).exists():
        circle.copy("office", copy)
        circle.open("office")
    circle.restore("office", copy)


def places(office: Workspace, record: int) -> set[int]:
    """Where a record was, by what is kept."""
    with office.session.store.cursor() as cursor:
        cursor.execute("SELECT place FROM past WHERE record = ?", (record,))
        return {row[0] for row in cursor.fetchall()}


def pack(circle: Circle) -> None:
    circle.clock.move(minutes=1)
    circle.office.exchange.pack(circle.stick, 1)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many ops each look at the log brought."""
    found: list[int] = []

    def counted(cursor: Cursor) -> list[OpRow]:
        rows = fetch_ops(cursor)
        found.append(len(rows))
        return rows

    monkeypatch.setattr("gridworker.store.log.log.fetch_ops", counted)
    return found


FEW = 50


def much_visited(circle: Circle, laptop: Workspace, family: Family) -> None:
    """Much stands in the log, and the laptop has all of it."""
    for _ in range(2 * FEW):
        made_visit(circle.office, family.household)
    circle.round(laptop)
    circle.round(laptop)


def test_a_reply_does_not_read_the_log_whole(
    circle: Circle, restored: Workspace, laptop: Workspace, family: Family, read: list[int]
) -> None:
    much_visited(circle, laptop, family)
    for _ in range(2):
        read.clear()
        restored.exchange.has_news(1)
        assert sum(read) < FEW
        read.clear()
        pack(circle)
        assert sum(read) < FEW


def test_who_looks_for_news_again_and_again_reads_the_log_whole_but_once(
    circle: Circle, restored: Workspace, laptop: Workspace, family: Family, read: list[int]
) -> None:
    much_visited(circle, laptop, family)
    reread(restored.session.store.db)
    assert places(restored, family.household) == set()
    restored.exchange.has_news(1)
    read.clear()
    restored.exchange.has_news(1)
    assert sum(read) < FEW


def test_where_who_was_erased_had_lived_is_not_kept(circle: Circle, restored: Workspace, family: Family) -> None:
    assert family.dwelling in places(restored, family.household)
    restored.records.save("household", {"head_id": None}, family.household)
    restored.erasing.erase("household", family.household)
    assert places(restored, family.household) == set()
    pack(circle)
    assert family.dwelling not in places(restored, family.household)
    assert family.building in places(restored, family.dwelling), "of all others it is kept again"
    require_as_defined(restored.session.store, 1)


def test_it_is_not_believed_where_another_version_erased(
    circle: Circle, restored: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That knew nothing of the table, and let go of nothing."""
    restored.records.save("household", {"head_id": None}, family.household)
    with monkeypatch.context() as older:
        older.setattr(relink, "let_go", lambda _cursor: None)
        restored.erasing.erase("household", family.household)
    assert family.dwelling in places(restored, family.household)
    require_as_defined(restored.session.store, 1)
    pack(circle)
    assert family.dwelling not in places(restored, family.household)


def test_it_is_made_anew_after_an_upgrade(circle: Circle, restored: Workspace, family: Family) -> None:
    before = places(restored, family.household)
    with restored.session.store.db.write() as connection:
        raw_cursor(connection).execute("UPDATE past SET record = -record")  # as of a version that read it otherwise
    reread(restored.session.store.db)
    require_as_defined(restored.session.store, 1)
    pack(circle)
    assert places(restored, family.household) == before


def test_a_copy_that_is_put_back_again_has_that_of_its_time(
    circle: Circle, restored: Workspace, laptop: Workspace, family: Family, grids: tuple[int, int]
) -> None:
    circle.copy("office", "later")
    circle.open("office")
    elsewhere = circle.family(grids[1], "909", "王秘密")
    circle.office.records.save("household", {"dwelling_id": elsewhere.dwelling}, family.household)
    delete(circle.office, "household_member", family.member)
    pack(circle)
    assert elsewhere.dwelling in places(circle.office, family.household)
    put_back(circle, "later")
    assert family.dwelling in places(circle.office, family.household)
    assert elsewhere.dwelling not in places(circle.office, family.household)
    made_visit(circle.office, family.household)
    require_as_defined(circle.office.session.store, 1)
    for _ in range(2):
        circle.round(laptop)
        require_as_defined(circle.office.session.store, 1)
    assert circle.agrees(laptop, grids[0])


def test_an_office_that_was_never_restored_keeps_nothing(circle: Circle, laptop: Workspace, family: Family) -> None:
    circle.round(laptop)
    assert places(circle.office, family.household) == set()
