"""Whether the store file is still the one that was opened, also where the system makes up its number."""

import os
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from gridworker.errors import StoreProblem
from gridworker.store.engine import file_bytes
from gridworker.store.engine.machine import Volume
from tests.builders import add, edit, make_store


@pytest.fixture
def numbered_anew(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have every look at a file tell another number for it, on a file system of this kind."""

    def on(kind: str) -> None:
        numbers = count()
        monkeypatch.setattr(file_bytes, "volume_of", lambda _: Volume(kind))
        monkeypatch.setattr(file_bytes, "_which", lambda status: (status.st_dev, next(numbers)))

    return on


def opened(path: Path) -> file_bytes.FileBytes:
    path.write_bytes(b"as it was")
    return file_bytes.FileBytes(path)


def test_a_share_that_numbers_files_anew_raises_no_alarm(numbered_anew: Callable[[str], None], tmp_path: Path) -> None:
    numbered_anew("cifs")
    held = opened(tmp_path / "store.db")
    held.require_same()
    with (tmp_path / "store.db").open("ab") as file:
        file.write(b" and grew")
    held.require_same()
    assert os.fstat(held.handle()).st_size == len(b"as it was and grew")
    held.close()


@pytest.mark.parametrize("kept", [False, True], ids=["removed", "moved away"])
def test_another_file_is_noticed_there_too(numbered_anew: Callable[[str], None], tmp_path: Path, *, kept: bool) -> None:
    numbered_anew("cifs")
    path = tmp_path / "store.db"
    held = opened(path)
    copy = Path(shutil.copy2(path, tmp_path / "copy.db"))
    if kept:
        path.rename(tmp_path / "old.db")
        os.utime(copy, ns=(0, 0))
    else:
        path.unlink()
    copy.rename(path)
    with pytest.raises(StoreProblem, match="replaced or removed"):
        held.require_same()
    held.close()


def test_where_numbers_stay_another_one_is_another_file(numbered_anew: Callable[[str], None], tmp_path: Path) -> None:
    numbered_anew("ext4")
    held = opened(tmp_path / "store.db")
    with pytest.raises(StoreProblem, match="replaced or removed"):
        held.require_same()
    held.close()


def test_a_store_on_such_a_share_is_written_to(numbered_anew: Callable[[str], None], tmp_path: Path) -> None:
    numbered_anew("nfs4")
    store = make_store(tmp_path / "share")
    resident = add(store, "resident")
    edit(store, "resident", resident, note="在家")
    assert store.db.checkpoint()
    assert (store.get("resident", resident) or {})["note"] == "在家"
    store.close()
