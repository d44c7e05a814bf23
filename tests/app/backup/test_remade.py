"""A backup of a former life, made anew at an erasure, holds the erasure itself: who puts it back forgets nobody's end.

The office was put back to the older of two backups, and erased somebody before any laptop heard of it. The newer one is
made anew, and then everything else is lost.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gridworker.app.attachment.picture import prepared
from gridworker.app.workspace import Workspace
from gridworker.errors import NotFound, Problem
from gridworker.paths import Folder
from gridworker.store.attached import Files
from gridworker.store.backup import restore
from gridworker.store.backup.carried import drafts_in, put_drafts
from gridworker.store.backup.manifest import Manifest
from gridworker.store.backup.place import listing
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.erasure.borne import borne, written
from gridworker.store.erasure.erasure import erasures
from gridworker.store.forgetting import is_left_to_redact
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys
from gridworker.store.log.clock import MAX_INCARNATION, device_of
from gridworker.store.log.log import Log
from gridworker.store.log.op import Edit, OpRow, What, pack_edits
from gridworker.store.recall import Recall
from gridworker.store.streams import Aside, Exchange, last_number
from tests.builders import DEK
from tests.circle import Circle, Family
from tests.pages import found_in
from tests.pictures import photo as picture

PHOTO = prepared(picture(1, 20_000)).data


@pytest.fixture
def laptop(circle: Circle, laptop: Workspace) -> Workspace:
    circle.round(laptop)
    return laptop


def place(circle: Circle) -> Path:
    return circle.folder / "place"


def put_back(circle: Circle, name: str, backup: Path, *, gone: bool = True) -> Workspace:
    """In the place of the store that is here, or where all that was on the disk is ``gone``."""
    circle.close(name)
    if gone:
        shutil.rmtree(circle.folder / name)
    restore.restore(backup, Folder(circle.folder / name), Keys(DEK), CHEAP)
    opened = circle.open(name)
    opened.exchange.recover()
    return opened


def set_back(circle: Circle) -> Workspace:
    """To the older of two backups; the newer is of a life that this one never was."""
    older = circle.office.backups.make(place(circle)).path
    circle.office.backups.make(place(circle))
    return put_back(circle, "office", older)


def remade(office: Workspace, circle: Circle) -> Path:
    """The last backup of the former life, as it lies there now."""
    first = [
        view
        for view in office.backups.list(place(circle))
        if Manifest.read(view.path, Keys(DEK)).device & MAX_INCARNATION == 0
    ]
    return max(first, key=lambda view: view.chain).path


def put_remade_back(circle: Circle) -> Workspace:
    return put_back(circle, "office", remade(circle.office, circle))


def ops_on(workspace: Workspace, record: int) -> list[OpRow]:
    with workspace.session.store.cursor() as cursor:
        return [row for rows in Log(cursor).ops() for row in rows if row.record == record]


def require_gone(workspace: Workspace, kind: str, record: int) -> None:
    with pytest.raises(NotFound):
        workspace.records.show(kind, record)


def require_all_know(circle: Circle, laptop: Workspace, *grids: int) -> None:
    """Office and laptop agree, are sound, and wait for nothing."""
    for _ in range(3):
        circle.round(laptop)
    assert circle.agrees(laptop, *grids)
    for workspace in (circle.office, laptop):
        assert workspace.care_of_store.check() == []
        with workspace.session.store.cursor() as cursor:
            assert Log(cursor).awaited() == {}
    assert not circle.office.merge.count()
    assert laptop.exchange.pending().records == 0


def test_put_back_it_has_nobody_living_without_a_name_and_tells_the_laptops(
    circle: Circle, laptop: Workspace, family: Family, grid: int
) -> None:
    office = set_back(circle)
    wrote = office.session.store.identity.device
    office.erasing.erase("resident", family.resident)
    known = [(row.clk, row.what) for row in ops_on(office, family.resident)]
    office = put_remade_back(circle)
    require_gone(office, "resident", family.resident)
    assert [(row.clk, row.what) for row in ops_on(office, family.resident)] == known
    lives = {device_of(clk) for clk, what in known if what == What.ERASE}
    assert lives == {wrote}, "it stays the op of the life that wrote it"
    assert laptop.records.show("resident", family.resident).values["name"]
    require_all_know(circle, laptop, grid)
    require_gone(laptop, "resident", family.resident)
    assert not any(b"13800000142" in row.vals for one in (office, laptop) for row in ops_on(one, family.resident))


def test_nobody_can_take_back_that_it_was_told(circle: Circle, laptop: Workspace, family: Family) -> None:
    set_back(circle).erasing.erase("resident", family.resident)
    office = put_remade_back(circle)
    with pytest.raises(Problem):
        office.records.undo()
    require_gone(office, "resident", family.resident)


def test_it_ends_where_its_life_did_so_that_laptops_are_asked_for_all_that_came_after(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """The erasure is no link of it: a laptop has something else under the next number."""
    older = circle.office.backups.make(place(circle)).path
    chain = Manifest.read(circle.office.backups.make(place(circle)).path, Keys(DEK)).chain
    circle.office.records.save("household", {"remark": "只在一台电脑上"}, family.household)
    circle.reply(laptop)
    office = put_back(circle, "office", older)
    office.erasing.erase("resident", family.resident)
    assert Manifest.read(remade(office, circle), Keys(DEK)).chain == chain
    office = put_remade_back(circle)
    circle.round(laptop)
    with office.session.store.cursor() as cursor:
        assert {life: n for life, n in Recall(cursor).lost().items() if n} == {0: chain}
        assert last_number(cursor) > chain
    circle.round(laptop)
    assert office.records.show("household", family.household).values["remark"] == "只在一台电脑上"


def test_several_erasures_one_after_the_other_are_all_in_it(
    circle: Circle, laptop: Workspace, family: Family, grid: int
) -> None:
    other = circle.family(grid, "102", "王秀英", "13800000777")
    circle.round(laptop)
    office = set_back(circle)
    office.records.save("household", {"remark": "金丝雀"}, family.household)
    office.erasing.erase("household", family.household, ["remark"])
    first = remade(office, circle)
    office.records.save("household", {"remark": "后来写的"}, family.household)
    office.erasing.erase("resident", other.resident)
    office.erasing.erase("resident", family.resident)
    assert remade(office, circle) != first
    with office.session.store.cursor() as cursor:
        written_here = written(cursor)
    assert len(written_here) >= 3
    office = put_remade_back(circle)
    with office.session.store.cursor() as cursor:
        assert written(cursor) == written_here
        assert borne(cursor) == []
    for one in (family, other):
        require_gone(office, "resident", one.resident)
    assert office.records.show("household", family.household).values["remark"] is None
    require_all_know(circle, laptop, grid)


def test_what_it_bears_of_a_record_goes_with_the_next_erasure_of_that(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """A remark was blanked while the household's other text, of the same edit, stayed: until that goes as well."""
    office = set_back(circle)
    office.records.save("resident", {"note": "金丝雀一号", "phones": "13800000777"}, family.resident)
    office.erasing.erase("resident", family.resident, ["note"])
    assert found_in(remade(office, circle) / "store.db", ["13800000777"])
    office.erasing.erase("resident", family.resident)
    assert not any(found_in(path, ["金丝雀", "13800000777"]) for path in place(circle).rglob("store.db"))


def test_one_that_never_had_the_person_lets_no_old_bundle_bring_them_to_life(
    circle: Circle, laptop: Workspace, family: Family, grid: int
) -> None:
    office = set_back(circle)
    new = circle.family(grid, "103", "李淑珍", "13800000999")
    circle.round(laptop)
    old = laptop.exchange.pack(circle.stick)
    office.erasing.erase("resident", new.resident)
    office = put_remade_back(circle)
    require_gone(office, "resident", new.resident)
    office.exchange.merge(old)
    require_gone(office, "resident", new.resident)
    require_all_know(circle, laptop, grid)
    require_gone(laptop, "resident", new.resident)
    assert not any(b"13800000999" in row.vals for row in ops_on(office, new.resident))


def test_an_erasure_that_came_back_from_a_former_life_of_the_office_is_in_it_too(
    circle: Circle, laptop: Workspace, family: Family, grid: int
) -> None:
    """All backups were out of reach when it erased; a laptop heard of it, and gives the op back to a later life."""
    office = set_back(circle)
    elsewhere = office.backups.make(circle.folder / "elsewhere").path
    circle.round(laptop)
    for one in (place(circle), elsewhere.parent):
        one.rename(one.with_suffix(".away"))
    office.erasing.erase("resident", family.resident)
    circle.round(laptop)
    made = [row.clk for row in ops_on(office, family.resident) if row.what == What.ERASE]
    for one in (place(circle), elsewhere.parent):
        one.with_suffix(".away").rename(one)
    office = put_back(circle, "office", elsewhere)
    assert office.records.show("resident", family.resident).values["name"], "no backup tells of it"
    for _ in range(3):
        circle.round(laptop)
    require_gone(office, "resident", family.resident)
    office.backup_plan.keep_up()
    assert not office.backups.are_stale()
    office = put_remade_back(circle)
    require_gone(office, "resident", family.resident)
    assert [row.clk for row in ops_on(office, family.resident) if row.what == What.ERASE] == made
    require_all_know(circle, laptop, grid)


def test_one_that_was_made_anew_when_the_op_was_nowhere_is_made_anew_once_more(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an older program made it, or an office that knew of the erasure alone until a laptop brought the op."""
    office = set_back(circle)
    with monkeypatch.context() as patched:
        patched.setattr("gridworker.store.erasure.erasure.bear_ops", lambda *_: None)
        patched.setattr("gridworker.store.backup.former.beyond", lambda *_: [])
        office.erasing.erase("resident", family.resident)
    before = remade(office, circle)
    office.erasing.erase("household", family.household, ["remark"])
    assert remade(office, circle) != before
    office = put_remade_back(circle)
    require_gone(office, "resident", family.resident)


def test_put_back_in_the_place_of_the_store_an_older_backup_takes_the_erasure_over_from_there(
    circle: Circle, laptop: Workspace, family: Family, grid: int
) -> None:
    """It was out of reach when somebody was erased; what lies in the folder knows."""
    away = circle.office.backups.make(circle.folder / "elsewhere").path.parent.rename(circle.folder / "away")
    circle.office.erasing.erase("resident", family.resident)
    (older,) = (path for path in away.iterdir() if (path / "store.db").exists())
    office = put_back(circle, "office", older, gone=False)
    require_gone(office, "resident", family.resident)
    require_all_know(circle, laptop, grid)
    require_gone(laptop, "resident", family.resident)


def test_one_put_back_where_an_erasure_is_known_by_word_alone_is_made_anew_itself(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """It was out of reach then, and the store that has the op is damaged: who was erased is told beside it."""
    away = circle.office.backups.make(circle.folder / "elsewhere").path.parent.rename(circle.folder / "away")
    circle.office.erasing.erase("resident", family.resident)
    (older,) = (path for path in away.iterdir() if (path / "store.db").exists())
    circle.close("office")
    Folder(circle.folder / "office").database.write_bytes(bytes(4096))
    assert found_in(older / "store.db", ["13800000142"])
    office = put_back(circle, "office", older, gone=False)
    office.backup_plan.keep_up()
    assert not any(found_in(path, ["13800000142"]) for path in away.rglob("store.db"))


def test_a_laptop_put_back_to_one_made_anew_shows_nobody_blank_before_it_met_the_office(
    circle: Circle, laptop: Workspace, family: Family, grid: int
) -> None:
    older = laptop.backups.make(place(circle)).path
    laptop.records.save("household", {"remark": "还没有交"}, family.household)
    laptop.backups.make(place(circle))
    laptop = put_back(circle, "laptop-1", older)
    circle.round(laptop)
    circle.office.erasing.erase("resident", family.resident)
    circle.round(laptop)
    laptop = put_back(circle, "laptop-1", remade(laptop, circle))
    require_gone(laptop, "resident", family.resident)
    assert laptop.care_of_store.check() == []
    require_all_know(circle, laptop, grid)
    assert circle.office.records.show("household", family.household).values["remark"] == "还没有交"
    require_gone(circle.office, "resident", family.resident)


@pytest.mark.parametrize("look", [erasures, written])
def test_what_it_bears_is_no_part_of_its_log(
    circle: Circle, laptop: Workspace, family: Family, look: Callable[..., object]
) -> None:
    office = set_back(circle)
    office.erasing.erase("resident", family.resident)
    with office.session.store.cursor() as cursor:
        known = look(cursor)
    db = Database(remade(office, circle) / "store.db", DEK, read_only=True)
    with db.read() as connection:
        there = raw_cursor(connection)
        assert look(there) == known
        ops = borne(there)
        assert {one.row.clk for one in ops}.isdisjoint(Log(there).rows(one.row.clk for one in ops))
        assert {one.row.what for one in ops} == {What.ERASE, What.DELETE}
    db.close()


def test_words_and_photos_go_out_of_all_that_it_holds(circle: Circle, laptop: Workspace, family: Family) -> None:
    """Values before, what is half written or set aside, what the search has, photos, bundles: by one applying of it."""
    canaries = ["金丝雀", "13800000888"]
    laptop.records.save("resident", {"name": "金丝雀", "phones": "13800000888"}, family.resident)
    laptop.attachments.add("household", family.household, PHOTO)
    circle.round(laptop)
    office = circle.office
    late = office.session.store.new_id() + 64
    with office.session.store.db.write() as connection:
        cursor = raw_cursor(connection)
        put_drafts(cursor, [(f"note:{family.household}", json.dumps({"text": "找金丝雀"}).encode(), 0)])
        (row,) = Log(cursor).rows([family.resident]).values()
        vals = pack_edits(family.resident, [Edit(13, "金丝雀说的", (family.resident,))])
        Exchange(cursor).set_aside([Aside(late, row.kind, row.record, What.EDIT, 0, 0, vals, "refused", b"x" * 32)])
    office = set_back(circle)
    before = office.backups.list(place(circle))[0].path
    assert found_in(before / "store.db", canaries)
    (photo,) = (name for name in listing(before) if name.startswith("attachments/"))
    pooled = place(circle) / "files" / listing(before)[photo][0]
    assert pooled.exists()
    office.erasing.erase("household", family.household)
    office.erasing.erase("resident", family.resident)
    after = remade(office, circle)
    assert not found_in(after / "store.db", canaries)
    assert [name for name in listing(after) if name.startswith("attachments/")] == []
    assert not pooled.exists()
    office = put_remade_back(circle)
    assert [view.id for view in office.attachments.all()] == []
    with office.session.store.cursor() as here:
        assert Files(here).all() == []
        assert Files(here).shed() == {}
        assert [body for _, body, _ in drafts_in(here) if "金丝雀".encode() in body] == []
        assert not is_left_to_redact(here)
    assert not any("金丝雀".encode() in op.vals for op in aside_of(office))
    assert office.care_of_store.check() == []


def aside_of(workspace: Workspace) -> list[Aside]:
    with workspace.session.store.cursor() as cursor:
        return Exchange(cursor).aside()
