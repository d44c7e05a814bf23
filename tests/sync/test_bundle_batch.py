"""Plain bundles are merged in one batch, and the store is the same as if each had gone in by itself."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from gridworker.app.exchange.exchange import Exchange, Merged
from gridworker.app.session import Session
from gridworker.paths import Folder
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.health import lives
from gridworker.store.intake.transaction import Commit
from gridworker.store.keys.vault import Keys
from gridworker.store.log.clock import Clock, device
from gridworker.store.log.heads import Packed
from gridworker.store.log.log import unpack_heads
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_create, pack_edits
from gridworker.store.scope.spans import Spans
from gridworker.store.store import Store
from gridworker.store.streams import Exchange as Tables
from gridworker.store.streams import PeerKey, Stream
from gridworker.sync import bundle_batch
from gridworker.sync.files.files import BundleName
from gridworker.sync.format.bundle import Contents, write_bundle
from gridworker.sync.format.header import Header, Marks
from gridworker.sync.format.keys import DeviceKeys, new_recovery
from gridworker.sync.format.parts import Agreement, Purpose
from gridworker.sync.format.states import ACTIVE
from tests.builders import CHAIN_KEY, COMMUNITY, DEK, MORNING, Wall, add, make_store

LAPTOPS = (2, 3, 4)
BUNDLES = 24
RESIDENT, VISIT = 6, 12
NOTE, PHONES, NAME, LATER = 14, 5, 1, 900
"""Fields of a resident; LATER is of a version to come."""
NOW = datetime(2026, 3, 20, 8, tzinfo=UTC)


class Ground(NamedTuple):
    """An office, closed, and what its laptops hold; the last of the residents are nobody's."""

    folder: Path
    who: int
    residents: Sequence[int]
    keys: dict[int, DeviceKeys]
    office: DeviceKeys


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    folder = tmp_path_factory.mktemp("batch") / "office"
    folder.mkdir()
    store = make_store(folder)
    who = add(store, "staff", name="刘芳", role="office", active=True)
    residents = [add(store, "resident", name=f"张三{number}", note="独居") for number in range(120)]
    keys, office = {laptop: DeviceKeys.generate() for laptop in LAPTOPS}, DeviceKeys.generate()
    with store.settings() as settings:
        settings.set("person", who)
        settings.set_secret("device_keys", office.pack())
        settings.set("recovery_keys", new_recovery().public.pack())
    with store.db.write() as connection:
        tables = Tables(raw_cursor(connection))
        for laptop, own in keys.items():
            tables.pin(PeerKey(device(laptop, 0), laptop, own.public.pack(), ACTIVE, 0))
            tables.save_stream(Stream(laptop, scope=1))
            Spans(raw_cursor(connection), laptop).begin(1, 0, residents[:-3], ())
    store.db.checkpoint()
    store.close()
    return Ground(folder, who, residents, keys, office)


class Laptop:
    """What a laptop writes, nearly all of it plain."""

    def __init__(self, ground: Ground, number: int, chance: Random) -> None:
        self._ground, self._number, self._chance = ground, number, chance
        self._clock = Clock(device(number, 0), wall=Wall(now=MORNING + number * 7, step=9))
        self._heads: dict[tuple[int, int], int] = {}
        self._written: list[OpRow] = []
        self._n, self._upto = 0, 0
        self.is_crossing = False
        self._hash: str | None = None

    def bundle(self, folder: Path) -> Path:
        """The next bundle."""
        chance, before = self._chance, len(self._written)
        odd = chance.random() < 0.25
        records = chance.sample(self._ground.residents[:-3], chance.randint(1, 3))
        rows = [self._edit(record) for record in records]
        rows += [self._oddity()] if odd and chance.random() < 0.6 else []
        self._written += rows
        if odd and before and chance.random() < 0.2:
            rows = self._written[before // 2 :]
        self._n += 2 if odd and chance.random() < 0.2 else 1
        return self._packed(folder, rows)

    def _edit(self, record: int) -> OpRow:
        fields = sorted(self._chance.sample((NAME, PHONES, NOTE), self._chance.randint(1, 2)))
        fields += [LATER] if self._chance.random() < 0.05 else []
        clk, edits = self._clock.next(), []
        for field in fields:
            over = {self._heads.get((record, field), record)}
            if (
                self.is_crossing and self._chance.random() < 0.2
            ):  # what it replaces is of another record, or has yet to come
                over |= {
                    self._chance.choice(self._ground.residents),
                    clk + (self._chance.choice((-9, 9, 18, 27)) << 22),
                }
            edits.append(Edit(field, f"值{self._chance.randrange(5)}", tuple(sorted(over))))
            self._heads[record, field] = clk
        return OpRow(clk, RESIDENT, record, int(What.EDIT), 0, pack_edits(record, edits))

    def _oddity(self) -> OpRow:
        clk, record = self._clock.next(), self._chance.choice(self._ground.residents)
        match self._chance.randrange(4):
            case 0:
                return OpRow(clk, RESIDENT, clk, int(What.CREATE), 0, pack_create({NAME: "新人"}))
            case 1:
                deleted = pack_edits(record, [Edit(0, 0, (record,))], ())
                return OpRow(clk, RESIDENT, record, int(What.DELETE), 0, deleted)
            case 2:
                stranger = self._ground.residents[-1]
                return OpRow(clk, RESIDENT, stranger, 1, 0, pack_edits(stranger, [Edit(NOTE, "外", (stranger,))]))
            case _:
                return OpRow(clk, RESIDENT, record, int(What.EDIT), 0, b"\x93\x0e\xa1a")

    def next(self) -> int:
        """The clk of its next op."""
        return self._clock.next()

    def wrote(self, folder: Path, record: int, clk: int, over: int = 0) -> Path:
        """A bundle with one op, and what that replaces if not the creation of its record."""
        self._n += 1
        row = OpRow(clk, RESIDENT, record, int(What.EDIT), 0, pack_edits(record, [Edit(NOTE, "等", (over or record,))]))
        return self._packed(folder, [row])

    def astray(self, folder: Path) -> Path:
        """One that says that the office had, or gave, more than is here: the office begins a new life."""
        self._n += 1
        row = self._edit(self._ground.residents[0])
        if self._chance.random() < 0.5:
            return self._packed(folder, [row], got=("22" * 32,))
        self._upto += 1 << 30
        return self._packed(folder, [row._replace(clk=row.clk + (1 << 31))])

    def _packed(self, folder: Path, rows: Sequence[OpRow], got: tuple[str, ...] = ()) -> Path:
        since, upto, is_lost = self._upto, max(row.clk for row in rows), self._chance.random() < 0.03
        self._upto = since if is_lost else upto
        header = Header(
            purpose=Purpose.BUNDLE, community=COMMUNITY, sender=device(self._number, 0), recipient=0, n=self._n,
            time="2026-03-18T09:42:00Z", since=since, upto=upto, scope=1, prev=self._hash, got=got,
            have=Marks(n=self._chance.choice((0, 0, 3)), clk=since),
            digest=Agreement("11" * 32, 3, 1) if self._chance.random() < 0.2 else None,
        )  # fmt: skip
        signer = DeviceKeys.generate() if is_lost else self._ground.keys[self._number]
        written = write_bundle(
            Contents(header, rows, [Author(self._ground.who, 1)]), signer, [self._ground.office.public.recipient]
        )
        self._hash = written.hash
        path = folder / str(BundleName.of(header.sender, header.n, written.hash))
        path.write_bytes(written.data)
        return path


class Seen(NamedTuple):
    """What came of taking bundles in."""

    told: list[tuple[object, ...]]
    touched: list[dict[str, set[int]]]
    tables: dict[str, list[Any]]
    batched: int


def _told(merged: Merged) -> tuple[object, ...]:
    return merged.file, merged.trip, merged.again, merged.conflicts, merged.newer, str(merged.problem)


def taken_in(ground: Ground, folder: Path, monkeypatch: pytest.MonkeyPatch, *lots: Sequence[Path]) -> Seen:
    shutil.copytree(ground.folder, folder)
    store = Store.open(Database(folder / "store.db", DEK), CHAIN_KEY, wall=Wall(now=MORNING + 86_400_000, step=0))
    session = Session(store, Folder(folder), Keys(DEK), ground.who, now=lambda: NOW)
    monkeypatch.setattr(lives.take_new_life, "__defaults__", (min, None, None))
    commits: list[Commit] = []
    session.subscribe(commits.append)
    counted: list[int] = []
    take = bundle_batch._Row.take

    def counting(row: bundle_batch._Row, *given: Any) -> list[bundle_batch.Received]:
        counted.append(len(row.plain))
        return take(row, *given)

    monkeypatch.setattr(bundle_batch._Row, "take", counting)
    told = [_told(merged) for paths in lots for merged in Exchange(session).merge_all(paths)]
    monkeypatch.undo()
    with store.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search_%' ORDER BY 1")
        names = [name for (name,) in cursor.fetchall()]
        tables = {}
        for name in names:
            cursor.execute(f'SELECT * FROM "{name}"')
            tables[name] = sorted(cursor.fetchall(), key=repr)
    store.close()
    touched = [{kind: set(records) for kind, records in commit.touched.items()} for commit in commits]
    return Seen(told, touched, tables, sum(counted))


def _heads(seen: Seen) -> dict[int, Packed]:
    return {record: unpack_heads(k) for record, _, k in seen.tables["head"]}


@pytest.mark.parametrize("seed", range(3))
def test_bundles_in_a_batch_leave_what_each_by_itself_leaves(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = Random(seed)
    laptops = [Laptop(ground, number, chance) for number in LAPTOPS]
    paths = [chance.choice(laptops).bundle(tmp_path) for _ in range(BUNDLES)]
    paths += [laptops[0].astray(tmp_path), *(laptop.bundle(tmp_path) for laptop in laptops[1:])]
    together = taken_in(ground, tmp_path / "batch", monkeypatch, paths)
    monkeypatch.setattr(bundle_batch, "AT_LEAST", BUNDLES + 1)
    alone = taken_in(ground, tmp_path / "alone", monkeypatch, paths)
    assert together.batched > BUNDLES // 4
    assert alone.batched == 0
    assert together.told == alone.told
    assert together.touched == alone.touched
    for name, rows in alone.tables.items():
        assert together.tables[name] == rows, name


def test_bundles_that_name_ops_of_other_records_end_alike_too(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No program writes such: what each bundle is said to have done may differ, and what is stored may not."""
    chance = Random(7)
    laptops = [Laptop(ground, number, chance) for number in LAPTOPS]
    for laptop in laptops:
        laptop.is_crossing = True
    paths = [chance.choice(laptops).bundle(tmp_path) for _ in range(BUNDLES)]
    together = taken_in(ground, tmp_path / "batch", monkeypatch, paths)
    monkeypatch.setattr(bundle_batch, "AT_LEAST", BUNDLES + 1)
    alone = taken_in(ground, tmp_path / "alone", monkeypatch, paths)
    assert together.batched > BUNDLES // 4
    for name in ("resident", "conflict", "awaited", "pending", "newest", "mark", "stream", "aside"):
        assert together.tables[name] == alone.tables[name], name
    assert _heads(together) == _heads(alone)


def test_a_record_that_waited_for_one_of_them_is_told_of_too(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (Laptop(ground, number, Random(0)) for number in LAPTOPS[:2])
    waiting, *others = ground.residents[:3]
    clks = [first.next(), first.next()]
    lots = [
        [first.wrote(tmp_path, waiting, clks[0], clks[1])],
        [first.wrote(tmp_path, others[0], clks[1]), second.wrote(tmp_path, others[1], second.next())],
    ]
    seen = taken_in(ground, tmp_path / "batch", monkeypatch, *lots)
    assert seen.batched == 2
    assert [commit["resident"] for commit in seen.touched] == [{waiting}, {others[0]}, {others[1], waiting}]


def test_what_is_asked_of_every_bundle_is_asked_once_of_a_batch(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop = Laptop(ground, LAPTOPS[0], Random(2))
    paths = [laptop.wrote(tmp_path, record, laptop.next()) for record in ground.residents[:6]]
    asked: list[str] = []
    connect = Database._connect

    def traced(database: Database, *, query_only: bool) -> Any:
        connection = connect(database, query_only=query_only)
        connection.set_trace_callback(asked.append)
        return connection

    monkeypatch.setattr(Database, "_connect", traced)
    assert taken_in(ground, tmp_path / "batch", monkeypatch, paths).batched == len(paths)
    for what in ("record, field, clk FROM pending", "FROM bundle WHERE hash = "):
        assert sum(what in statement for statement in asked) == 1, what
