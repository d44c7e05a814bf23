"""The frame of the first pages: the picture at the left, one column at the right, switches for language and text."""

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QWidget

from gridworker import text
from gridworker.gui.look import theme as themes
from gridworker.gui.look.fonts import SCALES, Role
from gridworker.gui.look.taborder import walk
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.dusk import WIDTH, Dusk, hour_of
from gridworker.gui.widgets.layout import column, holder, row, scrolling
from gridworker.gui.widgets.mark import Mark
from gridworker.gui.widgets.segmented import Segment, Segmented
from gridworker.gui.widgets.text import Text

_SHARE = WIDTH / 1440
_LOW = 740
"""Pixels below which a window is low, as on a screen of 768: then the column has the room of the margins too."""
_ABOVE, _BELOW, _LOW_ABOVE, _LOW_BELOW = 44, 24, 16, 12
_LETTERS: tuple[Role, ...] = ("caption", "body", "large")
"""How large the letter is that stands for a text size."""


class Front(QWidget):
    """``language_chosen`` and ``scale_chosen`` come from the switches; the program answers them."""

    language_chosen = Signal(str)
    scale_chosen = Signal(float)
    gone = False
    """Whether whoever had a store opened here was gone before it was open."""

    def __init__(self, now: datetime, words: tuple[str, ...] = ()) -> None:
        """``words`` stand on the picture: large lines, then a small one."""
        super().__init__()
        self.setProperty("surface", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._art = Dusk(hour_of(now))
        self._art.setLayout(self._make_art_layout(words))
        self._switches = self._make_switches()
        self.column = column()
        self._inside = holder(self.column)
        self._right = row(None, self._inside, None)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._art)
        area = scrolling(holder(self._right))
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # a click beside the field leaves the keyboard where it is
        self._around = column(row(None, self._switches, 64), area)
        self._around.setContentsMargins(24, _ABOVE, 24, _BELOW)
        layout.addLayout(self._around, 1)

    def hold(self, *, held: bool = True) -> None:
        """Keep the page while it does what must come back to it, or shows what is shown once: the language stays."""
        self._language.setEnabled(not held)
        self.gone = self.gone and not held

    def lock_again(self) -> None:
        """The screen was locked, or the computer sleeps: what is being opened is not to stay open."""
        self.gone = self.is_held()

    def is_held(self) -> bool:
        """Whether it is kept."""
        return not self._language.isEnabled()

    def set_width(self, width: int) -> None:
        """How wide the column is at 100%."""
        self._inside.setMaximumWidth(themes.current().px(width))
        self._inside.setMinimumWidth(min(themes.current().px(width), 420))
        self._inside.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._right.setStretch(1, 1000)

    def _make_switches(self) -> QWidget:
        """Whoever cannot read the small print chooses a larger one before they know what to type."""
        self._language = Segmented([Segment("zh_CN", "简体中文"), Segment("en", "English")], text.language())
        self._language.chosen.connect(self.language_chosen)
        letters = [
            Segment(str(size), "A", role=role, spoken=f"{round(100 * size)}%")
            for size, role in zip(SCALES, _LETTERS, strict=True)
        ]
        self._scale = Segmented(letters)
        self._scale.setAccessibleName(text.gettext("Text size"))
        self._scale.chosen.connect(self._on_scale)
        themes.follow(self._show_scale)
        for keys, by, words in (
            ("Ctrl+=", 1, text.gettext("Larger text")), ("Ctrl++", 1, ""), ("Ctrl+-", -1, text.gettext("Smaller text")),
        ):  # fmt: skip
            bind(self, keys, partial(self._step_scale, by), words)
        return holder(row(self._language, self._scale, gap=12))

    @staticmethod
    def _make_art_layout(words: tuple[str, ...]) -> QBoxLayout:
        layout = column(row(Mark(42), Text("Gridworker", "title", "on-hero"), None, gap=12), 32)
        for line in words[:-1]:
            layout.addWidget(Text(line, "figure", "on-hero"))
        if words:
            layout.addSpacing(12)
            layout.addWidget(Text(words[-1], "body", "on-hero-2"))
        layout.addStretch(1)
        layout.setContentsMargins(48, 43, 24, 0)
        return layout

    def _on_scale(self, value: str) -> None:
        self.scale_chosen.emit(float(value))

    def _step_scale(self, by: int) -> None:
        at = SCALES.index(themes.current().scale) + by
        if 0 <= at < len(SCALES):
            self.scale_chosen.emit(SCALES[at])

    def _show_scale(self) -> None:
        self._scale.set_value(str(themes.current().scale))

    def focusNextPrevChild(self, next_one: bool) -> bool:
        """Tab walks as one reads: Qt would lead to a step that is hidden, and never to the switches."""
        return walk(self, forward=next_one) or super().focusNextPrevChild(next_one)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture keeps its share; on a narrow window with large text it gives way, as margins do in a low one."""
        super().resizeEvent(event)
        above, below = (_LOW_ABOVE, _LOW_BELOW) if self.height() < _LOW else (_ABOVE, _BELOW)
        self._around.setContentsMargins(24, above, 24, below)
        share = round(self.width() * _SHARE)
        self._art.setVisible(self.width() / themes.current().scale >= 900)
        self._art.setFixedWidth(min(WIDTH, share))
