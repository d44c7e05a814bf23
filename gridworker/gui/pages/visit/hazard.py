"""An issue raised in place: what it is, how urgent, and whether it was dealt with on the spot."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gridworker.app.visit.entry import HazardEntry
from gridworker.app.visit.view import CheckItem, Choice
from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.check import CheckBox
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.icon import Icon
from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.paint import box, painting
from gridworker.gui.widgets.segmented import Segment, Segmented
from gridworker.gui.widgets.signs import track_icon
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

TITLE_LENGTH = 50


class _TitleLine(QLineEdit):
    """Enter is done with it; Backspace in an empty line takes the issue back."""

    done = Signal()
    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self.done.emit()
        elif event.key() == Qt.Key.Key_Backspace and not self.text():
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


class HazardPanel(QWidget):
    """The panel under a check. ``changed`` carries the hazard as it stands now."""

    changed = Signal(object)
    done = Signal()
    """Enter in the title: back to the checks."""
    dropped = Signal()

    def __init__(self, item: CheckItem, severities: Sequence[Choice], hazard: HazardEntry, respond_by: str) -> None:
        super().__init__()
        self._hazard = hazard
        self.title = _TitleLine(hazard.title)
        self.title.setMaxLength(TITLE_LENGTH)
        self.title.setPlaceholderText(gettext("What is wrong, in a few words"))
        self.title.setAccessibleName(gettext("Issue about {check}").format(check=item.label))
        self.severity = Segmented([Segment(one.value, one.label) for one in severities], hazard.severity)
        self.severity.setAccessibleName(gettext("Urgency"))
        self.spot = CheckBox(gettext("Dealt with on the spot (counts as first response)"), checked=hazard.done)
        self._danger = Text(gettext("In danger call 119, 110 or 120 first."), "small", "over", bold=True, wrap=True)
        drop = Button(gettext("No issue"), key="Backspace", kind="quiet", size="compact")
        head = row(
            Icon("flag-banner-fill", 18, "over-ink"),
            Text(gettext("Also reports an issue"), "body", "over", bold=True),
            Chip(ChipSpec(_kind(item), "outline", track_icon(item.track))),
            None,
            drop,
        )
        words = row(gap=8)
        words.addWidget(self.title, 1)
        words.addWidget(self.severity)
        due = gettext("First response by {time}").format(time=respond_by)
        foot = row(Icon("timer", 16, "over-ink"), Text(due, "small", "ink-2"), None, self.spot, gap=6)
        self.setLayout(column(head, self._danger, words, foot, gap=6, margins=(16, 6, 12, 8)))
        self.title.textEdited.connect(self._on_title_edited)
        self.title.done.connect(self.done)
        self.title.given_up.connect(self.dropped)
        self.severity.chosen.connect(self._on_severity_chosen)
        self.spot.toggled.connect(self._on_spot_toggled)
        drop.clicked.connect(self.dropped)
        themes.follow(self.update)
        self._show_danger()

    def hazard(self) -> HazardEntry:
        """The issue as it stands."""
        return self._hazard

    def _show_danger(self) -> None:
        self._danger.setVisible(self._hazard.severity == "S1")

    def _change(self, hazard: HazardEntry) -> None:
        self._hazard = hazard
        self._show_danger()
        self.changed.emit(hazard)

    def _on_title_edited(self, text: str) -> None:
        self._change(replace(self._hazard, title=text))

    def _on_severity_chosen(self, severity: str) -> None:
        self._change(replace(self._hazard, severity=severity))

    def _on_spot_toggled(self, done: bool) -> None:
        self._change(replace(self._hazard, done=done))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the panel."""
        del event
        with painting(self) as painter:
            theme = themes.current()
            box(painter, self.rect(), 10, theme.colour("over-soft"), theme.colour("over-line"))


def _kind(item: CheckItem) -> str:
    return gettext("Security hazard") if item.track == "F1" else gettext("Safety hazard")
