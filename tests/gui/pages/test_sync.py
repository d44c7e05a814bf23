"""The sync page as a grid worker uses it: what waits, handing over, receiving, what came of it."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from gridworker.app.exchange.views import Merged
from gridworker.app.session import LOCAL
from gridworker.app.workspace import Workspace
from gridworker.errors import NotForUs
from gridworker.gui.bundlewords import records as records_in_words
from gridworker.gui.look.theme import Look
from gridworker.gui.page import Shell, Status
from gridworker.gui.pages.sync import SyncPage
from gridworker.gui.pages.sync import page as sync
from gridworker.gui.pages.sync.history import HistoryCard
from gridworker.gui.pages.sync.limit import LimitChoice
from gridworker.gui.watching.drives import Drive
from gridworker.gui.watching.handover import Follower, status
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.store import records
from gridworker.text import gettext
from tests.circle import Circle, made_visit
from tests.gui.seen import clipped, settle, unnamed
from tests.pictures import photo


@pytest.fixture
def laptop(circle: Circle) -> Workspace:
    """A laptop with two visits to hand over."""
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    made_visit(laptop, family.household)
    made_visit(laptop, family.household)
    laptop.records.save("resident", {"phones": "13800000001"}, family.resident)
    return laptop


@pytest.fixture
def page(circle: Circle, laptop: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> SyncPage:
    """The page with a stick plugged in."""
    stick = [Drive(circle.stick, "KINGSTON", 14_000_000_000)]
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", lambda: stick)
    page = SyncPage(laptop, Shell())
    qtbot.addWidget(page)
    page.resize(1228, 869)
    page.show()
    qtbot.waitExposed(page)
    settle(qtbot)
    page.focus_first()
    return page


def words(page: SyncPage) -> str:
    return "\n".join(text.text() for text in page.findChildren(Text) if text.isVisibleTo(page))


def put_in_with_a_reply(page: SyncPage, circle: Circle, laptop: Workspace, qtbot: QtBot) -> None:
    """The office has answered, and its stick is put in."""
    circle.hand_in(laptop)
    circle.office.exchange.pack(circle.stick, 1)
    page.show_drives([Drive(circle.stick, "KINGSTON", 1)])
    settle(qtbot)


def test_it_says_what_waits_and_where_it_goes(page: SyncPage) -> None:
    assert page.hand.count.text() == "3 records"
    assert page.hand.places()[0].words() == "USB stick KINGSTON"
    assert page.hand.places()[0].isChecked()
    assert "visits" in words(page)
    assert page.key is not None
    assert "花湖社区办公室" in words(page)


def test_job_3_hands_over_with_one_key(page: SyncPage, circle: Circle, qtbot: QtBot) -> None:
    QTest.keyClick(page.hand.button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "unplug" in page.hand.step.text(), timeout=5000)
    (bundle,) = circle.stick.glob("01-*.gwb")
    assert circle.office.exchange.merge(bundle).trip
    settle(qtbot)
    assert "No receipt yet" in words(page)


def test_what_was_told_of_an_exchange_is_gone_when_one_comes_back(
    page: SyncPage, circle: Circle, laptop: Workspace, qtbot: QtBot
) -> None:
    put_in_with_a_reply(page, circle, laptop, qtbot)
    page.receive.press()
    settle(qtbot)
    page.hand.press()
    settle(qtbot)
    assert "Safe to unplug" in words(page)
    assert any("Taken in" in one.accessibleName() for one in page.receive.findChildren(Strip))
    page.leave()
    settle(qtbot)
    assert "Safe to unplug" not in words(page), "another stick may be in by now, and other records wait"
    assert page.hand.button.label() == "Pack and hand over"
    assert page.receive.findChildren(Strip) == []


def test_the_focus_is_on_handing_over_again_after_it(page: SyncPage, qtbot: QtBot) -> None:
    page.hand.button.setFocus()
    QTest.keyClick(page.hand.button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot)
    assert page.hand.button.isEnabled()
    assert page.window().focusWidget() is page.hand.button


def test_a_stick_pulled_out_loses_nothing(page: SyncPage, circle: Circle, qtbot: QtBot) -> None:
    page.hand_over(circle.folder / "gone" / "bundle.gwb")
    qtbot.waitUntil(lambda: page.hand.button.isEnabled(), timeout=5000)
    assert "Nothing is lost" in page.hand.step.text()
    assert page.hand.button.label() == "Try again"
    assert page.ws.exchange.trips() == []


def test_a_reply_on_the_stick_is_found_and_received(
    page: SyncPage, circle: Circle, laptop: Workspace, qtbot: QtBot
) -> None:
    put_in_with_a_reply(page, circle, laptop, qtbot)
    assert "Signature matches: it is from the office" in words(page)
    QTest.keyClick(page.hand.button, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(page.receive.findChildren(Strip)), timeout=5000)
    settle(qtbot)
    assert "The office has it" in words(page)
    assert page.hand.title.text() == "All handed over."


def test_many_files_for_others_are_told_in_one_line(page: SyncPage, qtbot: QtBot, each_language: str) -> None:
    """A folder with the replies to all laptops: what this one has to do stays in sight."""
    del each_language
    others = [Merged(f"00-1-{n:08}.gwb", problem=NotForUs("x"), left=f"number {n}", for_others=True) for n in range(12)]
    page.receive.show_results([Merged("00-1-00000099.gwb", again=True), *others])
    settle(qtbot)
    _, second = page.receive.findChildren(Strip)
    assert "12" in second.accessibleName()
    assert "00-1-00000002.gwb" in second.accessibleName()
    assert "00-1-00000003.gwb" not in second.accessibleName()
    assert clipped(page.receive) == []
    assert page.hand.height() < page.height() // 2
    page.receive.show_results(others[:1])
    settle(qtbot)
    assert [one.accessibleName() for one in page.receive.findChildren(Strip) if not one.isHidden()] == [
        "number 0 00-1-00000000.gwb"
    ]


def test_what_came_of_a_newer_version_is_said(page: SyncPage, qtbot: QtBot) -> None:
    page.receive.show_results([Merged("00-1-00000000.gwb", newer=1)])
    settle(qtbot)
    assert "1 entry of a newer version came too" in words(page)


def test_that_the_reply_shows_the_clock_here_to_be_wrong_is_said(
    page: SyncPage, circle: Circle, laptop: Workspace, qtbot: QtBot
) -> None:
    circle.hand_in(laptop)
    circle.clock.move(days=3)
    reply = circle.office.exchange.pack(circle.stick, 1)
    circle.clock.move(days=-3)
    page.show_target([reply])
    settle(qtbot)
    page.receive_all()
    settle(qtbot)
    assert "The clock of this computer is 3 days behind, at least. Set it right." in words(page)


def test_what_a_laptop_wrote_is_said_to_be_for_the_office(page: SyncPage, circle: Circle, qtbot: QtBot) -> None:
    page.show_target([circle.opened["laptop-1"].exchange.pack(circle.stick)])
    settle(qtbot)
    page.receive_all()
    settle(qtbot)
    assert "This laptop wrote this bundle for the office: leave it where it is" in words(page)


def test_a_file_that_is_no_bundle_for_us_says_so(page: SyncPage, circle: Circle, qtbot: QtBot) -> None:
    bad = circle.stick / "00-7-00000000.gwb"
    bad.write_bytes(b"nothing of ours")
    page.show_target([bad])
    settle(qtbot)
    page.receive_all()
    qtbot.waitUntil(lambda: bool(page.receive.findChildren(Strip)), timeout=5000)
    assert "computer" in words(page)
    assert page.ws.exchange.trips() == []


def test_without_a_stick_a_folder_is_asked_for(page: SyncPage, tmp_path: Path) -> None:
    page.show_drives([])
    (only,) = page.hand.places()
    assert only.place is None
    page.hand.show_folder(tmp_path)
    assert page.hand.place() == tmp_path


def test_the_folder_that_was_asked_for_on_the_way_takes_the_bundle(
    page: SyncPage, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who pressed for it and named a folder has handed over: one that is pressed for twice is taken for done."""
    place = tmp_path / "carried"
    place.mkdir()
    page.show_drives([])
    monkeypatch.setattr(sync, "choose_folder", lambda _page, _purpose, chosen: chosen(place))
    QTest.keyClick(page.hand.button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "read back" in page.hand.step.text(), timeout=5000)
    assert len(list(place.glob("01-*.gwb"))) == 1
    settle(qtbot)


def test_nothing_is_clipped_or_unnamed(page: SyncPage, each_scale: float, qtbot: QtBot) -> None:
    del each_scale
    settle(qtbot)  # the window lays itself out anew when the text size changes
    assert clipped(page) == []
    assert unnamed(page) == []


def test_a_fingerprint_is_whole_at_any_size(page: SyncPage, each_scale: float, qtbot: QtBot) -> None:
    """Who compares half of it compares nothing."""
    del each_scale
    settle(qtbot)
    prints = [one for one in page.findChildren(Text) if one.isVisible() and one.text().startswith("Fingerprint")]
    assert prints
    assert all(one.shown() == one.text() for one in prints if isinstance(one, ElidedText))
    assert clipped(page) == []


def test_how_much_went_is_whole_in_the_smallest_window(
    page: SyncPage, circle: Circle, dressed: Look, qtbot: QtBot
) -> None:
    page.ws.exchange.pack(circle.stick)
    dressed.use(scale=1.25)
    page.resize(1087, 680)
    page.refresh({})
    settle(qtbot)
    (went,) = [one for one in page.findChildren(Text) if one.isVisible() and one.text().startswith("Handed over")]
    assert went.text() == "Handed over 3 records"
    assert not isinstance(went, ElidedText) or went.shown() == went.text()
    assert clipped(page) == []


def test_the_card_at_the_foot(circle: Circle, laptop: Workspace, qtbot: QtBot) -> None:
    shell, seen = Shell(), list[Status]()
    shell.status_changed.connect(seen.append)
    Follower(laptop, shell)
    settle(qtbot)
    assert seen[-1].count == 3
    made_visit(laptop, laptop.records.page("household")[0].id)
    settle(qtbot)
    assert (seen[-1].title, seen[-1].text, seen[-1].amber) == ("Not synced yet", "4 to hand over", False)
    circle.hand_in(laptop)
    for days, title, text, amber in (
        (0, "Synced today", "4 to hand over", False),
        (1, "1 day not synced", "4 to hand over", False),
        (2, "2 days not synced", "4 to hand over", True),
        (7, "7 days not synced", "4 to go, the office waits", True),
    ):
        found = status(laptop.exchange.pending(), _later(circle, days))
        assert (found.title, found.text, found.amber) == (title, text, amber)


def _later(circle: Circle, days: int) -> date:
    return (circle.clock() + timedelta(days=days)).astimezone(LOCAL).date()


def test_what_the_office_has_not_confirmed_is_always_said(
    page: SyncPage, circle: Circle, laptop: Workspace, qtbot: QtBot
) -> None:
    assert page.hand.unconfirmed.text() == "3 records not yet confirmed by the office"
    circle.clock.move(days=3)
    laptop.exchange.pack(circle.stick)
    page.refresh({})
    settle(qtbot)
    assert page.hand.unconfirmed.text() == "3 records not yet confirmed by the office, for 3 days"
    circle.round(laptop)
    page.refresh({})
    settle(qtbot)
    assert not page.hand.unconfirmed.isVisibleTo(page)
    assert "Same as the office" in words(page)


def test_photos_that_wait_are_named_and_split_for_a_small_stick(
    page: SyncPage, laptop: Workspace, circle: Circle, qtbot: QtBot
) -> None:
    assert page.hand.photos.isHidden()
    assert page.hand.photos.limit() is None
    with laptop.session.store.db.read() as connection:
        ((household, _),) = records.page(connection, "household")
    laptop.attachments.add("household", household, photo(1, 5_000_000))
    page.refresh({})
    settle(qtbot)
    assert page.hand.photos.about.text() == "1 photo, 5.0 MB"
    assert page.hand.photos.limit() is None
    page.hand.photos.choice.set_value("2")
    page.hand_over(circle.stick)
    settle(qtbot)
    (bundle,) = circle.stick.glob("01-*.gwb")
    assert 1_500_000 < bundle.stat().st_size <= 2 * 1024 * 1024
    assert "Some photos did not fit: hand over again" in words(page)
    assert not clipped(page)
    for _ in range(2):
        page.hand_over(circle.stick)
        settle(qtbot)
    assert "did not fit" not in words(page)
    assert not unnamed(page)
    assert not clipped(page)


def test_photos_that_the_office_has_safely_make_room(
    page: SyncPage, circle: Circle, laptop: Workspace, qtbot: QtBot
) -> None:
    assert page.room.isHidden()
    home = next(found.id for found in laptop.records.page("household"))
    laptop.attachments.add("household", home, photo(1, 20_000))
    circle.round(laptop)
    circle.office.backups.make(circle.folder / "place")
    circle.round(laptop)
    circle.round(laptop)
    laptop.attachments.add("household", home, photo(2, 20_000))
    page.refresh({})
    settle(qtbot)
    assert "2 photos kept here" in words(page)
    page.room.button.click()
    (remove,) = [one for one in page.room.findChildren(QAbstractButton) if one.text() == "Remove from here"]
    remove.click()
    settle(qtbot)
    assert laptop.attachments.kept()[0] == 1, "what is not safe at the office yet stays"
    assert "1 photo kept here" in words(page)
    assert not clipped(page)


def test_in_chinese_no_comma_of_another_script_stands_between_photos_and_their_size(qtbot: QtBot, chinese: str) -> None:
    choice = LimitChoice()
    qtbot.addWidget(choice)
    choice.show_files(2, 456_000)
    assert (chinese, choice.about.text()) == ("zh_CN", "2 张照片，456 KB")


@pytest.mark.parametrize("width", [500, 800])
def test_what_went_is_said_in_one_line_in_the_narrowest_card(
    qtbot: QtBot, laptop: Workspace, circle: Circle, each_language: str, each_scale: float, width: int
) -> None:
    del each_language
    laptop.exchange.pack(circle.stick)
    [sent] = laptop.exchange.trips()
    card = HistoryCard()
    qtbot.addWidget(card)
    card.resize(round(width * each_scale), 600)
    card.show_trips([sent, *(replace(sent, state=state) for state in ("confirmed", "refused"))], circle.clock().date())
    card.show()
    QApplication.processEvents()
    told = gettext("Handed over {records}").format(records=records_in_words(sent.records))
    went = [one for one in card.findChildren(QLabel) if one.text() == told]
    assert len(went) == 3
    for one in went:
        assert one.height() < 2 * one.fontMetrics().height()
        assert one.fontMetrics().horizontalAdvance(told) <= one.width()
    assert clipped(card) == []
    (room,) = card.findChildren(QScrollArea)
    inside = room.widget()
    assert inside is not None
    assert inside.width() <= room.viewport().width(), "nothing lies outside"
