"""The sync page: two big actions, the history below, and whose key it goes to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.droppedfolders import with_folders
from gridworker.gui.filedialogs import FileQuestion, Purpose, choose_folder, open_files
from gridworker.gui.missingstrip import MissingStrip
from gridworker.gui.otheroffice import OtherOffice
from gridworker.gui.page import Page, Shell, Touched
from gridworker.gui.pages.sync.hand import HandPanel
from gridworker.gui.pages.sync.history import HistoryCard, KeyCardPanel
from gridworker.gui.pages.sync.receive import ReceivePanel
from gridworker.gui.pages.sync.room import RoomLine
from gridworker.gui.shortcuts import bind
from gridworker.gui.standingstrips import StandingStrips
from gridworker.gui.watching import handover
from gridworker.gui.watching.drives import Drive, DriveWatch
from gridworker.gui.watching.sharedfolder import SharedFolder
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.layout import column, holder, row, scrolling
from gridworker.gui.widgets.turning import Turning
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.exchange.exchange import KeyCard, Merged, Pending, Trip, Waiting
    from gridworker.app.workspace import Workspace


@dataclass(frozen=True, slots=True)
class _Read:
    """What the page shows, read in one go."""

    pending: "Pending"
    trips: "list[Trip]"
    agreement: str


class SyncPage(Page):
    """The page of a laptop. A target is a list of files to receive, or None."""

    kinds: ClassVar[frozenset[str]] = frozenset({"audit_event"})

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(ws, shell)
        self._may = ws.session.knows("EXCHANGE BUNDLES")
        self.hand, self.receive, self.history = HandPanel(), ReceivePanel(), HistoryCard(may_hand=self._may)
        self.key: KeyCardPanel | None = None
        self._packing: background.Task[tuple[Path, bool]] | None = None
        self._drives: list[Drive] = []
        self._looked: list[Path] = []
        self._watch = DriveWatch(self)
        self._watch.changed.connect(self.show_drives)
        self._below = row(self.history, gap=20)
        self._below.setStretch(0, 1)
        above = row(self.hand, self.receive, gap=20)
        above.setStretch(0, 1)
        above.setStretch(1, 1)
        self.header = PageHeader(gettext("Sync"), gettext("No network needed, a USB stick will do"))
        self.shared = SharedFolder(ws, shell, self)
        self.room = RoomLine(ws, shell)
        body = column(above, 20, self.shared.card, 12, self.room, 12)
        body.addLayout(self._below, 1)
        self.other, self.missing, self.standing = OtherOffice(ws), MissingStrip(ws), StandingStrips(ws)
        layout = column(self.header, 16, self.other, self.missing, self.standing, margins=(28, 16, 28, 24))
        area = scrolling(holder(body))
        for line in (above, self._below):
            Turning(area, line)
        layout.addWidget(area, 1)
        self.setLayout(layout)
        self.setAcceptDrops(self._may)
        if self._may:
            self._connect()
        else:
            self.hand.hide()
            self.receive.hide()
        background.run(self._read_key, done=self._show_key)
        self.refresh({})

    def title(self) -> str:
        """What it is called."""
        return gettext("Sync")

    def focus_first(self) -> None:
        """On the button that hands over."""
        self.hand.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def regions(self) -> list[QWidget]:
        """Handing over, receiving, what went and came."""
        return [self.hand, self.receive, self.shared.card, self.history]

    def leave(self) -> None:
        """What was told of an exchange goes with whoever read it: the next time it would be told of another one."""
        if self._packing is None or not self._packing.running:
            self.hand.show_ready("", done=False)
        self.receive.show_results([])

    def show_target(self, target: object) -> None:
        """Files named by who opened the page are looked into."""
        if isinstance(target, list) and self._may:
            self._on_dropped(target)

    def refresh(self, touched: Touched) -> None:
        """Read again what waits and what went."""
        del touched
        background.run(self._read, done=self._show)
        self.other.refresh()
        self.missing.refresh()
        self.standing.refresh()
        self.room.read()
        handover.show_status(self.ws, self.shell)

    def show_drives(self, drives: Sequence[Drive]) -> None:
        """Sticks were plugged in or pulled out: offer them, and look for bundles on them."""
        self._drives = list(drives)
        self.hand.show_drives(drives)
        self._look()

    # ------------------------------------------------------------------------------------------------ handing over

    def hand_over(self, place: Path | None) -> None:
        """Pack and write to ``place``; without one, ask for a folder first."""
        if self._packing is not None and self._packing.running:
            return
        if place is None:
            choose_folder(self, Purpose.BUNDLES, self._hand_over_to)
            return
        limit = self.hand.photos.limit()

        def pack(report: Callable[[object], None]) -> tuple[Path, bool]:
            path = self.ws.exchange.pack(place, report=report, limit=limit)
            return path, limit is not None and self.ws.exchange.has_news()

        self.hand.show_step("pack")
        self._packing = background.run(pack, done=self._on_handed, failed=self._on_not_handed, progress=self._on_step)

    def _on_step(self, step: str) -> None:
        self.hand.show_step(step)

    def _on_handed(self, handed: tuple[Path, bool]) -> None:
        path, left = handed
        on_stick = any(path.is_relative_to(drive.root) for drive in self._drives)
        words = gettext("Written and read back. Safe to unplug.") if on_stick else gettext("Written and read back.")
        if left:
            words = gettext("Written and read back. Some photos did not fit: hand over again, and more of them go.")
        self.hand.show_ready(words, done=True)
        self.refresh({})

    def _on_not_handed(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self.hand.show_ready(str(fault), done=False)

    def cancel(self) -> None:
        """Stop packing; the file that is half there goes."""
        if self._packing is not None and self._packing.running:
            self._packing.cancel()
            self.hand.show_ready("", done=False)

    def _hand_over_to(self, folder: Path) -> None:
        """The folder that was asked for on the way is where it goes."""
        self.hand.show_folder(folder)
        self.hand_over(self.hand.place())

    def choose_folder(self) -> None:
        """Ask for a folder to write to."""
        choose_folder(self, Purpose.BUNDLES, self.hand.show_folder)

    # --------------------------------------------------------------------------------------------------- receiving

    def receive_all(self) -> None:
        """Take in what was found."""
        paths = self.receive.paths
        if paths:
            self.receive.button.setEnabled(False)
            background.run(lambda: self.ws.exchange.merge_all(paths), done=self._on_received)

    def _on_received(self, results: "list[Merged]") -> None:
        self.receive.show_results(results)
        self._looked = []
        self.receive.show_found([], [], None)
        self.refresh({})

    def _look(self) -> None:
        roots = [drive.root for drive in self._drives]

        def look() -> "tuple[list[Path], list[Waiting]]":
            found = [path for root in roots for path in self.ws.exchange.bundles_in(root)]
            waiting = self.ws.exchange.waiting(found)
            pairs = [(path, one) for path, one in zip(found, waiting, strict=True) if one.shown is not None]
            return [path for path, _ in pairs], [one for _, one in pairs]

        background.run(look, done=self._on_found)

    def _on_found(self, found: "tuple[list[Path], list[Waiting]]") -> None:
        if not self._looked:
            self.receive.show_found(*found, self.ws.session.today())

    def _on_dropped(self, paths: list[Path]) -> None:
        self._looked = paths
        background.run(lambda: (paths, self.ws.exchange.waiting(paths)), done=self._on_looked)

    def _on_looked(self, found: "tuple[list[Path], list[Waiting]]") -> None:
        self.receive.show_results([])
        self.receive.show_found(*found, self.ws.session.today())

    def choose_files(self) -> None:
        """Ask for bundles."""
        question = FileQuestion(gettext("Choose bundles"), Purpose.BUNDLES, [gettext("Bundles (*.gwb)")])
        open_files(self, question, self._on_dropped)

    # ------------------------------------------------------------------------------------------------------ reading

    def _read(self) -> _Read:
        exchange = self.ws.exchange
        return _Read(exchange.pending(), exchange.trips(), exchange.agreement_words())

    def _show(self, found: _Read) -> None:
        today = self.ws.session.today()
        self.hand.show_pending(found.pending, today)
        self.header.show_title(gettext("Sync"), found.agreement or gettext("No network needed, a USB stick will do"))
        self.history.show_trips(found.trips, today)

    def _read_key(self) -> "tuple[KeyCard, str]":
        number = self.ws.session.laptop
        words = gettext("This computer: laptop {number}").format(number=number)
        return self.ws.exchange.office_key(), words

    def _show_key(self, found: "tuple[KeyCard, str]") -> None:
        self.key = KeyCardPanel(*found)
        self.key.setFixedWidth(372)
        self._below.addWidget(self.key)

    def _connect(self) -> None:
        self.hand.hand_wanted.connect(self.hand_over)
        self.hand.folder_wanted.connect(self.choose_folder)
        self.receive.receive_wanted.connect(self.receive_all)
        self.receive.files_dropped.connect(self._on_dropped)
        self.receive.files_wanted.connect(self.choose_files)
        self.history.again_wanted.connect(self.hand.press)
        bind(self, "Ctrl+Return", self.hand.press, gettext("Hand over"))
        bind(self, "Ctrl+R", self.receive.press, gettext("Receive"))

    def showEvent(self, event: QShowEvent) -> None:
        """Look for sticks while it is on screen."""
        super().showEvent(event)
        if self._may:
            self._watch.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """No need to look."""
        super().hideEvent(event)
        self._watch.stop()

    def event(self, event: QEvent) -> bool:
        """While it packs, Esc stops that instead of leaving the page."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._packing is not None
            and self._packing.running
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc stops packing."""
        if event.key() == Qt.Key.Key_Escape and self._packing is not None and self._packing.running:
            self.cancel()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere on the page."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look into what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            with_folders(self, paths, self._on_dropped)
