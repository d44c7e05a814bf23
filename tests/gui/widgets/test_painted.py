"""What paints itself: rings that tick, strips of days, steps, pictures of keys, held values, toasts, states."""

from collections.abc import Iterator
from threading import Event, get_ident

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gridworker.gui.clipboard import _copied, clear_private, copy_private
from gridworker.gui.habits import habits
from gridworker.gui.look.theme import Look
from gridworker.gui.widgets import ring as rings
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.codegrid import CodeGrid
from gridworker.gui.widgets.dropzone import DropZone
from gridworker.gui.widgets.dusk import Dusk, hour_of
from gridworker.gui.widgets.hero import HeroPanel
from gridworker.gui.widgets.keypicture import KeyPicture, windows
from gridworker.gui.widgets.masked import UP_MS, MaskedValue
from gridworker.gui.widgets.paint import line_of
from gridworker.gui.widgets.progress import Bar, Stepper
from gridworker.gui.widgets.ring import CountdownRing
from gridworker.gui.widgets.state import LoadingPanel, StatePanel, Strip
from gridworker.gui.widgets.toast import _SHADOW, Toast, keep_free
from gridworker.gui.widgets.weekstrip import WeekDay, WeekStrip
from tests.gui.seen import clipped, only, settle

NO_KEYS = Qt.KeyboardModifier.NoModifier


def on_screen(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)


@pytest.mark.parametrize(("left", "tone"), [(24120, "accent"), (4320, "due"), (0, "over"), (-2100, "over")])
def test_a_ring_is_amber_soon_and_red_only_when_late(qtbot: QtBot, left: int, tone: str) -> None:
    ring = CountdownRing("fire")
    qtbot.addWidget(ring)
    ring.show_left(left, 86400)
    assert ring.tone() == tone


def test_all_rings_share_one_tick_that_rests_when_none_is_seen(qtbot: QtBot) -> None:
    one, two = CountdownRing("fire"), CountdownRing("scales")
    assert not rings.ticker().running()
    for ring in (one, two):
        on_screen(qtbot, ring)
        ring.show_left(3661, 7200)
    rings.ticker().ticked.emit()
    assert (one.left(), two.left()) == (3660, 3660)
    one.hide()
    assert rings.ticker().running()
    two.hide()
    assert not rings.ticker().running()
    rings.ticker().ticked.emit()
    assert one.left() == 3660


def test_a_ring_speaks_at_60_15_and_0_minutes_only(qtbot: QtBot) -> None:
    ring = CountdownRing("fire")
    on_screen(qtbot, ring)
    spoken: list[int] = []
    ring.announced.connect(spoken.append)
    for left in (3601, 3600, 1801, 901, 61, 1, 0):
        ring.show_left(left, 7200)
        rings.ticker().ticked.emit()
    assert spoken == [60, 15, 0]


def week() -> list[WeekDay]:
    return [
        WeekDay(f"2026-03-{16 + n}", "一二三四五六日"[n], 16 + n, done=n, planned=2, today=n == 2) for n in range(7)
    ]


def test_a_day_is_chosen_by_mouse_and_by_keys(qtbot: QtBot) -> None:
    strip = WeekStrip(name="Week")
    strip.show_days(week())
    strip.resize(770, 66)
    on_screen(qtbot, strip)
    chosen: list[str] = []
    strip.chosen.connect(chosen.append)
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, NO_KEYS, QPoint(30, 30))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(strip, key)
    assert chosen == ["2026-03-16", "2026-03-17"]


def test_a_stepper_says_its_step_and_has_room_for_all_words(qtbot: QtBot, each_scale: float) -> None:
    stepper = Stepper(["Reported", "First response", "Being handled", "Return visit", "Closed"])
    on_screen(qtbot, stepper)
    stepper.show_step(2)
    assert stepper.accessibleName() == "Being handled"
    stepper.show_step(1, "over", "First response, 35 min late")
    assert stepper.accessibleName() == "First response, 35 min late"
    assert stepper.minimumSizeHint().width() >= 5 * 70 * each_scale


def test_a_stepper_as_narrow_as_it_gets_cuts_no_word(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    cut: list[str] = []

    def telling(painter: QPainter, rect: QRectF, words: str, look: tuple[QFont, QColor], *more: int) -> None:
        if QFontMetrics(look[0]).horizontalAdvance(words) > rect.width():
            cut.append(words)
        line_of(painter, rect, words, look, *more)

    monkeypatch.setattr("gridworker.gui.widgets.progress.line_of", telling)
    stepper = Stepper(["Reported", "First response", "Handling", "Return visit", "Closed"])
    stepper.show_step(1, "over")
    on_screen(qtbot, stepper)
    stepper.resize(stepper.minimumSizeHint())
    stepper.grab()
    assert cut == []


@pytest.mark.parametrize(("given", "shown"), [(0.42, 0.42), (-1, 0), (7, 1)])
def test_a_bar_stays_within_its_track(qtbot: QtBot, given: float, shown: float) -> None:
    bar = Bar(target=0.9)
    on_screen(qtbot, bar)
    bar.show_share(given)
    assert bar.share() == shown


def test_two_keys_give_two_pictures_and_one_key_always_the_same() -> None:
    one, other = bytes(range(32)), bytes(range(1, 33))
    assert windows(one) == windows(one)
    assert windows(one) != windows(other)
    assert len(windows(one)) == 25


def test_a_key_picture_needs_enough_of_the_hash(qtbot: QtBot) -> None:
    with pytest.raises(ValueError, match="13 bytes"):
        KeyPicture(b"short", "key of the office")
    picture = KeyPicture(bytes(32), "key of the office")
    on_screen(qtbot, picture)
    assert picture.accessibleName() == "key of the office"


class Revealed:
    """Counts the looks."""

    def __init__(self) -> None:
        self.looks = 0

    def __call__(self) -> str:
        self.looks += 1
        return "138 0000 0142"


@pytest.fixture
def looks() -> Revealed:
    return Revealed()


@pytest.fixture
def masked(qtbot: QtBot, looks: Revealed) -> MaskedValue:
    value = MaskedValue("138****0142", "陈桂芳 电话", looks)
    on_screen(qtbot, value)
    return value


def test_a_value_is_seen_only_while_the_eye_is_held(qtbot: QtBot, masked: MaskedValue, looks: Revealed) -> None:
    assert masked.text() == "138****0142"
    with qtbot.waitSignal(masked.revealed):
        QTest.mousePress(only(masked, IconButton), Qt.MouseButton.LeftButton)
    assert masked.text() == "138 0000 0142"
    with qtbot.waitSignal(masked.hidden):
        QTest.mouseRelease(only(masked, IconButton), Qt.MouseButton.LeftButton)
    assert (masked.text(), looks.looks) == ("138****0142", 1)


def test_nothing_shows_before_the_look_is_on_record_nor_after_the_eye_was_let_go(qtbot: QtBot) -> None:
    """The row is written in a pool thread: the window's does not wait for the disk."""
    on_record, threads = Event(), list[int]()

    def reveal() -> str:
        threads.append(get_ident())
        on_record.wait(5)
        return "138 0000 0142"

    value = MaskedValue("138****0142", "陈桂芳 电话", reveal)
    on_screen(qtbot, value)
    QTest.mousePress(only(value, IconButton), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(threads) == 1)
    assert threads != [get_ident()]
    assert value.text() == "138****0142"
    QTest.mouseRelease(only(value, IconButton), Qt.MouseButton.LeftButton)
    on_record.set()
    settle(qtbot)
    assert value.text() == "138****0142"
    QTest.mousePress(only(value, IconButton), Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert value.text() == "138 0000 0142"


def test_v_holds_it_too_and_key_repeat_is_one_look(qtbot: QtBot, masked: MaskedValue, looks: Revealed) -> None:
    eye = only(masked, IconButton)
    QTest.keyPress(eye, Qt.Key.Key_V)
    for _ in range(5):
        QApplication.sendEvent(eye, QKeyEvent(QEvent.Type.KeyRelease, Qt.Key.Key_V, NO_KEYS, "v", True))
        QApplication.sendEvent(eye, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_V, NO_KEYS, "v", True))
    settle(qtbot)
    assert (masked.text(), looks.looks) == ("138 0000 0142", 1)
    with qtbot.waitSignal(masked.hidden):
        QTest.keyRelease(eye, Qt.Key.Key_V)
    assert masked.text() == "138****0142"


def test_a_repeat_that_qt_took_for_a_hand_s_is_no_second_look(
    qtbot: QtBot, masked: MaskedValue, looks: Revealed
) -> None:
    """As it comes on X11 now and then: the held key goes up and down again, and says of neither that it repeats."""
    QTest.keyPress(only(masked, IconButton), Qt.Key.Key_V)
    settle(qtbot)
    QTest.keyRelease(only(masked, IconButton), Qt.Key.Key_V)
    QTest.keyPress(only(masked, IconButton), Qt.Key.Key_V)
    settle(qtbot)
    qtbot.wait(2 * UP_MS)
    assert (masked.text(), looks.looks) == ("138 0000 0142", 1)
    with qtbot.waitSignal(masked.hidden):
        QTest.keyRelease(only(masked, IconButton), Qt.Key.Key_V)


@pytest.mark.parametrize("gone", ["focus", "window", "hidden"])
def test_it_hides_when_nobody_looks_any_more(qtbot: QtBot, masked: MaskedValue, gone: str) -> None:
    QTest.keyPress(only(masked, IconButton), Qt.Key.Key_V)
    settle(qtbot)
    assert masked.text() == "138 0000 0142"
    if gone == "focus":
        QApplication.sendEvent(
            only(masked, IconButton), QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.TabFocusReason)
        )
    elif gone == "window":
        QApplication.sendEvent(masked.window(), QEvent(QEvent.Type.WindowDeactivate))
    else:
        masked.window().hide()
    assert masked.text() == "138****0142"


def test_a_button_shows_no_letter_where_letters_are_no_keys(qtbot: QtBot) -> None:
    letter, other, bare = Button("Next", key="N"), Button("Next", key="Ctrl N"), Button("Next")
    for button in (letter, other, bare):
        qtbot.addWidget(button)
    wide, wider = letter.sizeHint().width(), other.sizeHint().width()
    try:
        habits().use(letters=False, reveal_once=False)
        assert letter.sizeHint() == bare.sizeHint()
        assert letter.grab().toImage() == bare.grab().toImage()
        assert other.sizeHint().width() == wider
    finally:
        habits().use(letters=True, reveal_once=False)
    assert letter.sizeHint().width() == wide > bare.sizeHint().width()


@pytest.fixture
def one_press() -> Iterator[None]:
    habits().use(letters=True, reveal_once=True)
    yield
    habits().use(letters=True, reveal_once=False)


@pytest.mark.usefixtures("one_press")
def test_one_press_shows_it_for_a_while_where_holding_is_hard(qtbot: QtBot, masked: MaskedValue) -> None:
    assert only(masked, IconButton).toolTip() == "Press to show for 10 seconds. Each look is written down."
    QTest.mouseClick(only(masked, IconButton), Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert masked.text() == "138 0000 0142"
    masked._timer.timeout.emit()
    assert masked.text() == "138****0142"


def test_ctrl_c_copies_what_is_held_and_the_lock_takes_it_away(qtbot: QtBot, masked: MaskedValue) -> None:
    QTest.mousePress(only(masked, IconButton), Qt.MouseButton.LeftButton)
    settle(qtbot)
    QTest.keyClick(only(masked, IconButton), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "138 0000 0142"
    QTest.mouseRelease(only(masked, IconButton), Qt.MouseButton.LeftButton)
    clear_private()
    assert QApplication.clipboard().text() == ""


def test_a_code_that_is_read_out_is_off_the_clipboard_after_a_while(qtbot: QtBot) -> None:
    grid = CodeGrid("7K2MX-QF9XR", "The answer")
    qtbot.addWidget(grid)
    [copy] = grid.findChildren(IconButton)
    copy.click()
    assert QApplication.clipboard().text() == "7K2MX-QF9XR"
    _copied()._timer.timeout.emit()
    assert QApplication.clipboard().text() == ""


def test_the_lock_leaves_what_somebody_copied_elsewhere(qapp: QApplication) -> None:
    del qapp
    copy_private("138 0000 0142")
    QApplication.clipboard().setText("买菜")
    clear_private()
    assert QApplication.clipboard().text() == "买菜"


def test_only_a_value_in_sight_can_be_copied(qtbot: QtBot, masked: MaskedValue) -> None:
    clipboard = QApplication.clipboard()
    clipboard.clear()
    masked.copy()
    assert clipboard.text() == ""
    QTest.mousePress(only(masked, IconButton), Qt.MouseButton.LeftButton)
    settle(qtbot)
    masked.copy()
    assert clipboard.text() == "138 0000 0142"
    clipboard.clear()
    QTest.mouseRelease(only(masked, IconButton), Qt.MouseButton.LeftButton)


def dropped(zone: DropZone, *paths: str) -> QDropEvent:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    zone._data = data  # type: ignore[attr-defined]  # the event does not keep it alive
    return QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NO_KEYS, QEvent.Type.Drop
    )


def test_bundles_can_be_dropped_and_other_files_stay_out(qtbot: QtBot) -> None:
    zone = DropZone("Drag bundles here", "or plug in a stick", extensions=(".gwb",))
    on_screen(qtbot, zone)
    with qtbot.waitSignal(zone.files_dropped) as files:
        zone.dropEvent(dropped(zone, "/media/E/03-12-9f2c11aa.gwb", "/media/E/photo.jpg", "/media/E/04-1-00000000.GWB"))
    assert [path.name for path in files.args[0]] == ["03-12-9f2c11aa.gwb", "04-1-00000000.GWB"]
    with qtbot.assertNotEmitted(zone.files_dropped):
        zone.dropEvent(dropped(zone, "/media/E/photo.jpg"))


def test_a_drop_zone_is_pressed_by_key_and_by_mouse(qtbot: QtBot) -> None:
    zone = DropZone("Drag bundles here")
    on_screen(qtbot, zone)
    with qtbot.waitSignals([zone.pressed, zone.pressed]):
        QTest.keyClick(zone, Qt.Key.Key_Return)
        QTest.mouseClick(zone, Qt.MouseButton.LeftButton)


def test_a_toast_offers_undo_and_goes_by_itself(qtbot: QtBot) -> None:
    window = QWidget()
    window.resize(900, 600)
    on_screen(qtbot, window)
    toast = Toast(window)
    toast.show_text("Visit saved", "Undo", "Ctrl Z")
    assert (toast.isVisible(), toast.accessibleName()) == (True, "Visit saved")
    with qtbot.waitSignal(toast.undone):
        toast._button.click()
    assert not toast.isVisible()
    toast.show_text("Visit saved")
    assert not toast._button.isVisible()
    with qtbot.waitSignal(toast.faded):
        toast._timer.timeout.emit()
    assert not toast.isVisible()


def test_a_toast_fits_its_words_when_the_text_gets_larger_and_smaller(qtbot: QtBot, dressed: Look) -> None:
    window = QWidget()
    window.resize(900, 600)
    on_screen(qtbot, window)
    toast = Toast(window)
    toast.show_text("Nothing was undone. That works while the line about an act is shown.")
    before = toast.width()
    dressed.use(scale=1.25)
    QApplication.processEvents()
    assert clipped(toast) == []
    assert toast.width() > before
    dressed.use(scale=1.0)
    QApplication.processEvents()
    assert toast.width() == before


def test_a_toast_stays_at_the_foot_of_a_window_that_grows(qtbot: QtBot) -> None:
    window = QWidget()
    window.resize(900, 600)
    on_screen(qtbot, window)
    toast = Toast(window)
    toast.show_text("Visit saved")
    window.resize(1200, 800)
    QApplication.processEvents()
    assert abs(toast.geometry().center().x() - 600) <= 1
    assert 800 - toast.geometry().bottom() < 24


def test_a_long_toast_takes_more_lines_instead_of_leaving_the_window(qtbot: QtBot, each_scale: float) -> None:
    del each_scale
    window = QWidget()
    window.resize(1024, 680)
    on_screen(qtbot, window)
    toast = Toast(window)
    words = "The store was copied or moved since it was closed. Go on working. Hand bundles over now: what is missing "
    for action in ("Undo", ""):
        toast.show_text(words + "comes back with them.", action)
        QApplication.processEvents()
        assert window.rect().contains(toast.geometry())
        assert clipped(toast) == []


def test_a_toast_keeps_off_the_foot_it_would_lie_on_and_off_no_other(qtbot: QtBot) -> None:
    window = QWidget()
    window.resize(1000, 600)
    foot = QWidget(window)
    foot.setGeometry(800, 500, 200, 100)
    keep_free(foot)
    on_screen(qtbot, window)
    toast = Toast(window)
    toast.show_text("Visit saved")
    assert 600 - toast.geometry().bottom() < 24
    foot.setGeometry(400, 500, 600, 100)
    assert toast.geometry().bottom() - _SHADOW < 500


def test_states_say_what_is_and_what_to_do(qtbot: QtBot) -> None:
    panel = StatePanel("error", "These files do not open.", "The last backup is from 17 March.", "Restore")
    on_screen(qtbot, panel)
    assert panel.accessibleName() == "These files do not open. The last backup is from 17 March."
    with qtbot.waitSignal(panel.pressed):
        panel.button.click()
    strip = Strip("The stick was pulled out.", "The files are safe here.", action="Try again")
    on_screen(qtbot, strip)
    with qtbot.waitSignal(strip.pressed):
        strip.button.click()


def test_nothing_spins_for_what_comes_at_once(qtbot: QtBot) -> None:
    panel = LoadingPanel("Reading the roster…")
    on_screen(qtbot, panel)
    assert not panel._rows
    assert not panel._text.isVisible()


def test_the_hero_reads_as_one_sentence_and_its_button_presses(qtbot: QtBot) -> None:
    hero = HeroPanel()
    on_screen(qtbot, hero)
    hero.show_next("Next", "陈桂芳", "78·3栋1单元202", "Last time: …")
    hero.show_action("Start visit", "N")
    assert hero.accessibleName() == "Next 陈桂芳 78·3栋1单元202 Last time: …"
    with qtbot.waitSignal(hero.pressed):
        hero.button.click()
    hero.show_action("")
    assert not hero.button.isVisible()


def test_there_is_a_sky_for_every_hour(qtbot: QtBot) -> None:
    from datetime import UTC, datetime

    skies = [hour_of(datetime(2026, 3, 18, hour, tzinfo=UTC)) for hour in range(24)]
    assert set(skies) == {"morning", "day", "dusk", "night"}
    assert (skies[0], skies[7], skies[12], skies[17], skies[22]) == ("night", "morning", "day", "dusk", "night")
    for hour in ("morning", "day", "dusk", "night"):
        picture = Dusk(hour)
        picture.resize(600, 869)
        on_screen(qtbot, picture)
        assert not picture.grab().isNull()
