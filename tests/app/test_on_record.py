"""A setting and what the audit says of it stand in one transaction: cut off anywhere, never one without the other."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from gridworker.app.access.audit import Filter
from gridworker.app.access.founding import Founding, found_office
from gridworker.app.openers import vault_in
from gridworker.app.session import Session
from gridworker.app.settings_on_record import note_guards
from gridworker.app.staff.slot_rollback import note_slot_rollback
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull, StoreClosed
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Vault
from gridworker.store.meta import Meta
from tests.circle import PASSPHRASE, head


@dataclass
class Chosen:
    """What is chosen on a computer that guards what is shown."""

    lock_minutes: int = 5
    reveal_once: bool = False


class Office:
    """A new office with its recovery sheet, and the acts on it that change a setting."""

    def __init__(self, folder: Path) -> None:
        sheet = found_office(folder / "office", PASSPHRASE, Founding("420202005002", "办公室", "刘芳"), profile=CHEAP)
        self.key, self.code, self.stick = folder / "key.age", sheet.code, folder / "stick"
        self.key.write_bytes(sheet.sealed)
        self.stick.mkdir()
        self.folder = folder / "office"
        self.workspace = self.open()

    def open(self) -> Workspace:
        return Workspace.open(self.folder, PASSPHRASE, profile=CHEAP)

    def watch(self) -> None:
        self.workspace.watched.watch(self.stick)

    def choose(self) -> None:
        self.workspace.backup_plan.choose(self.stick)

    def test(self) -> None:
        self.workspace.recovery.test(self.key, self.code)

    def see_older_keys(self) -> None:
        session = self.workspace.session
        note_slot_rollback(session, vault_in(session.folder.root, session.profile))

    def state(self) -> tuple[list[tuple[object, ...]], int]:
        """The settings, and how far the journal goes."""
        with self.workspace.session.store.cursor() as cursor:
            settings = cursor.execute("SELECT name, value FROM meta ORDER BY name").fetchall()
        return settings, head(self.workspace)[0]


@pytest.mark.parametrize(
    ("once", "words"),
    [(True, "A masked number is shown for 10 seconds at a press"), (False, "A masked number is shown while held")],
)
def test_it_is_on_record_how_masked_numbers_are_shown_from_now_on(tmp_path: Path, once: bool, words: str) -> None:
    made = Office(tmp_path)
    before, now = (Chosen(reveal_once=one) for one in (not once, once))
    note_guards(made.workspace.session, before, now)
    assert made.workspace.audit.here(limit=1)[0].detail == words
    made.workspace.close()


def test_it_is_on_record_whether_a_place_was_chosen_or_given_up(tmp_path: Path) -> None:
    made = Office(tmp_path)
    made.choose()
    made.workspace.backup_plan.choose(None)
    made.watch()
    made.workspace.watched.watch(None)
    rows = made.workspace.audit.here(Filter(actions=("settings",)), limit=4)
    made.workspace.close()
    assert [row.detail for row in reversed(rows)] == [
        "Second place for backups", "No second place for backups any more",
        "Shared folder", "No shared folder any more",
    ]  # fmt: skip


def test_locking_is_on_record_and_the_keys_go_whatever_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Office(tmp_path)
    made.workspace.lock()
    for fault in (DiskFull("The disk is full."), ConnectionAbortedError()):
        again = made.open()
        with monkeypatch.context() as patch, suppress(ConnectionAbortedError):
            patch.setattr(Session, "note", raising(fault))
            again.lock()
        with pytest.raises(StoreClosed):
            again.records.page("staff")
    again = made.open()
    assert [row.action for row in again.audit.here(Filter(actions=("lock", "login")))] == [
        *["login"] * 3,
        "lock",
        "login",
    ]
    again.close()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = Office(tmp_path_factory.mktemp("on_record"))
    yield made
    made.workspace.close()


def cut(*_: object) -> NoReturn:
    raise ConnectionAbortedError


def raising(fault: Exception) -> Callable[..., NoReturn]:
    def note(*_: object, **__: object) -> NoReturn:
        raise fault

    return note


def cut_at_settings(name: str) -> Callable[[Meta, str, int | str | bytes | None], None]:
    before = Meta.set

    def write(meta: Meta, key: str, value: int | str | bytes | None) -> None:
        if key == name:
            cut()
        before(meta, key, value)

    return write


@pytest.mark.parametrize(
    ("setting", "act"),
    [
        ("watched_folder", Office.watch), ("second_place", Office.choose), ("recovery_tested", Office.test),
        ("slots_generation", Office.see_older_keys),
    ],
)  # fmt: skip
def test_a_setting_and_its_row_come_together(
    office: Office, setting: str, act: Callable[[Office], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Vault, "generation", lambda *_: 0)  # older than any
    before = office.state()
    for place, broken in (
        ("gridworker.store.store.close_link", cut),
        ("gridworker.store.meta.Meta.set", cut_at_settings(setting)),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(place, broken)
            with pytest.raises(ConnectionAbortedError):
                act(office)
        assert office.state() == before, "one was kept without the other"
    act(office)
    settings, acts = office.state()
    assert settings != before[0]
    assert acts == before[1] + 1
