"""Today as a grid worker reads it: who is next and why."""

from gridworker.app.today_view import SectionView, TodayView
from gridworker.app.workspace import Workspace
from tests.village import Village


def section(view: TodayView, code: str) -> SectionView | None:
    return next((part for part in view.sections if part.code == code), None)


def names(view: TodayView, code: str) -> list[str]:
    part = section(view, code)
    return [row.name for row in part.rows] if part else []


def test_nobody_on_the_books(workspace: Workspace) -> None:
    view = workspace.today.view()
    assert (view.state, view.hero, view.sections) == ("first", None, ())


def test_the_longest_overdue_care_is_next(workspace: Workspace, village: Village) -> None:
    chen = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    village.care(chen, "C3", cadence="V1", arrangement="2")
    village.visit(chen, "2026-03-09", note="女儿周末才能来，\n答应帮忙代买。")
    huang = village.household("黄志强", "5", "2", "601", birth="1985-01-01")
    village.care(huang, "C5", cadence="V2")
    village.visit(huang, "2026-02-15")
    view = workspace.today.view()
    assert view.hero is not None
    row = view.hero.row
    assert (row.name, row.about, row.door, row.ago) == ("陈桂芳", "78 y", "3栋1单元202", "9 d ago")
    assert [(sign.kind, sign.text) for sign in row.signs] == [
        ("overdue", "2 d overdue"),
        ("care", "Lives alone (65+) · Weekly"),
    ]
    assert row.signs[1].group == "C3-2"
    assert view.hero.note == "Last time (9 Mar): 女儿周末才能来， 答应帮忙代买。"
    overdue = section(view, "overdue")
    assert overdue is not None
    assert (names(view, "overdue"), overdue.aside) == (["黄志强"], "1 more")
