"""The office's recovery sheet is trusted only once it was tried."""

from pathlib import Path

import pytest

from gridworker.app.access.founding import Founding, RecoverySheet, found_office
from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, NotForUs, Problem, WrongPassphrase
from gridworker.store.keys.kdf import CHEAP
from tests.circle import PASSPHRASE, Circle


@pytest.fixture
def office(tmp_path: Path) -> tuple[Path, RecoverySheet]:
    sheet = found_office(tmp_path / "office", PASSPHRASE, Founding("420202005002", "办公室", "刘芳"), profile=CHEAP)
    (tmp_path / "key.age").write_bytes(sheet.sealed)
    return tmp_path, sheet


def test_a_new_office_is_reminded_until_it_was_tried(office: tuple[Path, RecoverySheet]) -> None:
    folder, sheet = office
    opened = Workspace.open(folder / "office", PASSPHRASE, profile=CHEAP)
    assert opened.recovery.is_due()
    assert opened.recovery.fingerprint() == sheet.fingerprint
    opened.recovery.test(folder / "key.age", sheet.code.lower())
    assert not opened.recovery.is_due()
    details = [row.values["detail"] for row in opened.records.page("audit_event", limit=20)]
    opened.close()
    assert "recovery tested" in details
    again = Workspace.open(folder / "office", PASSPHRASE, profile=CHEAP)
    assert not again.recovery.is_due()
    again.close()


def test_a_sheet_that_does_not_open_is_not_trusted(office: tuple[Path, RecoverySheet], tmp_path: Path) -> None:
    folder, sheet = office
    other = found_office(tmp_path / "2", PASSPHRASE, Founding("420202005002", "办公室", "刘芳"), profile=CHEAP)
    (tmp_path / "other.age").write_bytes(other.sealed)
    (tmp_path / "cut.age").write_bytes(sheet.sealed[:-3])
    opened = Workspace.open(folder / "office", PASSPHRASE, profile=CHEAP)
    slip = sheet.code[:-1] + ("R" if sheet.code[-1] == "Q" else "Q")
    wrong: list[tuple[str, str, type[Problem]]] = [
        ("other.age", other.code, WrongPassphrase), ("other.age", sheet.code, NotForUs),
        ("key.age", other.code, NotForUs), ("cut.age", sheet.code, NotForUs),
        ("key.age", slip, Problem), ("none.age", sheet.code, Problem),
    ]  # fmt: skip
    for file, code, problem in wrong:
        with pytest.raises(problem):
            opened.recovery.test(folder / file, code)
        assert opened.recovery.is_due()
    opened.close()


def test_a_laptop_has_none_to_try(circle: Circle, tmp_path: Path) -> None:
    laptop = circle.enrol("周敏", circle.office.devices.add_grid("第一网格"))
    assert not laptop.recovery.is_due()
    with pytest.raises(Denied):
        laptop.recovery.test(tmp_path / "x", "7K2MX-QF9XR-3D8AW-PW4C0")
