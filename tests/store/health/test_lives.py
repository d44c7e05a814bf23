"""A device put back again and again: never the same life twice, and there is one as long as there can be.

``GRIDWORKER_LIVES`` sets how many backups are put back in a row (10); 40 by ``make soak``.
"""

import os
import random
import shutil
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.errors import StoreProblem
from gridworker.paths import Folder
from gridworker.store.backup import restore
from gridworker.store.backup.backup import Source, back_up
from gridworker.store.engine.database import Database
from gridworker.store.engine.machine import Volume
from gridworker.store.health import freshness, lives, sidecar
from gridworker.store.health.check import check
from gridworker.store.health.lives import freshen, raise_mark
from gridworker.store.health.lives_used import FEW, few_left, next_life
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys
from gridworker.store.log.clock import MAX_INCARNATION, MAX_TICK, TICK, device_of, ms_of
from gridworker.store.meta import FIELD_ROLE, OFFICE_ROLE, Identity
from gridworker.store.store import Store
from tests.builders import DEK, MORNING, add, make_store
from tests.circle import write_keys

COUNT = int(os.environ.get("GRIDWORKER_LIVES", "10"))
KEYS = Keys(DEK)
NOW = datetime(2026, 3, 18, 1, 42, tzinfo=UTC)
ROLES = st.sampled_from([Identity(FIELD_ROLE, "1", 3, 0), Identity(OFFICE_ROLE, "1", 0, 0)])


class Device:
    """A data folder, a place for its backups, and the lives it has lived in that folder."""

    def __init__(self, root: Path) -> None:
        self.folder, self.place = Folder(root / "data"), root / "place"
        make_store(self.folder.root, laptop=3).close()
        write_keys(self.folder)
        self.backups: list[Path] = []
        self.lives = [0]
        self.work()

    def start(self) -> Store:
        there = freshness.has_log(self.folder)
        store = Store.open(Database(self.folder.database, DEK), KEYS.derive("chain"))
        verdict = freshen(store, self.folder, KEYS, log_there=there)
        sidecar.keep(store, self.folder, KEYS, settled=not verdict.fresh)
        if not verdict.fresh:
            self.lives.append(store.identity.incarnation)
        return store

    def close(self, store: Store) -> None:
        raise_mark(store, self.folder, KEYS)
        store.close()

    def work(self, *, back_up_too: bool = False) -> None:
        store = self.start()
        add(store, "resident")
        if back_up_too:
            self.backups.append(back_up(Source(store, self.folder, KEYS, CHEAP), self.place, NOW).path)
        self.close(store)

    def put_back(self, backup: Path) -> int:
        done = restore.restore(backup, self.folder, KEYS, CHEAP).identity.incarnation
        self.lives.append(done)
        return done

    def at(self, folder: Path) -> "Device":
        """The same in a copy of the folder."""
        other = copy(self)
        other.folder, other.lives = Folder(folder), []
        return other

    def few_left(self) -> int | None:
        store = self.start()
        with store.cursor() as cursor:
            found = few_left(cursor, store.identity)
        self.close(store)
        return found


@pytest.fixture
def device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Device:
    """On a disk where a copied folder can be told from the original; chance takes the last of the lives."""
    monkeypatch.setattr(sidecar, "volume_of", lambda _: Volume("ext4"))
    for module in (restore, lives):
        monkeypatch.setattr(module, "take_new_life", partial(lives.take_new_life, choose=max))
    return Device(tmp_path)


@given(ROLES, st.lists(st.tuples(st.booleans(), st.integers(0, 63)), min_size=63, max_size=63))
def test_no_life_is_taken_twice_before_all_are_through(role: Identity, drawn: list[tuple[bool, int]]) -> None:
    """Whatever chance decides, and whichever of the lives the backup was made in."""
    known = [0]
    for sure, number in drawn:
        backup = replace(role, incarnation=known[number % len(known)])
        chance = random.Random(number)
        known.append(next_life(backup, known, chance.choice, known[-1] if sure else None))
    assert sorted(known) == list(range(MAX_INCARNATION + 1))
    assert next_life(replace(role, incarnation=0), known, min) != 0, "even then not the one that has a twin"


def test_backups_put_back_are_so_many_lives_in_order(device: Device) -> None:
    chance = random.Random(1)
    device.work(back_up_too=True)
    for number in range(COUNT):
        device.put_back(chance.choice(device.backups))
        if number % 8 == 5:
            device.work(back_up_too=True)
        if number % 8 == 7:  # only the store is set back, by hand
            old = device.folder.database.read_bytes()
            device.work()
            device.folder.database.write_bytes(old)
            device.work()
    assert device.lives == list(range(COUNT + 1 + COUNT // 8))


def test_where_lives_may_be_missing_the_next_is_by_chance(device: Device, tmp_path: Path) -> None:
    device.work(back_up_too=True)
    backup, other = device.backups[0], tmp_path / "copy"
    shutil.copytree(device.folder.root, other)
    assert device.put_back(backup) == 1
    device.folder.sidecar.unlink()
    device.work()
    assert device.put_back(backup) == 63, "the file beside the store was lost"
    path = next(device.place.glob("beside-*.json"))
    sidecar.write(path, KEYS, sidecar.Sidecar(lives=frozenset({62})))
    assert device.put_back(backup) == 61, "the backups' place knows of a life that the folder does not"
    assert device.put_back(backup) == 2, "known from there on"
    assert device.at(other).put_back(backup) == 63, "another folder: by chance, and here chance is bad"


def test_a_folder_set_back_as_a_whole_takes_one_by_chance_when_it_is_noticed(device: Device, tmp_path: Path) -> None:
    """By the number of the store's file, or by the office's receipts (sync/test_lives.py)."""
    device.work(back_up_too=True)
    shutil.copytree(device.folder.root, tmp_path / "copy")
    assert device.put_back(device.backups[0]) == 1
    shutil.copytree(tmp_path / "copy", device.folder.root, dirs_exist_ok=True)
    other = tmp_path / "other.db"
    shutil.copy(device.folder.database, other)
    other.replace(device.folder.database)
    device.work()
    assert device.lives == [0, 1, 63]


def test_when_few_are_left_it_says_so_and_when_none_is_nothing_is_put_back(device: Device) -> None:
    device.work(back_up_too=True)
    known = frozenset(range(MAX_INCARNATION - FEW))
    sidecar.remember(device.folder, KEYS, sidecar.Sidecar(lives=known))
    assert device.few_left() is None
    device.put_back(device.backups[0])
    assert device.few_left() == FEW
    sidecar.remember(device.folder, KEYS, sidecar.Sidecar(lives=frozenset(range(MAX_INCARNATION + 1))))
    before = device.folder.database.read_bytes()
    with pytest.raises(StoreProblem, match="so often"):
        device.put_back(device.backups[0])
    assert device.folder.database.read_bytes() == before
    assert device.few_left() == 0


@pytest.mark.parametrize("laptop", [0, 3])
def test_a_store_whose_ids_are_used_up_begins_a_life_at_the_time_it_is(tmp_path: Path, laptop: int) -> None:
    """An older version followed a clock that stood at 2095. It goes on at the next start, before any save fails."""
    folder = Folder(tmp_path / "data")
    store = make_store(folder.root, laptop=laptop)
    write_keys(folder)
    assert freshen(store, folder, KEYS).fresh
    with store.settings() as settings:
        settings.set("clock", MAX_TICK * TICK)
    raise_mark(store, folder, KEYS)
    store.close()
    told = []
    for _ in range(2):
        there = freshness.has_log(folder)
        store = Store.open(Database(folder.database, DEK), KEYS.derive("chain"), wall=lambda: MORNING)
        told.append(freshen(store, folder, KEYS, log_there=there).reason)
        assert ms_of(add(store, "resident")) < MORNING + 1000
        assert check(store) == []
        raise_mark(store, folder, KEYS)
        store.close()
    assert told == [freshness.Reason.IDS_SPENT, None]
    assert store.identity.incarnation != 0


def test_a_copy_of_such_a_store_begins_at_the_time_it_is_too(device: Device) -> None:
    store = device.start()
    with store.settings() as settings:
        settings.set("clock", MAX_TICK * TICK)
    device.close(store)
    device.folder.mark.unlink()
    store = device.start()
    assert not store.is_spent
    assert device_of(add(store, "resident")) == store.identity.device
    device.close(store)
    assert len(device.lives) == 2
