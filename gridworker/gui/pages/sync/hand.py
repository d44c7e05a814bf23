"""Handing over: what leaves this laptop, where it goes, how far it is, and when the stick can be pulled out."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from gridworker.app.words.days import near_moment
from gridworker.gui.bundlewords import groups, records, size
from gridworker.gui.pages.sync.destination import Destination
from gridworker.gui.pages.sync.limit import LimitChoice
from gridworker.gui.watching.drives import Drive
from gridworker.gui.widgets.avatar import Avatar, AvatarSpec
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.hero import Hero
from gridworker.gui.widgets.layout import clear, column, holder, row
from gridworker.gui.widgets.progress import Bar
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.exchange.exchange import Pending

_STEPS = ("pack", "write", "check")


def unconfirmed(pending: "Pending", today: date) -> str:
    """That the office has not confirmed what is here, and for how many days; empty where it has."""
    if not pending.records:
        return ""
    days = pending.days(today)
    if not days:
        return gettext("{records} not yet confirmed by the office").format(records=records(pending.records))
    words = ngettext(
        "{records} not yet confirmed by the office, for {days} day",
        "{records} not yet confirmed by the office, for {days} days", days,
    )  # fmt: skip
    return words.format(records=records(pending.records), days=days)


class HandPanel(Hero):
    """The panel. ``hand_wanted`` carries the place, or None where a folder has to be chosen first."""

    hand_wanted = Signal(object)
    folder_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._folder: Path | None = None
        self._drives: list[Drive] = []
        self._focused = False
        """The focus was on the button when the packing began."""
        self.title = Text(gettext("Hand to the office"), "large", "on-hero", bold=True)
        self.about = Text("", "small", "on-hero-2")
        self.unconfirmed = Text("", "small", "on-hero", wrap=True)
        self.count = Text("", "display", "on-hero", bold=True)
        self._counts, self._places = row(gap=0), column(gap=8)
        self.button = Button(gettext("Pack and hand over"), "lock-simple", key="Ctrl Enter", kind="hero", size="hero")
        self.button.clicked.connect(self.press)
        self.step = Text("", "small", "on-hero", bold=True, wrap=True)
        self.bar = Bar(0.0, tone="ok", height=8)
        self.bar.setAccessibleName(gettext("How far the packing is"))
        self._progress = holder(column(self.step, 8, self.bar))
        self._progress.hide()
        self.photos = LimitChoice()
        head = row(
            Avatar(AvatarSpec(icon="upload-simple", tone="hero"), 44),
            column(None, self.title, self.about, None, gap=2), None, self.count, gap=12,
        )  # fmt: skip
        foot = column(self._progress, 8, self.button)
        self.setLayout(
            column(
                head,
                10,
                self.unconfirmed,
                10,
                self._counts,
                16,
                self.photos,
                8,
                self._places,
                None,
                16,
                foot,
                margins=(24, 20, 24, 22),
            )
        )
        self._offer()

    def show_pending(self, pending: "Pending", today: date) -> None:
        """Say what waits here."""
        self.photos.show_files(pending.files, pending.files_size)
        if pending.records or pending.files:
            self.title.setText(gettext("Hand to the office"))
        else:
            gone = pending.last_handed is not None
            self.title.setText(gettext("All handed over.") if gone else gettext("Nothing to hand over"))
        if pending.last_handed:
            about = gettext("Last handed over {moment}").format(moment=near_moment(pending.last_handed, today))
        else:
            about = gettext("Nothing handed over yet")
        self.about.setText(about)
        self.unconfirmed.setText(unconfirmed(pending, today))
        self.unconfirmed.setVisible(bool(pending.records))
        self.count.setText(records(pending.records) if pending.records else "")
        clear(self._counts)
        for number, (count, name) in enumerate(groups(pending.counts) if pending.records else ()):
            part = holder(
                column(Text(str(count), "large", "on-hero", bold=True), Text(name, "small", "on-hero-2"), gap=1)
            )
            self._counts.addWidget(part, 1)
            if not number:
                part.setAccessibleName(records(pending.records))

    def show_drives(self, drives: Sequence[Drive]) -> None:
        """Offer the sticks that are plugged in."""
        self._drives = list(drives)
        self._offer()

    def show_folder(self, folder: Path) -> None:
        """A folder was chosen: it is where the bundle goes."""
        self._folder = folder
        self._offer(folder=True)

    def place(self) -> Path | None:
        """The place that is chosen."""
        return next((one.place for one in self.places() if one.isChecked()), None)

    def places(self) -> list[Destination]:
        """The places offered."""
        found = (self._places.itemAt(number) for number in range(self._places.count()))
        widgets = (item.widget() for item in found if item is not None)
        return [widget for widget in widgets if isinstance(widget, Destination)]

    def press(self) -> None:
        """Ask to hand over, unless it is under way."""
        if self.button.isEnabled():
            self.hand_wanted.emit(self.place())

    def show_step(self, step: str) -> None:
        """Packing is under way."""
        words = {
            "pack": gettext("Packing and sealing"),
            "write": gettext("Writing"),
            "check": gettext("Reading back to be sure"),
        }
        self._progress.show()
        self._focused = self._focused or self.window().focusWidget() is self.button
        self.button.setEnabled(False)
        self.button.set_label(gettext("Esc stops it"))
        self.button.set_key("")
        self.step.setText(words[step])
        self.bar.show_share((_STEPS.index(step) + 1) / (len(_STEPS) + 1))

    def show_ready(self, words: str, *, done: bool) -> None:
        """It is over: ``done`` well, or not."""
        self._progress.setVisible(bool(words))
        self.step.setText(words)
        self.bar.setVisible(done)
        self.bar.show_share(1.0 if done else 0.0)
        self.button.setEnabled(True)
        if self._focused:  # it went on to what comes next, as the button could not be pressed
            self._focused = False
            self.button.setFocus(Qt.FocusReason.OtherFocusReason)
        again = gettext("Hand over again") if done else gettext("Try again")
        self.button.set_label(again if words else gettext("Pack and hand over"))
        self.button.set_key("Ctrl Enter")
        if words:
            self.announce(words)

    def announce(self, words: str) -> None:
        """Tell screen readers."""
        self.setAccessibleDescription(words)

    def _offer(self, *, folder: bool = False) -> None:
        before = self.place()
        clear(self._places)
        rows = [
            Destination(
                gettext("USB stick {name}").format(name=drive.name),
                gettext("{size} free").format(size=size(drive.free)), "hard-drive", drive.root,
            )
            for drive in self._drives
        ]  # fmt: skip
        chosen = self._folder.name if self._folder else gettext("Choose a folder")
        own = Destination(gettext("Save a file and carry it myself"), chosen, "folder", self._folder)
        own.clicked.connect(self._on_folder)
        rows.append(own)
        for one in rows:
            self._places.addWidget(one)
        kept = next((one for one in rows if before is not None and one.place == before), rows[0])
        (own if folder else kept).setChecked(True)

    def _on_folder(self) -> None:
        self.folder_wanted.emit()

    def regions(self) -> list[QWidget]:
        """What takes the focus."""
        return [self.button]
