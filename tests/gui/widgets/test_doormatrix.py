"""The door matrix: doors by floor and unit, arrows that skip stairwells, many units, sight and speed."""

import time
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets import doordelegate, doormatrix
from gridworker.gui.widgets.chip import ChipSpec
from gridworker.gui.widgets.doordelegate import paint_door
from gridworker.gui.widgets.doormatrix import DoorMatrix
from gridworker.gui.widgets.doors import Door, DoorModel, House, Shop, Unit
from gridworker.gui.widgets.paint import line_of

NO_KEYS = Qt.KeyboardModifier.NoModifier
MISSING = (0, 1, 1)


def house(units: int = 3, floors: int = 7, shops: tuple[Shop, ...] = ()) -> House:
    doors = {
        (floor, unit, column): Door(
            f"{unit + 1}-{floors - floor}0{column + 1}",
            f"{floors - floor}0{column + 1}",
            "程国强",
            "3 人",
            "22 天前",
            fill="r2",
            icons=(("heart-fill", "care-ink"),) if floor % 2 else (),
        )
        for floor in range(floors)
        for unit in range(units)
        for column in range(2)
        if (floor, unit, column) != MISSING
    }
    names = tuple(str(floors - floor) for floor in range(floors))
    return House(tuple(Unit(f"{unit + 1}单元", "楼栋长 汪德生") for unit in range(units)), names, doors, shops, "门面")


@pytest.mark.usefixtures("each_scale")
@pytest.mark.parametrize("words", ["Not recorded", "没登记"])
def test_that_nobody_was_written_down_is_said_whole_in_the_smallest_door(words: str) -> None:
    theme = themes.current()
    room = theme.px(doormatrix._LEAST.width()) - doordelegate.SPACE - 2 * doordelegate._PAD
    size = doordelegate.size_of_state(theme, words, room)
    assert theme.metrics(size).horizontalAdvance(words) <= room
    assert doordelegate.size_of_state(theme, words, 2 * room) == "body"


@pytest.mark.usefixtures("each_scale")
@pytest.mark.parametrize(
    ("note", "brief"),
    [("Not till 29 Dec 2027", "2027-12"), ("勿扰至12月29日", "12月29日"), ("勿扰至2027年12月29日", "2027-12")],
)
def test_until_when_nobody_is_to_call_is_said_whole_in_the_smallest_door(note: str, brief: str) -> None:
    theme = themes.current()
    size = QSize(theme.px(doormatrix._LEAST.width()), theme.px(doormatrix._LEAST.height())) - QSize(5, 5)
    room = size.width() - 2 * doordelegate._PAD
    assert theme.metrics("caption").horizontalAdvance(note) > room, "it was cut"
    assert theme.metrics("caption").horizontalAdvance(brief) + theme.px(14) + 3 <= room

    def drawn(door: Door) -> QImage:
        image = QImage(size, QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        paint_door(painter, theme, QRect(QPoint(0, 0), size), door)
        painter.end()
        return image

    whole = Door(1, "201", "孙立", note=note, brief=brief, state="refused")
    assert drawn(whole) == drawn(replace(whole, note=f"{note}, and more")), (
        "nothing of it is cut: the short form stands"
    )
    assert drawn(whole) != drawn(replace(whole, brief=f"{brief[:-1]}1")), "which is drawn"
    model = DoorModel()
    model.replace(House((Unit("1", columns=1),), ("2",), {(0, 0, 0): whole}))
    assert model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == note
    assert note in model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)


@pytest.mark.usefixtures("each_scale")
@pytest.mark.parametrize("words", ["Not till 29 Dec", "勿扰至12月29日"])
def test_until_when_nobody_is_to_call_is_said_whole_in_a_door_of_the_usual_size(words: str) -> None:
    theme = themes.current()
    room = theme.px(doormatrix._MOST.width()) - doordelegate.SPACE - 2 * doordelegate._PAD
    assert theme.metrics("caption").horizontalAdvance(words) <= room


@pytest.fixture
def matrix(qtbot: QtBot) -> DoorMatrix:
    widget = DoorMatrix("Doors")
    qtbot.addWidget(widget)
    widget.resize(840, 760)
    widget.show_house(house())
    widget.show()
    qtbot.waitExposed(widget)
    widget.setFocus()
    return widget


def press(matrix: DoorMatrix, *keys: Qt.Key) -> object:
    for key in keys:
        QTest.keyClick(matrix.table(), key)
    return matrix.current_key()


def test_the_model_holds_to_the_rules_of_qt(qtbot: QtBot) -> None:
    model = DoorModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.replace(house())
    assert (model.rowCount(), model.columnCount()) == (7, 8)
    assert [column for column in range(8) if model.is_stairwell(column)] == [2, 5]


def test_it_starts_top_left(matrix: DoorMatrix) -> None:
    assert matrix.current_key() == "1-701"


def test_arrows_go_from_door_to_door_over_stairwells(matrix: DoorMatrix) -> None:
    assert press(matrix, Qt.Key.Key_Right) == "1-702"
    assert press(matrix, Qt.Key.Key_Right) == "2-701"
    assert press(matrix, Qt.Key.Key_Right) == "3-701"  # 2-702 is not there
    assert press(matrix, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left) == "1-701"
    assert press(matrix, Qt.Key.Key_Down, Qt.Key.Key_Down) == "1-501"
    assert press(matrix, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up) == "1-701"


def test_arrows_step_over_a_door_that_is_not_there(matrix: DoorMatrix) -> None:
    matrix.choose("2-602")
    assert press(matrix, Qt.Key.Key_Up) == "2-602"


def test_enter_activates_and_letters_are_left_alone(qtbot: QtBot, matrix: DoorMatrix) -> None:
    with qtbot.waitSignal(matrix.door_activated) as activated:
        press(matrix, Qt.Key.Key_Return)
    assert activated.args == ["1-701"]
    assert press(matrix, Qt.Key.Key_C) == "1-701"


def test_a_click_on_a_stairwell_changes_nothing(qtbot: QtBot, matrix: DoorMatrix) -> None:
    matrix.choose("1-702")
    table = matrix.table()
    stairwell = table.visualRect(table.model().index(0, 2)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, NO_KEYS, stairwell)
    assert matrix.current_key() == "1-702"


def test_another_colouring_keeps_the_door(qtbot: QtBot, matrix: DoorMatrix) -> None:
    matrix.choose("3-302")
    with qtbot.assertNotEmitted(matrix.door_chosen):
        matrix.show_house(house())
    assert matrix.current_key() == "3-302"


def test_following_the_arrows_is_announced(qtbot: QtBot, matrix: DoorMatrix) -> None:
    seen: list[object] = []
    matrix.door_chosen.connect(seen.append)
    press(matrix, Qt.Key.Key_Right, Qt.Key.Key_Down)
    assert seen == ["1-702", "1-602"]


def test_many_doors_scroll_instead_of_shrinking_away(qtbot: QtBot, matrix: DoorMatrix) -> None:
    matrix.show_house(house(units=14, floors=32))
    table = matrix.table()
    assert (table.columnWidth(0), table.rowHeight(0)) == (96, 68)
    assert table.horizontalScrollBar().maximum() > 0
    assert table.verticalScrollBar().maximum() > 0
    matrix.choose("14-101")
    assert table.visualRect(table.currentIndex()).intersects(table.viewport().rect())


def test_floors_and_units_stay_beside_their_doors(
    qtbot: QtBot, matrix: DoorMatrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stays in place is drawn anew where the doors under it are scrolled away, up and down and to the side."""
    matrix.show_house(house(units=14, floors=32))
    drawn: list[tuple[str, int]] = []

    def noted(painter: QPainter, line: QRect, text: str, *rest: Any) -> None:
        drawn.append((text, line.top() if text.isdigit() else line.left()))
        line_of(painter, line, text, *rest)

    monkeypatch.setattr(doormatrix, "line_of", noted)
    table = matrix.table()
    down, aside = table.verticalScrollBar(), table.horizontalScrollBar()
    qtbot.waitUntil(lambda: ("32", table.rowViewportPosition(0)) in drawn)
    QApplication.processEvents()
    down.setValue(down.maximum() // 2)
    qtbot.waitUntil(lambda: ("20", table.rowViewportPosition(12)) in drawn)
    aside.setValue(aside.maximum() // 2)
    qtbot.waitUntil(lambda: ("9单元", table.columnViewportPosition(8 * 3) + 4) in drawn)


def test_the_name_of_a_unit_stays_whole_while_its_first_door_goes_out_of_sight(
    qtbot: QtBot, matrix: DoorMatrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut at its beginning, unit 13 reads as unit 3."""
    matrix.show_house(house(units=14, floors=32))
    drawn: dict[str, int] = {}

    def noted(painter: QPainter, line: QRect, text: str, *rest: Any) -> None:
        drawn[text] = line.left()
        line_of(painter, line, text, *rest)

    monkeypatch.setattr(doormatrix, "line_of", noted)
    table = matrix.table()
    aside, sixth = table.horizontalScrollBar(), 5 * 3
    aside.setValue(aside.value() + table.columnViewportPosition(sixth) + 40)
    qtbot.waitUntil(lambda: table.columnViewportPosition(sixth) == -40 and "6单元" in drawn)
    drawn.clear()
    matrix.grab()
    assert drawn["6单元"] == 4
    assert "5单元" not in drawn


def test_few_doors_are_no_larger_than_drawn(matrix: DoorMatrix) -> None:
    matrix.show_house(house(units=1, floors=2))
    assert (matrix.table().columnWidth(0), matrix.table().rowHeight(0)) == (127, 90)


def test_shops_are_pressed_by_mouse_and_by_key(qtbot: QtBot, matrix: DoorMatrix) -> None:
    matrix.show_house(house(shops=(Shop("a", "便民副食店"), Shop("b", "空置", vacant=True))))
    shops = matrix._shops
    pressed: list[object] = []
    matrix.shop_pressed.connect(pressed.append)
    QTest.mouseClick(shops, Qt.MouseButton.LeftButton, NO_KEYS, shops.rect().topLeft() + shops._cell(0).center())
    shops.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(shops, key)
    assert pressed == ["a", "b"]


@pytest.mark.usefixtures("each_scale")
def test_what_the_row_of_shops_is_called_stands_whole_beside_it(qtbot: QtBot) -> None:
    matrix = DoorMatrix("Doors")
    qtbot.addWidget(matrix)
    matrix.show_house(replace(house(shops=(Shop("a", "便民副食店"),)), shops_label="Shopfronts"))
    assert matrix._floors.width() > themes.current().metrics("small").horizontalAdvance("Shopfronts")


def test_down_from_the_lowest_door_to_the_shops_and_up_again(matrix: DoorMatrix) -> None:
    matrix.show_house(house(shops=(Shop("a", "便民副食店"),)))
    matrix.choose("2-101")
    press(matrix, Qt.Key.Key_Down)
    assert matrix._shops.hasFocus()
    QTest.keyClick(matrix._shops, Qt.Key.Key_Up)
    assert matrix.table().hasFocus()
    assert matrix.current_key() == "2-101"
    assert matrix._shops.focusPolicy() & Qt.FocusPolicy.TabFocus
    matrix.show_house(house())
    assert matrix._shops.focusPolicy() == Qt.FocusPolicy.NoFocus  # Tab would stop where nothing is


def test_shops_stand_right_under_the_lowest_doors(matrix: DoorMatrix) -> None:
    for floors in (2, 40):
        matrix.show_house(house(floors=floors, shops=(Shop("a", "便民副食店"),)))
        QApplication.processEvents()
        heads, table, shops = matrix._heads.geometry(), matrix.table().geometry(), matrix._shops.geometry()
        assert (table.top(), shops.top()) == (heads.bottom() + 1, table.bottom() + 1)
        assert shops.bottom() < matrix.height()
        last = matrix.table().rowViewportPosition(floors - 1) + matrix.table().rowHeight(floors - 1)
        assert floors > 2 or last >= table.height() - 6


def test_more_shops_than_fit_move_along(qtbot: QtBot, matrix: DoorMatrix) -> None:
    many = tuple(Shop(number, f"店{number}", accessible=f"店{number}，商户") for number in range(30))
    matrix.show_house(house(shops=many))
    shops = matrix._shops
    shops.setFocus()
    for _ in range(29):
        QTest.keyClick(shops, Qt.Key.Key_Right)
    assert shops.rect().contains(shops._cell(29))
    assert not shops.rect().contains(shops._cell(0))
    assert shops._cell(29).width() >= 90
    assert shops.accessibleDescription() == "店29，商户"
    with qtbot.waitSignal(matrix.shop_pressed) as pressed:
        QTest.mouseClick(shops, Qt.MouseButton.LeftButton, NO_KEYS, shops._cell(28).center())
    assert pressed.args == [28]


def test_screen_readers_hear_a_whole_door(qtbot: QtBot) -> None:
    model = DoorModel()
    door = Door(
        1, "202", "陈桂芳", "1 人", "逾期 2 天", overdue=True, accessible="3栋1单元202，陈桂芳，1 人，逾期 2 天"
    )
    model.replace(House((Unit("1单元", columns=1),), ("2",), {(0, 0, 0): door}))
    assert model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == door.accessible


def test_every_sort_of_door_is_drawn(qtbot: QtBot, each_mode: str, each_scale: float) -> None:
    doors = [
        Door(0, "701", "程国强", "3 人", "22 天前", fill="r3"),
        Door(1, "702", "空置", state="vacant"),
        Door(2, "703", "没登记", state="unknown"),
        Door(3, "704", "席军", "3 人", "不便打扰", state="refused"),
        Door(4, "705", "陈桂芳", "1 人", "逾期 2 天", overdue=True, flag=True, icons=(("heart-fill", "care-ink"),)),
        Door(5, "706", "刘建军", "2 人", chip=ChipSpec("今天", "due")),
        Door(6, "707", "赵文彬", "3 人", "22 天前", draft=True),
        Door(7, "708", "理发店", icons=(("storefront", "info-ink"),), state="shop"),
    ]
    matrix = DoorMatrix()
    qtbot.addWidget(matrix)
    cells = {(0, 0, column): door for column, door in enumerate(doors)}
    matrix.show_house(House((Unit("1单元", columns=8),), ("7",), cells))
    matrix.resize(1600, 300)
    matrix.show()
    qtbot.waitExposed(matrix)
    table, image = matrix.table(), matrix.table().viewport().grab().toImage()
    ratio = image.devicePixelRatio()
    drawn = []
    for column in range(8):
        cell = table.visualRect(table.model().index(0, column))
        at = cell.topLeft() * ratio
        drawn.append(image.copy(at.x(), at.y(), round(cell.width() * ratio), round(cell.height() * ratio)))
    assert all(not one.isNull() for one in drawn)
    assert len({bytes(one.constBits()) for one in drawn}) == 8


def test_a_draft_covers_neither_the_overdue_mark_nor_the_day(qtbot: QtBot) -> None:
    def drawn(*, overdue: bool, draft: bool) -> QImage:
        image = QImage(110, 80, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        with QPainter(image) as painter:
            door = Door(0, "705", "陈桂芳", "1 人", "逾期 2 天", overdue=overdue, draft=draft, flag=True)
            paint_door(painter, themes.current(), image.rect(), door)
        return image

    both, late = drawn(overdue=True, draft=True), drawn(overdue=True, draft=False)
    begun, plain = drawn(overdue=False, draft=True), drawn(overdue=False, draft=False)
    below = QRect(0, 30, 110, 50)
    assert both.copy(below) == late.copy(below)  # bar, warning and words of what is overdue
    assert both.copy(below) != plain.copy(below)
    above = QRect(30, 0, 80, 26)
    assert both.copy(above) != late.copy(above)  # the pencil beside the number
    assert begun.copy(above) != plain.copy(above)


def test_in_the_smallest_door_no_line_lies_on_another(qtbot: QtBot, each_scale: float) -> None:
    """96 x 68 with its space: number, name and foot each in rows of their own, and the note whole beside its icons."""
    size = QSize(themes.current().px(91), themes.current().px(63))

    def ink(**parts: Any) -> set[int]:
        """The rows of pixels that a door has beyond an empty one."""
        images = []
        for one in (Door(0, "", people=""), Door(0, **{"number": "", **parts})):
            image = QImage(size, QImage.Format.Format_RGB32)
            image.fill(Qt.GlobalColor.white)
            with QPainter(image) as painter:
                paint_door(painter, themes.current(), image.rect(), one)
            images.append(image)
        empty, drawn = images
        rows = range(size.height())
        line = QRect(0, 0, size.width(), 1)
        return {row for row in rows if empty.copy(line.translated(0, row)) != drawn.copy(line.translated(0, row))}

    number, name = ink(number="701"), ink(name="程国强")
    foot = ink(note="22 天前", icons=(("heart-fill", "care-ink"),)) | ink(chip=ChipSpec("今天", "due"))
    assert max(number) < min(name)
    assert max(name) < min(foot)


def test_120_doors_repaint_within_a_frame(qtbot: QtBot) -> None:
    matrix = DoorMatrix()
    qtbot.addWidget(matrix)
    matrix.show_house(house(units=6, floors=10))
    matrix.resize(1700, 1000)
    matrix.show()
    qtbot.waitExposed(matrix)
    viewport = matrix.table().viewport()
    viewport.repaint()
    spent = []
    for _ in range(5):
        begun = time.process_time()
        viewport.repaint()
        spent.append(time.process_time() - begun)
    assert min(spent) < 0.1  # 33 ms on a quiet machine (ux.md 5); the benchmark measures it, this finds a slip
