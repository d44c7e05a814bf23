"""Forgetting a person from the clerk's chair: what goes with them, where they are named, and on every laptop after."""

import json
import shutil
from pathlib import Path

import pytest

from gridworker.app.backup.restoring import Restoring
from gridworker.app.forgetting import WRITTEN
from gridworker.app.rights.mentioned import Rewording, Way
from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, NotFound, Problem
from gridworker.store.erasure.erasure import erasures
from gridworker.store.health import sidecar
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys
from tests.builders import DEK
from tests.circle import Circle, Family, made_visit
from tests.convergence.forgotten import kit_holds, lies
from tests.pages import found_in

NAME, PHONE = "陈建国", "13800000142"


@pytest.fixture
def circle(tmp_path: Path) -> Circle:
    return Circle(tmp_path)


def village(circle: Circle) -> tuple[Workspace, Family]:
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid, name=NAME)
    save = circle.office.records.save
    consent = {"resident_id": family.resident, "purpose": "file", "scope": "phone", "method": "oral"}
    save("consent", {**consent, "given_on": "2026-01-02", "witness": "canary-witness"})
    save("household", {"remark": f"找{NAME}要先打电话"}, family.household)
    return circle.enrol("周敏", grid), family


def test_a_preview_names_what_goes_and_where_else_they_are_named(circle: Circle) -> None:
    _, family = village(circle)
    visit = made_visit(circle.office, family.household)
    circle.office.records.save("visit", {"situation_note": f"{NAME}身体很好", "met_other": PHONE}, visit)
    preview = circle.office.erasing.preview("resident", family.resident)
    assert next(one.kind for one in preview.going) == "resident"
    assert {one.kind for one in preview.going} == {"resident", "household_member", "consent"}
    assert preview.going[0].caption == NAME
    assert {(one.kind, one.field) for one in preview.mentioned} == {
        ("household", "remark"), ("household", "head_id"), ("visit", "situation_note"), ("visit", "met_other"),
    }  # fmt: skip
    assert "找陈建国要先打电话" in {one.excerpt for one in preview.mentioned}
    assert circle.office.records.show("resident", family.resident).values["name"] == NAME
    circle.close()


def test_the_person_is_gone_from_every_device(circle: Circle) -> None:
    laptop, family = village(circle)
    circle.round(laptop)
    laptop.records.save("resident", {"note": "canary-late"}, family.resident)
    outcome = circle.office.erasing.erase("resident", family.resident)
    assert len(outcome.preview.going) == 3
    circle.office.records.save("household", {"remark": None, "head_id": None}, family.household)
    circle.round(laptop)
    for device in (circle.office, laptop):
        assert device.session.store.get("resident", family.resident) is None
        assert device.session.store.get("household_member", family.member) is None
        assert device.session.store.db.checkpoint()
        words = (PHONE, "canary-late", "canary-witness")
        assert found_in(device.session.folder.database, words, DEK) == set()
        assert not device.care_of_store.check()
    circle.close()


def test_what_was_written_in_ignorance_of_an_erasure_can_be_undone_to_no_effect(circle: Circle) -> None:
    laptop, family = village(circle)
    circle.round(laptop)
    laptop.records.save("resident", {"note": "canary-late"}, family.resident)
    circle.office.erasing.erase("resident", family.resident)
    circle.reply(laptop)
    assert laptop.records.undo().kept
    assert laptop.session.store.get("resident", family.resident) is None
    assert not laptop.care_of_store.check()
    circle.close()


def test_a_consent_that_was_deleted_goes_too(circle: Circle) -> None:
    _, family = village(circle)
    consent = circle.office.records.page("consent", limit=1)[0].id
    circle.office.records.remove("consent", consent)
    preview = circle.office.erasing.preview("resident", family.resident)
    assert consent in {one.record for one in preview.going}
    circle.close()


def test_single_fields_of_a_visit_can_be_erased(circle: Circle) -> None:
    _, family = village(circle)
    visit = made_visit(circle.office, family.household)
    circle.office.records.save("visit", {"situation_note": "canary-visit"}, visit)
    circle.office.erasing.erase("visit", visit, ["situation_note"])
    assert circle.office.records.show("visit", visit).values["situation_note"] is None
    assert found_in(circle.office.session.folder.database, ["canary-visit"], DEK) == set()
    circle.close()


def test_a_text_is_written_anew_and_the_old_one_is_gone(circle: Circle) -> None:
    laptop, family = village(circle)
    circle.office.records.save("household", {"remark": "canary-old"}, family.household)
    circle.round(laptop)
    anew = [Rewording("household", family.household, "remark", Way.REWRITE, "先打电话")]
    circle.office.erasing.clear("household", family.household, anew)
    circle.round(laptop)
    for device in (circle.office, laptop):
        assert device.records.show("household", family.household).values["remark"] == "先打电话"
        assert device.session.store.db.checkpoint()
        assert found_in(device.session.folder.database, ["canary-old"], DEK) == set()
    with pytest.raises(Denied):
        laptop.erasing.clear("household", family.household, anew)
    circle.close()


def test_a_laptop_asks_and_the_office_sees_it(circle: Circle) -> None:
    laptop, family = village(circle)
    with pytest.raises(Denied):
        laptop.erasing.erase("resident", family.resident)
    laptop.erasing.ask_for("resident", family.resident)
    circle.hand_in(laptop)
    found = [one.values for one in circle.office.records.page("audit_event", limit=500)]
    assert [one["record"] for one in found if one["action"] == "erase_request"] == [family.resident]
    circle.close()


def test_what_is_not_about_people_is_not_erased(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    with pytest.raises(Problem, match="Only what is about residents"):
        circle.office.erasing.erase("grid", grid)
    with pytest.raises(NotFound):
        circle.office.erasing.preview("resident", 5, ["nothing"])
    with pytest.raises(NotFound):
        circle.office.erasing.erase("resident", 5)
    circle.close()


def test_undo_does_not_bring_a_person_back(circle: Circle) -> None:
    _, family = village(circle)
    circle.office.records.save("resident", {"note": "每周三在家"}, family.resident)
    circle.office.erasing.erase("resident", family.resident)
    assert circle.office.records.undo().kept
    assert circle.office.session.store.get("resident", family.resident) is None
    circle.close()


def test_the_answer_can_be_written_as_json(circle: Circle) -> None:
    from dataclasses import asdict

    _, family = village(circle)
    outcome = circle.office.erasing.erase("resident", family.resident)
    assert json.loads(json.dumps(asdict(outcome)))["preview"]["going"][0]["kind"] == "resident"
    circle.close()


def test_backups_within_reach_are_made_anew_and_the_others_named(circle: Circle, tmp_path: Path) -> None:
    _, family = village(circle)
    stick, drawer = tmp_path / "second-place", tmp_path / "drawer"
    for place in (None, None, stick, drawer):
        if place is not None:
            place.mkdir()
        circle.office.backups.make(place)
    drawer.rename(tmp_path / "taken-away")
    before = {view.path for place in (None, stick) for view in circle.office.backups.list(place)}
    shares: list[float] = []
    outcome = circle.office.erasing.erase("resident", family.resident, report=shares.append)
    assert shares == sorted(shares)
    assert {0.0, WRITTEN} < set(shares), "the store, then each backup"
    after = {view.path for place in (None, stick) for view in circle.office.backups.list(place)}
    assert (outcome.backups, outcome.elsewhere) == (3, (str(drawer),))
    assert len(after) == 5
    assert after.isdisjoint(before)
    assert not [path for path in before if path.exists()]
    for path in after:
        circle.office.backups.verify(path)
        assert found_in(path / "store.db", (PHONE, "canary-witness"), DEK) == set()
    assert found_in(
        tmp_path / "taken-away" / next((tmp_path / "taken-away").glob("*/store.db")).parent.name / "store.db",
        (PHONE,),
        DEK,
    ) == {PHONE}
    circle.close()


def test_a_laptop_that_hears_of_an_erasure_makes_its_backups_anew(circle: Circle) -> None:
    laptop, family = village(circle)
    circle.round(laptop)
    before = laptop.backups.make().path
    assert found_in(before / "store.db", (PHONE,), DEK) == {PHONE}
    circle.office.erasing.erase("resident", family.resident)
    circle.office.records.save("household", {"remark": None, "head_id": None}, family.household)
    circle.reply(laptop)
    after = laptop.backups.list()
    assert not before.exists()
    assert [found_in(view.path / "store.db", (PHONE, "canary-witness"), DEK) for view in after] == [set(), set()]
    circle.close()


def test_an_erasure_is_known_outside_the_store_at_once(circle: Circle) -> None:
    """The power may go before the store is closed, and an older copy be put in its place."""
    _, family = village(circle)
    session = circle.office.session
    circle.office.erasing.erase("resident", family.resident)
    known = sidecar.read(session.folder.sidecar, session.keys).erased
    with session.store.cursor() as cursor:
        assert known == frozenset(erasures(cursor)) != frozenset()
    circle.close()


def test_a_laptop_put_back_to_before_an_erasure_has_nothing_left_at_once(circle: Circle, tmp_path: Path) -> None:
    """Not in the kit it keeps either, nor in the archive; nobody has to pack or fetch a bundle first."""
    laptop, family = village(circle)
    words = [NAME, PHONE, "canary-witness"]
    circle.round(laptop)
    drawer = tmp_path / "drawer"
    backup = laptop.backups.make(drawer).path
    assert kit_holds(laptop, words)
    circle.office.records.save("household", {"head_id": None}, family.household)
    circle.office.erasing.erase("resident", family.resident, rewordings=None)
    old = tmp_path / "taken-away"
    shutil.copytree(drawer, old)
    circle.round(laptop)
    assert not kit_holds(laptop, words)
    circle.close("laptop-1")
    Restoring(old / backup.name, circle.folder / "laptop-1", Keys(DEK), profile=CHEAP).restore()
    again = circle.open("laptop-1")
    assert list(lies(again, words)) == []
    assert not kit_holds(again, words)
    circle.close()
