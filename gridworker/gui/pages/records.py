"""Records: the plain register of the kinds that have no page of their own, with form and history."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from gridworker.app.entry.reserved import GOING, NEW, reserved
from gridworker.app.register.register import KINDS, Register
from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.draftform import DraftForm
from gridworker.gui.entries import may_open
from gridworker.gui.look import theme as themes
from gridworker.gui.page import Page, Shell, Touched
from gridworker.gui.readingahead import ReadingAhead
from gridworker.gui.registerreferences import RegisterReferences
from gridworker.gui.shortcuts import bind
from gridworker.gui.undoing import undo_of
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.filecards import TimelineCard
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.layout import column, holder, row
from gridworker.gui.widgets.longrows import PAGE, Listed
from gridworker.gui.widgets.recordtable import RecordTable
from gridworker.gui.widgets.rowlist import RowList
from gridworker.gui.widgets.rows import Row
from gridworker.gui.widgets.sheet import Sheet, sheet_button
from gridworker.gui.widgets.state import StatePanel, error_in
from gridworker.gui.widgets.tablecolumn import Column
from gridworker.gui.widgets.tablemodel import Sorting, TableRow
from gridworker.record import Type
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.household.view import MomentView
    from gridworker.app.register.records import Found
    from gridworker.app.workspace import Workspace

_KINDS_WIDTH, _HISTORY_WIDTH, _LEAST_HISTORY, _FIRST_WIDTH = 200, 340, 260, 200
_LEAST = {Type.PHONES: 120, Type.DAY: 110, Type.REF: 130, Type.CODE: 120, Type.TEXT: 90}
"""What columns need at 100% whose cells say nothing any more where they are cut: a number, a day, whose it is."""

_GONE = ("…", "", "", "")
"""The cells of a record that went meanwhile: as many as a register has columns."""


class _Read(NamedTuple):
    """What the list is read with."""

    asked: int
    sorting: Sorting
    listed: "Listed[TableRow]"
    whole: bool
    """Whether these are all; the first ones are shown while the others are read."""


class RecordsPage(Page):
    """The page. Targets: a kind's name, or ``(kind, id)``."""

    kinds: ClassVar[frozenset[str]] = frozenset(KINDS)

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(ws, shell)
        self._register = Register(ws.session)
        self._kind = next((kind.name for kind in self._register.kinds()), KINDS[0])
        self._table: RecordTable | None = None
        self._asked = 0
        self._whole = False
        self._target: object = None
        self._ahead = ReadingAhead(self, lambda: self._register.look_ahead(self._kind))
        self._make_parts()
        bind(self, "N", self._on_new, gettext("New record"))
        bind(self, "Del", self._on_remove, gettext("Remove"))
        bind(self, "S", partial(self._sort, turn=False), gettext("Sort by the next column"))
        bind(self, "Shift+S", partial(self._sort, turn=True), gettext("Turn the order round"))
        shell.sharing_changed.connect(self._on_sharing)
        themes.follow(self._restyle)

    def _make_parts(self) -> None:
        self._new = Button(gettext("New record"), "plus", key="N")
        self._new.clicked.connect(self._on_new)
        self._edit = Button(gettext("Change"), "pencil-simple", key="Enter")
        self._edit.clicked.connect(self._on_edit)
        self._remove = Button(gettext("Remove"), "trash", key="Del", kind="quiet")
        self._remove.clicked.connect(self._on_remove)
        fold = sheet_button(gettext("Show or hide the changes"))
        acts: list[QWidget] = [fold, self._remove, self._edit, self._new]
        if self.ws.session.is_office and may_open(self.ws.session, "roster"):
            ledger = Button(gettext("Take in a ledger"), "tray", key="I", kind="quiet")
            ledger.clicked.connect(partial(self.shell.go, "roster", None))
            bind(self, "I", ledger.click, gettext("Take in a ledger"))
            acts.insert(1, ledger)
        self._header = PageHeader(gettext("Records"), "", *acts)
        self._kinds = RowList(row_height=36, name=gettext("Kinds of record"))
        self._kinds.show_rows([Row(kind.name, str(kind.plural)) for kind in self._register.kinds()])
        self._kinds.row_chosen.connect(self._on_kind)
        self._empty = StatePanel("empty", gettext("Nothing here yet."), icon="tray")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._history = TimelineCard(gettext("Changes"), parts=False)
        self._side = Card(self._kinds, margins=(6, 6, 6, 6))
        body = row(self._side, gap=16)
        body.addWidget(Card(self._stack, margins=(0, 6, 0, 6)), 1)
        body.addWidget(self._history)
        parts = holder(body)
        self._sheet = Sheet(self, body, fold)
        layout = column(self._header, 16, margins=(28, 16, 28, 24))
        layout.addWidget(parts, 1)
        self.setLayout(layout)

    def _restyle(self) -> None:
        self._side.setFixedWidth(themes.current().px(_KINDS_WIDTH))
        self._share_room()

    def _share_room(self) -> None:
        """In a narrower window the list needs its room more than the words beside it."""
        px = themes.current().px
        self._history.setFixedWidth(max(px(_LEAST_HISTORY), min(px(_HISTORY_WIDTH), self.width() * 26 // 100)))

    # ------------------------------------------------------------------------------------------------------ reading

    def title(self) -> str:
        """What it is called."""
        return gettext("Records")

    def table(self) -> RecordTable | None:
        """The list shown."""
        return self._table

    def show_target(self, target: object) -> None:
        """Go to a kind, or to one record of it."""
        kind, id_ = target if isinstance(target, tuple) else (target, None)
        if isinstance(kind, str) and kind in KINDS:
            self._target = id_
            self._kinds.choose(kind)
            self._show_kind(kind)

    def refresh(self, touched: Touched) -> None:
        """Read the list again, in the order it has."""
        del touched
        self._show_kind(self._kind)

    def _on_sort(self, sorting: object) -> None:
        if isinstance(sorting, Sorting):
            self._read(sorting)

    def _read(self, sorting: Sorting) -> None:
        """Take a snapshot of the ids in that order; the rows are read from it as one scrolls.

        Without an order the first page is there at once, and stands while the others are read.
        """
        self._ahead.stop()
        self._asked += 1
        kind, rows_of = self._kind, partial(self._rows_of, self._kind)
        as_before = self._table is not None and self._whole and self._table.sorting() == sorting
        answer = partial(_Read, self._asked, sorting)

        def read(report: background.Report) -> _Read:
            if not sorting.by:
                known = self._first(kind, rows_of)
                if len(known.keys) < PAGE:
                    return answer(known, True)
                if not as_before:  # a list that stands there whole is not cut down to its beginning for a while
                    report(answer(known, False))
            ids = self._register.order(kind, sorting.by, down=sorting.down)
            return answer(Listed(ids, rows_of, rows_of(ids[:PAGE])), True)

        unread = partial(self._on_unread, self._asked)
        background.look(read, done=self._on_read, progress=self._on_read, failed=unread, owner=self)

    def _on_unread(self, asked: int, fault: Exception) -> None:
        if asked == self._asked:
            error_in(self._stack, gettext("The records cannot be read just now."), fault, partial(self.refresh, {}))

    def _on_read(self, found: "_Read") -> None:
        if found.asked != self._asked or self._table is None:
            return
        self._whole = found.whole
        if found.whole:
            self._ahead.begin_soon()
        self._table.show_sorting(found.sorting)
        self._table.show_list(found.listed)
        self._stack.setCurrentWidget(self._table if self._table.current_key() is not None else self._empty)
        if self._target is not None and found.whole:
            self._table.choose(self._target)
            self._target = None
        self._read_history()

    def _sort(self, *, turn: bool) -> None:
        if self._table is not None:
            (self._table.turn_round if turn else self._table.sort_next)()

    def _show_kind(self, kind: str) -> None:
        if self._table is None or kind != self._kind:
            self._replace_table(kind)
        may = self._register.may_edit(kind) and not self.shell.sharing
        for button, never in ((self._new, NEW), (self._edit, ()), (self._remove, GOING)):
            button.setVisible(may and kind not in never)
        self._read(self._table.sorting() if self._table is not None else Sorting())

    def _replace_table(self, kind: str) -> None:
        before, self._kind = self._table, kind
        specs = self._register.columns(kind)
        sortable = self._register.sortable(kind)
        columns = [
            Column(
                str(spec.label),
                0 if number else _FIRST_WIDTH,
                bold=not number,
                sort=spec.name if spec.name in sortable else "",
                least=_LEAST.get(spec.type, 0),
            )
            for number, spec in enumerate(specs)
        ]
        self._whole = False
        self._table = RecordTable(columns, gettext("Records"))
        self._table.sort_wanted.connect(self._on_sort)
        self._table.row_chosen.connect(self._on_row)
        self._table.row_activated.connect(self._on_edit)
        self._ahead.give_way(self._table.verticalScrollBar())
        self._stack.addWidget(self._table)
        self._stack.setCurrentWidget(self._table)
        if before is not None:
            self._stack.removeWidget(before)
            before.deleteLater()

    def _first(self, kind: str, rows_of: Callable[[Sequence[int]], Sequence[TableRow]]) -> Listed[TableRow]:
        entries = self._register.entries(kind, limit=PAGE, sharing=self.shell.sharing)
        return Listed([one.id for one in entries], rows_of, [TableRow(one.id, one.cells) for one in entries])

    def _rows_of(self, kind: str, ids: Sequence[int]) -> Sequence[TableRow]:
        """Some rows of the list, read in a worker as they come in sight."""
        found = {entry.id: entry for entry in self._register.entries_of(kind, ids, sharing=self.shell.sharing)}
        return [TableRow(id_, found[id_].cells if id_ in found else _GONE) for id_ in ids]

    def _current(self) -> int | None:
        key = self._table.current_key() if self._table is not None else None
        return key if isinstance(key, int) else None

    def _read_history(self) -> None:
        kind, id_, sharing = self._kind, self._current(), self.shell.sharing
        for button in (self._edit, self._remove):
            button.setEnabled(id_ is not None)
        if id_ is None:
            self._history.show_moments(())
            return
        background.look(lambda: (kind, id_, self._register.history(kind, id_, sharing=sharing)), done=self._on_history)

    def _on_history(self, found: "tuple[str, int, tuple[MomentView, ...]]") -> None:
        kind, id_, moments = found
        if (kind, id_) == (self._kind, self._current()):
            self._history.show_moments(moments)

    # ----------------------------------------------------------------------------------------------------- answers

    def _on_sharing(self, _sharing: bool) -> None:
        self.refresh({})

    def _on_kind(self, kind: object) -> None:
        if isinstance(kind, str):
            self._show_kind(kind)

    def _on_row(self, _key: object) -> None:
        self._read_history()

    def _on_new(self) -> None:
        if self._kind not in NEW:
            self._ask(None, gettext("New record"))

    def _on_edit(self, _key: object = None) -> None:
        if self._current() is not None:
            self._ask(self._current(), gettext("Change"))

    def _ask(self, id_: int | None, title: str) -> None:
        if not self._register.may_edit(self._kind) or self.shell.sharing:
            return
        kind = self._kind
        found, values = self._register.form(kind, id_)
        specs = [spec for spec in found if spec.name not in reserved(kind)]
        dialog = FormDialog(self, FormText(title, gettext("Save")), specs, values, RegisterReferences(self._register))
        kept = DraftForm(dialog, self.ws.drafts, f"record:{kind}:{id_ or 'new'}", self.shell)

        def submit(changes: dict[str, object]) -> None:
            if id_ is not None and not changes:  # nothing to save, so there is nothing to undo either
                dialog.accept()
                return
            kept.finish()
            background.run(
                lambda: self.ws.records.save(kind, changes, id_, finishes=kept.name),
                done=partial(self._on_saved, dialog),
                failed=kept.refused,
                owner=dialog,
            )

        dialog.submitted.connect(submit)
        dialog.open()

    def _on_saved(self, dialog: FormDialog, found: "Found") -> None:
        dialog.accept()
        self._say(gettext("Saved: {name}").format(name=self._called(found.caption)), found.batch)

    def _called(self, caption: str) -> str:
        """What a record of the kind shown is called, for what names it."""
        title = next(str(kind.title) for kind in self._register.kinds() if kind.name == self._kind)
        return f"{title} {caption}".strip()

    def _say(self, words: str, batch: int) -> None:
        """Say what was done, with undo of just that, whatever the person did since."""
        self.shell.toast(words, undo_of(self.ws, self.shell, batch))
        self.refresh({})

    def _on_remove(self) -> None:
        kind, id_ = self._kind, self._current()
        if id_ is not None and kind not in GOING and self._register.may_edit(kind) and not self.shell.sharing:

            def remove() -> tuple[str, int]:
                caption = self.ws.records.show(kind, id_).caption  # afterwards nothing says what it was called
                return caption, self.ws.records.remove(kind, id_).batch

            background.run(remove, done=self._on_removed, failed=self._on_refused, owner=self)

    def _on_removed(self, removed: tuple[str, int]) -> None:
        caption, batch = removed
        self._say(gettext("Removed: {name}").format(name=self._called(caption)), batch)

    def _on_refused(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self.shell.problem(fault)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new room out."""
        super().resizeEvent(event)
        self._share_room()

    # ---------------------------------------------------------------------------------------------------- contract

    def focus_first(self) -> None:
        """The list."""
        (self._table or self._kinds).setFocus()

    def escape(self) -> bool:
        """Close the sheet."""
        return self._sheet.close_sheet()

    def regions(self) -> list[QWidget]:
        """Kinds, list, history."""
        return [self._kinds, self._stack, self._history]
