"""The head and the foot of the form: when it began, whether it is kept, what finishing will write down."""

from datetime import datetime

from PySide6.QtCore import QDateTime, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDateTimeEdit, QWidget

from gridworker.app.session import LOCAL
from gridworker.app.visit.entry import VisitEntry
from gridworker.app.visit.save import asked_for, next_day, raised_count
from gridworker.app.visit.view import VisitSheet
from gridworker.app.words.days import clock, short_day
from gridworker.gui.look.theme import Tone
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.icon import Icon
from gridworker.gui.widgets.layout import clear, row
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

_PATIENCE = 5000
"""Milliseconds until something not kept is said (ui/ux.md 4d)."""

_LONGEST = 8 * 60
"""Minutes after which nobody is still inside."""


class StartedAt(QWidget):
    """When the visit began; pressed, it can be set back. ``moved`` carries the new moment, as stored."""

    moved = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._at = ""
        self._chip = Button("", "door", size="compact")
        self._chip.setToolTip(gettext("Change the time"))
        self._edit = QDateTimeEdit()
        self._edit.setDisplayFormat("yyyy-MM-dd HH:mm")
        self._edit.setCalendarPopup(True)
        self._edit.setAccessibleName(gettext("When the visit began"))
        self._edit.hide()
        self._since = Text("", "small", "ink-2")
        self.setLayout(row(self._chip, self._edit, self._since, gap=12))
        self._chip.clicked.connect(self._on_pressed)
        self._edit.editingFinished.connect(self._on_edited)
        self._edit.installEventFilter(self)

    def show_at(self, started_at: str, now: datetime) -> None:
        """Show the moment, and how long ago it is while somebody may still be inside."""
        self._at = started_at
        local = datetime.fromisoformat(started_at).astimezone(LOCAL)
        words = gettext("{day} {time}, at the door").format(
            day=short_day(local.date(), now.astimezone(LOCAL).date()), time=clock(local)
        )
        self._chip.set_label(words)
        minutes = int((now - local).total_seconds()) // 60
        self._since.setText(gettext("{count} min so far").format(count=minutes) if 0 < minutes < _LONGEST else "")
        self._edit.setMaximumDateTime(_qt(now))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc leaves the time as it was; it does not leave the visit."""
        if isinstance(event, QKeyEvent) and watched is self._edit and event.key() == Qt.Key.Key_Escape:
            if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() is QEvent.Type.KeyPress:
                self._close()
                return True
        return super().eventFilter(watched, event)

    def _on_pressed(self) -> None:
        self._edit.setDateTime(_qt(datetime.fromisoformat(self._at)))
        self._chip.hide()
        self._edit.show()
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._edit.setSelectedSection(QDateTimeEdit.Section.DaySection)  # yesterday is one key away

    def _on_edited(self) -> None:
        if self._edit.isHidden():
            return
        self._close()
        picked = self._edit.dateTime()
        local = datetime.strptime(picked.toString("yyyy-MM-dd HH:mm"), "%Y-%m-%d %H:%M").replace(tzinfo=LOCAL)
        before = datetime.fromisoformat(self._at).astimezone(LOCAL).replace(second=0, microsecond=0)
        if local != before:
            self.moved.emit(local.isoformat())

    def _close(self) -> None:
        """The focus goes back to what opened it, unless somebody went on already."""
        here = self._edit.hasFocus()
        self._edit.hide()
        self._chip.show()
        if here:
            self._chip.setFocus(Qt.FocusReason.OtherFocusReason)


def _qt(at: datetime) -> QDateTime:
    return QDateTime.fromString(f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}", "yyyy-MM-dd HH:mm")


class DraftState(QWidget):
    """Whether what is typed is kept: when it last was, or that it is not, with a way out."""

    def __init__(self) -> None:
        super().__init__()
        self._icon, self._warning = Icon("check-circle-fill", 16, "ok-ink"), Icon("warning", 16, "due-ink")
        self._words, self._time = Text("", "small", "ok"), Text("", "small", "ink-3")
        self._copy = Button(gettext("Copy the text"), size="compact")
        self._copy.clicked.connect(self._on_copy)
        self._text = ""
        self.setLayout(row(self._icon, self._warning, self._words, self._time, self._copy, gap=8))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PATIENCE)
        self._timer.timeout.connect(self._on_timeout)
        self._show(None)

    def show_kept(self, at: datetime) -> None:
        """It is safe."""
        self._timer.stop()
        self._words.setText(gettext("Draft saved here"))
        self._words.set_ink("ok")
        self._time.setText(f"{at.astimezone(LOCAL):%H:%M:%S}")
        self._show("ok")

    def wait(self, text: str) -> None:
        """Something is typed that is not kept yet; ``text`` is what would be lost."""
        self._text = text
        if not self._timer.isActive():
            self._timer.start()

    def rest(self) -> None:
        """Nothing to keep: a fresh form."""
        self._timer.stop()
        self._show(None)

    def words(self) -> str:
        """What it says now."""
        return "" if self._words.isHidden() else self._words.text()

    def _show(self, state: str | None) -> None:
        self._icon.setVisible(state == "ok")
        self._warning.setVisible(state == "due")
        self._words.setVisible(state is not None)
        self._time.setVisible(state == "ok")
        self._copy.setVisible(state == "due")

    def _on_timeout(self) -> None:
        self._words.setText(gettext("Not saved yet, trying again"))
        self._words.set_ink("due")
        self._show("due")

    def _on_copy(self) -> None:
        QApplication.clipboard().setText(self._text)


class Summary(QWidget):
    """What finishing will write down."""

    def __init__(self) -> None:
        super().__init__()
        self._chips = row(gap=8)
        layout = row(Text(gettext("Finishing writes down"), "small", "ink-2"), gap=12)
        layout.addLayout(self._chips)
        self.setLayout(layout)

    def show_entry(self, entry: VisitEntry, sheet: VisitSheet) -> None:
        """Count it."""
        clear(self._chips)
        issues, day = raised_count(entry, sheet), next_day(entry, sheet)
        self._add(gettext("Visit {count}").format(count=1), "neu", "person-simple-walk")
        if issues:
            self._add(gettext("Issue {count}").format(count=issues), "over", "flag-banner")
        if needs := len(asked_for(entry)):
            self._add(gettext("Need {count}").format(count=needs), "neu", "lifebuoy")
        if any(entry.answers.values()) and not entry.missed:
            self._add(
                gettext("Return visit {count}").format(count=sum(map(bool, entry.answers.values()))), "neu", "smiley"
            )
        if day is not None:
            self._add(gettext("Next {day}").format(day=short_day(day, sheet.today)), "accent", "calendar-check")

    def _add(self, words: str, tone: Tone, icon: str) -> None:
        chip = Chip(ChipSpec(words, tone, icon))
        self._chips.addWidget(chip)
        chip.show()  # a layout counts a widget only once it is shown, and the page asks for the width right after
