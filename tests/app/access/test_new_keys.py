"""Keys of the office made anew: the recovery sheet and the key of its help; what becomes of the old ones, and when."""

from functools import partial
from pathlib import Path
from unittest.mock import Mock

import pyrage
import pytest

from gridworker.app.access.audit import Filter
from gridworker.app.access.recovery import opened_keys
from gridworker.app.backup.backups import Backups
from gridworker.app.forgotten import Forgotten
from gridworker.app.openers import vault_in
from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, DiskFull, NotFound, Problem, WrongPassphrase
from gridworker.paths import Folder
from gridworker.store.keys.kdf import CHEAP
from gridworker.sync.format.keys import DeviceKeys, new_recovery, seal_recovery
from gridworker.sync.format.recovering import Renewed, current, proposed, take, trust
from tests.builders import DEK
from tests.circle import PASSPHRASE, RECOVERY, Circle


@pytest.fixture(autouse=True)
def _cheap_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a sheet costs to open is for test_keys.py."""
    monkeypatch.setattr("gridworker.sync.format.keys.seal_recovery", partial(seal_recovery, work=2))


def opens(folder: Folder, keys: DeviceKeys) -> bool:
    """Whether a recovery key opens a store."""
    try:
        return vault_in(folder.root, CHEAP).open_with_recovery(keys.secret).dek == DEK
    except WrongPassphrase:
        return False


def again(circle: Circle, name: str) -> Folder:
    """Open a device as the window does, which brings its slots up to date, and close it."""
    circle.close(name)
    Workspace.open(circle.folder / name, PASSPHRASE, profile=CHEAP).close()
    return Folder(circle.folder / name)


@pytest.fixture
def renewed(circle: Circle, tmp_path: Path) -> DeviceKeys:
    """A new recovery key, tried and in force at the office."""
    sheet = circle.office.recovery.renew(tmp_path / "new.age")
    circle.office.recovery.test(tmp_path / "new.age", sheet.code)
    return opened_keys(tmp_path / "new.age", sheet.code)


def test_a_new_sheet_is_in_force_once_it_was_tried(circle: Circle, tmp_path: Path) -> None:
    office, folder = circle.office, circle.office.session.folder
    before = office.recovery.fingerprint()
    backup = office.backups.make().path
    sheet = office.recovery.renew(tmp_path / "new.age")
    keys = opened_keys(tmp_path / "new.age", sheet.code)
    assert (office.recovery.fingerprint(), office.recovery.waiting()) == (before, sheet.fingerprint)
    assert not opens(folder, keys)
    tried = office.recovery.test(tmp_path / "new.age", sheet.code)
    assert (tried.renewed, tried.backups) == (True, 1)
    assert not backup.exists()
    assert (office.recovery.fingerprint(), office.recovery.waiting()) == (sheet.fingerprint, "")
    assert opens(folder, keys)
    assert not office.recovery.is_due()
    assert office.recovery.test(tmp_path / "new.age", sheet.code).renewed is False
    details = [row.detail for row in office.audit.everywhere(limit=9) if row.action == "key"]
    assert [detail for detail in details if "ecovery" in detail] == [
        "Recovery sheet tested", "Recovery sheet in force", "Recovery sheet made",
    ]  # fmt: skip


def test_the_old_key_opens_nothing_any_more(circle: Circle, tmp_path: Path) -> None:
    office, folder = circle.office, circle.office.session.folder
    sheets = []
    for name in ("first.age", "second.age"):
        sheet = office.recovery.renew(tmp_path / name)
        office.recovery.test(tmp_path / name, sheet.code)
        sheets.append(opened_keys(tmp_path / name, sheet.code))
        assert opens(folder, sheets[-1])
    assert not opens(folder, sheets[0])
    (made,) = office.backups.make().path.glob("keys.json")
    assert not opens(Folder(made.parent), sheets[0])


def test_a_sheet_that_was_made_anew_before_it_was_tried_is_void(circle: Circle, tmp_path: Path) -> None:
    first = circle.office.recovery.renew(tmp_path / "first.age")
    circle.office.recovery.renew(tmp_path / "second.age")
    with pytest.raises(Problem):
        circle.office.recovery.test(tmp_path / "first.age", first.code)
    with pytest.raises(Problem, match="already"):
        circle.office.recovery.renew(tmp_path / "second.age")


def test_backups_that_the_old_sheet_opens_go_though_it_was_cut_off_before(
    circle: Circle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = circle.office.backups.make().path
    sheet = circle.office.recovery.renew(tmp_path / "new.age")
    with monkeypatch.context() as cut:
        cut.setattr(Backups, "renew", Mock(side_effect=DiskFull("full")))
        with pytest.raises(DiskFull, match=r"^The new sheet is in force\. .* goes on with it by itself\.$"):
            circle.office.recovery.test(tmp_path / "new.age", sheet.code)
    circle.office.backup_plan.keep_up()
    assert not old.exists()
    keys = opened_keys(tmp_path / "new.age", sheet.code)
    assert [opens(Folder(view.path), keys) for view in circle.office.backups.list()] == [True, True]


def test_laptops_hear_of_it_with_their_reply(circle: Circle, tmp_path: Path, renewed: DeviceKeys) -> None:
    laptop = circle.enrol("周敏", circle.office.devices.add_grid("第一网格"))
    circle.round(laptop)
    sheet = circle.office.recovery.renew(tmp_path / "newer.age")
    circle.office.recovery.test(tmp_path / "newer.age", sheet.code)
    newer = opened_keys(tmp_path / "newer.age", sheet.code)
    assert circle.office.exchange.has_news(1)
    circle.round(laptop)
    assert laptop.keys.key("recovery").fingerprint == sheet.fingerprint
    path = laptop.exchange.pack(circle.stick)
    assert pyrage.decrypt(path.read_bytes(), [newer.identity])
    for old in (renewed, RECOVERY):
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(path.read_bytes(), [old.identity])
    folder = again(circle, "laptop-1")
    assert opens(folder, newer)
    assert not opens(folder, renewed)


def test_a_change_that_was_cut_off_is_finished_at_the_next_opening(circle: Circle) -> None:
    keys = new_recovery()
    with circle.office.session.store.settings() as settings:
        trust(settings, keys.public)
    assert not opens(circle.office.session.folder, keys)
    assert opens(again(circle, "office"), keys)


def test_a_store_that_was_set_back_learns_of_the_new_key_from_its_slots(circle: Circle, renewed: DeviceKeys) -> None:
    with circle.office.session.store.settings() as settings:
        settings.set("recovery_serial", 0)
        settings.set("recovery_keys", RECOVERY.public.pack())
    folder = again(circle, "office")
    assert opens(folder, renewed)
    assert circle.open("office").recovery.fingerprint() == renewed.public.fingerprint


def test_an_earlier_key_is_never_taken_again(circle: Circle) -> None:
    keys = [new_recovery().public for _ in range(3)]
    with circle.office.session.store.settings() as settings:
        assert take(settings, Renewed(2, keys[0]))
        assert not take(settings, Renewed(2, keys[1]))
        assert not take(settings, Renewed(1, keys[2]))
        assert current(settings) == Renewed(2, keys[0])
        assert proposed(settings) is None


def test_a_laptop_makes_no_keys_of_the_office(circle: Circle) -> None:
    laptop = circle.enrol("周敏", circle.office.devices.add_grid("第一网格"))
    for refused in (laptop.recovery.renew, laptop.resets.renew):
        with pytest.raises(Denied):
            refused()


NEW = "橘子 河流 台灯 冬天"


def test_the_key_of_the_offices_help_is_made_anew_and_the_old_one_goes_on_until_then(circle: Circle) -> None:
    laptop = circle.enrol("周敏", circle.office.devices.add_grid("第一网格"))
    circle.round(laptop)
    folder = again(circle, "laptop-1")
    assert circle.office.resets.renew() == 1
    (row,) = circle.office.audit.here(Filter(actions=("key",)))
    assert row.detail == "Key for forgotten passphrases made anew"
    slot = vault_in(folder.root, CHEAP).seen().personal()[0].id
    asked = Forgotten(folder.root, profile=CHEAP).ask(NEW, slot)
    answered = circle.office.resets.answer(asked.code)
    assert answered.asking.laptop == 1
    Forgotten(folder.root, profile=CHEAP).finish(answered.code, NEW).close()
    circle.round(circle.open("laptop-1"))
    circle.close("laptop-1")
    Workspace.open(folder.root, NEW, profile=CHEAP).close()
    asked = Forgotten(folder.root, profile=CHEAP).ask(PASSPHRASE, slot)
    answered = circle.office.resets.answer(asked.file.decode())
    Forgotten(folder.root, profile=CHEAP).finish(answered.code, PASSPHRASE).close()
    [sealed] = vault_in(folder.root, CHEAP).seen().of_type("escrow")
    assert sealed.body["serial"] == 1
    with circle.office.session.store.settings() as settings:
        settings.forget_secret("escrow_seed_1")
    with pytest.raises(NotFound, match="recovery sheet opens the laptop"):
        circle.office.resets.answer(asked.code)


def test_a_laptop_enrolled_later_has_the_new_keys_from_its_kit(circle: Circle, renewed: DeviceKeys) -> None:
    circle.office.resets.renew()
    laptop = circle.enrol("周敏", circle.office.devices.add_grid("第一网格"))
    assert laptop.keys.key("recovery").fingerprint == renewed.public.fingerprint
    folder = again(circle, "laptop-1")
    [sealed] = vault_in(folder.root, CHEAP).seen().of_type("escrow")
    assert sealed.body["serial"] == 1
