"""The codes of all pages together say what a backup is; and what takes none at all."""

import os
from pathlib import Path

import pytest

from gridworker.errors import StoreDamaged, StoreProblem
from gridworker.store.backup import Source, verify
from gridworker.store.database import PAGE_SIZE
from gridworker.store.pages import LOCK_PAGE, MAC, codes_in
from tests.builders import add, edit
from tests.store.test_backup import KEYS, made
from tests.store.test_backup import source as source


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
