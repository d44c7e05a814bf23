"""A person who is named in texts of others, now and before: shown to the clerk, and gone with them where they say so.

D22 once more, for the words that stand in somebody else's record. ``GRIDWORKER_ERASED`` sets how many are erased (2).
"""

import os
from pathlib import Path

import pytest

from gridworker import discover
from gridworker.app.rights.erasing import Preview
from gridworker.app.rights.mentioned import Mentioned, Rewording, Way, usual
from gridworker.app.workspace import Workspace
from gridworker.errors import Problem
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_create, pack_edits
from gridworker.store.records import kind_named
from gridworker.store.store import Incoming
from gridworker.store.streams import Aside, Exchange
from gridworker.store.tables.changes import Act
from tests.app.test_erased_everywhere import found
from tests.circle import Circle, Family, made_visit
from tests.convergence.forgotten import lies
from tests.pages import found_in

NAME, PHONE = "金丝雀九九", "13900000077"
COUNT = int(os.environ.get("GRIDWORKER_ERASED", "2"))


@pytest.fixture
def circle(tmp_path: Path) -> Circle:
    return Circle(tmp_path)


def neighbours(circle: Circle) -> tuple[Family, Family]:
    """The household of the person, and another one. Nobody is a head, so that nothing refers."""
    grid = circle.office.devices.add_grid("第一网格")
    family, other = circle.family(grid, "101", NAME, PHONE), circle.family(grid, "102", "王小明")
    save = circle.office.records.save
    save("household", {"head_id": None}, family.household)
    return family, other


def enrolled(circle: Circle) -> Workspace:
    """A laptop of their grid."""
    return circle.enrol("周敏", circle.office.records.page("grid", limit=1)[0].id)


def place(preview: Preview, kind: str, field: str) -> Mentioned:
    return next(one for one in preview.mentioned if (one.kind, one.field) == (kind, field))


def gone_for_good(circle: Circle, laptop: Workspace, record: int) -> None:
    """Not in any byte of any device, nor in the history a person can look at."""
    for device in (circle.office, laptop):
        assert sorted(lies(device, [NAME])) == []
        history = device.records.history("household", record)
        assert not [change for event in history for change in event.changes if NAME in str(change)]
        assert not device.care_of_store.check()


def overwritten(circle: Circle, laptop: Workspace, other: Family) -> int:
    """A remark a careful clerk took the name out of, and a visit that was deleted."""
    circle.office.records.save("household", {"remark": f"欠{NAME}钱"}, other.household)
    circle.clock.move(minutes=1)
    circle.office.records.save("household", {"remark": "没事"}, other.household)
    circle.round(laptop)
    visit = made_visit(laptop, other.household)
    laptop.records.save("visit", {"situation_note": f"{NAME}在场，电话13700001111"}, visit)
    laptop.records.remove("visit", visit)
    circle.round(laptop)
    return visit


def test_texts_nobody_sees_any_more_are_listed_and_go(circle: Circle) -> None:
    family, other = neighbours(circle)
    laptop = enrolled(circle)
    visit = overwritten(circle, laptop, other)
    heard: list[float] = []
    preview = circle.office.erasing.preview("resident", family.resident, report=heard.append)
    assert heard[-1] == 1
    remark, note = place(preview, "household", "remark"), place(preview, "visit", "situation_note")
    assert (remark.excerpt, remark.suggestion, note.excerpt) == ("", "", "")
    assert [(one.excerpt, one.who, one.stands) for one in remark.earlier] == [(f"欠{NAME}钱", "刘芳", "earlier")]
    assert remark.earlier[0].at.startswith("2026-03-18T")
    (left,) = note.earlier
    assert (left.excerpt, left.who, left.stands) == (f"{NAME}在场，电话137****…", "周敏", "deleted")
    assert remark.ways == note.ways == (Way.EARLIER, Way.LEAVE)
    outcome = circle.office.erasing.erase("resident", family.resident, rewordings=None)
    assert outcome.preview.mentioned == ()
    circle.round(laptop)
    for device in (circle.office, laptop):
        assert device.records.show("household", other.household).values["remark"] == "没事"
    assert laptop.records.undo().kept == 1, "it was deleted anew, by who erased"
    laptop.records.bring_back("visit", visit)
    assert laptop.records.show("visit", visit).values["situation_note"] is None
    gone_for_good(circle, laptop, other.household)
    circle.close()


def test_nothing_is_done_to_them_unless_somebody_says_so(circle: Circle) -> None:
    family, other = neighbours(circle)
    circle.office.records.save("household", {"remark": f"欠{NAME}钱"}, other.household)
    outcome = circle.office.erasing.erase("resident", family.resident)
    assert [one.field for one in outcome.preview.mentioned] == ["remark"]
    assert circle.office.records.show("household", other.household).values["remark"] == f"欠{NAME}钱"
    circle.close()


def test_the_notes_of_registers_that_go_everywhere_lose_the_name_too(circle: Circle) -> None:
    family, other = neighbours(circle)
    laptop, save = enrolled(circle), circle.office.records.save
    shift = save("duty_shift", {"day": "2026-03-09", "slot": "morning", "staff_id": circle.office.session.who,
                                "matters": f"{NAME}来过", "handover": f"{NAME}要回电"}).id  # fmt: skip
    item = save("disclosure", {"item": "低保", "item_class": "committee", "feedback": f"{NAME}有意见"}).id
    circle.round(laptop)
    assert laptop.records.show("duty_shift", shift).values["matters"] == f"{NAME}来过"
    circle.office.erasing.erase("resident", family.resident, rewordings=None)
    circle.round(laptop)
    for device in (circle.office, laptop):
        assert device.records.show("duty_shift", shift).values["matters"] == "***来过"
        assert device.records.show("disclosure", item).values["feedback"] == "***有意见"
    gone_for_good(circle, laptop, other.household)
    circle.close()


def test_a_text_is_written_anew_without_the_name(circle: Circle) -> None:
    family, other = neighbours(circle)
    laptop = enrolled(circle)
    save = circle.office.records.save
    save("household", {"remark": f"{NAME}是房东"}, other.household)
    save("household", {"remark": f"找{NAME}要先打电话"}, other.household)
    circle.round(laptop)
    (one,) = circle.office.erasing.preview("resident", family.resident).mentioned
    assert (one.ways, one.suggestion) == (
        (Way.REWRITE, Way.BLANK, Way.LEAVE), "找***要先打电话",
    )  # fmt: skip
    assert len(one.earlier) == 1
    written = Rewording("household", other.household, "remark", Way.REWRITE, "找房东要先打电话", was=one.mark)
    circle.office.erasing.clear("resident", family.resident, [written])
    circle.round(laptop)
    for device in (circle.office, laptop):
        assert device.records.show("household", other.household).values["remark"] == "找房东要先打电话"
        assert device.session.store.get("resident", family.resident)
    assert circle.office.erasing.preview("resident", family.resident).mentioned == ()
    circle.office.erasing.erase("resident", family.resident)
    circle.round(laptop)
    gone_for_good(circle, laptop, other.household)
    circle.close()


def test_what_somebody_else_wrote_meanwhile_is_not_written_over(circle: Circle) -> None:
    family, other = neighbours(circle)
    save = circle.office.records.save
    save("household", {"remark": f"找{NAME}"}, other.household)
    (one,) = circle.office.erasing.preview("resident", family.resident).mentioned
    save("household", {"remark": "有狗"}, other.household)
    stale = Rewording(one.kind, one.record, one.field, Way.REWRITE, one.suggestion, was=one.mark)
    with pytest.raises(Problem, match="changed in the meantime"):
        circle.office.erasing.erase("resident", family.resident, rewordings=[stale])
    assert circle.office.session.store.get("resident", family.resident)
    assert circle.office.records.show("household", other.household).values["remark"] == "有狗"
    circle.close()


def test_both_sides_of_a_conflict_stay_without_the_name(circle: Circle) -> None:
    family, other = neighbours(circle)
    laptop = enrolled(circle)
    circle.round(laptop)
    laptop.records.save("household", {"remark": f"{NAME}有狗"}, other.household)
    circle.office.records.save("household", {"remark": "有猫"}, other.household)
    circle.hand_in(laptop)
    (one,) = circle.office.erasing.preview("resident", family.resident).mentioned
    assert (one.ways[0], one.suggestion) == (Way.REWRITE, "")  # there is no single text to offer
    circle.office.erasing.erase("resident", family.resident, rewordings=None)
    circle.round(laptop)
    for device in (circle.office, laptop):
        (conflict,) = device.merge.conflicts()
        assert conflict.record == other.household
        assert device.records.show("household", other.household).values["remark"] in {"***有狗", "有猫"}
    gone_for_good(circle, laptop, other.household)
    circle.close()


def test_another_of_the_same_name_is_left_alone(circle: Circle) -> None:
    family, _ = neighbours(circle)
    namesake = circle.family(circle.office.devices.add_grid("第二网格"), "901", NAME)
    preview = circle.office.erasing.preview("resident", family.resident)
    assert place(preview, "resident", "name").ways == (Way.LEAVE,)
    assert usual(preview.mentioned) == []
    circle.office.erasing.erase("resident", family.resident, rewordings=None)
    assert circle.office.records.show("resident", namesake.resident).values["name"] == NAME
    circle.close()


def test_numbers_are_masked_as_everywhere(circle: Circle) -> None:
    family, other = neighbours(circle)
    save = circle.office.records.save
    save("resident", {"phones": PHONE}, other.resident)
    save("household", {"remark": f"{NAME}的电话{PHONE}"}, other.household)
    preview = circle.office.erasing.preview("resident", family.resident)
    assert PHONE not in str(preview)
    assert place(preview, "resident", "phones").excerpt == "139****0077"
    circle.close()


def test_what_was_set_aside_is_listed_and_goes(circle: Circle) -> None:
    family, other = neighbours(circle)
    store, kind = circle.office.session.store, kind_named("household").kind
    vals = pack_edits(other.household, [Edit(kind.specs["remark"].number, f"{NAME}说", (other.household,))])
    unknown = store.new_id()
    rows = [
        Aside(store.new_id(), kind.number, other.household, What.EDIT, circle.office.session.who, 0, vals, "x", b"s"),
        Aside(
            unknown,
            kind.number,
            unknown,
            What.CREATE,
            7,
            0,
            pack_create({kind.specs["remark"].number: NAME}),
            "x",
            b"s",
        ),
    ]

    with store.db.write() as connection:
        Exchange(raw_cursor(connection)).set_aside(rows)
    preview = circle.office.erasing.preview("resident", family.resident)
    shown = {(one.record, one.ways, one.earlier[0].stands) for one in preview.mentioned}
    assert (other.household, (Way.EARLIER, Way.LEAVE), "aside") in shown
    assert (unknown, (), "aside") in shown  # that one has to be ruled on first
    circle.office.erasing.erase("resident", family.resident, rewordings=None)
    with store.cursor() as cursor:
        left = {row.record for row in Exchange(cursor).aside() if NAME.encode() in row.vals}
    assert left == {unknown}
    circle.close()


def test_a_field_of_a_newer_version_goes_by_its_number(circle: Circle) -> None:
    family, other = neighbours(circle)
    store, kind = circle.office.session.store, kind_named("household").kind
    vals = pack_edits(other.household, [Edit(900, f"{NAME}来过", (other.household,))])
    newer = store.new_id()
    rows = [
        OpRow(newer, 9999, newer, What.CREATE, 0, pack_create({1: NAME})),
        OpRow(store.new_id(), kind.number, other.household, What.EDIT, 0, vals),
    ]
    who = circle.office.session.who
    store.apply(Incoming(rows, [Author(who, store.identity.scope)], Act("edit", who)))
    preview = circle.office.erasing.preview("resident", family.resident)
    assert [(one.kind, one.field, one.ways) for one in preview.mentioned] == [
        ("", "1", ()), ("household", "900", (Way.BLANK, Way.LEAVE)),
    ]  # fmt: skip
    outcome = circle.office.erasing.erase("resident", family.resident, rewordings=None)
    assert [one.kind for one in outcome.preview.mentioned] == [""]  # a kind nobody here knows is told, and stays
    with store.cursor() as cursor:
        cursor.execute("SELECT record FROM op WHERE instr(vals, ?)", (NAME.encode(),))
        assert cursor.fetchall() == [(newer,)]
    circle.close()


def test_what_is_being_typed_about_the_others_is_kept(circle: Circle) -> None:
    family, other = neighbours(circle)
    save, drafts = circle.office.records.save, circle.office.drafts
    save("household", {"remark": f"欠{NAME}钱"}, other.household)
    save("household", {"remark": "没事"}, other.household)
    drafts.keep(f"household:{other.household}", {"remark": f"没事，{NAME}搬走了"})
    drafts.keep("visit:new", {"note": "今天没事"})
    assert circle.office.erasing.preview("resident", family.resident).drafts == 1
    circle.office.erasing.erase("resident", family.resident, rewordings=None)
    kept = {draft.name: draft.fields for draft in drafts.all("")}
    assert kept["visit:new"] == {"note": "今天没事"}
    assert NAME not in str(kept[f"household:{other.household}"])
    assert "搬走了" in str(kept[f"household:{other.household}"])
    circle.close()


def test_a_text_written_anew_is_gone_from_the_backups_too(circle: Circle, tmp_path: Path) -> None:
    _, other = neighbours(circle)
    office, drawer = circle.office, tmp_path / "drawer"
    office.records.save("household", {"remark": "canary-old"}, other.household)
    drawer.mkdir()
    before = office.backups.make().path
    office.backups.make(drawer)
    drawer.rename(tmp_path / "away")
    anew = [Rewording("household", other.household, "remark", Way.REWRITE, "先打电话")]
    told = office.erasing.clear("household", other.household, anew)
    assert (told.backups, told.elsewhere, before.exists()) == (1, (str(drawer),), False)
    after = office.backups.list()
    assert [office.backups.verify(view.path) == view for view in after] == [True, True]
    assert not any(found_in(view.path / "store.db", ["canary-old"]) for view in after)
    circle.close()


def registered(circle: Circle, grid: int, name: str) -> None:
    """Named in every register and rule that has words, and in what is being typed for them."""
    day, staff = "2026-03-01", circle.office.records.page("staff", limit=1)[0].id
    said: dict[str, dict[str, object]] = {
        "service_request": {"requested_on": day, "item": f"代{name}办证", "materials": name, "received_by": name},
        "volunteer_service": {"name": name, "day": day, "hours": "2", "content": f"陪{name}", "review": name},
        "post_assignment": {"post": "邻里岗", "holder": name, "review": f"{name}好", "pledge": name, "duty": name},
        "duty_shift": {"day": day, "slot": "day", "staff_id": staff, "matters": f"{name}来过", "handover": name},
        "training_record": {"staff_id": staff, "topic": f"{name}讲课", "start_on": day, "days": 1, "organiser": name},
        "disclosure": {"item": f"{name}一事", "item_class": "money", "feedback": f"{name}说好", "basis": name},
    }
    for kind, values in said.items():
        within: dict[str, object] = {} if discover.kinds()[kind].kind.everywhere else {"grid_id": grid}
        circle.office.records.save(kind, {**values, **within})
        circle.office.drafts.keep(f"{kind}:new:{name[-1]}", {"note": name})


def test_nothing_is_left_of_people_whom_others_named(circle: Circle) -> None:
    """D22 for words in texts of others: current, earlier, deleted, in conflict, in drafts; later backups included."""
    office = circle.office
    grid = office.devices.add_grid("第一网格")
    other = circle.family(grid, "999", "王小明")
    kept = circle.family(grid, "998", "李爱华")
    people = {
        circle.family(grid, str(at + 1), f"金丝雀{at:04d}", f"1390001{at:04d}").resident: f"金丝雀{at:04d}"
        for at in range(COUNT)
    }
    for home in office.records.page("household", limit=9999):
        office.records.save("household", {"head_id": None}, home.id)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    for name in [*people.values(), "李爱华"]:
        circle.clock.move(minutes=1)
        office.records.save("household", {"remark": f"{name}常来"}, other.household)
        visit, dropped = made_visit(laptop, other.household), made_visit(laptop, other.household)
        laptop.records.save("visit", {"situation_note": f"{name}在家", "met_other": name}, visit)
        laptop.records.save("visit", {"situation_note": f"{name}在场"}, dropped)
        laptop.records.remove("visit", dropped)
        laptop.drafts.keep(f"visit:{other.household}:{name[-1]}", {"note": f"{name}要来"})
        registered(circle, grid, name)
    laptop.records.save("household", {"remark": "与".join(people.values())}, other.household)
    circle.hand_in(laptop)
    circle.reply(laptop)
    office.backups.make()
    words = list(people.values())
    assert len(found(circle, words)) > 6, "the search finds them as long as they are there"
    for resident in people:
        circle.clock.move(minutes=1)
        assert office.erasing.erase("resident", resident, rewordings=None).preview.mentioned == ()
    for _ in range(2):
        circle.round(laptop)
    for device in (office, laptop):
        device.backups.make()
        assert not device.care_of_store.check()
    assert found(circle, words) == set()
    assert len(found(circle, ["李爱华"])) > 3, "nobody else went with them"
    assert office.session.store.get("resident", kept.resident)
    circle.close()
