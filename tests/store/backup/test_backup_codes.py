"""The codes of all pages together say what a backup is, and how they are checked; and what takes no backup at all."""

import os
from pathlib import Path
from threading import get_ident

import pytest

from gridworker.errors import StoreDamaged, StoreProblem
from gridworker.store.backup import backup as backups
from gridworker.store.backup import raw_copy
from gridworker.store.backup.backup import Source, verify
from gridworker.store.backup.place import finished, remove
from gridworker.store.engine import filesafe
from gridworker.store.engine.database import PAGE_SIZE
from gridworker.store.engine.pages import LOCK_PAGE, MAC, Pages, codes_in
from tests.builders import add, edit
from tests.store.backup.test_backup import KEYS, made
from tests.store.backup.test_backup import source as source


def test_what_is_no_folder_takes_none_and_is_named(source: Source, tmp_path: Path) -> None:
    """A file, or the place where everything vanishes: no folder can be made in either."""
    (tmp_path / "place").write_text("a file")
    for place in (tmp_path / "place", Path(os.devnull)):
        with pytest.raises(StoreProblem, match="is no folder") as said:
            made(source, place)
        assert str(place) in str(said.value)


def test_a_whole_page_of_another_backup_in_its_place_is_refused(source: Source, tmp_path: Path) -> None:
    """Its code is right, and the engine takes it; what the backup was is said by all codes together."""
    record = add(source.store, "resident")
    edit(source.store, "resident", record, note="甲" * 20)
    before = made(source, tmp_path / "place").path / "store.db"
    edit(source.store, "resident", record, note="乙" * 20)
    backup = made(source, tmp_path / "place")
    old, new = before.read_bytes(), bytearray((backup.path / "store.db").read_bytes())
    assert verify(backup.path, KEYS) == backup
    at = next(at for at in range(PAGE_SIZE, len(old), PAGE_SIZE) if old[at:][:PAGE_SIZE] != new[at:][:PAGE_SIZE])
    new[at : at + PAGE_SIZE] = old[at : at + PAGE_SIZE]
    (backup.path / "store.db").write_bytes(new)
    with pytest.raises(StoreDamaged):
        verify(backup.path, KEYS)


def test_the_page_of_the_locks_stands_whole_among_the_codes() -> None:
    """It is the one page that has no code."""
    block = b"".join(bytes([at]) * PAGE_SIZE for at in range(3))
    around = codes_in(LOCK_PAGE - 1, block)
    assert around == bytes([0]) * MAC + bytes([1]) * PAGE_SIZE + bytes([2]) * MAC
    assert codes_in(LOCK_PAGE + 1, block) == b"".join(bytes([at]) * MAC for at in range(3))


def test_a_share_that_gives_less_than_it_is_asked_for_is_backed_up(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = os.read
    monkeypatch.setattr(os, "read", lambda handle, size: read(handle, min(size, 3000)))
    backup = made(source, tmp_path / "place")
    assert verify(backup.path, KEYS) == backup


def test_every_page_of_a_block_is_checked_under_its_own_number(source: Source) -> None:
    """The first begins with the salt, the one of the locks has no code; any other is told when it is changed."""
    pages = Pages(KEYS.dek, bytes(16))
    first = pages.sealed(1, b"SQLite format 3\0" + bytes(PAGE_SIZE - 96))
    blocks = {
        1: first + pages.sealed(2, bytes(PAGE_SIZE - 80)),
        LOCK_PAGE - 1: pages.sealed(LOCK_PAGE - 1, bytes(PAGE_SIZE - 80)) + bytes(PAGE_SIZE),
        LOCK_PAGE: bytes(PAGE_SIZE) + pages.sealed(LOCK_PAGE + 1, bytes(PAGE_SIZE - 80)),
    }
    for number, block in blocks.items():
        assert pages.checked_codes(number, block) == codes_in(number, block)
        assert pages.checked_codes(number + 7, block) is None
        for at in (20, PAGE_SIZE - 20, PAGE_SIZE + 20, 2 * PAGE_SIZE - 20):
            changed = bytearray(block)
            changed[at] ^= 1
            is_lock = number + at // PAGE_SIZE == LOCK_PAGE
            assert (pages.checked_codes(number, bytes(changed)) is None) is not is_lock
            assert list(pages.damaged(number, bytes(changed))) == ([] if is_lock else [number + at // PAGE_SIZE])


def test_one_thread_checks_the_pages_and_nothing_is_counted_before_all_is_written(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More threads wait for each other at Python's lock, and so does who saves meanwhile."""
    monkeypatch.setattr(raw_copy, "BLOCK", PAGE_SIZE)
    monkeypatch.setattr(raw_copy, "LOT", 2 * PAGE_SIZE)
    checking, sizes = list[int](), list[int]()
    counted, checked = backups._counted, Pages.checked_codes
    source.store.db.checkpoint()

    def written(*given: object) -> object:
        sizes.extend(copy.stat().st_size for copy in tmp_path.glob("place/*.part/store.db"))
        return counted(*given)  # type: ignore[arg-type]  # handed on as they come

    def check(pages: Pages, first: int, block: bytes) -> bytes | None:
        checking.append(get_ident())
        return checked(pages, first, block)

    monkeypatch.setattr(backups, "_counted", written)
    monkeypatch.setattr(Pages, "checked_codes", check)
    made(source, tmp_path / "place")
    size = source.folder.database.stat().st_size
    assert sizes == [size]
    assert len(checking) == size // PAGE_SIZE
    assert len(set(checking)) == 1


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="the system cannot be asked to")
def test_a_copy_is_on_its_way_to_the_disk_before_it_is_synced(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else all of a lot is written at once when it is synced, and what somebody saves then waits behind it."""
    monkeypatch.setattr(raw_copy, "BLOCK", PAGE_SIZE)
    monkeypatch.setattr(raw_copy, "LOT", 4 * PAGE_SIZE)
    told, advise, sync = list[int](), os.posix_fadvise, os.fdatasync
    source.store.db.checkpoint()

    def begun(file: int, at: int, length: int, advice: int) -> None:
        told.append(at)
        advise(file, at, length, advice)

    def synced(file: int) -> None:
        told.append(-1)
        sync(file)

    monkeypatch.setattr(os, "posix_fadvise", begun)
    monkeypatch.setattr(os, "fdatasync", synced)
    made(source, tmp_path / "place")
    size = source.folder.database.stat().st_size
    assert told[:6] == [PAGE_SIZE, 2 * PAGE_SIZE, 3 * PAGE_SIZE, -1, 0, 4 * PAGE_SIZE]
    assert set(range(PAGE_SIZE, size, PAGE_SIZE)) < set(told)


def test_a_backup_is_removed_bit_by_bit(source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it at once has every sync on that disk wait, and who saves something with it."""
    backup, sizes = made(source, tmp_path / "place").path, list[int]()
    size = (backup / "store.db").stat().st_size
    monkeypatch.setattr(filesafe, "CUT", size // 2)
    monkeypatch.setattr(filesafe, "_cut", lambda path, to: sizes.extend((path.stat().st_size, *to)))
    remove(backup)
    assert sizes == [size, size // 2]
    assert finished(tmp_path / "place") == []
