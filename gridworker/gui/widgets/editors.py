"""One editor for each type of field. All speak plain stored values (None, int, str), as ``record.py`` defines them.

An editor never stops anybody from typing: what is wrong is said when it is saved, beside the field.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QDateTime, Qt, QTime, QTimeZone, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.check import CheckBox
from gridworker.gui.widgets.options import Option, OptionChips
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.record import CodeList, Value

FEW = 6
"""Up to so many codes are offered as chips, more as a list."""
_MOMENT = "yyyy-MM-dd HH:mm"
_CHINA = QTimeZone(8 * 3600)


class Editor(QWidget):
    """Base of all editors. ``changed`` comes whenever a person changed the value."""

    changed = Signal()

    def __init__(self, inner: QWidget | None = None) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)
        self.inner = inner
        if inner is not None:
            self._box.addWidget(inner)
            self.setFocusProxy(inner)

    def value(self) -> "Value":
        """The value as it would be stored; the kind's own check has the last word."""
        raise NotImplementedError

    def set_value(self, value: "Value") -> None:
        """Show a value without a signal."""
        raise NotImplementedError

    def set_name(self, name: str) -> None:
        """What it is called for screen readers."""
        (self.inner or self).setAccessibleName(name)

    def set_wrong(self, wrong: bool) -> None:
        """Mark it as what stopped a save."""
        widget = self.inner or self
        widget.setProperty("wrong", "true" if wrong else "false")
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class TextEditor(Editor):
    """One line of text."""

    def __init__(self, max_length: int = 200, hint: str = "") -> None:
        self.line = QLineEdit()
        super().__init__(self.line)
        self.line.setMaxLength(max_length)
        self.line.setPlaceholderText(hint)
        self.line.textEdited.connect(self._on_edited)

    def value(self) -> "Value":
        """The text, or None."""
        return self.line.text().strip() or None

    def set_value(self, value: "Value") -> None:
        """Show a text."""
        self.line.setText("" if value is None else str(value))
        self.line.setCursorPosition(0)

    def _on_edited(self) -> None:
        self.changed.emit()


class NumberEditor(TextEditor):
    """A whole number; what is no number is kept as typed, for the check to name."""

    def __init__(self) -> None:
        super().__init__(20)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)

    def value(self) -> "Value":
        """The number, the text that is none, or None."""
        text = self.line.text().strip()
        try:
            return int(text) if text else None
        except ValueError:
            return text


class _NoteEdit(QPlainTextEdit):
    """Enter makes a line, Tab leaves; the height follows the words up to a point."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl Enter belongs to the page (finish)."""
        if (
            event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            event.ignore()
            return
        super().keyPressEvent(event)


class NoteEditor(Editor):
    """Several lines of text."""

    def __init__(self, lines: int = 3, hint: str = "") -> None:
        self.edit = _NoteEdit()
        super().__init__(self.edit)
        self.edit.setPlaceholderText(hint)
        self._lines, self._quiet = lines, False
        self.edit.textChanged.connect(self._on_changed)
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        self.edit.setFixedHeight(themes.current().line("body") * self._lines + 20)

    def value(self) -> "Value":
        """The text, or None."""
        return self.edit.toPlainText().strip() or None

    def set_value(self, value: "Value") -> None:
        """Show a text."""
        self._quiet = True
        self.edit.setPlainText("" if value is None else str(value))
        self._quiet = False

    def _on_changed(self) -> None:
        if not self._quiet:
            self.changed.emit()


class FlagEditor(Editor):
    """Yes or no; half-checked as long as nobody said."""

    def __init__(self, text: str) -> None:
        self.check = CheckBox(text)
        super().__init__(self.check)
        self._known = False
        self.check.clicked.connect(self._on_clicked)

    def value(self) -> "Value":
        """1, 0, or None where nobody said."""
        return int(self.check.isChecked()) if self._known else None

    def set_value(self, value: "Value") -> None:
        """Show a flag."""
        self._known = value is not None
        self.check.setChecked(bool(value))

    def _on_clicked(self) -> None:
        self._known = True
        self.changed.emit()


class DayEditor(Editor):
    """A day, typed as 2026-03-18, 20260318 or 3.18."""

    def __init__(self) -> None:
        self.line = QLineEdit()
        super().__init__(self.line)
        self.line.setPlaceholderText(gettext("YYYY-MM-DD"))
        self.line.setMaxLength(20)
        self.line.textEdited.connect(self._on_edited)
        self.line.editingFinished.connect(self._on_finished)

    def value(self) -> "Value":
        """The day, the text that is none, or None."""
        text = self.line.text().strip()
        return read_day(text) or text or None

    def set_value(self, value: "Value") -> None:
        """Show a day."""
        self.line.setText("" if value is None else str(value))

    def _on_edited(self) -> None:
        self.changed.emit()

    def _on_finished(self) -> None:
        day = read_day(self.line.text().strip())
        if day:
            self.line.setText(day)


def read_day(text: str) -> str:
    """A day as people type it, as YYYY-MM-DD; '' for what is none. A day without a year is in this one."""
    import re

    parts = re.findall(r"\d+", text)
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
    if len(parts) == 2:
        parts.insert(0, str(QDate.currentDate().year()))
    if len(parts) != 3 or len(parts[0]) != 4:
        return ""
    day = QDate(int(parts[0]), int(parts[1]), int(parts[2]))
    return day.toString(Qt.DateFormat.ISODate) if day.isValid() else ""


class MomentEditor(Editor):
    """A day and a time of day, typed like 2026-03-18 9:30; shown in China's time and stored in UTC.

    A plain line, so that what nobody said looks empty, and what was said can be taken out again.
    """

    def __init__(self) -> None:
        self.line = QLineEdit()
        super().__init__(self.line)
        self._stored, self._shown = "", ""
        self.line.setPlaceholderText(gettext("YYYY-MM-DD HH:MM"))
        self.line.setMaxLength(30)
        self.line.textEdited.connect(self._on_edited)
        self.line.editingFinished.connect(self._on_finished)

    def value(self) -> "Value":
        """The moment in UTC, the text that is none, or None."""
        text = self.line.text().strip()
        if text and text == self._shown:
            return self._stored  # to the second, which is not shown
        return _stored(read_moment(text)) or text or None

    def set_value(self, value: "Value") -> None:
        """Show a moment."""
        self._stored = "" if value is None else str(value)
        moment = QDateTime.fromString(self._stored, Qt.DateFormat.ISODate)
        self._shown = moment.toTimeZone(_CHINA).toString(_MOMENT) if moment.isValid() else self._stored
        self.line.setText(self._shown)

    def _on_edited(self) -> None:
        self.changed.emit()

    def _on_finished(self) -> None:
        moment = read_moment(self.line.text().strip())
        if moment:
            self.line.setText(moment)


def read_moment(text: str) -> str:
    """A moment as people type it, as YYYY-MM-DD HH:MM of the same clock; '' for what is none."""
    import re

    found = re.fullmatch(r"(.*\d\D*?)[\s日T,，]+(\d{1,2})[:：时点](\d{1,2})分?", text)
    day, clock = (read_day(found[1]), QTime(int(found[2]), int(found[3]))) if found else ("", QTime())
    return f"{day} {clock.toString('HH:mm')}" if day and clock.isValid() else ""


def _stored(text: str) -> str:
    """What ``read_moment`` gave, in UTC."""
    moment = QDateTime.fromString(text, _MOMENT)
    moment.setTimeZone(_CHINA)
    return moment.toUTC().toString("yyyy-MM-ddTHH:mm:ssZ") if text else ""


class CodeEditor(Editor):
    """One of a list: chips where they are few, a list where they are many."""

    def __init__(self, codes: "CodeList") -> None:
        self._codes = codes
        self._unknown = ""
        self.chips = OptionChips() if len(codes.offered) <= FEW else None
        self.list = QComboBox() if self.chips is None else None
        super().__init__(self.chips or self.list)
        self.narrow(codes.offered)
        if self.chips is not None:
            self.chips.chosen.connect(self._on_chosen)
        if self.list is not None:
            self.list.activated.connect(self._on_chosen)

    def narrow(self, codes: Collection[str]) -> None:
        """Offer only these of the list; one that was picked and is none of them no longer is."""
        offered = [code for code in self._codes.offered if code in codes]
        if self.chips is not None:
            self.chips.set_options([Option(code, self._codes.label(code)) for code in offered])
        elif self.list is not None:
            before = self.value()
            self.list.clear()
            self.list.addItem("", None)
            for code in offered:
                self.list.addItem(self._codes.label(code), code)
            self.list.setCurrentIndex(max(self.list.findData(before), 0))

    def value(self) -> "Value":
        """The code, or None."""
        if self.chips is not None:
            return next(iter(self.chips.values()), None)
        found = self.list.currentData() if self.list is not None else None
        return str(found) if found else None

    def set_value(self, value: "Value") -> None:
        """Show a code; one that is no longer offered, or came from a newer version, is offered too."""
        code = "" if value is None else str(value)
        if code and code not in self._codes.offered:
            self._offer(code)
        if self.chips is not None:
            self.chips.set_values([code])
        elif self.list is not None:
            self.list.setCurrentIndex(max(self.list.findData(code), 0))

    def _offer(self, code: str) -> None:
        if self.chips is not None:
            codes = (*self._codes.offered, code)
            self.chips.set_options([Option(one, self._codes.label(one)) for one in codes])
        elif self.list is not None and self.list.findData(code) < 0:
            self.list.addItem(self._codes.label(code), code)

    def _on_chosen(self) -> None:
        self.changed.emit()


class CodesEditor(Editor):
    """Several of a list, as chips."""

    def __init__(self, codes: "CodeList") -> None:
        self._codes = codes
        self.chips = OptionChips([Option(code, codes.label(code)) for code in codes.offered], several=True)
        super().__init__(self.chips)
        self.chips.chosen.connect(self._on_chosen)

    def value(self) -> "Value":
        """The codes as sorted words, or None."""
        return " ".join(sorted(self.chips.values())) or None

    def set_value(self, value: "Value") -> None:
        """Show codes."""
        codes = str(value).split() if value else []
        unknown = [code for code in codes if code not in self._codes.offered]
        if unknown:
            offered = (*self._codes.offered, *unknown)
            self.chips.set_options([Option(one, self._codes.label(one)) for one in offered])
        self.chips.set_values(codes)

    def _on_chosen(self) -> None:
        self.changed.emit()
