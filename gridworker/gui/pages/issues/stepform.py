"""The form of a step, at the foot of the panel: only what that step needs, kept while it is typed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from gridworker.app.issue.views import Choice, StepDraft
from gridworker.errors import Invalid, Problem
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.editors import DayEditor, Editor, NoteEditor, TextEditor
from gridworker.gui.widgets.layout import column, holder, row, scrolling
from gridworker.gui.widgets.options import Option, OptionChips
from gridworker.gui.widgets.remarks import Remarks
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

NO_FORM = frozenset({"close"})
"""Steps that need nothing said: one key does them."""

_WITH_DAY = frozenset({"schedule_return", "suspend"})
_OF_THE_LAST_STEP = frozenset({"result", "solve_method"})
_OTHER_DAY = "other"
_GAP = 10


@dataclass(frozen=True, slots=True)
class StepChoices:
    """What the forms offer, read once from the Workspace."""

    answers: Sequence[Choice] = ()
    methods: Sequence[Choice] = ()
    results: Sequence[Choice] = ()
    solve_methods: Sequence[Choice] = ()
    days: Sequence[Choice] = ()


@dataclass(frozen=True, slots=True)
class _Field:
    """A line of the form: the field of ``StepDraft`` it fills, its widget, and both under its label."""

    name: str
    widget: QWidget
    line: QWidget
    read: Callable[[], str | None] = field(repr=False)
    write: Callable[[str | None], None] = field(repr=False)


def _under(label: str, widget: QWidget) -> QWidget:
    said = [Remarks(widget)] if isinstance(widget, NoteEditor) else []
    return holder(column(Text(label, "small", "ink-2"), widget, *said, gap=4))


class StepForm(QWidget):
    """The form. ``submitted`` carries a StepDraft, ``changed`` the fields, ``parked`` leaves it for later."""

    submitted = Signal(object)
    changed = Signal(dict)
    parked = Signal()
    grown = Signal()
    """It needs another height."""

    def __init__(self, action: str, label: str, choices: StepChoices) -> None:
        super().__init__()
        self.action = action
        self._choices = choices
        self._fault = Text("", "small", "due", wrap=True)
        self._fault.hide()
        self._solved: OptionChips | None = None
        self._fields = self._make_fields()
        self._save = Button(gettext("Save the step"), "check", key="Ctrl Enter", kind="primary")
        self._park = Button(gettext("Leave for later"), key="Esc", kind="quiet")
        self._save.clicked.connect(self.submit)
        self._park.clicked.connect(self.parked)
        self._ends = holder(row(self._save, self._park, None))
        self._title = Text(label, bold=True)
        self._lines = holder(column(*self._kind_of_step(), *(one.line for one in self._fields), self._fault, gap=10))
        self._area = scrolling(self._lines)
        self.setLayout(column(self._title, self._area, self._ends, None, gap=_GAP))
        self._show_what_fits()
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            bind(self, key, self.submit, gettext("Save the step") if key == "Ctrl+Return" else "")

    # ------------------------------------------------------------------------------------------------------ the parts

    def _kind_of_step(self) -> list[QWidget]:
        """A step of handling may be the last one: then the result is asked."""
        if self.action != "handle":
            return []
        options = [Option("handle", gettext("Still being handled")), Option("resolve", gettext("It is solved"))]
        self._solved = OptionChips(options, name=gettext("How far it is"))
        self._solved.set_values(["handle"])
        self._solved.chosen.connect(self._on_solved)
        return [self._solved]

    def _make_fields(self) -> list[_Field]:
        found = []
        if self.action == "return_visit":
            found.append(self._chips("satisfaction", gettext("What did they say?"), self._choices.answers, digits=True))
            found.append(self._chips("method", gettext("How"), self._choices.methods))
        if self.action in {"resolve", "handle"}:
            found.append(self._chips("result", gettext("Result"), self._choices.results))
            found.append(self._chips("solve_method", gettext("Way of solving it"), self._choices.solve_methods))
        if self.action in _WITH_DAY:
            found.append(self._day())
        if self.action == "refer":
            found.append(self._typed("to_org", gettext("Who it goes to"), TextEditor(100)))
            found.append(self._typed("to_person", gettext("To whom there"), TextEditor(50)))
        note = NoteEditor(lines=3, hint=_HINTS.get(self.action, str)())
        return [*found, self._typed("note", gettext("Note"), note)]

    def _typed(self, name: str, label: str, editor: Editor) -> _Field:
        editor.set_name(label)
        editor.changed.connect(self._on_changed)
        return _Field(name, editor, _under(label, editor), lambda: _text(editor.value()), editor.set_value)

    def _chips(self, name: str, label: str, choices: Sequence[Choice], *, digits: bool = False) -> _Field:
        options = [
            Option(choice.code, choice.label, str(number) if digits else "")
            for number, choice in enumerate(choices, start=1)
        ]
        chips = OptionChips(options, name=label)
        chips.chosen.connect(self._on_changed)
        return _Field(
            name,
            chips,
            _under(label, chips),
            lambda: next(iter(chips.values()), None),
            lambda value: chips.set_values([value or ""]),
        )

    def _day(self) -> _Field:
        options = [Option(day.code, day.label) for day in self._choices.days]
        chips = OptionChips([*options, Option(_OTHER_DAY, gettext("Another day"))], name=gettext("Which day"))
        line = DayEditor()
        line.set_name(gettext("Another day"))
        line.hide()
        known = {option.value for option in options}

        def read() -> str | None:
            chosen = next(iter(chips.values()), None)
            return _text(line.value()) if chosen == _OTHER_DAY else chosen

        def write(value: str | None) -> None:
            chips.set_values([_OTHER_DAY if value and value not in known else value or ""])
            line.set_value(None if value in known else value)
            line.setVisible(bool(value) and value not in known)

        def on_chosen(values: list[str]) -> None:
            line.setVisible(values == [_OTHER_DAY])
            self.grown.emit()
            self._on_changed()

        chips.chosen.connect(on_chosen)
        line.changed.connect(self._on_changed)
        both = holder(column(chips, 6, line))
        both.setFocusProxy(chips)
        return _Field("due_on", both, _under(gettext("Which day"), both), read, write)

    # ------------------------------------------------------------------------------------------------------ in and out

    def draft(self) -> StepDraft:
        """What is said so far."""
        action = self._solved.values()[0] if self._solved is not None and self._solved.values() else self.action
        values: dict[str, Any] = {one.name: one.read() for one in self._fields if not one.line.isHidden()}
        draft = StepDraft(action, due_on=values.get("due_on"), result=values.get("result"))
        return replace(
            draft,
            note=values.get("note") or "",
            to_org=values.get("to_org") or "",
            satisfaction=values.get("satisfaction"),
            method=values.get("method"),
            to_person=values.get("to_person") or "",
            solve_method=values.get("solve_method"),
        )

    def fields(self) -> dict[str, Any]:
        """The form as it is kept."""
        kept: dict[str, Any] = {"action": self.action, "solved": self.draft().action == "resolve"}
        return kept | {one.name: one.read() for one in self._fields}

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Show what was kept."""
        for one in self._fields:
            value = kept.get(one.name)
            one.write(str(value) if value else None)
        if self._solved is not None:
            self._solved.set_values(["resolve" if kept.get("solved") else "handle"])
            self._show_what_fits()

    def show_fault(self, fault: Problem) -> None:
        """Say what is missing, and put the focus there."""
        texts = [str(one) for one in fault.faults.values()] if isinstance(fault, Invalid) else [str(fault)]
        self._fault.setText("\n".join(texts))
        self._fault.show()
        self.grown.emit()
        if isinstance(fault, Invalid):
            wrong = next((one for one in self._fields if one.name in fault.faults), None)
            if wrong is not None:
                _focus(wrong.widget)

    def focus_first(self) -> None:
        """Put the focus on what has to be said."""
        first = next(one for one in self._fields if not one.line.isHidden())
        _focus(first.widget)

    def needed(self, width: int) -> int:
        """How high it wants to be at a width."""
        fixed = self._title.sizeHint().height() + self._ends.sizeHint().height() + 2 * _GAP
        return fixed + self._lines_height(width)

    def _lines_height(self, width: int) -> int:
        layout = self._lines.layout()
        if layout is None or not layout.hasHeightForWidth():
            return self._lines.sizeHint().height()
        return layout.totalHeightForWidth(width)

    def set_room(self, width: int, height: int) -> None:
        """At most so high at a width, which it may not have yet; more scrolls, the buttons stay."""
        fixed = self._title.sizeHint().height() + self._ends.sizeHint().height() + 2 * _GAP
        wanted = self._lines_height(width)
        self._area.setFixedHeight(max(min(wanted, height - fixed), 60))

    def submit(self) -> None:
        """Save it."""
        if self._save.isEnabled():
            self.submitted.emit(self.draft())

    def set_busy(self, busy: bool) -> None:
        """While it is being saved it is not saved again."""
        self._save.setEnabled(not busy)

    # ------------------------------------------------------------------------------------------------------- reactions

    def _show_what_fits(self) -> None:
        if self._solved is not None:
            solved = self._solved.values() == ["resolve"]
            for one in self._fields:
                if one.name in _OF_THE_LAST_STEP:
                    one.line.setVisible(solved)
            self.grown.emit()

    def _on_solved(self) -> None:
        self._show_what_fits()
        self._on_changed()

    def _on_changed(self) -> None:
        self._fault.hide()
        self.changed.emit(self.fields())


_HINTS: Mapping[str, Callable[[], str]] = {
    "first_response": lambda: gettext("What was done first? A call counts too."),
    "handle": lambda: gettext("What was done, what comes next"),
    "resolve": lambda: gettext("How it was solved"),
    "return_visit": lambda: gettext("In their own words"),
    "schedule_return": lambda: gettext("Who comes, what was agreed"),
    "suspend": lambda: gettext("What is it waiting for?"),
    "reject": lambda: gettext("The reason, in words the resident understands"),
    "reopen": lambda: gettext("Why is it taken up again?"),
    "ask_office": lambda: gettext("What should the office do?"),
}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _focus(widget: QWidget) -> None:
    chips = widget if isinstance(widget, OptionChips) else widget.focusProxy()
    if isinstance(chips, OptionChips):
        chips.focus_first()
    else:
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
