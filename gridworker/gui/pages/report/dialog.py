"""Reporting an issue: a form over whatever page is open, kept while it is typed, undone instead of asked about."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from gridworker.app.issue.views import Done, PlaceView
from gridworker.app.words import days
from gridworker.errors import Invalid, Problem
from gridworker.gui import background
from gridworker.gui.autosave import Autosave
from gridworker.gui.look import theme as themes
from gridworker.gui.page import DialogPage, Shell, Undo
from gridworker.gui.pages.report.form import ReportForm
from gridworker.gui.shortcuts import bind, bind_button
from gridworker.gui.undoing import undone_line
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.insight import InSight
from gridworker.gui.widgets.layout import holder, row, rule, scrolling
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.drafts import Draft
    from gridworker.app.workspace import Workspace

_WIDTH, _HEIGHT, _SIDE = 680, 720, 24


class ReportDialog(DialogPage):
    """The form. A target is a household's id, ``("dwelling", id)`` for a door nobody is behind, or None."""

    def __init__(self, ws: "Workspace", shell: Shell, parent: QWidget) -> None:
        super().__init__(ws, shell, parent)
        self.setWindowTitle(gettext("Report issue"))
        self._target: object = None
        self._keeper: Autosave | None = None
        self._asked = 0
        self.form = ReportForm(ws.issues.choices)
        self._kept = Text("", "caption", "ink-3")
        self._send = Button(gettext("Report it"), "flag-banner", key="Ctrl Enter", kind="primary")
        self._park = Button(gettext("Leave for later"), key="Esc", kind="quiet")
        self._discard = Button(gettext("Throw away"), key="Alt D", kind="quiet")
        self._arrange()
        self._connect()
        themes.follow(self._restyle)

    def _arrange(self) -> None:
        head = row(Text(gettext("Report issue"), "title"), None, self._kept, margins=(_SIDE, 16, _SIDE, 12))
        self.form.setContentsMargins(_SIDE, 4, _SIDE, 16)
        self._danger = holder(row(self.form.danger, margins=(_SIDE, 0, _SIDE, 12)))
        self._danger.hide()
        self.form.endangered.connect(self._danger.setVisible)
        self._area: QScrollArea = scrolling(self.form)
        InSight(self._area, self.form)
        foot = row(self._send, self._park, None, self._discard, margins=(_SIDE, 12, _SIDE, 14))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(holder(head))
        # Above the form and not in it: it must not scroll away.
        layout.addWidget(self._danger)
        layout.addWidget(self._area, 1)
        layout.addWidget(rule())
        layout.addWidget(holder(foot))

    def _connect(self) -> None:
        self.form.changed.connect(self._on_changed)
        self.form.place.asked.connect(self._on_asked)
        self._send.clicked.connect(self.submit)
        self._park.clicked.connect(self.reject)
        self._discard.clicked.connect(self.discard)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            bind(self, key, self.submit, gettext("Report it"))
        bind_button(self, self._discard)

    def _restyle(self) -> None:
        theme = themes.current()
        parent = self.parentWidget()
        room = parent.window().size() if parent is not None else self.screen().availableSize()
        self.resize(min(theme.px(_WIDTH), room.width() - 64), min(theme.px(_HEIGHT), room.height() - 48))

    # ---------------------------------------------------------------------------------------------------- the contract

    def show_target(self, target: object) -> None:
        """For a household where one is given; what was left half typed comes back."""
        self._target = target
        self._keeper = Autosave(partial(self.ws.drafts.keep, self._name), self)
        self._keeper.kept.connect(self._on_kept)
        self._keeper.failed.connect(self._on_not_kept)
        background.run(self._read_draft, done=self._on_found)
        background.run(self.ws.issues.choices.grids, done=self.form.offer_grids)
        if (look := self._look()) is not None:
            background.run(look, done=self._on_place)
        QTimer.singleShot(0, self, self.form.focus_first)

    def leave(self) -> None:
        """Keep it now."""
        if self._keeper is not None:
            self._keeper.flush()

    @property
    def _name(self) -> str:
        return f"report:{_key(self._target)}"

    def _look(self) -> "Callable[[], PlaceView | None] | None":
        """What finds the place the form is for."""
        match self._target:
            case int(household):
                return partial(self.ws.issues.choices.place, household, sharing=self.shell.sharing)
            case ("dwelling", int(dwelling)):
                return partial(self.ws.issues.choices.door, dwelling)
        return None

    # --------------------------------------------------------------------------------------------------------- actions

    def submit(self) -> None:
        """Report it. What is missing is said beside its field."""
        if self._keeper is None or not self._send.isEnabled():
            return
        self._send.setEnabled(False)
        self._keeper.finish()
        draft, responded = self.form.draft(), self.form.responded.isChecked()
        work = partial(self.ws.issues.report, draft, responded=responded, finishes=self._name)
        background.run(work, done=self._on_reported, failed=self._on_failed)

    def discard(self) -> None:
        """Throw it away, with a way back."""
        fields, name = self.form.fields(), self._name
        if self._keeper is not None:
            self._keeper.finish()
        background.run(partial(self.ws.drafts.drop, name))
        if not self.form.is_blank():
            keep = partial(self.ws.drafts.keep, name, fields)
            back = partial(_bring_back, keep, self.shell, self._target)
            self.shell.toast(gettext("Thrown away."), Undo(back))
        super().reject()

    def reject(self) -> None:
        """Esc: leave it for later."""
        if self._keeper is not None and self.form.is_blank():
            self._keeper.finish()
            background.run(partial(self.ws.drafts.drop, self._name))
        self.leave()
        super().reject()

    # ------------------------------------------------------------------------------------------------------- reactions

    def _read_draft(self) -> "tuple[Draft | None, PlaceView | None]":
        """What was left half typed, and the household it is about: whoever looks on now may not have then."""
        draft = self.ws.drafts.get(self._name)
        household = draft.fields.get("household_id") if draft else None
        if not isinstance(household, int):
            return draft, None
        return draft, self.ws.issues.choices.place(household, sharing=self.shell.sharing)

    def _on_found(self, found: "tuple[Draft | None, PlaceView | None]") -> None:
        draft, home = found
        if draft is not None and self._keeper is not None and not self._keeper.is_waiting:
            self.form.restore(draft.fields, home)
            self._on_kept(draft.kept_at)
            self.form.focus_first()

    def _on_place(self, place: PlaceView | None) -> None:
        if place is not None and self.form.place.place() is None:
            self.form.place.show_place(place)
            if place.words and not self.form.place.text():
                self.form.place.set_text(place.words)

    def _on_asked(self, text: str) -> None:
        self._asked += 1
        look = partial(self.ws.issues.choices.places, text, sharing=self.shell.sharing)
        background.run(look, done=partial(self._on_places, self._asked), owner=self)

    def _on_places(self, asked: int, places: tuple[PlaceView, ...]) -> None:
        if asked == self._asked:
            self.form.place.offer(places)

    def _on_changed(self) -> None:
        if self._keeper is not None:
            self._keeper.note(self.form.fields())

    def _on_kept(self, at: datetime) -> None:
        self._kept.set_ink("ink-3")
        self._kept.setText(gettext("Draft saved here {time}").format(time=days.clock(at)))

    def _on_not_kept(self, _: Problem) -> None:
        self._kept.set_ink("due")
        self._kept.setText(gettext("Not saved yet, trying again"))

    def _on_reported(self, done: Done) -> None:
        shell = self.shell
        told = partial(background.run, done=lambda _: shell.toast(undone_line()), owner=shell)
        shell.toast(done.text, Undo(partial(told, partial(self.ws.issues.undo, done))))
        self.accept()

    def _on_failed(self, fault: Exception) -> None:
        self._send.setEnabled(True)
        if self._keeper is not None:
            self._keeper.resume()
            self._keeper.note(self.form.fields())
        if isinstance(fault, Invalid):
            self.form.show_faults(fault)
        elif isinstance(fault, Problem):
            self.shell.problem(fault)
        else:
            raise fault

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the frame leaves it for later too."""
        self.leave()
        super().closeEvent(event)


def _bring_back(keep: "partial[datetime]", shell: Shell, target: object) -> None:
    keep()
    shell.report_issue(target)


def _key(target: object) -> str:
    """What a draft is kept under."""
    match target:
        case int(household):
            return str(household)
        case ("dwelling", int(dwelling)):
            return f"door-{dwelling}"
    return "new"
