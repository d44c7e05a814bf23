"""Old copies and old pages put into a store: all noticed, at the start or by the self-check."""

import os
import random
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from gridworker.errors import DiskFull, StoreDamaged, StoreProblem
from gridworker.paths import Folder
from gridworker.store import drafts
from gridworker.store.engine.database import PAGE_SIZE, Database
from gridworker.store.engine.filesafe import write_durably
from gridworker.store.health import freshness, lives, sidecar
from gridworker.store.health.check import check
from gridworker.store.health.lives import freshen, raise_mark
from gridworker.store.keys.vault import Keys
from gridworker.store.store import Store
from tests.builders import DEK, add, edit, make_store

COPIES = int(os.environ.get("GRIDWORKER_OLD_COPIES", "3"))
SPLICES = int(os.environ.get("GRIDWORKER_SPLICES", "5"))
SEED = int(os.environ.get("GRIDWORKER_SEED", "1"))
KEYS = Keys(DEK)
INDEX = "search_index", "search_words"
NOW = datetime(2026, 3, 18, 1, 42, tzinfo=UTC)


def started(folder: Folder) -> tuple[Store, freshness.Verdict]:
    """Open it as a start does."""
    there = freshness.has_log(folder)
    store = Store.open(Database(folder.database, DEK), KEYS.derive("chain"))
    with ExitStack() as opening:
        opening.callback(store.close)
        verdict = freshen(store, folder, KEYS, log_there=there)
        sidecar.keep(store, folder, KEYS)
        opening.pop_all()
    return store, verdict


def closed(store: Store, folder: Folder) -> bytes:
    """Close it in order. Returns its bytes."""
    raise_mark(store, folder, KEYS)
    store.close()
    return folder.database.read_bytes()


@pytest.fixture(params=[0, 3], ids=["office", "laptop"])
def folder(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """Of a device that takes the next of its lives, where it would choose by chance and soon be through with them."""
    monkeypatch.setattr(lives, "take_new_life", partial(lives.take_new_life, choose=min))
    folder = Folder(tmp_path / "data")
    make_store(folder.root, laptop=request.param).close()
    return folder


def test_an_old_copy_put_back_is_a_new_life(folder: Folder) -> None:
    chance = random.Random(SEED)
    store, _ = started(folder)
    copies: list[tuple[bytes, int]] = []
    for _ in range(COPIES):
        for _ in range(chance.randrange(1, 4)):
            add(store, "resident")
        life = store.identity.incarnation
        copies.append((closed(store, folder), life))
        store, verdict = started(folder)
        assert verdict.fresh
    for _ in range(COPIES):
        add(store, "resident")
        closed(store, folder)
        old, lived = chance.choice(copies)
        folder.database.write_bytes(old)
        store, verdict = started(folder)
        assert not verdict.fresh
        life = store.identity.incarnation
        assert life != lived
        copies.append((closed(store, folder), life))
        store, _ = started(folder)
    store.close()


def test_a_mark_that_cannot_be_written_at_the_end_is_no_old_copy(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says that the store is open, and closing takes the write-ahead log along by which a kill is told."""
    store, _ = started(folder)
    with monkeypatch.context() as patch:
        patch.setattr(freshness, "write_durably", written_and_full(0))
        with pytest.raises(DiskFull):
            raise_mark(store, folder, KEYS)
    store.close()
    store, verdict = started(folder)
    assert verdict.fresh
    store.close()


def test_nor_is_one_of_a_start_that_was_given_up(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    store, _ = started(folder)
    closed(store, folder)
    with monkeypatch.context() as patch:
        patch.setattr(freshness, "write_durably", written_and_full(2))
        with pytest.raises(DiskFull):
            started(folder)
    store, verdict = started(folder)
    assert verdict.fresh
    store.close()


def written_and_full(writes: int) -> Callable[[Path, bytes], None]:
    """So many files are written; the last of them is there, though it is said that the disk was full."""
    left = [writes]

    def write(path: Path, data: bytes) -> None:
        if left[0]:
            write_durably(path, data)
        left[0] -= 1
        if left[0] <= 0:
            raise DiskFull("full")

    return write


def lived_in(store: Store, people: list[int], way: str) -> None:
    """Names, drafts, keys and settings, some of them over several pages; another ``way``, and all of it differs."""
    for number, person in enumerate(people):
        edit(store, "resident", person, name=f"{way}{number}")
    with store.db.write() as connection:
        for number in range(12):
            drafts.put(connection, f"visit:{number}", f"{way}{number}".encode() * 60, NOW)
    with store.settings() as settings:
        settings.set_secret("device_keys", way.encode() * 900)
        settings.set("recovery_keys", way * 900)


def test_an_old_page_in_a_new_file_is_noticed(folder: Folder) -> None:
    """Where it is not, nothing differs that anybody reads: what the page held is the same in both."""
    chance = random.Random(SEED)
    store, _ = started(folder)
    people = [add(store, "resident") for _ in range(60)]
    lived_in(store, people, "王")
    old = closed(store, folder)
    store, _ = started(folder)
    lived_in(store, people, "李")
    new = closed(store, folder)
    wanted = holds(folder)
    mark = folder.mark.read_bytes()
    changed = [
        at
        for at in range(0, min(len(old), len(new)), PAGE_SIZE)
        if old[at : at + PAGE_SIZE] != new[at : at + PAGE_SIZE]
    ]
    assert len(changed) >= SPLICES
    for at in chance.sample(changed, SPLICES):
        spliced = new[:at] + old[at : at + PAGE_SIZE] + new[at + PAGE_SIZE :]
        folder.database.write_bytes(spliced)
        folder.mark.write_bytes(mark)
        if not is_noticed(folder):
            folder.database.write_bytes(spliced)
            assert holds(folder) == wanted, f"page {at // PAGE_SIZE + 1}"


def test_a_damaged_page_of_what_no_journal_covers_keeps_nobody_out(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is for the self-check to say, which reads every page."""
    store, _ = started(folder)
    closed(store, folder)

    def damaged(_cursor: object) -> tuple[str, str]:
        raise StoreDamaged("damaged")

    with monkeypatch.context() as patch:
        patch.setattr(lives, "fingerprint", damaged)
        store, verdict = started(folder)
        assert verdict.fresh
        closed(store, folder)
    store, verdict = started(folder)
    assert verdict.fresh
    store.close()


def is_noticed(folder: Folder) -> bool:
    """Whether the start or the self-check says something."""
    try:
        store, verdict = started(folder)
    except StoreProblem:
        return True
    try:
        return not verdict.fresh or any(fault.serious for fault in check(store))
    except StoreProblem:
        return True
    finally:
        store.close()


def holds(folder: Folder) -> dict[str, list[str]]:
    """All rows of all tables; not of the engine's own below the index, which the self-check holds against records."""
    with closing(Database(folder.database, DEK)) as database, database.read() as connection:
        named = connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'table'").scalars().all()
        rows = {
            name: connection.exec_driver_sql(f'SELECT * FROM "{name}"').all()
            for name in named
            if not name.startswith(INDEX)
        }
    return {name: sorted(map(repr, found)) for name, found in rows.items()}
