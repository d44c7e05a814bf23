"""Backups: what has the final name is what the store was; what need not be kept goes, never the last three."""

import itertools
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.errors import DiskFull, StoreDamaged, StoreMissing, StoreNewer, StoreProblem
from gridworker.paths import Folder
from gridworker.store.backup import backup as backups
from gridworker.store.backup import files as backup_files
from gridworker.store.backup import manifest, raw_copy
from gridworker.store.backup import place as backup_place
from gridworker.store.backup.backup import Backup, Source, back_up, compare, state_of, verify
from gridworker.store.backup.manifest import Manifest, Named, file_hash
from gridworker.store.backup.place import LAST, MOST, finished, listing, surplus, thin
from gridworker.store.engine import diskspace
from gridworker.store.engine.database import PAGE_SIZE, Database, raw_cursor
from gridworker.store.engine.filesafe import fsync_folder
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys, Vault
from gridworker.store.meta import Identity
from gridworker.store.store import Store
from gridworker.store.streams import BundleRow, Exchange
from tests.builders import DEK, Wall, add, edit
from tests.circle import PASSPHRASE, write_keys

NOW = datetime(2026, 3, 18, 1, 42, tzinfo=UTC)
KEYS = Keys(DEK)


def new_source(root: Path, laptop: int = 0) -> Source:
    """An open store with keys, one record and one bundle in its archive."""
    folder = Folder(root)
    folder.archive.mkdir(parents=True)
    db = Database(folder.database, DEK, create=True)
    store = Store.create(db, KEYS.derive("chain"), Identity("office", "420202001001", laptop, 0), wall=Wall())
    write_keys(folder)
    add(store, "resident", name="陈桂芳")
    (folder.archive / "01-1-aaaaaaaa.gwb").write_bytes(b"sealed")
    with store.db.write() as connection:
        exchange = Exchange(raw_cursor(connection))
        exchange.save_bundle(BundleRow(b"a" * 32, 1, 1, 0, "merged", 1, "01-1-aaaaaaaa.gwb", b""))
        exchange.raise_marks([(64, 1000)])
    return Source(store, folder, KEYS, CHEAP)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    source = new_source(tmp_path / "data")
    yield source
    source.store.close()


def made(source: Source, place: Path) -> Backup:
    return back_up(source, place, NOW)


def test_a_backup_opens_with_the_same_passphrase_and_is_what_the_store_was(source: Source, tmp_path: Path) -> None:
    person = add(source.store, "resident", name="王小明")
    backup = made(source, tmp_path / "place")
    edit(source.store, "resident", person, name="王大明")
    keys = Vault(Folder(backup.path), CHEAP).open(PASSPHRASE)
    assert verify(backup.path, keys) == backup
    db = Database(backup.path / "store.db", keys.dek, read_only=True)
    store = Store.open(db, keys.derive("chain"))
    values = store.get("resident", person)
    store.close()
    assert values is not None
    assert values["name"] == "王小明"
    assert backup.marks == ((64, 1000),)


def test_a_backup_is_on_its_own_and_names_nobody(source: Source, tmp_path: Path) -> None:
    backup = made(source, tmp_path / "place")
    assert backup.path.name == "00-0001-000001-20260318T014200Z"
    names = {path.name for path in backup.path.iterdir()}
    assert names == {"store.db", "keys.json", "keys.bak.json", "files.json", "manifest.json"}
    held = b"".join(path.read_bytes() for path in backup.path.iterdir())
    assert "陈桂芳".encode() not in held
    assert b"SQLite format" not in held


def test_it_opens_where_nothing_can_be_written(source: Source, tmp_path: Path) -> None:
    backup = made(source, tmp_path / "place")
    before = {path.name: path.read_bytes() for path in backup.path.iterdir()}
    verify(backup.path, KEYS)
    assert {path.name: path.read_bytes() for path in backup.path.iterdir()} == before


def test_its_name_is_on_the_disk_before_anybody_hears_of_it(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a power cut a laptop may have let go of what it was told is backed up."""
    synced, sync = list[list[str]](), fsync_folder

    def syncing(folder: Path) -> None:
        sync(folder)
        synced.append([path.name for _, path in finished(folder)])

    monkeypatch.setattr(backups, "fsync_folder", syncing)
    name = made(source, tmp_path / "place").path.name
    assert synced == [[name]]


def test_files_that_go_along_are_kept_once(source: Source, tmp_path: Path) -> None:
    place = tmp_path / "place"
    first, second = made(source, place), made(source, place)
    assert listing(first.path) == listing(second.path)
    assert listing(first.path)["archive/01-1-aaaaaaaa.gwb"][1] == 6
    pool = list((place / "files").iterdir())
    assert [path.read_bytes() for path in pool] == [b"sealed"]


def test_a_file_replaced_in_the_archive_stays_as_it_was_in_the_backup(source: Source, tmp_path: Path) -> None:
    backup = made(source, tmp_path / "place")
    file = source.folder.archive / "01-1-aaaaaaaa.gwb"
    other = file.with_name("new")
    other.write_bytes(b"redacted")
    other.replace(file)
    again = made(source, tmp_path / "place")
    lost = backup_place.copy_out(tmp_path / "place", listing(backup.path), tmp_path / "out")
    assert lost == []
    assert (tmp_path / "out" / "archive" / file.name).read_bytes() == b"sealed"
    assert listing(again.path) != listing(backup.path)


def test_files_put_back_in_their_place_are_not_emptied(source: Source, tmp_path: Path) -> None:
    """The pool's file and the archive's may be one file under two names."""
    backup = made(source, tmp_path / "place")
    for _ in range(2):
        assert backup_place.copy_out(tmp_path / "place", listing(backup.path), source.folder.root) == []
    assert (source.folder.archive / "01-1-aaaaaaaa.gwb").read_bytes() == b"sealed"
    assert [path.read_bytes() for path in (tmp_path / "place" / "files").iterdir()] == [b"sealed"]


@pytest.mark.parametrize("name", ["store.db", "keys.json", "keys.bak.json", "files.json", "manifest.json"])
def test_a_backup_that_was_changed_is_refused(source: Source, tmp_path: Path, name: str) -> None:
    backup = made(source, tmp_path / "place")
    path = backup.path / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(StoreDamaged):
        verify(backup.path, KEYS)


def test_a_missing_or_newer_backup_is_named(source: Source, tmp_path: Path) -> None:
    backup = made(source, tmp_path / "place")
    with pytest.raises(StoreMissing):
        verify(tmp_path, KEYS)
    body = json.loads((backup.path / "manifest.json").read_bytes())
    (backup.path / "manifest.json").write_text(json.dumps(body | {"format": 4, "program": "3.0"}))
    with pytest.raises(StoreNewer, match=r"3\.0 \(format 4\), and this is .* \(format 3\)"):
        verify(backup.path, KEYS)
    (backup.path / "manifest.json").write_text("[]")
    with pytest.raises(StoreDamaged):
        Manifest.read(backup.path, KEYS)


def test_a_backup_of_an_older_program_counts_the_log_too_and_none_of_ours_looks_like_one(
    source: Source, tmp_path: Path
) -> None:
    """It would count the log of ours, find no number to hold it against, and call a whole backup damaged."""
    backup = made(source, tmp_path / "place")
    body = json.loads((backup.path / "manifest.json").read_bytes())
    assert body["format"] == 3
    assert {"op", "sheaf", "batch"}.isdisjoint(body["counts"])
    for ops, whole in ((_ops_of(source), True), (_ops_of(source) + 1, False)):
        older = {name: value for name, value in body.items() if name != "mac"} | {"format": 1}
        older["counts"] = body["counts"] | {"op": ops}
        older["hashes"] = body["hashes"] | {"store.db": file_hash(backup.path / "store.db")}
        (backup.path / "manifest.json").write_text(json.dumps(older | {"mac": manifest._mac(KEYS, older)}))
        if whole:
            assert verify(backup.path, KEYS).manifest.counts["op"] == ops
        else:
            with pytest.raises(StoreDamaged):
                verify(backup.path, KEYS)


def _ops_of(source: Source) -> int:
    with source.store.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM op")
        return int(cursor.fetchone()[0])


def test_a_copy_that_is_not_what_the_store_was_never_gets_the_name(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one thing a backup may not be: something else than the store."""
    whole = _in_the_file(source)
    _written_over(monkeypatch, whole[-2 * PAGE_SIZE : -PAGE_SIZE], len(whole) - PAGE_SIZE)
    with pytest.raises(StoreProblem, match="reads back differently"):
        made(source, tmp_path / "place")
    assert finished(tmp_path / "place") == []
    assert list((tmp_path / "place").glob("*.part")) == []


def test_an_older_page_that_a_lost_write_left_is_noticed(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was sealed with the same key as the page of that number: a stick held an older backup there."""
    before = _in_the_file(source)
    add(source.store, "resident", name="王小明")
    after = _in_the_file(source)
    at = next(
        at for at in range(PAGE_SIZE, len(before), PAGE_SIZE) if before[at:][:PAGE_SIZE] != after[at:][:PAGE_SIZE]
    )
    _written_over(monkeypatch, before[at:][:PAGE_SIZE], at)
    with pytest.raises(StoreProblem, match="reads back differently"):
        made(source, tmp_path / "place")
    assert finished(tmp_path / "place") == []


def _in_the_file(source: Source) -> bytes:
    assert source.store.db.checkpoint()
    with source.store.db.lying_still() as (_, handle):
        assert handle is not None
        os.lseek(handle, 0, os.SEEK_SET)
        return os.read(handle, os.fstat(handle).st_size)


def _written_over(monkeypatch: pytest.MonkeyPatch, page: bytes, at: int) -> None:
    """Have the medium hold something else than what was written to it."""
    bring_to_medium = raw_copy._bring_to_medium

    def torn(file: BinaryIO, *, since: int) -> None:
        bring_to_medium(file, since=since)
        end = file.tell()
        file.seek(at)
        file.write(page)
        file.seek(end)
        file.flush()

    monkeypatch.setattr(raw_copy, "_bring_to_medium", torn)


def test_a_store_that_was_replaced_while_it_was_open_is_no_damaged_backup(source: Source, tmp_path: Path) -> None:
    """The bytes that its name stands for are another store's by then."""
    made(source, tmp_path / "place")
    folder = source.folder.root
    folder.rename(tmp_path / "old")
    with pytest.raises(StoreProblem, match="replaced or removed"):
        source.store.db.checkpoint()
    assert not folder.exists()
    shutil.copytree(tmp_path / "old", folder)
    with pytest.raises(StoreProblem, match="nothing more is saved"):  # by connections that were open before, too
        add(source.store, "resident", name="王小明")
    with pytest.raises(StoreProblem, match="replaced or removed"):
        made(source, tmp_path / "place")
    assert len(finished(tmp_path / "place")) == 1
    assert list((tmp_path / "place").glob("*.part")) == []


def test_a_copy_that_ends_elsewhere_than_the_store_is_no_backup(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = made(source, tmp_path / "elsewhere").path / "store.db"
    add(source.store, "resident", name="王小明")
    monkeypatch.setattr(backups, "copied_hash", lambda _handle, target, *_: file_hash(Path(shutil.copy(older, target))))
    with pytest.raises(StoreProblem, match="does not end where the store does"):
        made(source, tmp_path / "place")
    assert finished(tmp_path / "place") == []


def test_a_damaged_store_is_not_backed_up_and_says_so(source: Source, tmp_path: Path) -> None:
    """Wherever the damaged page lies: in what is counted, or where only the copying comes by."""
    for number in range(200):
        add(source.store, "resident", name=f"王{number}")
    source.store.db.checkpoint()
    source.store.close()
    whole = source.folder.database.read_bytes()
    for page in range(1, len(whole) // 4096, 3):
        data = bytearray(whole)
        data[page * 4096 + 99] ^= 1
        source.folder.database.write_bytes(data)
        with pytest.raises(StoreDamaged):
            _open_and_back_up(source, tmp_path / "place")
        assert finished(tmp_path / "place") == []
    source.folder.database.write_bytes(whole)
    assert _open_and_back_up(source, tmp_path / "place").manifest.counts["resident"] == 201


def _open_and_back_up(source: Source, place: Path) -> Backup:
    db = Database(source.folder.database, DEK)
    try:
        return made(replace(source, store=Store.open(db, KEYS.derive("chain"))), place)
    finally:
        db.close()


def test_an_old_state_is_told_from_the_present_one(source: Source, tmp_path: Path) -> None:
    backup = made(source, tmp_path / "place")
    add(source.store, "resident", name="王小明")
    with source.store.cursor() as cursor:
        now = state_of(cursor, KEYS)
    with pytest.raises(StoreDamaged):
        compare(backup.path / "store.db", KEYS, now)


def test_what_a_cut_left_behind_is_cleared_and_never_listed(source: Source, tmp_path: Path) -> None:
    place = tmp_path / "place"
    (place / "new-00.part").mkdir(parents=True)
    (place / "new-00.part" / "store.db").write_bytes(b"half")
    (place / "00-0007-000001-20260318T014200Z.part").mkdir()
    others = [place / f"{name}.part" for name in ("03-0007-000001-20260318T014200Z", "new-03")]
    for part in others:
        part.mkdir()
    backup = made(source, place)
    assert [path for _, path in finished(place)] == [backup.path]
    assert sorted(place.glob("*.part")) == others, "another laptop is at work with these"


def test_two_stores_share_a_stick(source: Source, tmp_path: Path) -> None:
    place = tmp_path / "stick"
    other = new_source(tmp_path / "other", laptop=3)
    ours, theirs = made(source, place), made(other, place)
    other.store.close()
    assert [path for _, path in finished(place, ours.manifest.store)] == [ours.path]
    assert [path for _, path in finished(place, theirs.manifest.store)] == [theirs.path]
    for _ in range(2 * MOST):
        add(source.store, "resident", name="王小明")
        made(source, place)
        thin(place, ours.manifest.store)
    assert verify(theirs.path, KEYS) == theirs
    assert len(finished(place, ours.manifest.store)) <= MOST
    assert backup_place.copy_out(place, listing(theirs.path), tmp_path / "out") == []


def test_shared_files_go_with_the_last_backup_that_needs_them(source: Source, tmp_path: Path) -> None:
    place = tmp_path / "place"
    made(source, place)
    with source.store.db.write() as connection:
        connection.exec_driver_sql("DELETE FROM bundle")
    for _ in range(4):
        last = made(source, place)
        thin(place, last.manifest.store, LAST)
    assert len(finished(place)) == LAST
    assert list((place / "files").iterdir()) == []


def test_a_full_disk_leaves_nothing_behind(source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diskspace, "free_bytes", lambda _: 10)
    with pytest.raises(DiskFull):
        made(source, tmp_path / "place")
    monkeypatch.undo()

    def fails(*_: object, **__: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(raw_copy, "_bring_to_medium", fails)
    with pytest.raises(StoreProblem):
        made(source, tmp_path / "place")
    assert finished(tmp_path / "place") == []
    assert list((tmp_path / "place").glob("*.part")) == []


def test_an_error_of_the_disk_is_said(source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where shared files are made durable, and where anything is read back."""

    def fails(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(backup_files, "fsync_folder", fails)
    with pytest.raises(StoreProblem):
        made(source, tmp_path / "place")
    assert finished(tmp_path / "place") == []
    with pytest.raises(StoreProblem):
        file_hash(tmp_path / "gone")


def test_a_listing_names_nothing_outside_its_folders(source: Source, tmp_path: Path) -> None:
    backup = made(source, tmp_path / "place")
    for name in ("../store.db", "archive/../../x", "/etc/passwd", "store.db", "archive/", "archive/a/b"):
        (backup.path / "files.json").write_text(json.dumps({name: ["ab", 1]}))
        with pytest.raises(StoreDamaged):
            listing(backup.path)


MADE = st.lists(st.integers(0, 10**6), max_size=60).map(
    lambda chains: [Named(0, serial, chain, "20260318T014200Z") for serial, chain in enumerate(chains, 1)]
)


@given(MADE, st.integers(LAST, 20))
def test_the_last_three_stay_and_the_rest_is_counted(backups: list[Named], most: int) -> None:
    gone = surplus(backups, most)
    kept = [named for named in backups if named not in gone]
    assert set(backups[-LAST:]) <= set(kept)
    assert len(kept) <= most
    assert surplus(kept, most) == []


@given(st.lists(st.integers(1, 400), min_size=30, max_size=120))
def test_one_from_about_half_as_long_ago_is_always_there(steps: list[int]) -> None:
    """Made and thinned again and again: what is kept thins out with the distance and never stops short."""
    kept: list[Named] = []
    chain = 0
    for serial, step in enumerate(steps, 1):
        chain += step
        kept.append(Named(0, serial, chain, "19700101T000000Z"))
        kept = [named for named in kept if named not in surplus(kept, 40)]
    distances = [chain - named.chain for named in kept]
    assert distances[0] >= (chain - steps[0]) // 2
    assert all(far <= 8 * max(near, 400) for far, near in itertools.pairwise(distances))


def test_a_file_of_the_pool_that_is_not_whole_is_put_over_nothing(source: Source, tmp_path: Path) -> None:
    """Where the one that is here is whole, it is the better one."""
    place, name = tmp_path / "place", "archive/01-1-aaaaaaaa.gwb"
    backup = made(source, place)
    (pool,) = (place / "files").iterdir()
    pool.unlink()
    pool.write_bytes(b"seal?d")
    for root in (source.folder.root, tmp_path / "out"):
        assert backup_place.copy_out(place, listing(backup.path), root) == [name]
    assert (source.folder.root / name).read_bytes() == b"sealed"
    assert not (tmp_path / "out" / name).exists()


def test_a_backup_is_not_taken_for_whole_where_its_journal_is_not(source: Source, tmp_path: Path) -> None:
    """Every page of it is as it was written, and its end is the store's: only the links tell."""
    for name in ("王秀英", "李强"):
        add(source.store, "resident", name=name)
    with source.store.db.write() as connection:
        connection.exec_driver_sql("UPDATE batch SET at = at + 1 WHERE no = (SELECT min(no) + 1 FROM batch)")
    backup = made(source, tmp_path / "place")
    with pytest.raises(StoreDamaged):
        verify(backup.path, KEYS)
