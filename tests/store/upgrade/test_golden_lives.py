"""An office and a laptop that lived with an older format: opened, all is shown as it was, and they go on together."""

import json
import shutil
from pathlib import Path

import pytest

from gridworker.app.backup.restoring import Restoring
from gridworker.app.workspace import Workspace
from gridworker.domain.audit_event import AuditEvent
from gridworker.paths import Folder
from gridworker.store.backup.backup import verify
from gridworker.store.backup.manifest import FORMAT as MANIFEST
from gridworker.store.backup.manifest import NAME, READ
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys
from gridworker.store.meta import Meta
from gridworker.store.upgrade.tables import FORMAT
from tests.builders import DEK
from tests.circle import PASSPHRASE, Circle
from tests.store.golden_community import DEVICES, PHOTO, Shown, shown

LIVES = Path(__file__).parents[2] / "data" / "lives"
AUDIT = str(AuditEvent.kind.number)
OF_FORMATS = [f"format-{number}" for number in range(1, FORMAT + 1)]
BACKUPS = sorted(path.parent for path in LIVES.rglob(NAME))


def kept(name: str, device: str) -> Shown:
    """What the tables showed when it was kept."""
    found: Shown = json.loads((LIVES / name / f"{device}.json").read_text("utf-8"))
    return found


def require_shown(workspace: Workspace, before: Shown, *but: str) -> None:
    """Every record with every value, be there more by now, and no other record but of the audit."""
    now = shown(workspace.session.store)
    assert now.keys() == before.keys()
    for kind in before.keys() - set(but):
        assert before[kind].keys() == now[kind].keys() or kind == AUDIT
        for record, values in before[kind].items():
            assert values.items() <= now[kind][record].items(), f"kind {kind}, record {record}"


def taken_out(tmp_path: Path, name: str) -> Path:
    """Both data folders, to be worked in."""
    for device in DEVICES:
        shutil.copytree(LIVES / name / device, tmp_path / device)
    return tmp_path


def outdate(folder: Path) -> None:
    """As if a version had written it of which nothing is known but its log."""
    db = Database(Folder(folder).database, DEK)
    with db.write() as connection:
        Meta(raw_cursor(connection)).set("signature", "{}")
        for table in ("resident", "visit", "issue", "head", "conflict", "erased"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    db.close()


def test_there_is_one_of_every_format() -> None:
    assert {path.name for path in LIVES.glob("format-*")} == set(OF_FORMATS)
    formats = {json.loads((path / NAME).read_text())["format"] for path in BACKUPS}
    assert formats == READ == set(range(1, MANIFEST + 1))


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", OF_FORMATS)
@pytest.mark.parametrize("outdated", [False, True], ids=["as it is", "read anew"])
def test_all_is_shown_as_it_was(name: str, device: str, tmp_path: Path, *, outdated: bool) -> None:
    folder = taken_out(tmp_path, name) / device
    if outdated:
        outdate(folder)
    before = len(list(Folder(folder).backups.glob("0*")))
    opened = Workspace.open(folder, PASSPHRASE, profile=CHEAP)
    require_shown(opened, kept(name, device))
    assert opened.care_of_store.check() == []
    assert [opened.attachments.show(view.id) for view in opened.attachments.all() if view.here] == [PHOTO]
    assert opened.merge.count() == 1, "the remark of which there are two"
    if outdated:
        made = opened.backups.list()[0]
        assert len(opened.backups.list()) == before + 1
        assert verify(made.path, Keys(DEK)).manifest.chain > 0, "a backup comes before the upgrade"
    opened.close()


@pytest.mark.parametrize("name", OF_FORMATS)
def test_they_go_on_together(name: str, tmp_path: Path) -> None:
    """What the laptop had packed and not handed over, and what either writes afterwards."""
    circle = Circle(taken_out(tmp_path, name))
    laptop = circle.open("laptop-1")
    (grid, _) = circle.office.devices.grids()[0]
    (packed,) = sorted(laptop.session.folder.outbox.glob("01-*"))[-1:]
    circle.office.exchange.merge(packed)
    person = next(one.id for one in laptop.records.page("resident") if one.values["name"] == "陈桂香")
    laptop.records.save("resident", {"note": "以后写的"}, person)
    circle.round(laptop)
    assert circle.agrees(laptop, grid)
    assert circle.office.records.show("resident", person).values["note"] == "以后写的"
    for workspace in (circle.office, laptop):
        assert workspace.care_of_store.check() == []
    circle.close()


@pytest.mark.parametrize("backup", BACKUPS, ids=lambda path: str(path.relative_to(LIVES)).split("/")[0])
def test_a_backup_that_was_made_then_is_put_back(backup: Path, tmp_path: Path) -> None:
    """Its manifest and what lies beside it are in the form of then, too."""
    place = shutil.copytree(backup.parent, tmp_path / "stick")
    restoring = Restoring(place / backup.name, tmp_path / "new", PASSPHRASE, profile=CHEAP)
    restoring.verify()
    done = restoring.restore()
    assert done.lost == ()
    name = backup.relative_to(LIVES).parts[0]
    opened = Workspace.open(tmp_path / "new", PASSPHRASE, profile=CHEAP)
    require_shown(opened, kept(name, "office"), AUDIT)  # that it was made stands in no backup
    assert opened.care_of_store.check() == []
    assert [opened.attachments.show(view.id) for view in opened.attachments.all() if view.here] == [PHOTO]
    opened.close()
