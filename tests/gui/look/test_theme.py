"""Fonts, icons, the style sheet, and switching all of them while the window is open."""

import re
from unittest.mock import Mock

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from gridworker import resources, text
from gridworker.gui.look import fonts, icons
from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Look, Theme
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.rows import Row, RowModel
from gridworker.gui.widgets.text import Text

SIZES = {  # tokens.md 3
    "caption": (12, 15, 18),
    "small": (13, 16, 20),
    "body": (14, 18, 21),
    "large": (16, 20, 24),
    "title": (20, 25, 30),
    "display": (26, 33, 39),
    "figure": (32, 40, 48),
}


@pytest.mark.parametrize("role", SIZES)
def test_type_has_the_sizes_of_the_tokens(role: fonts.Role) -> None:
    assert tuple(fonts.Fonts(scale).font(role).pixelSize() for scale in fonts.SCALES) == SIZES[role]


def test_each_platform_has_its_own_face_first() -> None:
    assert fonts.families("win32")[0] == "Microsoft YaHei UI"
    assert fonts.families("darwin")[0] == "PingFang SC"
    assert fonts.families("linux")[0] == "Noto Sans CJK SC"
    for platform in ("win32", "darwin", "linux"):
        names = fonts.families(platform)
        assert len(names) == len(set(names))
        assert names[-3:] == ["SimSun-ExtB", "SimSun-ExtG", "Plangothic P1"]


def test_a_name_no_font_can_draw_is_kept_and_explained(qtbot: QtBot) -> None:
    metrics = fonts.Fonts().metrics("body")
    assert fonts.code_points("陈桂芳", metrics) == ""
    assert fonts.code_points("王\U0010abcd", metrics) == "U+10ABCD"
    model = RowModel([Row(1, "王\U0010abcd")])
    index = model.index(0)
    assert index.data(Qt.ItemDataRole.DisplayRole) == "王\U0010abcd"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "U+10ABCD"


def test_fonts_are_made_once() -> None:
    made = fonts.Fonts()
    assert made.font("body") is made.font("body")
    assert made.metrics("body", True) is made.metrics("body", True)
    assert made.font("body", True).bold()
    assert not made.font("body").bold()


def test_an_icon_is_drawn_in_its_colour_and_sharp(qapp: QApplication) -> None:
    drawn = icons.Icons()
    pixmap = drawn.pixmap("heart-fill", 18, QColor("#8C2C6B"))
    assert pixmap.devicePixelRatio() == 2
    assert pixmap.deviceIndependentSize().width() == 18
    assert pixmap.toImage().pixelColor(18, 18).name() == "#8c2c6b"
    assert pixmap is drawn.pixmap("heart-fill", 18, QColor("#8C2C6B"))


def test_an_unknown_icon_is_a_bug(qapp: QApplication) -> None:
    with pytest.raises(KeyError):
        icons.Icons().pixmap("hand-heart", 18, QColor("#000000"))


def test_every_icon_named_in_the_window_exists() -> None:
    package = resources.path().parent / "gridworker" / "gui"
    named = set()
    for module in package.rglob("*.py"):
        source = module.read_text("utf-8")
        for pattern in (r'icon(?:_name)?="([a-z-]+)"', r'IconButton\("([a-z-]+)"', r'(?:pixmap|toned)\(\s*"([a-z-]+)"'):
            named |= set(re.findall(pattern, source))
    assert len(named) > 15
    assert {name for name in named if not icons.exists(name)} == set()


def test_the_sheet_leaves_no_name_behind() -> None:
    for name in ("light", "dark"):
        sheet = Theme(name, 1.25).sheet()
        assert "@" not in re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
        assert "font-size:18px" in sheet


def test_switching_dresses_what_is_on_screen(qtbot: QtBot, dressed: Look) -> None:
    label, button = Text("3栋1单元202", "body"), Button("Start visit")
    qtbot.addWidget(label)
    qtbot.addWidget(button)
    label.show()
    before, high = label.sizeHint().width(), button.sizeHint().height()
    with qtbot.waitSignal(dressed.changed):
        dressed.use("dark", 1.5)
    assert label.sizeHint().width() > before * 1.4
    assert (high, button.sizeHint().height()) == (36, 54)
    assert label.palette().windowText().color().name() == themes.tokens()["dark"]["ink"].lower()


def test_nothing_happens_when_nothing_changes(qtbot: QtBot, dressed: Look) -> None:
    with qtbot.assertNotEmitted(dressed.changed):
        dressed.use("light", 1.0)


def test_text_size_goes_in_steps_and_stops_at_the_ends(dressed: Look) -> None:
    seen = []
    for step in (1, 1, 1, -1, -1, -1):
        dressed.step(step)
        seen.append(dressed.theme.scale)
    assert seen == [1.25, 1.5, 1.5, 1.25, 1.0, 1.0]


def test_labels_never_read_markup(qtbot: QtBot) -> None:
    label = Text("<b>陈桂芳</b>")
    qtbot.addWidget(label)
    assert label.textFormat().name == "PlainText"
    assert isinstance(label, QLabel)


def test_what_every_cell_asks_for_is_not_looked_for_each_time(dressed: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = Mock()
    monkeypatch.setattr(QApplication, "findChild", looked)
    assert themes.look() is dressed
    assert themes.current() is dressed.theme
    looked.assert_not_called()


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_what_chinese_text_is_set_with_is_as_wide_as_it_in_either_language(qtbot: QtBot, language: str) -> None:
    """Notes are Chinese in the English window too: their comma is no Latin one, that stands close to the next word."""
    before = text.language()
    text.use(language)
    try:
        for role in fonts.ROLES:
            widths = {Theme("light").metrics(role).horizontalAdvance(one) for one in "住，（）"}
            assert len(widths) == 1
        themes.look().apply()
        label = QLabel("在家，都好。")
        qtbot.addWidget(label)
        label.ensurePolished()
        assert label.fontMetrics().horizontalAdvance("，") == label.fontMetrics().horizontalAdvance("住")
    finally:
        text.use(before)
        themes.look().apply()
