"""A visit: one job, no way to wander off. Parked with Esc, finished with Ctrl Enter, never lost."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QStackedWidget, QWidget

from gridworker.errors import Invalid, Problem
from gridworker.gui import background
from gridworker.gui.autosave import Autosave
from gridworker.gui.look import theme as themes
from gridworker.gui.page import Page, Shell, Touched, Undo
from gridworker.gui.pages.visit.area import CursorInSight
from gridworker.gui.pages.visit.context import ContextPanel
from gridworker.gui.pages.visit.form import NOTES, PARTS, Clocks, VisitForm
from gridworker.gui.pages.visit.head import DraftState, StartedAt, Summary
from gridworker.gui.pages.visit.strips import FormStrips
from gridworker.gui.person.photobox import PhotoBox
from gridworker.gui.person.photopaste import PhotoPaste
from gridworker.gui.shortcuts import bind, bind_button
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.layout import add, column, holder, row, rule, scrolling
from gridworker.gui.widgets.state import LoadingPanel, StatePanel
from gridworker.gui.widgets.text import ElidedText, ElidedWord, Text
from gridworker.gui.widgets.toast import keep_free
from gridworker.text import gettext

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from gridworker.app.visit.entry import VisitEntry
    from gridworker.app.visit.view import Contact, FinishedVisit, OpenedVisit, VisitSheet
    from gridworker.app.workspace import Workspace

_HALF_MINUTE = 30_000
_SIDE = 28
CONTEXT_FROM = 900
"""The effective width from which the panel is shown by itself."""
_DOOR = 160
"""A longer door is shortened where the head has to say it; the name gives way before it."""


class VisitPage(Page):
    """The page. Its target is a household's id."""

    kinds: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(ws, shell)
        self._household: int | None = None
        self._sheet: VisitSheet | None = None
        self._form: VisitForm | None = None
        self._keeper: Autosave | None = None
        self._area: QScrollArea | None = None
        self._wants_context: bool | None = None
        self._make_parts()
        self._lay_out()
        self._bind_keys()
        self._pasting = PhotoPaste(self)
        shell.sharing_changed.connect(self._on_sharing)
        self._ticking = QTimer(self)
        self._ticking.setInterval(_HALF_MINUTE)
        self._ticking.timeout.connect(self._show_start)

    def _make_parts(self) -> None:
        self._context = ContextPanel(self._reveal)
        self._context.went_back.connect(self._park)
        self._where, self._whose = ElidedWord("", "small", "ink-2", most=_DOOR), ElidedText("", "small", "ink-2")
        self._known = IconButton("square-half", gettext("Show or hide what is known"), "Ctrl .")
        self._known.clicked.connect(self._on_context)
        self._started, self._state, self._summary = StartedAt(), DraftState(), Summary()
        self._started.moved.connect(self._on_start_moved)
        self._discard = Button(gettext("Throw away"), key="Alt D", kind="quiet")
        self._discard.clicked.connect(self._on_discard)
        self._later = Button(gettext("Leave for later"), key="Esc", kind="quiet")
        self._later.clicked.connect(self._park)
        self._finish = Button(gettext("Finish visit"), "check-bold", key="Ctrl Enter", kind="primary", size="footer")
        self._finish.clicked.connect(self.finish)
        self._strips = FormStrips()
        self._strips.open_wanted.connect(self._on_written)
        self._strips.further_wanted.connect(self.focus_first)
        self._place = QStackedWidget()

    def _lay_out(self) -> None:
        head = row(
            Text(gettext("Visit record"), "title"),
            self._started,
            gap=12,
            margins=(_SIDE, 12, _SIDE, 12),
        )
        add(head, self._where, self._whose, self._state, self._known)
        head.setStretchFactor(self._whose, 1)
        self._buttons = holder(row(self._discard, self._later, self._finish, gap=12))
        foot = row(self._summary, None, self._buttons, gap=12, margins=(_SIDE, 12, _SIDE, 12))
        right = column(holder(head), rule(), gap=0)
        right.addWidget(self._strips)
        right.addWidget(self._place, 1)
        right.addWidget(rule())
        self._foot = holder(foot, "card")
        self._foot.setMinimumWidth(1)  # the words give way to the buttons
        keep_free(self._foot)
        right.addWidget(self._foot)
        layout = row(self._context, rule("post"), gap=0)
        layout.addLayout(right, 1)
        self.setLayout(layout)
        themes.follow(self._fit)

    def _bind_keys(self) -> None:
        for number, name in enumerate(PARTS, start=1):
            bind(self, f"Alt+{number}", partial(self._go, name), gettext("Go to part {number}").format(number=number))
        bind(self, "A", self._on_rest_fine, gettext("The rest is fine"))
        bind(self, "/", self._on_phrases, gettext("Phrases"))
        bind(self, "Ctrl+Return", self.finish, gettext("Finish visit"))
        bind(self, "Ctrl+Enter", self.finish, "")
        bind_button(self, self._discard)
        bind(self, "Ctrl+.", self._on_context, gettext("Show or hide what is known"))

    # ---------------------------------------------------------------------------------------------------------- opening

    def title(self) -> str:
        """What it is called; never whose."""
        return gettext("Visit")

    def show_target(self, target: object) -> None:
        """Open the form of a household; one that is open stays as it is."""
        if not isinstance(target, int) or (target == self._household and self._form is not None):
            return
        self.leave()
        self._read(target)

    def refresh(self, touched: Touched) -> None:
        """After the window was locked: go on where the newest draft was left."""
        del touched
        if self._household is None:
            background.run(self.ws.visits.newest, done=self._on_newest)

    def _on_newest(self, household: int | None) -> None:
        if self._household is not None:
            return
        self.shell.go("households" if self.ws.session.is_office else "today")
        if household is not None:
            self.shell.go("visit", household)

    def _read(self, household: int, entry: "VisitEntry | None" = None) -> None:
        self._household, self._form = household, None
        self._show_instead(LoadingPanel(gettext("Opening the form")))
        background.run(
            partial(self.ws.visits.start, household, sharing=self.shell.sharing),
            done=partial(self._on_opened, entry),
            failed=self._on_refused_to_open,
            owner=self,
        )

    def _on_opened(self, entry: "VisitEntry | None", opened: "OpenedVisit") -> None:
        if opened.sheet.household != self._household:
            return
        self._sheet = opened.sheet
        self._context.show_sheet(opened.sheet)
        self._fit()
        self._keeper = Autosave(self._keep, self)
        self._keeper.kept.connect(self._on_kept)
        form = VisitForm(opened, Clocks(self.ws.session.stamp, self.ws.visits.respond_by))
        if entry is not None:
            form.show_entry(entry)
        form.changed.connect(self._on_changed)
        box = PhotoBox(self.ws, form.photos)
        box.show_of("household", opened.sheet.household, opened.entry.started_at)
        self._pasting.into(box, form)
        self._form, self._area = form, scrolling(form)
        CursorInSight(self._area, form)
        self._show_instead(self._area)
        self._strips.show_opened(opened)
        self._foot.show()
        self._discard.setVisible(opened.kept_at is not None)
        self._state.rest()
        if opened.kept_at is not None:
            self._state.show_kept(opened.kept_at)
        self._show_entry(form.entry())
        if self.isVisible() and (opened.kept_at is not None or not self._strips.focus_first()):
            form.go(opened.entry.part or PARTS[0])

    def _on_written(self, visit: int) -> None:
        """Nothing is lost: what was typed all the same is parked."""
        household = self._household
        self._park()
        self._household, self._form, self._keeper = None, None, None
        self.shell.go("household", ("visit", household, visit))

    def _on_refused_to_open(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        panel = StatePanel("error", str(fault), "", gettext("Back"))
        panel.pressed.connect(self._go_back)
        self._household = None
        self._foot.hide()
        self._show_instead(panel)

    def _show_instead(self, widget: QWidget) -> None:
        before = self._place.currentWidget()
        self._place.addWidget(widget)
        self._place.setCurrentWidget(widget)
        if before is not None:
            self._place.removeWidget(before)
            before.deleteLater()

    # ---------------------------------------------------------------------------------------------------------- keeping

    def _keep(self, fields: "Mapping[str, Any]") -> "datetime | None":
        """In whatever thread."""
        return self.ws.visits.keep(fields["entry"])

    def _on_changed(self, entry: "VisitEntry") -> None:
        if self._keeper is not None:
            self._keeper.note({"entry": entry})
        self._state.wait(entry.note)
        self._show_entry(entry)

    def _show_entry(self, entry: "VisitEntry") -> None:
        if self._form is None or self._sheet is None:
            return
        self._summary.show_entry(entry, self._sheet)
        self._fit()
        self._form.show_late(self.ws.visits.is_late(entry))
        self._form.notes.show_warnings(self.ws.visits.warnings(entry))
        self._show_start()

    def _show_start(self) -> None:
        if self._form is not None:
            self._started.show_at(self._form.entry().started_at, self.ws.session.now())

    def _on_kept(self, at: "datetime") -> None:
        self._state.show_kept(at)
        self._discard.setVisible(self._form is not None)
        self._fit()

    def _on_start_moved(self, started_at: str) -> None:
        if self._form is not None:
            self._form.move_start(self.ws.visits.stored(started_at))

    def leave(self) -> None:
        """Keep what is typed now."""
        if self._keeper is not None:
            self._keeper.flush()

    def unfinished(self) -> int | None:
        """The household at whose door the form stands open."""
        return self._household if self._form is not None else None

    # -------------------------------------------------------------------------------------------------------- finishing

    def finish(self) -> None:
        """Write the visit down."""
        if self._form is None or self._keeper is None or not self._finish.isEnabled():
            return
        self._finish.setEnabled(False)
        self._keeper.flush()
        self._keeper.finish()
        write = partial(self.ws.visits.finish, self._form.entry(), sharing=self.shell.sharing)
        background.run(write, done=self._on_finished, failed=self._on_refused, owner=self)

    def _on_finished(self, finished: "FinishedVisit") -> None:
        self._finish.setEnabled(True)
        self._household, self._form, self._keeper = None, None, None
        self._state.rest()
        self._go_back()
        self.shell.toast(finished.text, Undo(partial(self._take_back, finished)))

    def _take_back(self, finished: "FinishedVisit") -> None:
        taken_back = partial(self.shell.toast, gettext("Undone. What was written is a draft again."))
        background.run(partial(self.ws.visits.take_back, finished), done=lambda _: taken_back(), owner=self)

    def _on_refused(self, fault: Exception) -> None:
        self._finish.setEnabled(True)
        if self._keeper is not None:
            self._keeper.resume()
        if isinstance(fault, Invalid) and self._form is not None:
            self._form.show_faults({name: str(problem) for name, problem in fault.faults.items()})
        elif isinstance(fault, Problem):
            self.shell.problem(fault)
        else:
            raise fault

    def _park(self) -> None:
        self.leave()
        self._go_back()

    def _go_back(self) -> None:
        self.shell.back()

    def _on_discard(self) -> None:
        if self._household is None or self._keeper is None:
            return
        self._keeper.finish()
        background.run(
            partial(self.ws.visits.discard, self._household),
            done=partial(self._on_discarded, self._household),
            owner=self,
        )

    def _on_discarded(self, household: int, fields: "Mapping[str, Any] | None") -> None:
        self._household, self._form, self._keeper = None, None, None
        self._go_back()
        if fields is None:
            return

        def bring_back() -> None:
            background.run(partial(self.ws.visits.restore, household, fields), owner=self)

        self.shell.toast(gettext("Draft thrown away."), Undo(bring_back))

    # ------------------------------------------------------------------------------------------------------------- keys

    def _go(self, name: str) -> None:
        if self._form is not None:
            self._form.go(name)

    def _on_rest_fine(self) -> None:
        if self._form is not None:
            self._form.rest_fine()

    def _on_phrases(self) -> None:
        if self._form is not None:
            self._form.go(NOTES)
            self._form.notes.offer()

    def _on_context(self) -> None:
        self._wants_context = self._context.isHidden()
        self._fit()

    def _on_sharing(self, _sharing: bool) -> None:
        if self._form is not None and self._household is not None:
            self.leave()
            self._read(self._household, self._form.entry())

    def _reveal(self, contact: "Contact") -> str:
        if contact.care_contact is not None:
            return self.ws.care.contacts.reveal(contact.care_contact)
        if contact.resident is None:
            return self.ws.people.reveal_contact(self._household or 0)
        return self.ws.people.reveal(contact.resident, "phones")

    # --------------------------------------------------------------------------------------------------------- contract

    def focus_first(self) -> None:
        """Where the form was left; while it is being read, or another page is on screen, nowhere."""
        focus = QApplication.focusWidget()
        here = focus is not None and any(one.isAncestorOf(focus) for one in (self._place, self._strips))
        if self._form is not None and not here and self.isVisible():
            self._form.go(self._form.entry().part or PARTS[0])

    def regions(self) -> list[QWidget]:
        """What is known, what is asked first, the form, the foot."""
        return [self._context, *([self._strips] if self._strips.asks() else []), self._place, self._foot]

    def _fit(self) -> None:
        """In large text the panel gives way first, then the words about what will be written.

        Without the panel the head says whom the visit is to: it is not to be written down next door.
        """
        wide = self.width() / themes.current().scale >= CONTEXT_FROM
        context = self._wants_context if self._wants_context is not None else wide
        self._context.setVisible(context)
        self._known.setVisible(not context)
        sheet = self._sheet if self._sheet is not None and self._sheet.household == self._household else None
        name, about = (sheet.name, sheet.about) if sheet is not None and not context else ("", "")
        self._whose.setText(name)
        self._where.setText(about)
        self._where.setVisible(bool(about))
        room = self.width() - (self._context.width() if context else 0) - 2 * _SIDE - 12
        self._summary.setVisible(self._summary.sizeHint().width() + self._buttons.sizeHint().width() <= room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room where there is little."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Count the minutes."""
        super().showEvent(event)
        self._ticking.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._ticking.stop()
