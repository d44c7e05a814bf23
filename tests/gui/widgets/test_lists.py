"""Lists, the timeline and tables: rows by key, keys that move, letters left to the page, sight and speed."""

import time
from collections.abc import Sequence
from threading import get_ident

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QHelpEvent, QPaintEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gridworker.gui import background
from gridworker.gui.look import theme as themes
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets import recordtable
from gridworker.gui.widgets.avatar import AvatarSpec
from gridworker.gui.widgets.chip import ChipSpec
from gridworker.gui.widgets.longrows import PAGE, Listed, LongRows
from gridworker.gui.widgets.moments import Moment, MomentModel
from gridworker.gui.widgets.progress import Steps
from gridworker.gui.widgets.recordtable import RecordTable
from gridworker.gui.widgets.rowdelegate import QUIET
from gridworker.gui.widgets.rowlist import RowList
from gridworker.gui.widgets.rows import Item, Row, RowModel, Section
from gridworker.gui.widgets.tablecolumn import Column
from gridworker.gui.widgets.tablemodel import TableModel, TableRow
from gridworker.gui.widgets.timeline import Timeline

NO_KEYS = Qt.KeyboardModifier.NoModifier
LATE = (ChipSpec("逾期 1 天", "over", "warning"),)
ROWS: list[Item] = [
    Section("逾期", "还有 1 户"),
    Row(
        7,
        "黄志强",
        "41 岁",
        "5栋2单元601",
        AvatarSpec("黄", "over"),
        (ChipSpec("逾期 1 天", "over", "warning"),),
        right="8 天前",
    ),
    Section("今天", "2 户"),
    Row(8, "吴秀英", "82 岁", "3栋2单元101", AvatarSpec("吴", "care"), hint=("开始", "Enter"), right="14 天前"),
    Row(9, "刘建军", "45 岁", "3栋3单元502", AvatarSpec("刘", "care"), right="30 天前"),
]


@pytest.fixture
def rows(qtbot: QtBot) -> RowList:
    view = RowList(chip_column=272, name="Visits")
    qtbot.addWidget(view)
    view.resize(760, 400)
    view.show_rows(ROWS)
    view.show()
    qtbot.waitExposed(view)
    view.setFocus()
    return view


def press(widget: QWidget, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(widget, key)


def test_models_hold_to_the_rules_of_qt(qtbot: QtBot) -> None:
    modes = QAbstractItemModelTester.FailureReportingMode.Fatal
    for model in (RowModel(ROWS), MomentModel(), TableModel([Column("Name")])):
        QAbstractItemModelTester(model, modes)
    rows = RowModel()
    QAbstractItemModelTester(rows, modes)
    rows.replace(ROWS)


def test_the_first_row_is_current_and_arrows_skip_sections(rows: RowList) -> None:
    assert rows.current_key() == 7
    press(rows, Qt.Key.Key_Down)
    assert rows.current_key() == 8
    press(rows, Qt.Key.Key_Up)
    assert rows.current_key() == 7
    press(rows, Qt.Key.Key_End)
    assert rows.current_key() == 9


def test_enter_activates_the_current_row(qtbot: QtBot, rows: RowList) -> None:
    with qtbot.waitSignal(rows.row_activated) as activated:
        press(rows, Qt.Key.Key_Return)
    assert activated.args == [7]


def test_a_double_click_activates_too(qtbot: QtBot, rows: RowList) -> None:
    at = rows.visualRect(rows.model().index(3, 0)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, NO_KEYS, at)
    with qtbot.waitSignal(rows.row_activated) as activated:
        QTest.mouseDClick(rows.viewport(), Qt.MouseButton.LeftButton, NO_KEYS, at)
    assert activated.args == [8]


def test_letters_are_commands_and_never_search(qtbot: QtBot) -> None:
    page, view = QWidget(), RowList()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    layout.addWidget(view)
    pressed: list[str] = []
    bind(page, "N", lambda: pressed.append("N"), "Start the next visit")
    view.show_rows(ROWS)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    view.setFocus()
    press(view, Qt.Key.Key_N, Qt.Key.Key_W)
    assert pressed == ["N"]
    assert view.current_key() == 7


def test_new_rows_keep_the_current_one_by_its_key(qtbot: QtBot, rows: RowList) -> None:
    rows.choose(9)
    with qtbot.assertNotEmitted(rows.row_chosen):
        rows.show_rows([ROWS[0], ROWS[4], ROWS[1]])
    assert rows.current_key() == 9


def test_when_the_current_row_goes_the_next_takes_its_place(qtbot: QtBot, rows: RowList) -> None:
    rows.choose(8)
    with qtbot.waitSignal(rows.row_chosen) as chosen:
        rows.show_rows([row for row in ROWS if not (isinstance(row, Row) and row.key == 8)])
    assert (chosen.args, rows.current_key()) == ([9], 9)
    rows.show_rows([])
    assert rows.current_key() is None


def test_a_menu_is_wanted_by_key_and_by_mouse(qtbot: QtBot, rows: RowList) -> None:
    wanted: list[tuple[object, QPoint]] = []
    rows.menu_wanted.connect(lambda key, at: wanted.append((key, at)))
    from PySide6.QtGui import QContextMenuEvent
    from PySide6.QtWidgets import QApplication

    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(rows.viewport(), event)
    assert [key for key, _ in wanted] == [7]


def test_screen_readers_hear_a_whole_row(rows: RowList) -> None:
    index = rows.model().index(1, 0)
    heard = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard == "黄志强, 41 岁, 5栋2单元601, 逾期 1 天, 8 天前"


def test_rows_are_as_high_as_the_tokens_say(rows: RowList, each_scale: float) -> None:
    heights = {1.0: 54, 1.25: 68, 1.5: 81}
    assert rows.sizeHintForRow(1) == heights[each_scale]


def test_a_list_repaints_in_a_few_milliseconds(qtbot: QtBot) -> None:
    view = RowList(row_height=58)
    qtbot.addWidget(view)
    steps = Steps(2, "处置")
    view.show_rows(
        [Row(n, "燃气软管老化", "", "3栋1单元202", AvatarSpec(icon="fire"), steps=steps) for n in range(200)]
    )
    view.resize(720, 700)
    view.show()
    qtbot.waitExposed(view)
    view.viewport().repaint()
    spent = []
    for _ in range(5):
        begun = time.process_time()
        view.viewport().repaint()
        spent.append(time.process_time() - begun)
    assert min(spent) < 0.033


def moments() -> list[Moment]:
    return [
        Moment(1, "person-simple-walk", "定期走访", "care", "3月9日·周敏", "本人在家，精神好。" * 6, heading="2026 年"),
        Moment(2, "pencil-simple", "电话改了", right="2月23日·刘芳", change=("137****0555", "138****0142")),
        Moment(3, "flag-banner", "安全隐患", "over", "3月9日", chips=(ChipSpec("处置中", "info"),)),
    ]


def test_a_moment_is_as_high_as_its_words_need(qtbot: QtBot) -> None:
    timeline = Timeline("Timeline")
    qtbot.addWidget(timeline)
    timeline.show_moments(moments())
    timeline.resize(420, 500)
    timeline.show()
    qtbot.waitExposed(timeline)
    wide = [timeline.sizeHintForRow(number) for number in range(3)]
    timeline.resize(260, 500)
    narrow = [timeline.sizeHintForRow(number) for number in range(3)]
    assert narrow[0] > wide[0]
    assert narrow[1] == wide[1]


def test_a_moment_opens_by_enter(qtbot: QtBot) -> None:
    timeline = Timeline()
    qtbot.addWidget(timeline)
    timeline.show_moments(moments())
    timeline.show()
    timeline.setFocus()
    press(timeline, Qt.Key.Key_Down, Qt.Key.Key_Down)
    with qtbot.waitSignal(timeline.opened) as opened:
        press(timeline, Qt.Key.Key_Return)
    assert opened.args == [timeline.model().index(timeline.currentIndex().row(), 0).row() + 1]


def test_a_change_is_read_aloud_as_old_and_new() -> None:
    model = MomentModel()
    model.replace(moments())
    heard = model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard == "电话改了, 2月23日·刘芳, 137****0555 → 138****0142"


class Ledger:
    """So many people, fetched by key."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.asked: list[object] = []

    def __call__(self, after: object, limit: int) -> Sequence[TableRow]:
        self.asked.append(after)
        start = 0 if after is None else int(str(after))
        return [
            TableRow(n, (f"住户{n}", ChipSpec("在住", "ok")))
            for n in range(start + 1, min(start + limit, self.count) + 1)
        ]


def test_a_table_fetches_pages_by_key_until_the_end(qtbot: QtBot) -> None:
    ledger, table = Ledger(PAGE * 2 + 5), RecordTable([Column("姓名", 120), Column("状态")])
    qtbot.addWidget(table)
    table.show_rows(ledger)
    model = table.model()
    assert model.rowCount() == PAGE
    while model.canFetchMore(QModelIndex()):
        model.fetchMore(QModelIndex())
    assert model.rowCount() == PAGE * 2 + 5
    assert ledger.asked == [None, PAGE, PAGE * 2]


def _small_table(qtbot: QtBot) -> RecordTable:
    table = RecordTable([Column("姓名", 120), Column("状态")])
    qtbot.addWidget(table)
    table.resize(500, 300)
    table.show()
    qtbot.waitExposed(table)
    return table


def test_a_list_of_any_length_reads_what_is_in_sight_and_never_in_the_windows_thread(qtbot: QtBot) -> None:
    keys, asked, threads = range(1, 330_001), list[int](), set[int]()

    def read(wanted: Sequence[int]) -> list[TableRow]:
        asked.append(wanted[0])
        threads.add(get_ident())
        return [TableRow(key, (f"住户{key}", "")) for key in wanted]

    table = _small_table(qtbot)
    table.show_list(Listed(keys, read, [TableRow(key, (f"住户{key}", "")) for key in keys[:PAGE]]))
    model, bar = table.model(), table.verticalScrollBar()
    assert (model.rowCount(), asked) == (330_000, [])
    qtbot.waitUntil(lambda: bar.maximum() > 330_000)
    bar.setValue(bar.maximum())
    last = model.index(model.rowCount() - 1, 0)
    qtbot.waitUntil(lambda: last.data() == "住户330000")
    bar.setValue(bar.maximum() // 2)
    assert model.index(165_000, 0).data() in {"…", "住户165001"}
    qtbot.waitUntil(lambda: model.index(table.rowAt(10), 0).data() != "…")
    assert len(asked) <= 5
    assert get_ident() not in threads
    table.choose(250_001)
    assert (table.current_key(), table.currentIndex().row()) == (250_001, 250_000)


def test_a_list_is_read_where_a_drag_comes_to_rest_and_at_once_where_it_is_scrolled(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordtable, "REST_MS", 60_000)
    asked = list[int]()

    def read(wanted: Sequence[int]) -> list[TableRow]:
        asked.append(wanted[0] // PAGE)
        return [TableRow(key, (f"住户{key}", "")) for key in wanted]

    table = _small_table(qtbot)
    table.show_list(Listed(range(330_000), read, read(range(PAGE))))
    asked.clear()
    height, bar = themes.current().px(44), table.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 330_000)
    for row in range(4, 2 * PAGE, 4):
        bar.setValue(row * height)
    qtbot.waitUntil(lambda: table.model().index(2 * PAGE - 4, 0).data() != "…")
    asked.clear()
    for part in range(100):
        bar.setValue(bar.maximum() * part // 100)
        QApplication.processEvents()
    background.wait()
    assert asked == []
    table._rest.start(0)
    qtbot.waitUntil(lambda: table.model().index(table.rowAt(10), 0).data() != "…")
    assert set(asked) <= {table.rowAt(0) // PAGE, table.rowAt(table.viewport().height() - 1) // PAGE}


def test_a_text_that_is_cut_in_a_table_is_told_whole(qtbot: QtBot) -> None:
    """A roster's preview says in one column why a row is not taken in, and in English that is long."""
    why = "This ID number does not check: one of its digits, or the last letter, is not right."
    table = RecordTable([Column("Row", 120), Column("What to know")])
    qtbot.addWidget(table)
    table.resize(400, 300)
    table.show()
    table.show_rows(lambda after, _limit: [] if after else [TableRow(1, ("2", why))])
    qtbot.waitUntil(lambda: table.model().rowCount() == 1)

    def told(column: int) -> str:
        at = table.visualRect(table.model().index(0, column)).center()
        QApplication.sendEvent(table.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, table.mapToGlobal(at)))
        return QToolTip.text()

    assert told(0) == "", "whole as it is"
    assert told(1) == why
    QToolTip.hideText()


def test_a_long_list_forgets_what_was_scrolled_past() -> None:
    rows = LongRows(Listed(range(PAGE * 60), list), lambda _key: -1)
    for page in range(60):
        assert rows.missing(page * PAGE, page * PAGE + 5) == page
        rows.take(page, rows.read(rows.wanted(page)))
    assert (rows.row(PAGE * 60 - 1), rows.row(0)) == (PAGE * 60 - 1, -1)
    assert (rows.find(7), rows.find(-5)) == (7, -1)


def test_a_table_activates_by_enter_and_keeps_its_row(qtbot: QtBot) -> None:
    table = RecordTable([Column("姓名"), Column("状态", 90)], "Residents")
    qtbot.addWidget(table)
    table.resize(500, 300)
    table.show_rows(Ledger(10))
    table.show()
    qtbot.waitExposed(table)
    table.setFocus()
    press(table, Qt.Key.Key_Down, Qt.Key.Key_Down)
    with qtbot.waitSignal(table.row_activated) as activated:
        press(table, Qt.Key.Key_Return)
    assert activated.args == [3]
    with qtbot.assertNotEmitted(table.row_chosen):
        table.show_rows(Ledger(20))
    assert table.current_key() == 3


def test_a_list_whose_choice_changes_nothing_is_filled_only_while_it_has_the_keys(qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    other, rows = QLineEdit(), RowList(name="Needs")
    layout = QVBoxLayout(place)
    layout.addWidget(other)
    layout.addWidget(rows)
    rows.show_rows([Row(1, "装扶手")])
    place.resize(400, 200)
    place.show()
    place.activateWindow()
    qtbot.waitUntil(place.isActiveWindow)
    at = rows.visualRect(rows.model().index(0, 0)).center()

    def filled() -> bool:
        return rows.viewport().grab().toImage().pixelColor(at) == themes.current().colour("sel")

    other.setFocus()
    assert filled()  # where something depends on it, one sees which it is
    rows.setProperty(QUIET, True)
    assert not filled()
    rows.setFocus()
    assert filled()


@pytest.mark.parametrize("by", ["mouse", "focus"])
def test_the_ring_goes_from_the_whole_row_when_the_keys_lead_no_more(qtbot: QtBot, by: str) -> None:
    """Qt paints anew the one cell that is current, and the ring stood on round the others."""
    table, painted = _small_table(qtbot), list[QRect]()
    table.show_rows(Ledger(5))
    table.activateWindow()
    qtbot.waitUntil(table.isActiveWindow)
    table.setFocus(Qt.FocusReason.TabFocusReason)
    assert table.ring_due()
    QApplication.processEvents()

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if isinstance(event, QPaintEvent):
                painted.append(event.region().boundingRect())
            return super().eventFilter(watched, event)

    watch = Watch()
    table.viewport().installEventFilter(watch)
    model = table.model()
    if by == "mouse":
        spot = table.visualRect(model.index(0, 0)).center()
        QTest.mousePress(table.viewport(), Qt.MouseButton.LeftButton, NO_KEYS, spot)
        QTest.mouseRelease(table.viewport(), Qt.MouseButton.LeftButton, NO_KEYS, spot)
    else:
        table.clearFocus()
    assert not table.ring_due()
    qtbot.waitUntil(lambda: bool(painted))
    QApplication.processEvents()
    last = table.visualRect(model.index(0, 1))
    assert any(part.contains(last.adjusted(0, 0, -1, -1)) for part in painted)
