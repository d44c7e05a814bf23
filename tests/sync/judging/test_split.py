"""What a laptop may not write is set aside with all that hangs on it, in whatever bundles and order it comes."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridworker import discover
from gridworker.record import Value
from gridworker.store.engine.database import raw_cursor
from gridworker.store.health.compare import differing
from gridworker.store.health.dangling import dangling
from gridworker.store.log.clock import device
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_create, pack_edits
from gridworker.store.log.verdicts import Verdicts
from gridworker.store.scope.scope import in_scope
from gridworker.store.scope.spans import Spans
from gridworker.store.store import Store
from gridworker.store.streams import Aside, BundleRow, Exchange
from gridworker.store.tables.changes import Act
from gridworker.sync import incoming
from gridworker.sync.format.header import Header, pack_header
from gridworker.sync.format.parts import Purpose
from gridworker.sync.format.states import MERGED
from gridworker.sync.incoming import Arrived, take_from_laptop
from gridworker.sync.judging.judge import NOT_FOR_LAPTOPS
from gridworker.sync.judging.pending_references import Reconsidered
from gridworker.sync.judging.rulings import rule
from tests.builders import COMMUNITY, MORNING, add, edit, make_store

LAPTOP = 1
MINE = device(LAPTOP, 0)
WHO = 7 << 22
BUNDLES = 4


class Ground(NamedTuple):
    """The office, a household in the laptop's grid and one in another."""

    store: Store
    own: int
    foreign: int
    here: int
    elsewhere: int


class Ops:
    """What the laptop writes, by a name for each op."""

    def __init__(self) -> None:
        self.rows: dict[str, OpRow] = {}

    def make(self, name: str, kind: str, /, **values: Value) -> None:
        """A record: a value that names an op refers to the record it makes."""
        clk = self.clk(name)
        vals = pack_create(dict(self._numbered(kind, values)))
        self.rows[name] = OpRow(clk, _number(kind), clk, What.CREATE, 0, vals)

    def edit(self, name: str, kind: str, record: int | str, /, **values: Value) -> None:
        """An edit of a record."""
        about = self.clk(record) if isinstance(record, str) else record
        edits = [Edit(field, value, (about,)) for field, value in self._numbered(kind, values)]
        self.rows[name] = OpRow(self.clk(name), _number(kind), about, What.EDIT, 0, pack_edits(about, edits))

    @staticmethod
    def clk(name: str) -> int:
        """The clk of an op: some are written before what they name."""
        at = int.from_bytes(hashlib.sha256(name.encode()).digest()[:2])
        return (MORNING + at) << 22 | MINE

    def _numbered(self, kind: str, values: Mapping[str, Value]) -> Iterator[tuple[int, Value]]:
        specs = discover.kinds()[kind].kind.specs
        for name, value in values.items():
            refers = isinstance(value, str) and specs[name].ref is not None
            yield specs[name].number, self.clk(str(value)) if refers else value


def _number(kind: str) -> int:
    return discover.kinds()[kind].kind.number


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    store = make_store(tmp_path_factory.mktemp("office"))
    own, foreign = add(store, "grid", name="第一网格"), add(store, "grid", name="第二网格")
    laptop = add(store, "device", number=LAPTOP, state="active")
    add(store, "device_grid", device_id=laptop, grid_id=own)
    homes = []
    for grid in (own, foreign):
        building = add(store, "building", grid_id=grid, building_name="3栋")
        dwelling = add(store, "dwelling", building_id=building, room_no="101")
        homes.append(add(store, "household", dwelling_id=dwelling, status="active"))
    with store.db.write() as connection:
        here = in_scope(connection, [own], LAPTOP)
        Spans(raw_cursor(connection), LAPTOP).begin(0, 1, here, [own])
    yield Ground(store, own, foreign, *homes)
    store.close()


@pytest.fixture(scope="module")
def written(ground: Ground) -> dict[str, OpRow]:
    """What is the laptop's to write, what is not, and what hangs on either, on both, and on what hangs on it."""
    ops = Ops()
    ops.make("house", "building", grid_id=ground.foreign, building_name="9栋")
    ops.make("door", "dwelling", building_id="house", room_no="101")
    ops.edit("door, other number", "dwelling", "door", room_no="102")
    ops.make("home", "household", dwelling_id="door")
    ops.make("head", "resident", name="王强")
    ops.make("head in it", "household_member", household_id="home", resident_id="head")
    ops.edit("head, phone", "resident", "head", phones="13800000001")
    ops.make("visit", "visit", household_id="home")
    ops.edit("household moves there", "household", ground.here, dwelling_id="door")
    ops.make("grid", "grid", name="第三网格")
    ops.make("house in it", "building", grid_id="grid", building_name="8栋")
    ops.make("stranger", "resident", name="李静")
    ops.make("stranger elsewhere", "household_member", household_id=ground.elsewhere, resident_id="stranger")
    ops.make("stranger, consent", "consent", resident_id="stranger")
    ops.make("son", "resident", name="赵海")
    ops.make("son there", "household_member", household_id="home", resident_id="son")
    ops.make("son here", "household_member", household_id=ground.here, resident_id="son")
    ops.edit("son, phone", "resident", "son", phones="13800000002")
    ops.make("own house", "building", grid_id=ground.own, building_name="5栋")
    ops.make("own door", "dwelling", building_id="own house", room_no="501")
    ops.make("own home", "household", dwelling_id="own door")
    ops.make("own head", "resident", name="周敏")
    ops.make("own head in it", "household_member", household_id="own home", resident_id="own head")
    ops.make("own head there", "household_member", household_id="home", resident_id="own head")
    ops.make("own visit", "visit", household_id=ground.here)
    return ops.rows


ASIDE = {
    "house", "door", "door, other number", "home", "head", "head in it", "head, phone", "visit",
    "household moves there", "grid", "house in it", "stranger", "stranger elsewhere", "stranger, consent", "son there",
    "own head there",
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(ground: Ground, written: Mapping[str, OpRow]) -> "End":
    """Where the office arrives with all at once."""
    return end_of(ground.store, [list(written.values())])


class Undone(Exception):
    """Leaves a transaction that is to leave nothing behind."""


class End(NamedTuple):
    """Where an office has arrived: what its tables show, what waits, what is not as it should be."""

    tables: Mapping[str, Sequence[tuple[object, ...]]]
    aside: Mapping[int, str]
    faults: Sequence[object]


def take(store: Store, bundles: Sequence[Sequence[OpRow]]) -> None:
    """Take bundles in, one after the other."""
    for n, rows in enumerate(bundles, 1):
        digest = hashlib.sha256(bytes([n])).digest()
        header = Header(
            purpose=Purpose.BUNDLE, community=COMMUNITY, sender=MINE, recipient=store.identity.device, n=n,
            time="2026-03-18T01:00:00Z", upto=max((row.clk for row in rows), default=0),
        )  # fmt: skip
        row = BundleRow(digest, LAPTOP, n, 0, MERGED, 0, f"{n}.gwb", pack_header(header))
        act = Act("merge", WHO, count=len(rows), always=True)
        take_from_laptop(store, Arrived(header, digest, rows, [Author(WHO, 0)]), act, row)


def waiting(store: Store) -> list[Aside]:
    with store.cursor() as cursor:
        return Exchange(cursor).aside()


def shown(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """The tables of what lies in some grid, or is a person."""
    kinds = [record.kind for record in discover.kinds().values()]
    with store.db.read() as connection:
        return {
            kind.name: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {kind.name} ORDER BY id")]
            for kind in kinds
            if not kind.office_only
        }


def end_of(store: Store, bundles: Sequence[Sequence[OpRow]]) -> End:
    """Where the office arrives with these bundles; it is as it was before then."""
    found: list[End] = []
    with suppress(Undone), store.together():
        take(store, bundles)
        with store.cursor() as cursor:
            faults = [*differing(cursor, cursor), *dangling(cursor, store.identity), *Verdicts(cursor).faults()]
        found.append(End(shown(store), {op.clk: op.reason for op in waiting(store)}, faults))
        raise Undone
    return found[0]


def split(written: Mapping[str, OpRow], where: Sequence[int]) -> list[list[OpRow]]:
    """The ops in bundles: ``where`` says by its bits in which of them each is; one that comes twice is a double."""
    rows = list(written.values())
    return [[row for row, bits in zip(rows, where, strict=True) if bits >> at & 1] for at in range(BUNDLES)]


def test_all_at_once_it_is_set_aside_as_a_whole(written: Mapping[str, OpRow], whole: End) -> None:
    clks = {row.clk: name for name, row in written.items()}
    assert {clks[clk] for clk in whole.aside} == ASIDE
    assert {clks[clk] for clk, reason in whole.aside.items() if reason == NOT_FOR_LAPTOPS} == {"grid"}
    assert whole.faults == []


ALONE = [1, 2, 4, 8]
"""Each op in one bundle of four."""


@settings(max_examples=16)
@given(data=st.data())
def test_any_bundles_in_any_order_end_the_same(
    ground: Ground, written: Mapping[str, OpRow], whole: End, data: st.DataObject
) -> None:
    bits = st.sampled_from(ALONE) | st.integers(1, (1 << BUNDLES) - 1)
    where = data.draw(st.lists(bits, min_size=len(written), max_size=len(written)))
    assert end_of(ground.store, split(written, where)) == whole


def test_one_by_one_forwards_and_backwards_it_ends_the_same(
    ground: Ground, written: Mapping[str, OpRow], whole: End
) -> None:
    rows = list(written.values())
    for one_by_one in (rows, rows[::-1], sorted(rows), sorted(rows, reverse=True)):
        assert end_of(ground.store, [[row] for row in one_by_one]) == whole


def test_an_office_that_looks_at_one_bundle_at_a_time_is_found_out(
    ground: Ground, written: Mapping[str, OpRow], whole: End, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = list(written.values())
    monkeypatch.setattr(incoming, "reconsider", lambda _c, _l, judged, authors, _o: Reconsidered(judged, authors))
    ends = [end_of(ground.store, [[row] for row in one_by_one]) for one_by_one in (rows, rows[::-1], sorted(rows))]
    assert whole not in ends


def test_what_others_have_placed_since_stays(ground: Ground, written: Mapping[str, OpRow]) -> None:
    """The office moved the household into a house of its own, and took the person into another."""
    store, rows = ground.store, list(written.values())
    first = [row for row in rows if row is not written["house"]]
    with suppress(Undone), store.together():
        take(store, [first])
        building = add(store, "building", grid_id=ground.own, building_name="2栋")
        door = add(store, "dwelling", building_id=building, room_no="201")
        edit(store, "household", written["home"].record, dwelling_id=door)
        add(store, "household_member", household_id=ground.here, resident_id=written["stranger"].record)
        take(store, [rows])
        left = {op.clk for op in waiting(store)}
        clks = {name: row.clk for name, row in written.items()}
        assert {clks[name] for name in ("house", "door", "household moves there", "stranger elsewhere")} <= left
        assert left.isdisjoint({clks[name] for name in ("home", "visit", "head", "head in it")})
        raise Undone


@pytest.mark.parametrize("accept", [True, False])
def test_the_offices_word_ends_it_whatever_came_first(
    ground: Ground, written: Mapping[str, OpRow], accept: bool
) -> None:
    """What was taken in and set aside since is ruled on like what never was."""
    rows = [row for name, row in written.items() if name != "grid" and name != "house in it"]
    ends = []
    for bundles in ([rows], [[row] for row in rows[::-1]], [[row] for row in sorted(rows)]):
        with suppress(Undone), ground.store.together():
            take(ground.store, bundles)
            rule(ground.store, waiting(ground.store), Act("verdict", WHO), accept=accept)
            with ground.store.cursor() as cursor:
                assert [*differing(cursor, cursor), *Verdicts(cursor).faults()] == []
            assert waiting(ground.store) == []
            ends.append(shown(ground.store))
            raise Undone
    assert ends[0] == ends[1] == ends[2]
    assert (written["door"].record in {record for record, *_ in ends[0]["dwelling"]}) is accept
