"""After an erasure no file of any data folder holds what was erased, whoever can open it."""

import shutil
from collections.abc import Collection, Iterator
from os import SEEK_END
from pathlib import Path

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull
from gridworker.paths import Folder
from gridworker.store.backup import restore
from gridworker.store.engine.checks import Still
from gridworker.store.engine.database import Database
from gridworker.store.erasure.erasure import erase
from gridworker.store.health.check import check
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys
from gridworker.store.log.log import ops_on
from gridworker.store.log.op import Edit, OpRow, What, pack_edits
from gridworker.store.meta import FOLLOWS
from gridworker.store.streams import BundleRow, Exchange
from gridworker.store.tables.changes import Act
from gridworker.store.wish import Wish
from gridworker.sync import incoming, known, redact
from gridworker.sync.files.files import BundleName
from gridworker.sync.format import seal
from gridworker.sync.format.bundle import OPS, read_bundle, sections_of
from gridworker.sync.format.header import unpack_header
from gridworker.sync.format.keys import DeviceKeys
from gridworker.sync.format.payload import unpack_ops
from gridworker.sync.judging import pending_references
from gridworker.sync.judging.judge import OUT_OF_SCOPE, Judged
from gridworker.sync.returning.returns import SECTION as RETURNS
from gridworker.sync.returning.returns import unpack_inners
from tests.builders import DEK
from tests.circle import RECOVERY, Circle
from tests.pages import found_in
from tests.signing import lie

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
    """All values in a bundle, unpacked, whoever signed it; those of replies that it gives back too."""
    return b"".join(_values(seal.open_sealed(data, [own.identity, RECOVERY.identity])))


def _values(inner: bytes) -> Iterator[bytes]:
    sections = sections_of(inner)
    ops = unpack_ops(sections[OPS])
    yield from (row.vals for row in [*ops.rows, *(bad.row for bad in ops.bad)])
    for within in unpack_inners(bytes(sections[RETURNS])) if RETURNS in sections else ():
        yield from _values(within)


def met(circle: Circle) -> tuple[Workspace, int]:
    """A laptop that holds a person, has told of them, and has heard of them."""
    office = circle.office
    grid = office.devices.add_grid("第一网格")
    family = circle.family(grid, name=NAME)
    laptop = circle.enrol("周敏", grid)
    laptop.records.save("resident", {"note": NOTE}, family.resident)
    circle.round(laptop)
    return laptop, family.resident


def put_back(circle: Circle, backup: Path) -> Workspace:
    """A backup in the place of the office's store; what lies in its archive is taken in once more."""
    circle.close("office")
    restore.restore(backup, Folder(circle.folder / "office"), Keys(DEK), CHEAP)
    office = circle.open("office")
    assert all(merged.problem is None for merged in office.exchange.recover())
    return office


def test_an_office_that_was_set_back_reads_what_it_redacted(circle: Circle) -> None:
    """Nobody else may have it any more: the laptop was told that it came."""
    laptop, resident = met(circle)
    office, household = circle.office, circle.office.records.page("household")[0].id
    backup = office.backups.make(circle.folder / "stick" / "backups").path
    laptop.records.save("resident", {"note": LATE}, resident)
    laptop.records.save("household", {"remark": "二楼"}, household)
    circle.hand_in(laptop)
    elsewhere = shutil.copytree(backup.parent, circle.folder / "elsewhere") / backup.name
    office.erasing.erase("resident", resident)
    known_file = {trip.file: trip.hash for trip in office.exchange.trips() if not trip.outgoing}
    office = put_back(circle, elsewhere)
    assert office.records.show("household", household).values["remark"] == "二楼"
    assert {trip.file: trip.hash for trip in office.exchange.trips() if not trip.outgoing} == known_file
    circle.round(laptop)
    assert canaries(office) == set()
    circle.close()


def test_a_reply_that_is_asked_back_keeps_what_was_erased_until_it_was_given_back(circle: Circle) -> None:
    """A life of the office that began and ended on an old copy said it; nobody else knows the new household."""
    laptop, resident = met(circle)
    grid = laptop.session.grids()[0]
    old = circle.office.backups.make(circle.folder / "old").path
    newer = circle.office.backups.make(circle.folder / "newer").path
    put_back(circle, old)
    between = circle.family(grid, "505", "王小明")
    late = circle.office.exchange.pack(circle.stick, 1)
    office = put_back(circle, newer)
    office.erasing.erase("resident", resident)
    circle.round(laptop)
    laptop.exchange.merge(late)
    circle.round(laptop)
    circle.round(laptop)
    assert office.records.show("household", between.household).id == between.household
    assert circle.agrees(laptop, grid)
    assert canaries(laptop) | canaries(office) == set()
    for path in laptop.session.folder.outbox.glob("*"):
        assert "returns" not in sections_of(seal.open_sealed(path.read_bytes(), [RECOVERY.identity])), (
            "given back whole"
        )
    circle.close()


def test_what_was_given_back_is_gone_through_in_the_office_s_archive(circle: Circle) -> None:
    """Whoever is erased only after the replies about them came back, in a bundle of one who wrote nothing of them."""
    laptop, _ = met(circle)
    old = circle.office.backups.make(circle.folder / "old").path
    resident = circle.family(laptop.session.grids()[0], "505", "王小明").resident
    circle.office.records.save("resident", {"note": LATE}, resident)
    circle.round(laptop)
    office = put_back(circle, old)
    for _ in range(2):
        circle.round(laptop)
    assert office.records.show("resident", resident).values["note"] == LATE, "it came back"
    given = [path for path in office.session.folder.archive.iterdir() if _gives_back(path, keys_of(office))]
    assert given
    assert LATE.encode() in _inner(given[0].read_bytes(), keys_of(office))
    office.erasing.erase("resident", resident)
    assert not {word for word in canaries(office) if LATE in word}
    circle.close()


def _gives_back(path: Path, own: DeviceKeys) -> bool:
    return RETURNS in sections_of(seal.open_sealed(path.read_bytes(), [own.identity]))


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
        assert not check(device.session.store)
    circle.close()


def test_a_late_reply_that_was_overtaken_leaves_nothing_behind(circle: Circle) -> None:
    """Nothing of it is taken in, but it is kept in the archive like any other."""
    laptop, record = met(circle)
    circle.office.records.save("resident", {"note": LATE}, record)
    late = circle.office.exchange.pack(circle.stick, 1)
    circle.round(laptop)
    circle.office.erasing.erase("resident", record)
    circle.round(laptop)
    laptop.exchange.merge(late)
    assert canaries(laptop) == set()
    circle.close()


def test_who_was_erased_after_they_left_a_laptop_is_in_no_file_of_it_any_more(circle: Circle) -> None:
    """The replies that brought them lie in its archive still, and the drafts and backups of that time."""
    laptop, record = met(circle)
    office, other = circle.office, circle.office.devices.add_grid("第二网格")
    office.records.save("resident", {"note": LATE}, record)
    circle.round(laptop)
    [building] = [one.id for one in office.records.page("building")]
    office.records.save("building", {"grid_id": other}, building)
    circle.round(laptop)
    office.backups.make()
    circle.round(laptop)
    assert laptop.session.store.get("resident", record) is None, "it left"
    assert canaries(laptop), "and lies in the archive"
    office.erasing.erase("resident", record)
    circle.round(laptop)
    assert canaries(laptop) == set()
    assert laptop.care_of_store.check() == []
    office.records.save("building", {"grid_id": office.devices.grids()[0][0]}, building)
    circle.round(laptop)
    circle.round(laptop)
    assert laptop.care_of_store.digest() == office.care_of_store.digest()
    circle.close()


def test_what_is_set_aside_leaves_nothing_behind_in_the_archive(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop, record = met(circle)
    circle.office.erasing.erase("resident", record)
    laptop.records.save("resident", {"note": LATE}, record)
    for module in (incoming, pending_references):
        monkeypatch.setattr(module, "judge", lambda rows, _office: Judged([], [(row, OUT_OF_SCOPE) for row in rows]))
    circle.hand_in(laptop)
    assert circle.office.asides.waiting()
    assert canaries(circle.office) == set()
    circle.close()


@pytest.mark.parametrize(
    "how", ["of another", "of another life", "put off", "cut short", "a fork", "more than it says", "the last one"]
)
def test_an_op_whose_number_does_not_tell_its_bundle_leaves_nothing_behind_in_the_archive(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """It bears another's clk, waits to come once more, or lies outside of what the header says, and it came twice.

    Or it is the very last that the header says: behind what honest programs write stands what the audit tells of it.
    """
    laptop, record = met(circle)
    clk = laptop.session.store.new_id()
    vals, covers = pack_edits(record, [Edit(13, LATE, (record,))]), {}
    if how == "a fork":
        (household,) = (one.id for one in laptop.records.page("household"))
        laptop.records.save("household", {"remark": "敲门要响"}, household)
        circle.round(laptop)
        with laptop.session.store.cursor() as cursor:
            clk = max(ops_on(cursor, [household]))
        covers["since"] = clk - 1
    row = OpRow(clk ^ (900 << 6) if how == "of another" else clk, 6, record, What.EDIT, 0, vals)
    if how == "of another life":
        row, covers = row._replace(clk=clk ^ 1), {"since": clk + 1, "upto": clk + 2}
    if how == "more than it says":
        covers = {"since": 0, "upto": 0}
    if how == "put off":
        monkeypatch.setattr(incoming, "is_waited_for", lambda *_: True)
        monkeypatch.setattr(incoming, "judge", lambda rows, _: Judged([], [(row, OUT_OF_SCOPE) for row in rows]))
    if how == "cut short":
        row = row._replace(vals=vals + b"\xc0")
    for name in ("one.gwb", "two.gwb"):
        circle.office.exchange.merge(lie(laptop, circle.stick / name, [row], **covers))
    waiting = [one.id for one in circle.office.asides.waiting()]
    if waiting:
        circle.office.asides.refuse(waiting)
    assert f"archive: {LATE}" in canaries(circle.office)
    circle.office.erasing.erase("resident", record)
    assert canaries(circle.office) == set()
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


def test_a_bundle_that_is_redacted_twice_names_the_one_its_sender_wrote(circle: Circle) -> None:
    laptop, record = met(circle)
    (household,) = (one.id for one in laptop.records.page("household"))
    laptop.records.save("resident", {"note": LATE}, record)
    laptop.records.save("household", {"remark": NOTE}, household)
    circle.round(laptop)
    office, own = circle.office, keys_of(circle.office)
    archive = office.session.folder.archive
    (row,) = (row for row in _rows(office) if LATE.encode() in _inner((archive / row.path).read_bytes(), own))
    path = archive / row.path
    seen: list[bytes] = []
    for kind, one in (("resident", record), ("household", household)):
        erase(office.session.store, [Wish(kind, one)], Act.note("erase", office.session.who))
        office.exchange.settle_erasures()
        bundle = read_bundle(path.read_bytes(), [own.identity], known=lambda _: own.public)
        assert bundle.header.redacts is not None
        assert (bundle.header.redacts.hash, bundle.header.redacts.sender) == (
            row.hash.hex(),
            laptop.session.store.identity.device,
        )
        seen.append(_inner(path.read_bytes(), own))
    assert [NOTE.encode() in words for words in seen] == [True, False]
    assert canaries(office) == set()
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


def test_what_is_attached_is_asked_to_go_until_it_is_gone(circle: Circle) -> None:
    _, record = met(circle)
    office = circle.office
    erase(office.session.store, [Wish("resident", record)], Act.note("erase", office.session.who))
    told: list[set[int]] = []

    def attached(records: Collection[int]) -> None:
        told.append(set(records))
        if len(told) == 1:
            raise DiskFull("The disk is full.")

    own = keys_of(office)
    redactor = redact.Redactor(
        office.session.store, office.session.folder, own, RECOVERY.public, known.laptop_keys, attached
    )
    with pytest.raises(DiskFull):
        redactor.run()
    redactor.run()
    redactor.run()
    assert told == [{record}, {record}]
    assert canaries(office) == set()
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


def test_what_a_kill_left_of_bundles_is_gone_through_too(circle: Circle) -> None:
    """Copied and never taken in, for a later one came in its place; packed and never put on record; half written."""
    laptop, record = met(circle)
    laptop.records.save("resident", {"note": LATE}, record)
    killed = laptop.exchange.pack(circle.stick)
    circle.clock.move(minutes=1)
    laptop.records.save("resident", {"phones": "13800000001"}, record)
    circle.hand_in(laptop)
    office, folder = circle.office, circle.office.session.folder
    shutil.copy(killed, folder.archive)
    device = office.session.store.identity.device
    reply = office.exchange.pack(circle.stick, laptop.session.store.identity.laptop)
    shutil.copy(reply, folder.outbox / str(BundleName(device, 99, "00000000")))
    other_life = folder.outbox / str(BundleName(device + 1, 99, "00000000"))
    shutil.copy(reply, other_life)
    with office.session.store.settings() as settings:
        settings.set(FOLLOWS, "a backup")
    erase(office.session.store, [Wish("resident", record)], Act.note("erase", office.session.who))
    before = (folder.archive / killed.name).read_bytes()
    office.exchange.settle_erasures()
    assert (folder.archive / killed.name).read_bytes() == before, "after a restore it may have to be taken in yet"
    with office.session.store.settings() as settings:
        settings.set(FOLLOWS, "")
    erase(office.session.store, [Wish("resident", record)], Act.note("erase", office.session.who))
    office.exchange.settle_erasures()
    assert other_life.exists(), "it may be all there is of what that life did"
    other_life.unlink()
    assert canaries(office) == set()
    assert (folder.archive / killed.name).exists(), "what else is in it stays"
    circle.close()


def _rows(workspace: Workspace) -> list[BundleRow]:
    with workspace.session.store.cursor() as cursor:
        return Exchange(cursor).bundles(outgoing=False, limit=1000)


@pytest.mark.parametrize("aside", ["whole", "damaged", "of another life", "gone"])
def test_what_a_life_before_a_restore_packed_goes_where_its_store_was_put_aside(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, aside: str
) -> None:
    """The store that was put back knows nothing of the bundle, and nobody here can open it: it may be all there is.

    A store that can have nothing of it is not read through: that takes minutes of a large one.
    """
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    older = laptop.backups.make(circle.folder / "own").path
    laptop.records.save("resident", {"note": "金丝雀"}, family.resident)
    packed = laptop.session.folder.outbox / laptop.exchange.pack(circle.stick).name
    circle.close("laptop-1")
    done = restore.restore(older, Folder(circle.folder / "laptop-1"), Keys(DEK), CHEAP)
    assert done.aside is not None
    if aside == "gone":
        shutil.rmtree(done.aside)
    elif aside == "of another life":
        shutil.copyfile(circle.folder / "laptop-1" / "store.db", done.aside / "store.db")
    elif aside == "damaged":
        with (done.aside / "store.db").open("r+b") as file:
            file.seek(-2048, SEEK_END)
            file.write(b"\0" * 64)
    laptop = circle.open("laptop-1")
    laptop.exchange.recover()
    circle.office.erasing.erase("resident", family.resident)
    assert packed.exists()
    through, read = list[Database](), Database.sealed_integrity

    def reads(file: Database, *still: Still) -> list[str]:
        if file._path.parent == done.aside:  # and none of the backups that are made anew
            through.append(file)
        return read(file, *still)

    monkeypatch.setattr(Database, "sealed_integrity", reads)
    circle.round(laptop)
    assert packed.exists() is (aside != "whole")
    assert bool(through) is (aside in {"whole", "damaged"})


def test_what_a_laptop_packed_that_holds_nothing_of_the_erased_stays_in_its_outbox(circle: Circle) -> None:
    """It may be on its way still."""

    def packed() -> set[str]:
        return {path.name for path in laptop.session.folder.outbox.glob("*.gwb")}

    laptop, record = met(circle)
    first = packed()
    laptop.records.save("household", {"status": "active"})
    circle.hand_in(laptop)
    later = packed() - first
    assert later
    forget(circle.office, record)
    circle.reply(laptop)
    assert later <= packed()
    assert not first <= packed()
    circle.close()
