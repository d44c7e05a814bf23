"""The merge inbox where two laptops wrote down one person or household: the pair, the keys, one undo."""

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gridworker.app.access.audit import Filter
from gridworker.gui.page import Undo
from gridworker.gui.pages.merge import MergePage
from gridworker.gui.widgets.button import IconButton
from gridworker.gui.widgets.chip import Chip
from gridworker.gui.widgets.masked import MaskedValue
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from gridworker.gui.widgets.toast import _SHADOW, Toast
from gridworker.store.tables.changes import Act, Change
from tests.app.inbox.test_duplicates import everything, written
from tests.app.test_gate import act_as
from tests.circle import Circle
from tests.gui.pages.test_merge import rows, shown
from tests.gui.seen import clipped, only, settle, unnamed


@pytest.fixture
def page(circle: Circle, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> MergePage:
    """An inbox that two laptops have just handed in to, with one household and one more person twice."""
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    grid = circle.office.devices.add_grid("第一网格")
    building = circle.office.records.save("building", {"grid_id": grid, "building_name": "3"}).id
    for worker, name, room in (("周敏", "陈桂芳", "202"), ("赵海", "陈贵芳", "302")):
        laptop = circle.enrol(worker, grid)
        written(laptop, building, "101", name, birth_date="1948-02-01", phones="13900000867", note=worker)
        circle.clock.move(minutes=5)
        written(laptop, building, room, "李红", birth_date="1973-02-03", phones="13900000868")
        circle.clock.move(minutes=5)
    page = shown(circle, qtbot)
    page.take_in([circle.opened[one].exchange.pack(circle.stick) for one in ("laptop-1", "laptop-2")])
    settle(qtbot)
    return page


def texts(page: MergePage) -> list[str]:
    return [one.text() for one in page.detail.pair.findChildren(Text) if one.isVisible()]


def test_a_pair_is_shown_with_its_reasons_and_merged_by_one_key(page: MergePage, circle: Circle, qtbot: QtBot) -> None:
    chips = {row.title: row.right_chip.text for row in rows(page) if row.right_chip is not None}
    assert chips["赵海"] == "2 possible duplicates"
    said = texts(page)
    assert {"Is this the same household?", "1 of 2", "陈桂芳", "陈贵芳"} <= set(said)
    assert "Behind the same door, 1 person may be the same" in said
    assert unnamed(page.detail.pair) == []
    assert clipped(page.detail.pair) == []
    before = everything(circle.office)
    with qtbot.waitSignal(page.shell.toast_wanted) as told:
        QTest.keyClick(page.inbox.list, Qt.Key.Key_M)
    settle(qtbot)
    assert len(circle.office.records.page("household")) == 3
    assert {"Are these the same person?", "1 of 1"} <= set(texts(page))
    assert told.args[0] == "陈桂芳 is on the books once now."
    told.args[1].run()
    settle(qtbot)
    assert everything(circle.office) == before
    assert "1 of 2" in texts(page)


def test_the_fields_of_a_pair_stand_in_even_lines_with_a_hair_between(page: MergePage) -> None:
    grid, pair = page.detail.pair._grid, page.detail.pair.pair
    assert pair is not None
    found = [grid.itemAtPosition(3 * number, 0) for number in range(len(pair.lines))]
    middles = [one.geometry().center().y() for one in found if one is not None]
    apart = [after - before for before, after in pairwise(middles)]
    assert len(apart) == len(pair.lines) - 1
    assert max(apart) - min(apart) <= 1
    assert all(grid.itemAtPosition(3 * number - 1, 1) is not None for number in range(1, len(pair.lines)))


def test_what_it_will_be_is_seen_whole_however_many_fields_there_are(page: MergePage, qtbot: QtBot) -> None:
    page.resize(1100, 620)
    settle(qtbot)
    result = page.detail.pair.findChildren(Strip)[-1]
    seen = result.visibleRegion().boundingRect()
    assert seen.size() == result.size(), "nothing of it is hidden below the fields"
    assert clipped(result) == []


def test_the_one_that_stays_is_chosen(page: MergePage, circle: Circle, qtbot: QtBot) -> None:
    card = page.detail.pair
    QTest.keyClick(page.inbox.list, Qt.Key.Key_S)
    assert "2 of 2" in texts(page)
    card.swap.click()
    settle(qtbot)
    picked = [one.chip().text for one in card.findChildren(Chip) if one.isVisible()]
    assert picked == ["Goes into it", "Stays"]
    assert card.pair is not None
    stays, goes = card.pair.other.record, card.pair.one.record
    card.yes.click()
    settle(qtbot)
    kept = {one.id for one in circle.office.records.page("resident")}
    assert stays in kept
    assert goes not in kept


def test_two_different_ones_are_not_asked_about_again(page: MergePage, circle: Circle, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.shell.toast_wanted) as told:
        QTest.keyClick(page.inbox.list, Qt.Key.Key_N)
    settle(qtbot)
    assert told.args[0] == "Remembered: 陈桂芳 and 陈贵芳 are different."
    asked = [pair.kind for pair in page._found.pairs[str(rows(page)[0].key)]]
    assert asked == ["resident", "resident"], "their people may be one, though the households are not"
    told.args[1].run()
    settle(qtbot)
    assert "Is this the same household?" in texts(page)
    for _ in range(3):
        QTest.keyClick(page.inbox.list, Qt.Key.Key_N)
        settle(qtbot)
    assert not page.detail.pair.isVisible()
    again = shown(circle, qtbot)
    assert not again.detail.pair.isVisible()
    assert len(circle.office.records.page("resident")) == 4


def test_who_does_not_decide_only_looks(page: MergePage, circle: Circle, qtbot: QtBot) -> None:
    act_as(circle.office.session, "branch_secretary")
    looking = shown(circle, qtbot)
    looking.inbox.choose_waiting()
    settle(qtbot)
    card = looking.detail.pair
    assert card.isVisible()
    assert not any(one.isVisible() for one in (card.yes, card.no, card.later, card.swap))
    assert any(one.text() == "The community office decides." for one in card.findChildren(Text))
    QTest.keyClick(looking.inbox.list, Qt.Key.Key_M)
    settle(qtbot)
    assert len(circle.office.records.page("household")) == 4


def test_pairs_are_hidden_while_others_look_on(page: MergePage, qtbot: QtBot) -> None:
    page.shell.set_sharing(True)
    settle(qtbot)
    assert not page.detail.pair.isVisible()
    assert not page.findChildren(Strip) or not any("Afterwards" in one for one in texts(page))


def test_masked_values_show_while_the_eye_is_held_and_the_look_is_on_record(
    page: MergePage, circle: Circle, qtbot: QtBot
) -> None:
    card = page.detail.pair
    page.pairing.step(1)
    settle(qtbot)
    eye = only(card, IconButton, "李红: Phone").parentWidget()
    assert isinstance(eye, MaskedValue)
    assert "13900000868" not in texts(page)
    with qtbot.waitSignal(eye.revealed):
        eye.show_value()
    assert texts(page).count("13900000868") == 2
    assert len(circle.office.audit.here(Filter(actions=("reveal",)))) == 2, "one for each of the two"
    eye.hide_value()
    assert "13900000868" not in texts(page)


def test_what_becomes_of_another_head_is_said(page: MergePage, qtbot: QtBot) -> None:
    card = page.detail.pair
    assert card.pair is not None
    said = [one for one in texts(page) if 'becomes "Other"' in one]
    assert said == [], "the heads are one person"
    card.show_pair(replace(card.pair, heads=("陈桂芳", "李强")), (1, 1))
    settle(qtbot)
    assert any('陈桂芳 stays head; 李强 becomes "Other" to them.' in one for one in texts(page))
    card.swap.click()
    settle(qtbot)
    assert any('李强 stays head; 陈桂芳 becomes "Other" to them.' in one for one in texts(page))


def test_a_bundle_with_a_pair_is_not_counted_as_merged_by_itself(page: MergePage, circle: Circle) -> None:
    today = circle.office.session.today()
    said = page.inbox.summary(circle.office.merge.arrivals(), today)
    assert said == "2 bundles today, 1 merged"


def test_nothing_can_be_decided_until_the_page_shows_what_became_of_a_decision(
    page: MergePage, circle: Circle, qtbot: QtBot
) -> None:
    card = page.detail.pair
    buttons = (card.yes, card.no, card.later, card.swap)
    assert card.pair is not None
    first = card.pair.one.record
    card.yes.setFocus()
    QTest.keyClick(page.inbox.list, Qt.Key.Key_M)
    assert not any(one.isEnabled() for one in buttons)
    for key in (Qt.Key.Key_S, Qt.Key.Key_N, Qt.Key.Key_M):
        QTest.keyClick(page.inbox.list, key)
    assert card.pair.one.record == first
    settle(qtbot)
    assert all(one.isEnabled() for one in buttons)
    assert len(circle.office.records.page("household")) == 3
    assert "1 of 1" in texts(page), "the keys pressed meanwhile decided nothing"


def test_a_decision_that_cannot_be_gives_the_buttons_back(page: MergePage, circle: Circle, qtbot: QtBot) -> None:
    card = page.detail.pair
    assert card.pair is not None
    gone = card.pair.other.record
    circle.office.session.store.write(
        [Change("household", gone, alive=False)], Act("delete", circle.office.session.who)
    )
    QTest.keyClick(page.inbox.list, Qt.Key.Key_M)
    assert not card.yes.isEnabled()
    settle(qtbot)
    assert card.yes.isEnabled()
    assert {"Are these the same person?", "1 of 2"} <= set(texts(page)), "the household is gone, its people are not"


def test_a_long_search_for_pairs_says_how_far_it_is_and_stops_for_a_newer_one(page: MergePage, qtbot: QtBot) -> None:
    inbox = page.inbox
    assert not inbox._bar.isVisibleTo(inbox)
    inbox.show_looking(0.4)
    assert (inbox._bar.isVisibleTo(inbox), inbox._checking.text()) == (True, "Looking for duplicates")
    first = page._looking
    page.refresh({})
    qtbot.waitUntil(lambda: page._looking is not first)
    assert first is not None
    assert first.cancelled
    settle(qtbot)
    assert not inbox._bar.isVisibleTo(inbox)
    inbox.show_checking(3)
    inbox.show_looking(0.5)
    assert inbox._checking.text() == "Checking 1 of 3"


def test_the_tour_finds_a_pair_to_show(page: MergePage, qtbot: QtBot) -> None:
    page.inbox.list.choose(rows(page)[-1].key)
    settle(qtbot)
    assert not page.detail.pair.isVisible()
    assert page.inbox.choose_pair()
    settle(qtbot)
    assert page.detail.pair.isVisible()
    for _ in range(4):
        QTest.keyClick(page.inbox.list, Qt.Key.Key_N)
        settle(qtbot)
    assert not page.inbox.choose_pair()


def test_that_two_are_one_is_the_last_word_and_undone_is_said_of_an_undo_alone(
    page: MergePage, circle: Circle, qtbot: QtBot
) -> None:
    told: list[tuple[str, Undo | None]] = []
    page.shell.toast_wanted.connect(lambda words, undo: told.append((words, undo)))
    QTest.keyClick(page.inbox.list, Qt.Key.Key_M)
    settle(qtbot)
    ((words, undo),) = told
    assert words.endswith("is on the books once now.")
    assert undo is not None, "it can be undone as long as it is said"
    undo.run()
    settle(qtbot)
    assert told[-1][0] == "Undone."


def test_after_the_last_pair_of_a_bundle_what_needs_somebody_next_is_chosen(
    page: MergePage, circle: Circle, qtbot: QtBot
) -> None:
    broken = circle.folder / "broken.gwb"
    broken.write_bytes(b"no bundle")
    page.take_in([broken])
    settle(qtbot)
    assert page.pairing.now() is not None
    QTest.keyClick(page.inbox.list, Qt.Key.Key_M)
    settle(qtbot)
    assert page.pairing.now() is not None, "the bundle has another one"
    QTest.keyClick(page.inbox.list, Qt.Key.Key_M)
    settle(qtbot)
    assert page.inbox.list.current_key() == ("refused", "broken.gwb")


def test_what_it_will_be_is_seen_while_the_decision_before_is_told(page: MergePage, qtbot: QtBot) -> None:
    page.resize(1100, 700)
    settle(qtbot)
    toast = Toast(page)
    toast.show_text("Settled: 3栋1单元101 陈桂芳. The other side stays in the history.", "Undo", "Ctrl Z")
    settle(qtbot)
    result = page.detail.pair.findChildren(Strip)[-1]
    at = QRect(result.mapTo(page, result.rect().topLeft()), result.size())
    assert not toast.geometry().adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW).intersects(at)
