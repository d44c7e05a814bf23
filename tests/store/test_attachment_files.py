"""The sealed files and what is remembered of them: what is read is what was put in, and what no backup has stays."""

from pathlib import Path

import pytest

from gridworker.errors import StoreDamaged
from gridworker.paths import Folder
from gridworker.store.attached import MAX_BEGUN, Attached, Files, Piece
from gridworker.store.attachment_files import Cabinet
from gridworker.store.engine.database import raw_cursor
from gridworker.store.store import Store


def test_another_file_than_the_one_that_is_named_is_damage(tmp_path: Path) -> None:
    """It opens by its own key, as where two rows were swapped; what it holds is not what was asked for."""
    cabinet = Cabinet(Folder(tmp_path))
    wanted, other = (cabinet.put(content) for content in (b"door", b"stairs"))
    swapped = wanted._replace(path=other.path, key=other.key)
    for read in (cabinet.read, cabinet.sealed_hash):
        with pytest.raises(StoreDamaged):
            read(swapped)
    assert cabinet.read(wanted) == b"door"


def test_covered_is_what_the_newest_backup_has_and_nobody_found_bad(office: Store) -> None:
    """An older backup that had more may be gone by now."""
    with office.db.write() as connection:
        files = Files(raw_cursor(connection))
        for name in "abc":
            files.save(Attached(name.encode() * 32, 1, name, b"key"))

        def covered() -> set[str | None]:
            return {file.path for file in files.all() if file.covered}

        for names in (["a", "b"], ["b", "c"]):
            files.cover(names)
            assert covered() == set(names)
        files.uncover(["c"])
        assert covered() == {"b"}


def test_files_that_one_peer_began_keep_no_other_from_beginning(office: Store) -> None:
    with office.db.write() as connection:
        files = Files(raw_cursor(connection))

        def begins(peer: int, number: int) -> bool:
            return files.add_piece(Piece(bytes([peer, number]) * 16, 0, 2, peer, b"x"))

        assert [begins(1, number) for number in range(MAX_BEGUN + 1)] == [True] * MAX_BEGUN + [False]
        assert begins(2, 0)
