"""After an erasure no file of any data folder holds what was erased, whoever can open it."""

from pathlib import Path

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull
from gridworker.store.changes import Act
from gridworker.store.check import check
from gridworker.store.erasure import Wish, erase
from gridworker.store.streams import BundleRow, Exchange
from gridworker.sync import redact, seal
from gridworker.sync.bundle import OPS, read_bundle, sections_of
from gridworker.sync.header import unpack_header
from gridworker.sync.keys import DeviceKeys
from gridworker.sync.payload import unpack_ops
from tests.circle import RECOVERY, Circle
from tests.pages import found_in

NAME, NOTE, LATE = "金丝雀陈", "canary-note-7731", "canary-late-9954"


@pytest.fixture
def circle(tmp_path: Path) -> Circle:
    return Circle(tmp_path)


def keys_of(workspace: Workspace) -> DeviceKeys:
    with workspace.session.store.settings() as settings:
        return DeviceKeys.parse(settings.secret("device_keys") or b"")


def canaries(workspace: Workspace) -> set[str]:
    """What stands in a data folder, with every key that opens anything there in hand: the device's and the recovery."""
    folder, own = workspace.session.folder, keys_of(workspace)
    assert workspace.session.store.db.checkpoint()
    found = {f"store: {word}" for word in found_in(folder.database, (NAME, NOTE, LATE))}
    for path in (*folder.root.rglob("*.gwb"), *folder.root.rglob("*.part")):
        inner = _inner(path.read_bytes(), own)
        found |= {f"{path.parent.name}: {word}" for word in (NAME, NOTE, LATE) if word.encode() in inner}
    return found


def _inner(data: bytes, own: DeviceKeys) -> bytes:
    """All values in a bundle, unpacked, whoever signed it."""
    inner = seal.open_sealed(data, [own.identity, RECOVERY.identity])
    ops = unpack_ops(sections_of(inner)[OPS])
    return b"".join([*(row.vals for row in ops.rows), *(bad.row.vals for bad in ops.bad)])


def met(circle: Circle) -> tuple[Workspace, int]:
    """A laptop that holds a person, has told of them, and has heard of them."""
    office = circle.office
    grid = office.devices.add_grid("第一网格")
    family = circle.family(grid, name=NAME)
    laptop = circle.enrol("周敏", grid)
    laptop.records.save("resident", {"note": NOTE}, family.resident)
    circle.round(laptop)
    return laptop, family.resident


def forget(office: Workspace, record: int) -> None:
    store = office.session.store
    erase(store, [Wish("resident", record)], Act.note("erase", office.session.who))
    office.exchange.settle_erasures()


def test_no_file_of_any_folder_holds_what_was_erased(circle: Circle) -> None:
    laptop, record = met(circle)
    assert {"archive: canary-note-7731", "outbox: canary-note-7731"} <= canaries(circle.office) | canaries(laptop)
    laptop.records.save("resident", {"note": LATE}, record)
    forget(circle.office, record)
    assert canaries(circle.office) == set()
    circle.hand_in(laptop)
    assert canaries(circle.office) == set()
    circle.reply(laptop)
    assert canaries(laptop) == set()
    circle.round(laptop)
    for device in (circle.office, laptop):
        assert canaries(device) == set()
        assert not [fault for fault in check(device.session.store) if fault.serious]
    circle.close()


def test_a_redacted_bundle_names_the_one_it_stands_for(circle: Circle) -> None:
    _, record = met(circle)
    office = circle.office
    before = {row.hash: row for row in _rows(office)}
    forget(office, record)
    folder, own = office.session.folder, keys_of(office)
    seen = 0
    for row in _rows(office):
        bundle = read_bundle((folder.archive / row.path).read_bytes(), [own.identity], known=lambda _: own.public) if (
            row.header != before[row.hash].header) else None  # fmt: skip
        if bundle is not None:
            seen += 1
            assert bundle.header.redacts is not None
            assert bundle.header.redacts.hash == row.hash.hex()
            assert bundle.header.redacts.n == row.n
            assert unpack_header(row.header).sections == ()
            assert not any(unpack_header(row.header).seed)
    assert seen == 1
    circle.close()


def test_the_same_bundle_again_is_known_still(circle: Circle) -> None:
    laptop, record = met(circle)
    laptop.records.save("resident", {"note": LATE}, record)
    path = circle.hand_in(laptop)
    forget(circle.office, record)
    assert circle.office.exchange.merge(path).again
    assert canaries(circle.office) == set()
    circle.close()


def test_cut_off_it_is_taken_up_again(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    laptop, record = met(circle)
    with monkeypatch.context() as patch:

        def full(*_: object, **__: object) -> None:
            raise DiskFull("The disk is full.")

        patch.setattr(redact, "save_bundle", full)
        with pytest.raises(DiskFull):
            forget(circle.office, record)
        assert canaries(circle.office)
    circle.reply(laptop)
    assert canaries(circle.office) == set()
    circle.close()


def test_a_bundle_on_a_stick_is_named(circle: Circle) -> None:
    laptop, record = met(circle)
    laptop.records.save("resident", {"note": LATE}, record)
    path = circle.office.exchange.pack(circle.stick, laptop.session.store.identity.laptop)
    store = circle.office.session.store
    erase(store, [Wish("resident", record)], Act.note("erase", circle.office.session.who))
    found = circle.office.exchange.settle_erasures()
    assert path.name in found.elsewhere
    circle.close()


def _rows(workspace: Workspace) -> list[BundleRow]:
    with workspace.session.store.cursor() as cursor:
        return Exchange(cursor).bundles(outgoing=False, limit=1000)
