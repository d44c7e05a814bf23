"""The form for a new issue: what, how urgent, where, what happened; the rest on request."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from gridworker.app.issue.choices import IssueChoices
from gridworker.app.issue.report import IssueDraft
from gridworker.app.issue.views import Choice, PlaceView
from gridworker.errors import Invalid
from gridworker.gui.pages.report.place import PlaceField
from gridworker.gui.shortcuts import bind_button
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.check import CheckBox
from gridworker.gui.widgets.editors import Editor, NoteEditor, NumberEditor, TextEditor
from gridworker.gui.widgets.layout import column, holder, row
from gridworker.gui.widgets.options import Option, OptionChips
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

_MORE = ("subcategory", "source_channel", "words", "people_count", "early_sign")
"""Fields behind 'more'."""


class ReportForm(QWidget):
    """The fields. ``changed`` comes with every change a person makes."""

    changed = Signal()
    endangered = Signal(bool)
    """Whether somebody's life may be in danger; ``danger`` says whom to call."""

    def __init__(self, choices: IssueChoices) -> None:
        super().__init__()
        self._choices = choices
        offered = choices.report()
        self.danger = Strip(gettext("In danger call 119, 110 or 120 first"), tone="over", icon="phone-call")
        self.category = self._chips(offered.categories, gettext("What is it?"), digits=True)
        self.severity = self._chips(offered.severities, gettext("How urgent?"))
        self.source = self._chips(offered.sources, gettext("How do you know?"))
        self.grid = OptionChips(name=gettext("Grid"))
        self._several_grids = False
        self.title, self.place = TextEditor(50, gettext("In a few words")), PlaceField()
        self.summary = NoteEditor(lines=3, hint=gettext("What you saw, what was said, what was done"))
        self.words, self.people = NoteEditor(lines=2), NumberEditor()
        self.people.line.setMaximumWidth(160)
        self.subcategory = QComboBox()
        self.early = CheckBox(gettext("An early sign: it may grow or come again"))
        self.on_site = CheckBox(gettext("I am there now"))
        self.responded = CheckBox(gettext("Something was done at once; that is the first response"))
        self.response = TextEditor(200, gettext("What was done"))
        self._limit, self._remarks = Text("", "caption", "ink-3"), Text("", "small", "due", wrap=True)
        self._faults: dict[str, Text] = {}
        self._kept_grid = ""
        self._arrange()
        self._connect()
        self.severity.set_values(["S3"])
        self._show_what_fits()

    # -------------------------------------------------------------------------------------------------------- the parts

    @staticmethod
    def _chips(choices: Sequence[Choice], name: str, *, digits: bool = False) -> OptionChips:
        options = [
            Option(one.code, one.label, str(number) if digits else "") for number, one in enumerate(choices, start=1)
        ]
        return OptionChips(options, name=name)

    def _arrange(self) -> None:
        self._more = Button(gettext("More"), "caret-down", key="Alt M", kind="link", size="compact")
        bind_button(self, self._more)
        extra = [
            self._line("subcategory", gettext("What exactly?"), self.subcategory),
            self._line("source_channel", gettext("How do you know?"), self.source),
            self._line("words", gettext("In their own words"), self.words),
            self._line("people_count", gettext("People concerned"), self.people),
            self.early,
        ]
        self._extra = holder(column(*extra, gap=14))
        self._extra.hide()
        self._grid_line = self._line("grid_id", gettext("Grid"), self.grid)
        spot = column(self.responded, self.response, gap=6)
        urgent = row(self._line("severity", gettext("How urgent?"), self.severity), gap=24)
        urgent.addWidget(self.on_site, 1, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        self.setLayout(
            column(
                self._line("category", gettext("What is it?"), self.category, self._limit),
                self._line("title", gettext("Title"), self.title),
                urgent,
                self._line("place_text", gettext("Where?"), self.place),
                self._grid_line,
                self._line("summary", gettext("What happened"), self.summary, self._remarks),
                holder(spot),
                row(self._more, None),
                self._extra,
                None,
                gap=14,
            )
        )

    def _line(self, name: str, label: str, field: QWidget, *under: QWidget) -> QWidget:
        """A field under its label, with a place for what is wrong with it."""
        if isinstance(field, Editor):
            field.set_name(label)
        else:
            field.setAccessibleName(label)
        fault = self._faults[name] = Text("", "small", "due", wrap=True)
        fault.hide()
        return holder(column(Text(label, "small", "ink-2"), field, *under, fault, gap=4))

    def _connect(self) -> None:
        for chips in (self.category, self.severity, self.source, self.grid):
            chips.chosen.connect(self._on_changed)
        for editor in (self.title, self.summary, self.words, self.people, self.response):
            editor.changed.connect(self._on_changed)
        for check in (self.early, self.on_site, self.responded):
            check.toggled.connect(self._on_changed)
        self.category.chosen.connect(self._on_category)
        self.subcategory.activated.connect(self._on_changed)
        self.place.changed.connect(self._on_changed)
        self._more.clicked.connect(self.show_more)

    # ------------------------------------------------------------------------------------------------------- in and out

    def draft(self) -> IssueDraft:
        """What is said so far."""
        place, people = self.place.place(), self.people.value()
        return IssueDraft(
            title=str(self.title.value() or ""),
            category=_first(self.category),
            severity=_first(self.severity) or "S3",
            subcategory=self.subcategory.currentData() or None,
            household_id=place.household if place else None,
            building_id=place.building if place else None,
            grid_id=int(_first(self.grid)) if _first(self.grid) and place is None else None,
            place_text=self.place.text() or None,
            summary=_text(self.summary),
            words=_text(self.words),
            people_count=people,
            source_channel=_first(self.source) or None,
            early_sign=self.early.isChecked(),
            on_site=self.on_site.isChecked() and not self.on_site.isHidden(),
            response=str(self.response.value() or "") if self.responded.isChecked() else "",
        )

    def fields(self) -> dict[str, Any]:
        """The form as it is kept."""
        return {
            "category": _first(self.category),
            "title": self.title.value(),
            "severity": _first(self.severity),
            "summary": self.summary.value(),
            "words": self.words.value(),
            "people_count": self.people.value(),
            "subcategory": self.subcategory.currentData(),
            "source_channel": _first(self.source),
            "grid_id": _first(self.grid),
            "early_sign": self.early.isChecked(),
            "on_site": self.on_site.isChecked(),
            "responded": self.responded.isChecked(),
            "response": self.response.value(),
            **self.place.fields(),
        }

    def restore(self, kept: Mapping[str, Any], home: PlaceView | None = None) -> None:
        """Show what was kept; ``home`` as in ``PlaceField``."""
        blocked = self.blockSignals(True)
        for chips, name in (
            (self.category, "category"),
            (self.severity, "severity"),
            (self.source, "source_channel"),
            (self.grid, "grid_id"),
        ):
            chips.set_values([str(kept.get(name) or "")])
        for editor, name in (
            (self.title, "title"),
            (self.summary, "summary"),
            (self.words, "words"),
            (self.people, "people_count"),
            (self.response, "response"),
        ):
            editor.set_value(kept.get(name))
        for check, name in ((self.early, "early_sign"), (self.on_site, "on_site"), (self.responded, "responded")):
            check.setChecked(bool(kept.get(name)))
        self._kept_grid = str(kept.get("grid_id") or "")
        self._show_subcategories()
        self.subcategory.setCurrentIndex(max(self.subcategory.findData(kept.get("subcategory")), 0))
        self.place.restore(kept, home)
        self.blockSignals(blocked)
        if any(kept.get(name) for name in _MORE):
            self.show_more()
        self._show_what_fits()

    def offer_grids(self, grids: Sequence[tuple[int, str]]) -> None:
        """Grids to choose from where no place says which; none where there is one grid only."""
        wanted = self._kept_grid or _first(self.grid)
        self._several_grids = bool(grids)
        self.grid.set_options([Option(str(id_), name) for id_, name in grids])
        self.grid.set_values([wanted])
        self._show_what_fits()

    def is_blank(self) -> bool:
        """Whether nothing was said yet."""
        said = {
            name: value for name, value in self.fields().items() if name not in {"severity", "household_id", "place"}
        }
        return not any(said.values())

    def show_faults(self, invalid: Invalid) -> None:
        """Say what is missing beside its field, and put the focus there."""
        for name, text in self._faults.items():
            fault = invalid.faults.get(name)
            text.setText(str(fault) if fault else "")
            text.setVisible(fault is not None)
        if invalid.faults.keys() & set(_MORE):
            self.show_more()
        first = next((name for name in self._faults if name in invalid.faults), "")
        self._focus(first)

    def clear_faults(self) -> None:
        """What was wrong is being mended."""
        for text in self._faults.values():
            text.hide()

    def focus_first(self) -> None:
        """The category, or the title where that is chosen."""
        self._focus("title" if _first(self.category) else "category")

    def show_more(self) -> None:
        """Open the fields behind 'more'."""
        self._extra.show()
        self._more.hide()

    # -------------------------------------------------------------------------------------------------------- reactions

    def _focus(self, name: str) -> None:
        fields: dict[str, QWidget] = {"title": self.title, "summary": self.summary, "people_count": self.people}
        if name == "category":
            self.category.focus_first()
        else:
            fields.get(name, self.title).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_what_fits(self) -> None:
        category = _first(self.category)
        self.endangered.emit(_first(self.severity) == "S1")
        shorter = self._choices.is_shorter_on_site(category)
        self.on_site.setVisible(shorter)
        limit = self._choices.limit(category, on_site=shorter and self.on_site.isChecked()) if category else ""
        self._limit.setText(gettext("First response: {limit}").format(limit=limit) if limit else "")
        self._limit.setVisible(bool(limit))
        self.response.setVisible(self.responded.isChecked())
        self._grid_line.setVisible(self._several_grids and self.place.place() is None)
        said = " ".join(str(editor.value() or "") for editor in (self.title, self.summary, self.words))
        remarks = self._choices.remarks(said)
        self._remarks.setText("\n".join(remarks))
        self._remarks.setVisible(bool(remarks))

    def _show_subcategories(self) -> None:
        self.subcategory.clear()
        self.subcategory.addItem("", None)
        for choice in self._choices.subcategories(_first(self.category)):
            self.subcategory.addItem(choice.label, choice.code)

    def _on_category(self, _: object) -> None:
        self._show_subcategories()
        if not self.title.value():
            self.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_changed(self, *_: object) -> None:
        self.clear_faults()
        self._show_what_fits()
        self.changed.emit()


def _first(chips: OptionChips) -> str:
    return next(iter(chips.values()), "")


def _text(editor: Editor) -> str | None:
    value = editor.value()
    return None if value is None else str(value)
