"""Work the office has not confirmed outlives every action: setting up over it, failed packing, lying receipts, undo."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from gridworker.app.access.enrolment import enrol
from gridworker.app.access.founding import Founding, found_office
from gridworker.app.demo.demo import make_demo
from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull, Problem, StoreMissing
from gridworker.store.engine.database import raw_cursor
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.log.log import Cursor
from gridworker.store.streams import Exchange, own_ops
from gridworker.sync import tracing
from gridworker.sync.format.header import Header
from gridworker.sync.outgoing import Outgoing
from gridworker.sync.post import Post
from gridworker.sync.standing import marks_of
from tests.circle import Circle, Family, made_visit

PASSPHRASE = "four words are enough"
FOUNDING = Founding("420202005002", "师院社区办公室", "刘芳")


@pytest.fixture
def family(circle: Circle) -> Family:
    return circle.family(circle.office.devices.add_grid("第一网格"))


@pytest.fixture
def laptop(circle: Circle, family: Family) -> Workspace:
    """A laptop that has handed in once and written since."""
    laptop = circle.enrol("周敏", circle.office.devices.grid("第一网格"))
    circle.round(laptop)
    for _ in range(3):
        made_visit(laptop, family.household)
    return laptop


def unsent(laptop: Workspace) -> set[int]:
    """Clks of this laptop's own ops that are not confirmed."""
    store = laptop.session.store
    with store.cursor() as cursor:
        return {row.clk for row in own_ops(cursor, store.identity.laptop, Exchange(cursor).marks())}


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("what", ["enrol", "found", "demo"])
def test_nothing_is_set_up_over_a_store(tmp_path: Path, what: str) -> None:
    office, kit = tmp_path / "office", tmp_path / "kit.gwk"
    found_office(office, PASSPHRASE, FOUNDING, profile=CHEAP)
    opened = Workspace.open(office, PASSPHRASE, profile=CHEAP)
    issued = opened.devices.issue_kit("周敏", [opened.devices.add_grid("第一网格")], kit)
    opened.close()
    before = bytes_of(office)
    acts: dict[str, Callable[[], object]] = {
        "enrol": lambda: enrol(kit, issued.code, office, PASSPHRASE, profile=CHEAP),
        "found": lambda: found_office(office, PASSPHRASE, FOUNDING, profile=CHEAP),
        "demo": lambda: make_demo(tmp_path, people=20, profile=CHEAP),
    }
    with pytest.raises(StoreMissing):
        acts[what]()
    assert bytes_of(office) == before


def test_the_log_of_a_store_that_was_moved_away_is_kept_where_a_new_one_is_set_up(tmp_path: Path) -> None:
    """Half of somebody's work may be in it, and whoever moved the store may bring it back."""
    office = tmp_path / "office"
    office.mkdir()
    (office / "store.db-wal").write_bytes(b"not brought in")
    found_office(office, PASSPHRASE, FOUNDING, profile=CHEAP)
    assert b"not brought in" in bytes_of(office).values()


def test_a_packing_that_goes_wrong_leaves_all_of_it_to_be_sent(circle: Circle, laptop: Workspace) -> None:
    before, kept = unsent(laptop), bytes_of(laptop.session.folder.outbox)
    assert kept
    with pytest.raises(Problem):
        laptop.exchange.pack(circle.folder / "no such folder" / "bundle.gwb")
    assert unsent(laptop) >= before
    assert bytes_of(laptop.session.folder.outbox) == kept
    assert [trip.state for trip in laptop.exchange.trips() if trip.outgoing].count("sent") == 1


def test_a_packing_that_cannot_be_put_on_record_leaves_no_file_and_takes_no_number(
    circle: Circle, laptop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is in no books would go again under the number of another."""
    store = laptop.session.store
    folders = laptop.session.folder.outbox, circle.stick

    def state() -> tuple[object, ...]:
        with store.cursor() as cursor:
            streams = [stream[:] for stream in Exchange(cursor).streams()]
        return streams, [sorted(folder.glob("*.gwb")) for folder in folders], len(laptop.exchange.trips())

    before = state()

    def full(*_: object, **__: object) -> None:
        raise DiskFull("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(store, "write", full)
        with pytest.raises(DiskFull):
            laptop.exchange.pack(circle.stick)
    assert state() == before
    laptop.exchange.pack(circle.stick)
    assert state() != before


def test_what_is_confirmed_is_not_read_when_a_new_life_has_begun(laptop: Workspace) -> None:
    """A store that was put back writes on as another life of its laptop, of which nothing is confirmed for a while."""
    store, written = laptop.session.store, unsent(laptop)
    last = max(written)
    with store.db.write() as connection, closing(raw_cursor(connection)) as cursor:
        cursor.execute("INSERT INTO newest VALUES (?, ?)", (store.identity.device + 1, last + 1))
        cursor.execute("INSERT INTO op SELECT clk + 1, kind, record, what, author, vals FROM op WHERE clk = ?", (last,))
        counted = Counted(cursor)
        marks = Exchange(cursor).marks()
        found = own_ops(counted, store.identity.laptop, marks)  # type: ignore[arg-type]  # has what is asked of a cursor
    assert {row.clk for row in found} == {*written, last + 1}
    assert counted.fetched <= len(found) + 3  # the newest of each device too


def test_what_is_to_be_handed_over_is_counted_once_until_something_is_written(
    laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sidebar and the page both ask after each save."""
    read: list[int] = []

    def counted(post: Post) -> Outgoing:
        read.append(1)
        return pending(post)

    pending = Post.pending
    monkeypatch.setattr(Post, "pending", counted)
    first = laptop.exchange.pending()
    assert laptop.exchange.pending() == first
    assert len(read) == 1
    made_visit(laptop, family.household)
    assert laptop.exchange.pending().records == first.records + 1
    assert len(read) == 2
    monkeypatch.setattr(Session, "read_only", True)
    laptop.exchange.pending()
    assert len(read) == 3, "what another window writes it does not hear of"


class Counted:
    """A cursor that counts the rows that are fetched."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor, self.fetched = cursor, 0
        self.execute = cursor.execute

    def fetchall(self) -> list[tuple[object, ...]]:
        """All rows."""
        found: list[tuple[object, ...]] = self.cursor.fetchall()
        self.fetched += len(found)
        return found


def test_only_a_receipt_for_what_was_handed_over_confirms(circle: Circle, laptop: Workspace, family: Family) -> None:
    """The office's mark may be anything: what was written after the bundle it took in stays to be sent."""
    circle.hand_in(laptop)
    later = made_visit(laptop, family.household)
    store = circle.office.session.store
    with store.db.write() as connection:
        connection.exec_driver_sql("UPDATE mark SET clk = clk + (1 << 40)")
    circle.reply(laptop)
    assert later in unsent(laptop)
    circle.hand_in(laptop)
    assert circle.office.records.show("visit", later).values["household_id"] == family.household


def test_a_receipt_believed_blindly_would_lose_it(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bug planted: the test above can fail."""

    def blindly(_exchange: Exchange, header: Header) -> dict[int, int]:
        return marks_of(header.have)

    monkeypatch.setattr("gridworker.sync.incoming.believed", blindly)
    assert tracing.believed is not blindly
    circle.hand_in(laptop)
    later = made_visit(laptop, family.household)
    with circle.office.session.store.db.write() as connection:
        connection.exec_driver_sql("UPDATE mark SET clk = clk + (1 << 40)")
    circle.reply(laptop)
    assert later not in unsent(laptop)


def test_no_act_of_a_person_takes_it_away(circle: Circle, laptop: Workspace, family: Family) -> None:
    before = unsent(laptop)
    visit = made_visit(laptop, family.household)
    laptop.records.remove("visit", visit)
    laptop.records.bring_back("visit", visit)
    laptop.records.undo()
    laptop.exchange.pack(circle.stick)
    for row in circle.stick.glob("00-*.gwb"):
        laptop.exchange.merge(row)  # old replies once more
    circle.office.devices.revoke(1)
    assert unsent(laptop) > before
    name = "laptop-1"
    circle.close(name)
    assert unsent(circle.open(name)) > before


def test_the_outbox_keeps_its_copy_until_it_is_confirmed(circle: Circle, laptop: Workspace) -> None:
    laptop.exchange.pack(circle.stick).unlink()
    open_one = next(trip for trip in laptop.exchange.trips() if trip.outgoing and trip.state == "sent")
    copy = laptop.session.folder.outbox / open_one.file
    assert copy.exists()
    circle.round(laptop)
    assert unsent(laptop) <= own_audit(laptop)


def own_audit(laptop: Workspace) -> set[int]:
    """Audit rows: they are written by handing over itself, so the last of them is never confirmed."""
    with laptop.session.store.cursor() as cursor:
        cursor.execute("SELECT id FROM audit_event")
        return {row[0] for row in cursor.fetchall()}
