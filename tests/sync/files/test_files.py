"""Bundle files: names without people, written to the medium or not at all, read only so far."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.errors import DiskFull, NotForUs, NotFound, Problem, StoreProblem
from gridworker.store.engine import filesafe
from gridworker.sync.files import files
from gridworker.sync.files.files import BundleName, bundles_in, load_bundle, save_bundle
from gridworker.sync.format import seal

HASH = "1a2b3c4d" + "0" * 56


@pytest.mark.parametrize(
    ("device", "n", "name"),
    [(0, 1, "00-1-1a2b3c4d.gwb"), (7 << 6, 13, "07-13-1a2b3c4d.gwb"), (1023 << 6 | 63, 9, "1023r63-9-1a2b3c4d.gwb")],
)
def test_names_say_device_number_and_hash(device: int, n: int, name: str) -> None:
    assert str(BundleName.of(device, n, HASH)) == name
    assert BundleName.parse(name) == BundleName(device, n, "1a2b3c4d")


@given(st.integers(0, 0xFFFF), st.integers(1, 10**17), st.binary(min_size=32, max_size=32))
def test_names_are_read_back(device: int, n: int, digest: bytes) -> None:
    name = BundleName.of(device, n, digest.hex())
    assert BundleName.parse(str(name)) == name


@pytest.mark.parametrize(
    "name",
    [
        "", "x.gwb", "07-13-1a2b3c4d", "07-13-1a2b3c4d.gwb.part", "../07-13-1a2b3c4d.gwb", "07-13-1A2B3C4D.gwb",
        "９９-13-1a2b3c4d.gwb", "1024-1-1a2b3c4d.gwb", "07r64-1-1a2b3c4d.gwb", "07-13-1a2b3c4d.gwb\n",
    ],
)  # fmt: skip
def test_other_names_are_no_bundles(name: str) -> None:
    assert BundleName.parse(name) is None


def test_a_bundle_is_there_once_it_is_saved(tmp_path: Path) -> None:
    path = tmp_path / "07-13-1a2b3c4d.gwb"
    save_bundle(path, b"sealed")
    assert load_bundle(path) == b"sealed"
    assert bundles_in(tmp_path) == [path]
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "07-13-1a2b3c4d.gwb"
    save_bundle(path, b"sealed")
    before = path.stat()
    save_bundle(path, b"sealed")
    assert path.stat().st_ino == before.st_ino
    save_bundle(path, b"another")
    assert load_bundle(path) == b"another"


def test_what_stays_here_is_for_this_user_only(tmp_path: Path) -> None:
    save_bundle(tmp_path / "a", b"sealed", private=True)
    save_bundle(tmp_path / "b", b"sealed")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600
    assert (tmp_path / "b").stat().st_mode & stat.S_IROTH


def test_a_stick_that_lies_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lie(path: Path, data: bytes, *, mode: int, sync_name: bool) -> None:
        filesafe.write_durably(path, data[:-1] + b"?", mode=mode, sync_name=sync_name)

    before = tmp_path / "07-12-1a2b3c4d.gwb"
    before.write_bytes(b"handed over before")
    monkeypatch.setattr(files, "write_durably", lie)
    with pytest.raises(StoreProblem, match="still on this computer"):
        save_bundle(tmp_path / "07-13-1a2b3c4d.gwb", b"sealed")
    assert list(tmp_path.iterdir()) == [before]


def test_a_stick_that_is_gone_or_full_says_that_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StoreProblem, match="still on this computer"):
        save_bundle(tmp_path / "pulled out" / "07-13-1a2b3c4d.gwb", b"sealed")

    def full(path: Path, data: bytes, *, mode: int, sync_name: bool) -> None:
        raise filesafe.full()

    monkeypatch.setattr(files, "write_durably", full)
    with pytest.raises(DiskFull, match="still on this computer"):
        save_bundle(tmp_path / "07-13-1a2b3c4d.gwb", b"sealed")


def test_only_so_much_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE", 100)
    (tmp_path / "large").write_bytes(b"age-encryption.org/v1\n" + bytes(1000))
    data = load_bundle(tmp_path / "large")
    assert len(data) == 101
    with pytest.raises(NotForUs, match="larger"):
        seal.open_sealed(data, [], cap=100)


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"There is no file .*07-1-1a2b3c4d"):
        load_bundle(tmp_path / "07-1-1a2b3c4d.gwb")
    with pytest.raises(Problem, match="is a folder"):
        load_bundle(tmp_path)
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(Problem, match="copy it once more"):
        load_bundle(tmp_path / "loop")
    (tmp_path / "empty").touch()
    with pytest.raises(NotForUs):
        load_bundle(tmp_path / "empty")


def test_a_folder_is_looked_through(tmp_path: Path) -> None:
    for name in ("07-2-1a2b3c4d.gwb", "07-1-1a2b3c4d.gwb", "07-3-1a2b3c4d.gwb.part", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "07-9-1a2b3c4d.gwb").mkdir()
    assert [path.name for path in bundles_in(tmp_path)] == ["07-1-1a2b3c4d.gwb", "07-2-1a2b3c4d.gwb"]
    assert bundles_in(tmp_path / "pulled out") == []
