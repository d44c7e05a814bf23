"""Bundles that make records are merged in one batch too, and the store is the same as if each had gone in by itself."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from gridworker.record import Value
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.log.clock import Clock, device
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_create, pack_edits
from gridworker.store.scope.spans import Spans
from gridworker.store.store import Store
from gridworker.sync import bundle_batch
from gridworker.sync.files.files import BundleName
from gridworker.sync.format.bundle import Contents, write_bundle
from gridworker.sync.format.header import Header, Marks
from gridworker.sync.format.parts import Purpose
from tests.builders import CHAIN_KEY, COMMUNITY, DEK, MORNING, Wall, add
from tests.sync.test_bundle_batch import LAPTOPS, NAME, NOTE, RESIDENT, VISIT, Ground, ground, taken_in

__all__ = ["ground"]

HOUSEHOLD, MEMBER, AUDIT, TO_COME = 5, 7, 16, 999
BUNDLES = 30


class Street(NamedTuple):
    """The office of ``ground``, and by laptop a household it holds. The first two laptops share a grid."""

    ground: Ground
    households: Mapping[int, int]
    dwelling: int


@pytest.fixture(scope="module")
def street(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Street:
    folder = tmp_path_factory.mktemp("street") / "office"
    shutil.copytree(ground.folder, folder)
    store = Store.open(Database(folder / "store.db", DEK), CHAIN_KEY)
    grids = [add(store, "grid", name=name) for name in "甲乙"]
    households, dwelling = {}, 0
    for laptop in LAPTOPS:
        grid = grids[laptop == LAPTOPS[-1]]
        building = add(store, "building", grid_id=grid, building_name="3栋")
        own = add(store, "device", number=laptop, state="active")
        add(store, "device_grid", device_id=own, grid_id=grid)
        dwelling = add(store, "dwelling", grid_id=grid, building_id=building, room_no="101")
        households[laptop] = add(store, "household", dwelling_id=dwelling, status="active")
        with store.db.write() as connection:
            held = [*ground.residents[:-3], dwelling, households[laptop]]
            Spans(raw_cursor(connection), laptop).begin(1, 0, held, (grid,))
    store.db.checkpoint()
    store.close()
    return Street(ground._replace(folder=folder), households, dwelling)


class Laptop:
    """What a laptop adds: acts with their notes on record, about what is there or what it made before."""

    others: Sequence["Laptop"] = ()

    def __init__(self, street: Street, number: int, chance: Random) -> None:
        self._street, self._number, self._chance = street, number, chance
        self._clock = Clock(device(number, 0), wall=Wall(now=MORNING + number * 7, step=9))
        self._heads: dict[tuple[int, int], int] = {}
        self.made: dict[int, list[int]] = {kind: [] for kind in (HOUSEHOLD, RESIDENT, VISIT, MEMBER)}
        self._n, self._upto = 0, 0
        self._hash: str | None = None

    def bundle(self, folder: Path) -> Path:
        """The next bundle."""
        rows = [row for _ in range(self._chance.randint(1, 2)) for row in self._act()]
        if not rows or self._chance.random() < 0.7:
            rows.append(self._create(AUDIT, {4: "save"}))
        return self._packed(folder, rows)

    def _act(self) -> list[OpRow]:
        chance, mine = self._chance, self._street.households[self._number]
        homes = [mine, mine, *self.made[HOUSEHOLD]]
        if chance.random() < 0.2:
            return [self._oddity(homes)]
        match chance.randrange(3):
            case 0:
                return [self._create(VISIT, {2: chance.choice(homes), 14: "在家"})]
            case 1:
                new = self._create(RESIDENT, {NAME: "新人"})
                return [new, self._create(MEMBER, {1: chance.choice(homes), 2: new.record})]
            case _:
                residents = [*self._street.ground.residents[:-2], *self.made[RESIDENT]]
                return [self._edit(RESIDENT, chance.choice(residents), NOTE)]

    def _oddity(self, homes: Sequence[int]) -> OpRow:
        """What is rare, or moves somebody, or is judged by what others made."""
        chance, mine = self._chance, homes[0]
        match chance.randrange(6):
            case 0:
                return self._create(HOUSEHOLD, {2: self._street.dwelling} if chance.random() < 0.5 else {1: "新户"})
            case 1:
                residents = self._street.ground.residents[:6]
                return self._create(MEMBER, {1: chance.choice(homes), 2: chance.choice(residents)})
            case 2:
                return self._create(RESIDENT, {NAME: "没有户的人"})
            case 3:
                there = [made for one in self.others for made in one.made[HOUSEHOLD]]
                return self._create(VISIT, {2: chance.choice(there or homes)})
            case 4:
                member = chance.choice([*self.made[MEMBER], mine])
                return self._edit(MEMBER if member != mine else HOUSEHOLD, member, chance.choice((1, 6, 12)))
            case _:
                return self._create(TO_COME, {1: "新的一种"})

    def _create(self, kind: int, values: Mapping[int, Value]) -> OpRow:
        clk = self._clock.next()
        self.made.setdefault(kind, []).append(clk)
        return OpRow(clk, kind, clk, int(What.CREATE), 0, pack_create(values))

    def _edit(self, kind: int, record: int, field: int) -> OpRow:
        clk, over = self._clock.next(), self._heads.get((record, field), record)
        self._heads[record, field] = clk
        value = self._street.households[self._number] if (kind, field) == (MEMBER, 1) else "改过"
        return OpRow(clk, kind, record, int(What.EDIT), 0, pack_edits(record, [Edit(field, value, (over,))]))

    def edits(self, folder: Path, record: int) -> Path:
        """A bundle that edits a resident."""
        return self._packed(folder, [self._edit(RESIDENT, record, NOTE)])

    def creates(self, folder: Path, kind: int, values: Mapping[int, Value]) -> Path:
        """A bundle that makes one record."""
        return self._packed(folder, [self._create(kind, values)])

    def _packed(self, folder: Path, rows: Sequence[OpRow]) -> Path:
        self._n += 1
        ground, since, self._upto = self._street.ground, self._upto, max(row.clk for row in rows)
        header = Header(
            purpose=Purpose.BUNDLE, community=COMMUNITY, sender=device(self._number, 0), recipient=0, n=self._n,
            time="2026-03-18T09:42:00Z", since=since, upto=self._upto, scope=1, prev=self._hash,
            have=Marks(n=0, clk=since),
        )  # fmt: skip
        recipients, by = [ground.office.public.recipient], ground.keys[self._number]
        written = write_bundle(Contents(header, sorted(rows), [Author(ground.who, 1)]), by, recipients)
        self._hash = written.hash
        path = folder / str(BundleName.of(header.sender, header.n, written.hash))
        path.write_bytes(written.data)
        return path


def _laptops(street: Street, seed: int = 0) -> tuple[Random, list[Laptop]]:
    chance = Random(seed)
    laptops = [Laptop(street, number, chance) for number in LAPTOPS]
    for one in laptops:
        one.others = [other for other in laptops if other is not one]
    return chance, laptops


def _require_alike(street: Street, folder: Path, monkeypatch: pytest.MonkeyPatch, paths: Sequence[Path]) -> int:
    """Returns how many were merged in a batch."""
    together = taken_in(street.ground, folder / "batch", monkeypatch, paths)
    monkeypatch.setattr(bundle_batch, "AT_LEAST", len(paths) + 1)
    alone = taken_in(street.ground, folder / "alone", monkeypatch, paths)
    assert alone.batched == 0
    assert together.told == alone.told
    assert together.touched == alone.touched
    for name, rows in alone.tables.items():
        assert together.tables[name] == rows, name
    return together.batched


@pytest.mark.parametrize("seed", range(4))
def test_new_records_in_a_batch_leave_what_each_by_itself_leaves(
    street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance, laptops = _laptops(street, seed)
    paths = [chance.choice(laptops).bundle(tmp_path) for _ in range(BUNDLES)]
    assert _require_alike(street, tmp_path, monkeypatch, paths) > BUNDLES // 4


def test_what_hangs_on_a_record_of_a_bundle_before_goes_in_beside_it(
    street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, (laptop, *_) = _laptops(street)
    paths = [laptop.creates(tmp_path, HOUSEHOLD, {1: "新户"})]
    paths.append(laptop.creates(tmp_path, VISIT, {2: laptop.made[HOUSEHOLD][0]}))
    assert _require_alike(street, tmp_path, monkeypatch, paths) == 2


def test_what_names_a_record_of_no_grid_in_a_bundle_before_is_judged_when_that_is_here(
    street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, (laptop, *_) = _laptops(street)
    paths = [laptop.creates(tmp_path, AUDIT, {4: "save"}), laptop.creates(tmp_path, AUDIT, {4: "undo"})]
    paths.append(laptop.creates(tmp_path, VISIT, {2: laptop.made[AUDIT][0]}))
    assert _require_alike(street, tmp_path, monkeypatch, paths) == 2


def test_what_hangs_on_a_record_that_another_laptop_made_is_judged_when_that_is_here(
    street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, (first, second, _) = _laptops(street)
    paths = [first.creates(tmp_path, VISIT, {2: street.households[LAPTOPS[0]]}), first.bundle(tmp_path)]
    paths += [second.creates(tmp_path, VISIT, {2: first.made[VISIT][0]})]
    assert _require_alike(street, tmp_path, monkeypatch, paths) <= 2


def test_who_is_brought_along_is_where_that_puts_them_for_the_bundles_behind(
    street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last one made somebody whom nobody placed; another's household takes them away from it."""
    _, (first, *_, last) = _laptops(street)
    stranger = street.ground.residents[-1]
    paths = [
        first.creates(tmp_path, AUDIT, {4: "save"}),
        first.creates(tmp_path, MEMBER, {1: street.households[LAPTOPS[0]], 2: street.ground.residents[0]}),
        last.edits(tmp_path, stranger),
        last.edits(tmp_path, street.ground.residents[0]),
    ]
    assert _require_alike(street, tmp_path, monkeypatch, paths) == 0
