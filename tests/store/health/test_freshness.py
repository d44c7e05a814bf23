import json
import shutil
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.errors import DiskFull
from gridworker.paths import Folder
from gridworker.store.engine.filesafe import write_durably
from gridworker.store.engine.machine import Volume
from gridworker.store.health import freshness
from gridworker.store.health.freshness import Reason, StoreState, advance, check, raise_mark
from gridworker.store.keys.vault import Keys

KEYS = Keys(bytes(range(32)))


@dataclass
class Store:
    """A stand-in for the store: its nonce and its journal."""

    nonce: str = ""
    links: list[bytes] = field(default_factory=list)

    def state(self) -> StoreState:
        return StoreState(lambda: self.nonce, self.write, self.head, self.link)

    def write(self, nonce: str) -> None:
        self.nonce = nonce

    def head(self) -> tuple[int, bytes]:
        return len(self.links), self.links[-1] if self.links else b""

    def link(self, number: int) -> bytes | None:
        return self.links[number - 1] if number <= len(self.links) else None

    def copy(self) -> "Store":
        return Store(self.nonce, list(self.links))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "data")
    folder.root.mkdir()
    folder.database.write_bytes(b"store")
    return folder


@pytest.fixture(autouse=True)
def steady_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "volume_of", lambda _: Volume("ext4"))
    monkeypatch.setattr(freshness, "machine_id", lambda: "this computer")


def reason(folder: Folder, store: Store) -> Reason | None:
    return check(folder, KEYS, store.state()).reason


def start(folder: Folder, store: Store) -> None:
    advance(folder, KEYS, store.state())


def test_a_new_store_and_every_start_after_it_are_fresh(folder: Folder) -> None:
    store = Store()
    for number in range(3):
        assert check(folder, KEYS, store.state()).fresh
        before = store.nonce
        start(folder, store)
        assert store.nonce != before
        store.links.append(bytes([number]))
    assert check(folder, KEYS, store.state()).fresh


def test_a_cut_at_any_moment_of_the_change_is_no_alarm(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store()
    start(folder, store)
    state = store.state()
    whole = write_durably

    class Cut(Exception):
        pass

    def cut_at(last: int) -> None:
        steps = iter(range(10))

        def write_mark(path: Path, data: bytes) -> None:
            if next(steps) == last:
                raise Cut
            whole(path, data)

        def write_nonce(nonce: str) -> None:
            if next(steps) == last:
                raise Cut
            store.nonce = nonce

        monkeypatch.setattr(freshness, "write_durably", write_mark)
        advance(folder, KEYS, StoreState(state.nonce, write_nonce, state.head, state.link))

    for last in range(3):
        with pytest.raises(Cut):
            cut_at(last)
        assert reason(folder, store) is None
    cut_at(3)
    assert reason(folder, store) is None


def test_a_store_put_back_from_an_earlier_start(folder: Folder) -> None:
    store = Store()
    start(folder, store)
    old = store.copy()
    start(folder, store)
    assert reason(folder, old) is Reason.OTHER_NONCE
    assert reason(folder, store) is None


def test_a_mark_put_back_from_an_earlier_start(folder: Folder) -> None:
    store = Store()
    start(folder, store)
    old = folder.mark.read_bytes()
    start(folder, store)
    folder.mark.write_bytes(old)
    assert reason(folder, store) is Reason.OTHER_NONCE


def test_a_store_put_back_from_the_same_session(folder: Folder) -> None:
    store = Store()
    start(folder, store)
    old = store.copy()
    store.links.append(b"one")
    raise_mark(folder, KEYS, store.state())
    assert reason(folder, store) is None
    assert reason(folder, old) is Reason.BEHIND
    old.links.append(b"another")
    assert reason(folder, old) is Reason.FORKED
    old.links.append(b"more")
    assert reason(folder, old) is Reason.FORKED


def test_a_journal_that_no_longer_reaches_back_is_no_alarm(folder: Folder) -> None:
    store = Store(links=[b"one"])
    start(folder, store)
    state = store.state()
    compacted = StoreState(state.nonce, state.write_nonce, lambda: (9, b"nine"), lambda _: None)
    assert check(folder, KEYS, compacted).fresh


def test_a_store_without_its_mark(folder: Folder) -> None:
    store = Store()
    start(folder, store)
    folder.mark.unlink()
    assert reason(folder, store) is Reason.NO_MARK


def test_a_new_store_beside_an_old_mark(folder: Folder) -> None:
    start(folder, Store())
    assert reason(folder, Store()) is Reason.OTHER_NONCE


def test_another_computer(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store()
    start(folder, store)
    monkeypatch.setattr(freshness, "machine_id", lambda: "another computer")
    assert reason(folder, store) is Reason.OTHER_MACHINE


def test_a_copy_of_the_whole_folder(folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store()
    start(folder, store)
    copied = Folder(tmp_path / "copy")
    shutil.copytree(folder.root, copied.root)
    assert reason(folder, store) is None
    assert reason(copied, store) is Reason.COPIED
    start(copied, store)
    assert reason(copied, store) is None


def test_where_files_have_no_lasting_number_a_copy_is_no_alarm(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "volume_of", lambda _: Volume())
    store = Store()
    start(folder, store)
    shutil.copytree(folder.root, tmp_path / "copy")
    assert reason(Folder(tmp_path / "copy"), store) is None


def test_a_moved_folder_is_the_same_store(folder: Folder, tmp_path: Path) -> None:
    store = Store()
    start(folder, store)
    folder.root.rename(tmp_path / "moved")
    assert reason(Folder(tmp_path / "moved"), store) is None


def test_the_mark_of_another_store_is_damaged(folder: Folder) -> None:
    store = Store()
    start(folder, store)
    assert check(folder, Keys(bytes(32)), store.state()).reason is Reason.MARK_DAMAGED


def test_the_mark_tells_nothing_of_the_computer(folder: Folder) -> None:
    store = Store(links=[b"the code of the last link"])
    start(folder, store)
    assert "this computer" not in folder.mark.read_text()
    assert set(json.loads(folder.mark.read_text())) == {
        "format", "nonces", "number", "code", "machine", "file", "running", "rest", "mac",
    }  # fmt: skip


def test_what_no_link_covers_is_held_too_from_close_to_start(folder: Folder) -> None:
    store = Store(links=[b"1"])
    kept = ["version 1", "drafts"]
    state = replace(store.state(), rest=lambda: tuple(kept))
    advance(folder, KEYS, state, running=True)
    kept[1] = "drafts of later"
    assert check(folder, KEYS, state).fresh
    raise_mark(folder, KEYS, state)
    assert "drafts" not in folder.mark.read_text()
    assert check(folder, KEYS, state).fresh
    kept[1] = "drafts"
    assert check(folder, KEYS, state).reason is Reason.ALTERED
    kept[0] = "version 2"
    assert check(folder, KEYS, state).fresh, "an upgrade came between"
    kept[0] = "version 1"
    store.links.append(b"2")
    assert check(folder, KEYS, state).fresh, "an act came after the mark"


def test_a_full_disk_is_said_and_leaves_the_store_fresh(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store()
    start(folder, store)

    def full(path: Path, data: bytes) -> None:
        raise DiskFull("full")

    monkeypatch.setattr(freshness, "write_durably", full)
    with pytest.raises(DiskFull):
        start(folder, store)
    assert reason(folder, store) is None


@given(data=st.binary(max_size=200), place=st.integers(0, 10**6), value=st.integers(1, 255))
def test_a_changed_mark_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, place: int, value: int
) -> None:
    folder = Folder(tmp_path_factory.mktemp("mark"))
    folder.database.write_bytes(b"store")
    store = Store()
    start(folder, store)
    whole = folder.mark.read_bytes()
    changed = bytearray(whole)
    changed[place % len(whole)] ^= value
    folder.mark.write_bytes(changed)
    meaning = None
    with suppress(ValueError):
        meaning = json.loads(bytes(changed))
    if meaning != json.loads(whole):  # a changed space means nothing
        assert reason(folder, store) is Reason.MARK_DAMAGED
    folder.mark.write_bytes(data)
    assert reason(folder, store) is Reason.MARK_DAMAGED


@pytest.mark.parametrize(
    "text", ["null", "[]", "3", '{"mac": 1}', '{"mac": "é"}', "[" * 5000, '{"mac":"x"' + " " * 9000]
)
def test_a_mark_of_another_form_is_damaged(folder: Folder, text: str) -> None:
    store = Store()
    start(folder, store)
    folder.mark.write_text(text)
    assert reason(folder, store) is Reason.MARK_DAMAGED


def test_a_store_that_was_not_closed_and_lost_its_write_ahead_log_is_noticed(folder: Folder) -> None:
    store = Store()
    advance(folder, KEYS, store.state(), running=True)
    assert check(folder, KEYS, store.state()).fresh, "it was killed, and its log is there"
    assert check(folder, KEYS, store.state(), log_there=False).reason is Reason.LOG_MISSING
    raise_mark(folder, KEYS, store.state())
    assert check(folder, KEYS, store.state(), log_there=False).fresh, "it was closed in order, which removes the log"
