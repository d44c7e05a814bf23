"""Visits begun and not finished, on dashed cards."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gridworker.app.due.today_view import ParkedView
from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.avatar import Avatar, AvatarSpec
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import clear, column, row
from gridworker.gui.widgets.paint import painting
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.text import gettext

SHOWN = 3


class _ParkedCard(QWidget):
    """One of them. ``pressed`` resumes it."""

    pressed = Signal()

    def __init__(self, view: ParkedView) -> None:
        super().__init__()
        resume = Button(gettext("Resume"), size="compact")
        resume.setAccessibleDescription(view.text)
        resume.clicked.connect(self.pressed)
        layout = row(Avatar(AvatarSpec(icon="note-pencil"), 36), gap=12, margins=(16, 12, 16, 12))
        title = gettext("Unfinished visit")
        if view.whose:
            title = gettext("{name} began a visit and goes on with it").format(name=view.whose)
            resume.hide()
        words = column(Text(title), ElidedText(view.text, "caption", "ink-3"), gap=1)
        layout.addLayout(words, 1)
        layout.addWidget(resume)
        self.setLayout(layout)
        themes.follow(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dashed outline."""
        del event
        with painting(self) as painter:
            pen = QPen(themes.current().colour("line-strong"), 1)
            pen.setDashPattern([4, 3])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)


class ParkedCards(QWidget):
    """``resumed`` carries a household."""

    resumed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._cards = column(gap=12)
        self.setLayout(self._cards)

    def show_parked(self, parked: Sequence[ParkedView]) -> None:
        """The newest few."""
        clear(self._cards)
        self.setVisible(bool(parked))
        for view in parked[:SHOWN]:
            card = _ParkedCard(view)
            card.pressed.connect(partial(self.resumed.emit, view.household))
            self._cards.addWidget(card)
