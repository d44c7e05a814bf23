"""How long things are kept, at the office: the periods, what is due today, and a person's decision, rule by rule."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QWidget

from gridworker.app.rights.retention import held_words, offered
from gridworker.app.words.kept_words import in_words
from gridworker.errors import Problem
from gridworker.gui import background, messages
from gridworker.gui.look import theme as themes
from gridworker.gui.page import Page, Shell, Touched
from gridworker.gui.person.writtenanew import WrittenAnew
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card, card_head
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.layout import column, holder, row, rule, scrolling
from gridworker.gui.widgets.recordtable import RecordTable
from gridworker.gui.widgets.segmented import Segment, Segmented
from gridworker.gui.widgets.state import LoadingPanel, StatePanel, error_in
from gridworker.gui.widgets.tablecolumn import Column
from gridworker.gui.widgets.tablemodel import TableRow
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.rights.retention import LetGo, Preview, RuleView
    from gridworker.app.workspace import Workspace

NARROW = 900
"""Pixels at 100 % below which rules and list do not stand side by side."""
SHOWN = 8
"""Places named in a box before it only says how many more there are."""


class RuleLine(QWidget):
    """One rule: what goes, how long it is kept, and letting go of what is due."""

    period_wanted = Signal(str, str)
    let_go_wanted = Signal(str)

    def __init__(self, view: "RuleView") -> None:
        super().__init__()
        self.view = view
        self.period = Segmented([Segment(one.written(), in_words(one)) for one in offered(view.name)])
        self.period.setAccessibleName(view.title)
        self.period.chosen.connect(partial(self.period_wanted.emit, view.name))
        self.other = Text("", "small", "ink-2")
        self.let_go = Button(gettext("Let go …"), "trash", kind="danger", size="compact")
        self.let_go.clicked.connect(partial(self.let_go_wanted.emit, view.name))
        told = Text(view.told, "small", "ink-2", wrap=True)
        self.held = Text("", "small", "ink-2", wrap=True)
        self.held.hide()
        layout = column(Text(view.title, bold=True), 2, told, 8, margins=(0, 10, 0, 12))
        layout.addLayout(row(self.period, self.other, None, self.let_go))
        layout.addWidget(self.held)
        self.setLayout(layout)

    def show_rule(self, view: "RuleView", *, may_set: bool, may_erase: bool) -> None:
        """Show its period and how much is due. A period that is none of those offered stands beside them in words."""
        self.view = view
        self.period.set_value(view.period)
        self.period.setEnabled(may_set)
        self.other.setText(gettext("now: {period}").format(period=view.words))
        self.other.setVisible(self.period.value() != view.period)
        self.held.setText(held_words(view.held))
        self.held.setVisible(view.held > 0)
        self.let_go.setVisible(may_erase)
        self.let_go.setEnabled(view.due > 0)
        self.let_go.set_label(
            gettext("Let go of {count} …").format(count=view.due) if view.due else gettext("Nothing due")
        )


class RetentionPage(Page):
    """The page. Whoever may not erase sees and sets the periods, and no list."""

    kinds: ClassVar[frozenset[str]] = frozenset({"community"})

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(ws, shell)
        self._preview: Preview | None = None
        self._wants_focus = False
        self._may_erase = ws.retention.is_allowed and not ws.session.read_only
        self.lines: dict[str, RuleLine] = {}
        self._rules = column()
        audit = gettext("The audit is kept for good: nothing takes it out.")
        self._card = Card(card_head(gettext("Rules"), gettext("For every laptop"), None, ruled=True))
        self._card.body.addLayout(self._rules)
        self._card.body.addWidget(rule())
        self._card.body.addLayout(row(Text(audit, "small", "ink-3", wrap=True), margins=(0, 10, 0, 0)))
        self.table = RecordTable(
            [Column(gettext("Since"), 112), Column(gettext("What"), 128), Column("", 0)], gettext("Due today")
        )
        self._none = StatePanel("empty", gettext("Nothing is due"), gettext("Nothing was kept longer than it should."))
        self._none_below = holder(
            column(
                Text(gettext("Nothing is due"), bold=True),
                2,
                Text(gettext("Nothing was kept longer than it should."), "small", "ink-2", wrap=True),
            )
        )
        self._none_below.hide()
        self._busy = LoadingPanel(gettext("Looking for what is due …"))
        self._stack = QStackedWidget()
        for part in (self._busy, self._none, self.table):
            self._stack.addWidget(part)
        self._undated = Text("", "small", "ink-2", wrap=True)
        self._undated.hide()
        self._due = Card(
            card_head(gettext("Due today"), gettext("Without names"), None), self._undated, 8, self._none_below
        )
        self._due.body.addWidget(self._stack, 1)
        if not self._may_erase:
            self._due.hide()
        self._body = row(scrolling(holder(column(self._card, None))), self._due, gap=20)
        self._body.setStretch(0, 3)
        self._body.setStretch(1, 2)
        self.header = PageHeader(self.title(), gettext("Nothing goes by itself"))
        self.working = WrittenAnew()
        layout = column(self.header, 16, self.working, margins=(28, 16, 28, 24))
        layout.addLayout(self._body, 1)
        self.setLayout(layout)
        self.refresh({})

    def title(self) -> str:
        """What it is called."""
        return gettext("How long things are kept")

    def focus_first(self) -> None:
        """On the first rule, as soon as the rules are read."""
        self._wants_focus = not self.lines
        for line in list(self.lines.values())[:1]:
            line.period.focus_first()

    def regions(self) -> list[QWidget]:
        """The rules and the list."""
        return [self._card, *([self.table] if self._may_erase else [])]

    def refresh(self, touched: Touched) -> None:
        """Read again."""
        del touched
        self._stack.setCurrentWidget(self._busy)
        background.look(self._read, done=self._show, failed=self._on_unread, owner=self)

    def _read(self) -> "tuple[Sequence[RuleView], Preview | None]":
        found = self.ws.retention.preview() if self._may_erase else None
        return (found.rules if found else self.ws.retention.rules()), found

    def _show(self, found: "tuple[Sequence[RuleView], Preview | None]") -> None:
        views, self._preview = found
        for view in views:
            if view.name not in self.lines:
                self._add(view)
            may_set = self.ws.session.can("CHANGE RULES")
            self.lines[view.name].show_rule(view, may_set=may_set, may_erase=self._may_erase)
        if self._preview is not None:
            self._show_due(self._preview)
        if self._wants_focus and self.isVisible():
            self.focus_first()

    def _add(self, view: "RuleView") -> None:
        line = self.lines[view.name] = RuleLine(view)
        line.period_wanted.connect(self._on_period_wanted)
        line.let_go_wanted.connect(self._on_let_go_wanted)
        self._rules.addWidget(rule())
        self._rules.addWidget(line)

    def _show_due(self, preview: "Preview") -> None:
        rows = [TableRow(number, (one.since, one.title, one.caption)) for number, one in enumerate(preview.going)]
        self.table.show_rows(lambda after, limit: _page(rows, after, limit))
        self._stack.setCurrentWidget(self.table if rows else self._none)
        self._share_room()
        words = ngettext(
            "{count} person moved out or died, and no day says when. They are kept.",
            "{count} people moved out or died, and no day says when. They are kept.",
            preview.undated,
        )
        self._undated.setText(words.format(count=preview.undated))
        self._undated.setVisible(preview.undated > 0)

    def _on_period_wanted(self, name: str, period: str) -> None:
        background.run(
            partial(self.ws.retention.set_period, name, period),
            done=lambda _: self.refresh({}),
            failed=self._on_failed,
            owner=self,
        )

    def _on_let_go_wanted(self, name: str) -> None:
        preview, view = self._preview, self.lines[name].view
        if preview is None:
            return
        more = gettext(
            "Counted on {day}. They go on every laptop, from the log and from the files. Nobody can undo it."
        )
        question = messages.Question(
            gettext("Let go of {count} under “{rule}”?").format(count=view.due, rule=view.title),
            "\n".join((view.told, "", more.format(day=preview.day))),
            gettext("Let go"),
        )
        messages.ask(self, question, partial(self._on_agreed, name, preview.seen))

    def _on_agreed(self, name: str, seen: str) -> None:
        for line in self.lines.values():
            line.let_go.setEnabled(False)
        background.run(
            lambda told: self.ws.retention.apply([name], seen, told),
            done=self._on_gone,
            failed=self._on_failed,
            progress=self.working.show_share,
            owner=self,
        )

    def _on_gone(self, gone: "LetGo") -> None:
        self.working.hide()
        said = ngettext("{count} record was let go of.", "{count} records were let go of.", gone.records)
        self.shell.toast(said.format(count=gone.records))
        if gone.elsewhere:
            names = [*gone.elsewhere[:SHOWN]]
            if len(gone.elsewhere) > SHOWN:
                names.append(gettext("and {count} more").format(count=len(gone.elsewhere) - SHOWN))
            messages.tell(self, gettext("Gone. This is left to see to:"), "\n".join(names))
        self.refresh({})

    def _on_unread(self, fault: Exception) -> None:
        """What is due stands in the list that could not be read; whoever sees no list is told beside it."""
        if not self._may_erase and isinstance(fault, Problem):
            self.shell.problem(fault)
            return
        error_in(self._stack, gettext("What is due cannot be read just now."), fault, partial(self.refresh, {}))

    def _on_failed(self, fault: Exception) -> None:
        self.working.hide()
        if not isinstance(fault, Problem):
            raise fault
        self.shell.problem(fault)
        self.refresh({})

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the window is narrow for the size of the text, the list stands below the rules."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        """Below the rules, an empty list has what its words take: the rules are what there is to read."""
        beside = self.width() >= themes.current().px(NARROW)
        self._body.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        below = not beside and self._stack.currentWidget() is self._none
        self._stack.setVisible(not below)
        self._none_below.setVisible(below)
        self._body.setStretch(1, 0 if below else 2)


def _page(rows: Sequence[TableRow], after: object, limit: int) -> Sequence[TableRow]:
    start = after + 1 if isinstance(after, int) else 0
    return rows[start : start + limit]
