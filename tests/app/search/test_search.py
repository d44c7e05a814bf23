"""The search box in words: who was found and why, what is shown before anything is typed."""

import pytest

from gridworker.app.search.view import HitView, SearchView
from gridworker.app.today.today import Today
from gridworker.app.workspace import Workspace
from gridworker.domain.codes_registers import DISCLOSURE_CLASS
from gridworker.record import Value
from gridworker.store.queries.today import people
from gridworker.store.search import search
from gridworker.store.tables.changes import Change
from tests.app.test_gate import act_as
from tests.village import Home, Village


@pytest.fixture
def chen(village: Village) -> Home:
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    village.care(home, "C3", cadence="V1", arrangement="2")
    village.visit(home, "2026-03-09", note="水管漏水，物业周五来。")
    village.change("resident", home.people["陈桂芳"], {"phones": "13800000142"})
    return home


def titles(view: SearchView) -> list[tuple[str, list[str]]]:
    return [(part.title, [hit.title for hit in part.hits]) for part in view.parts]


def first(view: SearchView) -> HitView:
    assert view.first is not None
    return view.first


def test_by_initials_with_the_letters_that_matched(workspace: Workspace, chen: Home) -> None:
    view = workspace.search.find("cgf")
    hit = first(view)
    assert titles(view) == [("Households", ["陈桂芳"])]
    assert [hit.reading[start:end] for start, end in hit.spans] == ["c", "g", "f"]
    assert (hit.subtitle, hit.right) == ("78 y·3栋1单元202", "9 d ago")
    assert [sign.text for sign in hit.signs] == ["Lives alone (65+)·Weekly", "2 d overdue"]
    assert (hit.household, hit.page, hit.target) == (chen.id, "household", chen.id)
    assert view.how == "Initials"
    assert workspace.search.find("chguif").how == "Pinyin"


def test_before_anything_is_typed_nobody_waits_for_a_day_that_is_being_worked_out(
    workspace: Workspace, chen: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is shown whom to call on next as it was before very much came."""
    workspace.households.opened(chen.id)
    assert titles(workspace.search.find("")) == [("Last opened", ["陈桂芳"]), ("Next visits", ["陈桂芳"])]
    monkeypatch.setattr(Today, "is_behind", True)
    monkeypatch.setattr(Today, "view", None)
    assert titles(workspace.search.find("")) == [("Last opened", ["陈桂芳"])]


def test_by_door_and_by_words(workspace: Workspace, chen: Home) -> None:
    assert first(workspace.search.find("3-1-202")).household == chen.id
    view = workspace.search.find("漏水")
    assert titles(view) == [("Written down", ["陈桂芳·3栋1单元202"])]
    hit = first(view)
    assert "".join(hit.reading[start:end] for start, end in hit.spans) == "漏水"


def test_by_the_end_of_a_number_and_on_record(workspace: Workspace, chen: Home) -> None:
    view = workspace.search.find("0142")
    assert view.by_number
    assert (first(view).household, first(view).reading) == (chen.id, "number ends in 0142")
    workspace.search.noted()
    found = [row.values for row in workspace.records.page("audit_event") if row.values["action"] == "search"]
    assert [row["detail"] for row in found] == ["number"]


def test_a_search_and_what_is_told_of_its_hits_are_of_one_state(workspace: Workspace, chen: Home) -> None:
    session = workspace.session
    with session.store.db.read() as connection:
        before = search.find(connection, "cgf")
        assert [hit.id for hit in before] == [chen.people["陈桂芳"]]
        session.write([Change("resident", before[0].id, {"name": "李四"})], "edit")
        assert search.find(connection, "cgf") == before
        assert people(connection, [before[0].id])[before[0].id].name == "陈桂芳"
    assert not workspace.search.find("cgf").count


def test_nothing_found(workspace: Workspace, chen: Home) -> None:
    assert chen.id
    assert workspace.search.find("cgx").parts == ()


def test_before_anything_is_typed(workspace: Workspace, village: Village, chen: Home) -> None:
    qian = village.household("钱二", "2", "1", "101")
    workspace.households.opened(qian.id)
    view = workspace.search.find("  ")
    assert titles(view)[0] == ("Last opened", ["钱二"])
    assert chen.id in {hit.household for hit in view.parts[1].hits}


def test_who_makes_no_visits_is_shown_none_before_anything_is_typed(workspace: Workspace, chen: Home) -> None:
    act_as(workspace.session, "duty")
    workspace.households.opened(chen.id)
    assert titles(workspace.search.find("", sharing=True)) == [("Last opened", ["陈**"])]


def test_share_mode_shows_surname_and_door(workspace: Workspace, village: Village, chen: Home) -> None:
    village.issue("陈桂芳家漏水", at="2026-03-09T02:00:00Z", home=chen)
    for query in ("cgf", "漏水", "0142", ""):
        shown = repr(workspace.search.find(query, sharing=True))
        for secret in ("陈桂芳", "Lives alone", "漏水，", "9 d ago", "chén"):
            assert secret not in shown, (query, secret)
    hit = first(workspace.search.find("cgf", sharing=True))
    assert (hit.title, hit.subtitle, hit.signs, hit.reading) == ("陈**", "3栋1单元202", (), "")


def test_needs_by_their_words_and_shops_by_their_name(workspace: Workspace, village: Village, chen: Home) -> None:
    workspace.needs.raise_need(chen.id, {"title": "装扶手", "need_kind": "housing", "words": "卫生间太滑"})
    shop = village.add("merchant", name="便民副食店", shop_kind="individual", building_id=village.building("3"))
    for typed in ("扶手", "太滑"):
        hit = first(workspace.search.find(typed))
        assert (hit.title, hit.page, hit.target) == ("装扶手", "household", chen.id)
    hit = first(workspace.search.find("副食"))
    assert (hit.title, hit.page, hit.target) == ("便民副食店", "records", ("merchant", shop))


ENTRIES: dict[str, tuple[dict[str, Value], dict[str, str]]] = {
    "service_request": (
        {"requested_on": "2026-03-02", "item": "代办医保报销", "received_by": "吴敏"},
        {"报销": "D00-260318-01 代办医保报销", "吴敏": "D00-260318-01 代办医保报销"},
    ),
    "volunteer_service": (
        {"name": "孙倩", "activity": "周末陪诊", "day": "2026-01-28", "hours": "1"},
        {"陪诊": "孙倩 2026-01-28", "孙倩": "孙倩 2026-01-28"},
    ),
    "duty_shift": (
        {"day": "2026-03-18", "slot": "morning", "matters": "有人来问残疾证"},
        {"残疾证": "2026-03-18 In the morning"},
    ),
    "training_record": (
        {"topic": "消防演练", "start_on": "2026-03-01", "days": 1, "organiser": "街道办"},
        {"消防": "消防演练", "街道办": "消防演练"},
    ),
    "post_assignment": ({"post": "环境卫生岗", "holder": "钱秀珍"}, {"卫生岗": "环境卫生岗 钱秀珍"}),
    "disclosure": ({"item": "低保名单"}, {"低保": "低保名单"}),
}


@pytest.mark.parametrize("kind", ENTRIES)
def test_what_stands_in_a_register_is_found_by_its_words_and_opens_there(office: Workspace, kind: str) -> None:
    values, found = ENTRIES[kind]
    whole = {**values, **_also(office, kind)}
    entry = office.records.save(kind, whole).id
    for typed, title in found.items():
        hit = first(office.search.find(typed))
        assert (hit.kind, hit.title, hit.page, hit.target) == (kind, title, "records", (kind, entry))
        assert hit.household is None, "Enter opens it, and visits nobody"
        assert any(typed in (hit.reading[start:end], hit.title) for start, end in hit.spans) or typed in hit.title
    assert office.search.find(next(iter(found)), sharing=True).parts == ()
    act_as(office.session, "duty")
    assert office.search.find(next(iter(found))).parts == ()


def _also(office: Workspace, kind: str) -> dict[str, Value]:
    """What a record of the kind refers to, and codes."""
    if kind in {"duty_shift", "training_record"}:
        return {"staff_id": office.session.who}
    return {"item_class": next(iter(DISCLOSURE_CLASS.labels))} if kind == "disclosure" else {}


def test_an_entry_is_found_as_it_is_now(office: Workspace) -> None:
    entry = office.records.save("post_assignment", {"post": "环境卫生岗", "holder": "钱秀珍"}).id
    office.records.save("post_assignment", {"post": "治安巡逻岗"}, entry)
    assert office.search.find("卫生岗").parts == ()
    assert titles(office.search.find("巡逻")) == [("Records", ["治安巡逻岗 钱秀珍"])]
    office.records.remove("post_assignment", entry)
    assert office.search.find("巡逻").parts == ()


def test_of_hits_without_a_home_nothing_is_looked_up(
    workspace: Workspace, chen: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert chen.id
    monkeypatch.setattr("gridworker.app.search.search.in_brief", lambda *_: pytest.fail("asked of nobody"))
    assert workspace.search.find("没有的词").parts == ()


def test_who_moved_out_is_found_and_opened_and_not_called_on(
    workspace: Workspace, village: Village, chen: Home
) -> None:
    village.change("household", chen.id, {"status": "moved_out", "status_date": "2026-03-01"})
    hit = first(workspace.search.find("陈桂芳"))
    assert (hit.household, hit.page, hit.target) == (None, "household", chen.id)
    assert first(workspace.search.find("漏水")).household is None


def test_on_a_laptop_the_grid_one_works_in_comes_first(workspace: Workspace, village: Village) -> None:
    here = [village.household(f"陈桂{one}", "3", "1", f"{at + 1}01") for at, one in enumerate("芳芬凤福")]
    village.change("building", village.building("9"), {"grid_id": village.add("grid", name="第四网格")})
    there = village.household("陈贵峰", "9", "1", "101")

    def first_three() -> list[int | None]:
        return [hit.household for part in workspace.search.find("cgf").parts for hit in part.hits][:3]

    assert there.id not in first_three()
    workspace.households.opened(there.id)
    assert first(workspace.search.find("cgf")).household == there.id
    workspace.households.opened(here[1].id)
    assert there.id not in first_three()


@pytest.fixture
def of_estates(village: Village, chen: Home) -> Home:
    """陈桂芳 in one of two estates, whose doors are called the same."""
    village.change("building", village.building("3"), {"estate_name": "师院南苑"})
    village.add("building", grid_id=village.grid, estate_name="湖滨花园", building_name="3")
    return chen


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("cgf", "78 y·师院南苑·3栋1单元202"),
        ("3-1-202", "师院南苑"),
        ("0142", "78 y·师院南苑·3栋1单元202"),
        ("", "师院南苑·3栋1单元202"),
    ],
)
def test_a_door_is_told_with_its_estate_where_there_are_several(
    workspace: Workspace, of_estates: Home, typed: str, told: str
) -> None:
    """Also where nothing of the other one is found: nobody can tell that by the line."""
    workspace.households.opened(of_estates.id)
    assert first(workspace.search.find(typed)).subtitle == told


def test_what_is_written_down_is_told_with_the_estate_too(workspace: Workspace, of_estates: Home) -> None:
    assert first(workspace.search.find("漏水")).title == "陈桂芳·师院南苑·3栋1单元202"


def test_what_is_open_is_told_with_the_estate_too(workspace: Workspace, village: Village, of_estates: Home) -> None:
    village.issue("楼道灯不亮", at="2026-03-17T02:00:00Z", home=of_estates)
    [open_] = [part for part in workspace.search.find("cgf").parts if part.title == "Issues"]
    assert [hit.subtitle for hit in open_.hits] == ["陈桂芳·师院南苑·3栋1单元202"]


@pytest.fixture
def zhang(village: Village) -> int:
    """A household whose head a ledger names, who has no row of his own in it."""
    door = village.add("dwelling", building_id=village.building("3"), unit_no="2", room_no="501")
    return village.add("household", dwelling_id=door, status="active", head_name="张国庆", contact_phone="13800004321")


@pytest.mark.parametrize("typed", ["张国庆", "zhangguoqing", "zgq", "zhang g", "张国"])
def test_a_head_who_is_no_resident_is_found_by_name(workspace: Workspace, zhang: int, chen: Home, typed: str) -> None:
    """The list and the door call the household so."""
    hit = first(workspace.search.find(typed))
    assert (hit.title, hit.subtitle, hit.household, hit.target) == ("张国庆", "3栋2单元501", zhang, zhang)
    assert list(workspace.households.ids(typed)) == [zhang]


@pytest.mark.parametrize("typed", ["3-2-501", "4321"])
def test_a_household_found_otherwise_is_called_by_that_name_too(workspace: Workspace, zhang: int, typed: str) -> None:
    assert first(workspace.search.find(typed)).title == "张国庆"


def test_a_head_on_the_books_goes_before_a_name_in_a_ledger(workspace: Workspace, village: Village, chen: Home) -> None:
    village.change("household", chen.id, {"head_name": "张国庆"})
    assert workspace.search.find("张国庆").parts == ()
