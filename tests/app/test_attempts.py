"""Wrong passphrases: counted while the store is closed, on record with the next unlock, once."""

from pathlib import Path

import pytest

from gridworker.app import attempts
from gridworker.app.founding import Founding, found_office
from gridworker.app.workspace import Workspace
from gridworker.errors import WrongPassphrase
from gridworker.paths import Folder
from gridworker.store.kdf import CHEAP

PASSPHRASE = "梧桐 面条 火车 春天"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = tmp_path / "office"
    found_office(folder, PASSPHRASE, Founding("420202005003", "沈家营社区居委会", "刘芳"), profile=CHEAP)
    return folder


def _wrong(folder: Path, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassphrase):
            Workspace.open(folder, "梧桐 面条 火车 秋天", profile=CHEAP)


def _told(folder: Path) -> list[tuple[object, str]]:
    opened = Workspace.open(folder, PASSPHRASE, profile=CHEAP)
    try:
        rows = [row.values for row in opened.records.page("audit_event", limit=1000)]
        return [(row["count"], str(row["detail"])) for row in rows if row["action"] == "login_failed"]
    finally:
        opened.close()


def test_failures_wait_for_the_next_unlock_and_are_told_once(office: Path) -> None:
    assert _told(office) == []
    _wrong(office, 3)
    said = Folder(office).attempts.read_text()
    assert PASSPHRASE not in said
    assert "秋天" not in said
    ((count, detail),) = _told(office)
    assert count == 3
    assert all(word.endswith("Z") for word in detail.split())
    assert len(_told(office)) == 1
    _wrong(office, 2)
    assert [count for count, _ in _told(office)] == [3, 2]


def test_a_cut_before_the_file_is_touched_again_tells_nothing_twice(office: Path) -> None:
    """The store remembers what it has in the audit row's own transaction, so the file need not be changed at all."""
    _wrong(office, 2)
    before = Folder(office).attempts.read_bytes()
    _told(office)
    assert Folder(office).attempts.read_bytes() == before
    assert [count for count, _ in _told(office)] == [2]


def test_a_file_that_was_removed_or_bent_keeps_nobody_out(office: Path) -> None:
    _wrong(office, 2)
    _told(office)
    for bent in (b"", b"{}", b'{"total": "x", "moments": 3}', b"\xff"):
        Folder(office).attempts.write_bytes(bent)
        assert [count for count, _ in _told(office)] == [2]
    Folder(office).attempts.unlink()
    _wrong(office, 1)
    assert [count for count, _ in _told(office)] == [2, 1]
    assert attempts.read(Folder(office)).total == 1
