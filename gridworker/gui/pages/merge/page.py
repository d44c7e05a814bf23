"""The merge inbox: drop bundles in, settle what disagrees, hand the replies out."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from gridworker.errors import Invalid, Problem
from gridworker.gui import background
from gridworker.gui.droppedfolders import with_folders
from gridworker.gui.filedialogs import FileQuestion, Purpose, open_files
from gridworker.gui.missingstrip import MissingStrip
from gridworker.gui.otheroffice import OtherOffice
from gridworker.gui.page import Page, Shell, Touched
from gridworker.gui.pages.merge.asked import Asking
from gridworker.gui.pages.merge.beginning import BEGUN, panel_of
from gridworker.gui.pages.merge.deciding import Deciding, sides_of
from gridworker.gui.pages.merge.decidingkeys import bind_deciding
from gridworker.gui.pages.merge.detail import BundleDetail
from gridworker.gui.pages.merge.found import Found
from gridworker.gui.pages.merge.inbox import ASKED, EARLIER, LOOSE, Inbox
from gridworker.gui.pages.merge.officewords import OfficeWords, again_words
from gridworker.gui.pages.merge.pairing import Pairing
from gridworker.gui.pages.merge.reading import Reading
from gridworker.gui.pages.merge.replying import ReplyButton
from gridworker.gui.recovery.reminder import RecoveryReminder
from gridworker.gui.standingstrips import StandingStrips
from gridworker.gui.undoing import undo_of
from gridworker.gui.watching import handover
from gridworker.gui.watching.drives import Drive, DriveWatch
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.layout import column, holder, row, rule, scrolling
from gridworker.gui.widgets.searchfield import SearchField
from gridworker.gui.widgets.state import LoadingPanel, StatePanel, error_in
from gridworker.gui.widgets.turning import Turning
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.exchange.views import Merged
    from gridworker.app.inbox.conflict_views import Named
    from gridworker.app.workspace import Workspace


class MergePage(Page):
    """The page of the office. A target is a list of files to take in, or None."""

    kinds: ClassVar[frozenset[str]] = frozenset({"audit_event"})

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(ws, shell)
        self._found = self._newest = Found([], [], [], counted=False)
        self._at = 0
        self._came = False
        self._looking: background.Task[Found] | None = None
        self._refused: StatePanel | None = None
        self._watch = DriveWatch(self)
        self._watch.changed.connect(self._on_drives)
        self.inbox, self.detail = Inbox(), BundleDetail(ws)
        self.asking = Asking(self, self._go_on)
        self._settling = Reading(self, self.detail.conflict, partial(self.refresh, {}))
        self.words = OfficeWords(self, self._go_on)
        self.pairing = Pairing(self, self.detail.pair, self._go_on)
        self.state = panel_of(BEGUN)
        self._right = QStackedWidget()
        self.hidden = StatePanel("locked", gettext("Hidden while others look on."))
        for shown in (LoadingPanel(gettext("Reading what came")), self.state, self.hidden, self.asking.card):
            self._right.addWidget(shown)
        self._whole = scrolling(self.detail)
        Turning(self._whole, self.detail.pair.choices)
        self._right.addWidget(self._whole)
        self.replies = ReplyButton(self)
        search = SearchField()
        search.clicked.connect(shell.search)
        self.header = PageHeader(gettext("Merge inbox"), "", search, self.replies)
        body = row(holder(column(self.inbox, margins=(28, 16, 12, 16))), rule("post"), gap=0)
        body.addWidget(holder(column(self._right, margins=(24, 16, 28, 20))), 1)
        self.missing, self.standing = MissingStrip(ws), StandingStrips(ws)
        self._said = (OtherOffice(ws), RecoveryReminder(ws, shell), self.missing, self.standing)
        above = column(self.header, 12, *self._said, self.asking.strip, margins=(28, 16, 28, 16), gap=0)
        layout = column(holder(above), rule())
        layout.addLayout(body, 1)
        self.setLayout(layout)
        self.setAcceptDrops(True)
        self._connect()
        self.refresh({})

    def title(self) -> str:
        """What it is called."""
        return gettext("Merge inbox")

    def focus_first(self) -> None:
        """On the list of bundles."""
        self.inbox.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def regions(self) -> list[QWidget]:
        """The list, then the bundle, or who wishes to be forgotten."""
        return [self.inbox, self.asking.card if self.asking.card.isVisible() else self.detail]

    def show_target(self, target: object) -> None:
        """Files named by who opened the page are taken in."""
        if isinstance(target, list):
            self.take_in(target)

    def leave(self) -> None:
        """What nobody waits for was told; it is not listed when one comes back."""
        if self.inbox.forget_left():
            self._show_found(self._found)

    def refresh(self, touched: Touched) -> None:
        """Read again what came and what waits."""
        del touched
        for strip in self._said:
            strip.refresh()
        read = partial(Found.read, self.ws, self._settling.near(), begins=not self._found.counted)
        background.look(read, done=self._show, progress=self._show_found, failed=self._on_unread, owner=self)
        handover.show_status(self.ws, self.shell)

    # ------------------------------------------------------------------------------------------------------ bundles

    def take_in(self, paths: Sequence[Path]) -> None:
        """Merge files at once, each by itself; the list can be worked on meanwhile."""

        def merge(report: "Callable[[object], None]") -> "list[Merged]":
            return self.ws.exchange.merge_all(paths, report)

        self.inbox.show_checking(len(paths))
        background.run(merge, done=self._on_merged, progress=self.inbox.show_result, owner=self)

    def _on_merged(self, results: "list[Merged]") -> None:
        self.inbox.show_checking(0)
        self.inbox.take_results(results)
        if said := again_words(results, self.ws.session.today()):
            self.shell.toast(said)
        self._came = True
        if self.inbox.zone.hasFocus():  # Enter settles from here on, and asks for no more files
            self.focus_first()
        self.refresh({})

    # ---------------------------------------------------------------------------------------------------- conflicts

    def conflicts(self) -> "Sequence[Named]":
        """Those of the bundle that is chosen."""
        key = self.inbox.list.current_key()
        arrival = self._found.arrival(key)
        return self._found.loose if key == LOOSE else arrival.conflicts if arrival else ()

    def deciding(self) -> Deciding | None:
        """The conflict on screen."""
        return self.detail.conflict.deciding if self.detail.conflict.isVisibleTo(self) else None

    def keep(self, side: int) -> None:
        """Keep one side of the current field."""
        deciding = self.deciding()
        one = deciding.now() if deciding else None
        if deciding and one and side < len(sides_of(one)):
            deciding.pick(one.name, side)
            self.detail.conflict.decided()

    def keep_both(self) -> None:
        """Keep all sides of the current field, where they can stand together."""
        if self.inbox.zone.hasFocus():
            self.inbox.zone.pressed.emit()
            return
        deciding = self.deciding()
        one = deciding.now() if deciding else None
        if deciding and one and one.can_keep_both:
            deciding.pick(one.name, *range(len(one.sides)))
            self.detail.conflict.decided()

    def edit(self) -> None:
        """Type a value for the current field."""
        deciding = self.deciding()
        one = deciding.now() if deciding else None
        if deciding is None or one is None or one.spec is None:
            return
        try:
            value = deciding.to_edit(self.ws, one)
        except Problem as problem:
            self.shell.problem(problem)
            return
        words = FormText(gettext("Edit {field}").format(field=one.label), gettext("Use this"))
        dialog = FormDialog(self, words, [one.spec], {one.name: value})
        dialog.submitted.connect(lambda _changes: self._on_typed(dialog, deciding, one.name))
        dialog.open()

    def _on_typed(self, dialog: FormDialog, deciding: Deciding, name: str) -> None:
        try:
            checked = self.ws.records.kind(deciding.conflict.kind).checked(dialog.form.values(), partial=True)
        except Invalid as invalid:
            dialog.show_faults(invalid)
            return
        deciding.write(name, checked[name])
        dialog.accept()
        self.detail.conflict.decided()

    def settle(self) -> None:
        """Save the decisions and go on."""
        if self.inbox.zone.hasFocus():
            self.inbox.zone.pressed.emit()
            return
        deciding = self.deciding()
        if deciding is None or deciding.left():
            return
        conflict = deciding.conflict

        def resolve() -> int:
            decided = deciding.decisions(self.ws)
            return self.ws.merge.resolve(conflict.kind, conflict.record, decided, conflict.clks).batch

        self._settling.forget(conflict.named)
        background.run(resolve, done=partial(self._on_settled, conflict.title), failed=self._on_problem)

    def _on_settled(self, called: str, batch: int) -> None:
        """Say what was settled, with undo of just that, whatever was settled since."""
        words = gettext("Settled: {name}. The other side stays in the history.").format(name=called)
        self.shell.toast(words, undo_of(self.ws, self.shell, batch, partial(self.refresh, {})))
        self._go_on()

    def _go_on(self) -> None:
        """Read again after a decision; where it was the last of its bundle, what needs somebody next is chosen."""
        self._came = True
        self.refresh({})

    def _on_problem(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self.shell.problem(fault)
        self.refresh({})  # a bundle may have brought another side meanwhile

    def later(self) -> None:
        """Leave this one for later."""
        self.step(1) if self.pairing.now() is None else self.pairing.step(1)

    def step(self, by: int) -> None:
        """Go to the next or the previous conflict."""
        if found := self.conflicts():
            self._at = (self._at + by) % len(found)
            self._show_conflict()

    def _show_conflict(self) -> None:
        if found := self.conflicts():
            self._at = min(self._at, len(found) - 1)
            self._settling.show(found, self._at)

    def rule(self, *, accept: bool) -> None:
        """The office's word on the change set aside that is on screen."""
        if self.detail.aside.isVisibleTo(self):
            self.detail.aside.rule(accept=accept)

    # ------------------------------------------------------------------------------------------------------ reading

    def _on_unread(self, fault: Exception) -> None:
        error_in(self._right, gettext("What came cannot be read just now."), fault, partial(self.refresh, {}))

    def _show(self, found: Found) -> None:
        """What is quickly read at once, then the same with its pairs; what came since is read already."""
        self._newest = found
        if not self._found.pairs:
            self._show_found(found)
        if self._looking is not None:
            self._looking.cancel()  # it looks among what was there before
        paired = partial(found.paired, self.ws)
        done = partial(self._show_paired, found)
        self._looking = background.look(paired, done=done, progress=self.inbox.show_looking, owner=self)

    def _show_paired(self, found: Found, more: Found) -> None:
        if found is self._newest:
            self.inbox.show_looking(1.0)
            self._show_found(more)
            self._came = False

    def _show_found(self, found: Found) -> None:
        if found.stage != self._found.stage:
            self._show_stage(found.stage)
        self._found = found
        self._settling.take(found.told)
        self.asking.show(found.asked)
        self.inbox.show_asked(len(found.asked))
        today = self.ws.session.today()
        pairs = {bundle: len(some) for bundle, some in found.pairs.items()}
        if not found.counted:
            self.inbox.show_begun(found.arrivals, today)
            return
        self.inbox.show_arrivals(found.arrivals, found.loose, found.counts(), today, pairs)
        if self._came:
            self.inbox.choose_waiting()
        self.shell.badge("merge", found.waiting(), "over")
        about = (self.inbox.summary(found.arrivals, today), found.agreement)
        self.header.show_title(gettext("Merge inbox"), gettext(" · ").join(filter(None, about)))
        self._on_chosen(self.inbox.list.current_key())

    def _show_stage(self, stage: str) -> None:
        """What to do here, as far as the office has come."""
        self._right.removeWidget(self.state)
        self.state.deleteLater()
        self.state = panel_of(stage)
        self.state.pressed.connect(partial(self.shell.go, "devices", None))
        self._right.addWidget(self.state)

    def _on_chosen(self, key: object) -> None:
        arrival = self._found.arrival(key)
        if not self._found.counted:
            return
        if key == ASKED:
            self._right.setCurrentWidget(self.hidden if self.shell.sharing else self.asking.card)
            return
        if arrival is None and key not in {LOOSE, EARLIER}:
            self._show_refused(self.inbox.refused_panel(key))
            return
        self._right.setCurrentWidget(self.hidden if self.shell.sharing else self._whole)
        self._show_conflict()
        if arrival is not None:
            pairs = self._found.pairs_of(arrival)
            self.pairing.show(pairs)
            self.detail.show_arrival(arrival, self._found.aside_of(arrival), self.ws.session.today(), pairs)
        elif key == LOOSE:
            self.detail.show_loose(len(self._found.loose))
        else:
            self.detail.show_earlier(self._found.earlier())

    def _show_refused(self, panel: StatePanel | None) -> None:
        """Why a file was not taken in; with nothing chosen, what to do here."""
        if self._refused is not None:
            self._right.removeWidget(self._refused)
            self._refused.deleteLater()
        self._refused = panel
        if panel is not None:
            self._right.addWidget(panel)
        self._right.setCurrentWidget(panel or self.state)

    def _on_sharing(self, _sharing: bool) -> None:
        self._on_chosen(self.inbox.list.current_key())

    def _on_asked(self) -> None:
        self.inbox.list.choose(ASKED)
        self.asking.begin()

    def _on_row(self, key: object) -> None:
        self._at = 0
        self.pairing.begin()
        self._on_chosen(key)

    def _on_drives(self, drives: list[Drive]) -> None:
        self.replies.drives = drives
        background.run(
            lambda: [path for drive in drives for path in self.ws.exchange.bundles_in(drive.root)],
            done=lambda paths: self.take_in(paths) if paths else None, owner=self,
        )  # fmt: skip

    def choose_files(self) -> None:
        """Ask for bundles."""
        question = FileQuestion(gettext("Choose bundles"), Purpose.BUNDLES, [gettext("Bundles (*.gwb)")])
        open_files(self, question, self.take_in)

    def _connect(self) -> None:
        self.inbox.files_dropped.connect(self.take_in)
        self.inbox.files_wanted.connect(self.choose_files)
        self.inbox.forgotten.connect(self._go_on)
        self.inbox.list.row_chosen.connect(self._on_row)
        self.detail.take_back_wanted.connect(self.words.take_back)
        self.detail.bring_back_wanted.connect(self.words.bring_back)
        self.asking.strip.wanted.connect(self._on_asked)
        self.detail.aside.ruled.connect(self.words.judge)
        self.detail.aside.all_ruled.connect(self.words.judge_all)
        self.shell.sharing_changed.connect(self._on_sharing)
        card = self.detail.conflict
        card.settled.connect(self.settle)
        card.put_off.connect(self.later)
        card.stepped.connect(self.step)
        self.detail.pair.put_off.connect(self.later)
        card.edit_wanted.connect(self.edit)
        if self.ws.session.knows("DECIDE CONFLICTS"):
            bind_deciding(self, self)

    def showEvent(self, event: QShowEvent) -> None:
        """Look for sticks while it is on screen."""
        super().showEvent(event)
        self._watch.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """No need to look."""
        super().hideEvent(event)
        self._watch.stop()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Bundles may be dropped anywhere on the page."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take in what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            with_folders(self, paths, self.take_in)
