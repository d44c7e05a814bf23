"""The unlock page: a greeting, the passphrase, one button; names only where several people share a computer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridworker.errors import Problem, StoreDamaged, StoreMissing, TooSoon, WrongPassphrase
from gridworker.gui import background
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.avatar import Avatar, AvatarSpec
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.dusk import greeting_of
from gridworker.gui.widgets.front import Front
from gridworker.gui.widgets.iconline import FootNote
from gridworker.gui.widgets.layout import add, clear, column, holder, row
from gridworker.gui.widgets.options import Option, OptionChips
from gridworker.gui.widgets.passphrase import PassphraseField
from gridworker.gui.widgets.progress import Bar
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

_DIGITS = 9
_IN_SECONDS = 120
"""A longer wait is told in minutes."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """What may stand on a locked screen. ``place`` is empty unless this window was locked and not just started."""

    place: str = ""
    draft_when: str = ""
    """When a visit was left half written, in words; '' for none."""
    minutes: int = 5
    people: tuple[tuple[str, str], ...] = ()
    """Slot and name of those who can open it, the one who did last first; where there is only one, nobody."""
    asked: bool = False
    """Whether the office was asked about a forgotten passphrase and has not answered yet."""
    helped: bool = True
    """Whether the office can help whoever forgot it; at the office itself only its recovery sheet does."""


class UnlockPage(Front):
    """``opened`` carries what ``open_store`` returned for the passphrase."""

    opened = Signal(object)
    unreadable = Signal(str, str)
    """The store is damaged or gone: what is wrong in words, and the passphrase that was typed."""
    stopped = Signal(str)
    """Somebody stopped an upgrade, of a store that was open by then; carries what to say of it."""
    forgotten = Signal(str)
    """The passphrase was forgotten; carries the slot that was chosen, or '' for the one that was asked about."""

    def __init__(
        self,
        open_store: Callable[..., object],
        now: datetime,
        greeting: Greeting | None = None,
        wait_left: Callable[[], int] = int,
    ) -> None:
        """``wait_left`` tells the seconds until the next passphrase may be tried, also of wrong ones before this."""
        super().__init__(now)
        self._open_store, self._wait_left, self._wait = open_store, wait_left, 0
        self._stopping = False
        self._task: background.Task[object] | None = None
        greeting = greeting or Greeting()
        way_out = (
            gettext("Forgotten it? Ask the office") if greeting.helped else gettext("Forgotten it? Recovery sheet")
        )
        self.passphrase_field = PassphraseField(gettext("Passphrase"), aside=way_out, aside_key="Alt F")
        self.passphrase_field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.passphrase_field.aside_pressed.connect(self._on_forgotten)
        bind(self, "Alt+F", self._on_forgotten, gettext("Forgotten the passphrase"))
        self._people = self._make_people(greeting)
        self._button = Button(gettext("Unlock"), "lock-key-open", key="Enter", kind="primary", size="hero")
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._on_tick)
        self._strip_place = column()
        self._bar = Bar()
        self.stop_upgrade = Button(gettext("Stop for now"), key="Esc", size="compact")
        self.stop_upgrade.clicked.connect(self._on_stop)
        self._upgrading = _upgrading(self._bar, self.stop_upgrade)
        bind(self, "Esc", self._on_stop, gettext("Stop for now"))
        head = row(Avatar(AvatarSpec(icon="house-simple", tone="accent"), 60), gap=16)
        words = column(None, Text(greeting_of(now), "display"), gap=0)
        words.addWidget(Text(greeting.place or gettext("This computer is locked"), "body", "ink-2"))
        words.addStretch(1)
        head.addLayout(words, 1)
        add(self.column, None, head, 30)
        if greeting.people:
            add(self.column, Text(gettext("Who are you?"), "small", "ink-2"), 6, self._people, 16)
        add(self.column, self.passphrase_field, 12, self._button, self._upgrading, self._strip_place, 28)
        if greeting.asked:
            add(self.column, self._make_asked(), 12)
        if greeting.draft_when:
            self.column.addWidget(_draft_card(greeting.draft_when))
        self.column.addStretch(1)
        self.column.addWidget(self._footer(greeting.minutes))
        self.set_width(440)
        self._begin_wait()
        self._button.clicked.connect(self._on_submitted)
        self.passphrase_field.entered.connect(self._on_submitted)
        self.setFocusProxy(self.passphrase_field)

    def _make_people(self, greeting: Greeting) -> OptionChips:
        """Names to choose from; Alt and a digit choose while the passphrase has the focus."""
        offered = [
            Option(slot, name, f"Alt {number}" if number <= _DIGITS else "")
            for number, (slot, name) in enumerate(greeting.people, start=1)
        ]
        chips = OptionChips(offered, name=gettext("Who are you?"))
        chips.set_values([slot for slot, _ in greeting.people[:1]])
        chips.chosen.connect(lambda _: self.passphrase_field.line().setFocus())
        for number, (slot, name) in enumerate(greeting.people[:_DIGITS], start=1):
            bind(self, f"Alt+{number}", partial(chips.pick, slot), name)
        return chips

    def _make_asked(self) -> Strip:
        strip = Strip(
            gettext("The office was asked about a forgotten passphrase."), tone="info", icon="key",
            action=gettext("Enter its answer"),
        )  # fmt: skip
        strip.pressed.connect(partial(self._ask_office, ""))
        return strip

    def people(self) -> OptionChips:
        """The names to choose from."""
        return self._people

    def slot(self) -> str:
        """The slot of whoever was chosen; empty where there is no choice."""
        return next(iter(self._people.values()), "")

    def _on_forgotten(self) -> None:
        self._ask_office(self.slot())

    def _ask_office(self, slot: str) -> None:
        if not self.is_held():  # else the store is being opened, and would stay open with nobody to close it
            self.forgotten.emit(slot)

    @staticmethod
    def _footer(minutes: int) -> FootNote:
        note = ngettext(
            "Locks itself after {minutes} minute away. While it is locked nobody sees any resident.",
            "Locks itself after {minutes} minutes away. While it is locked nobody sees any resident.", minutes,
        )  # fmt: skip
        return FootNote(note.format(minutes=minutes), "clock-counter-clockwise")

    def button(self) -> Button:
        """The button."""
        return self._button

    def waiting(self) -> int:
        """Seconds until the next try is allowed."""
        return self._wait

    def _on_submitted(self) -> None:
        passphrase = self.passphrase_field.text()
        if not passphrase or not self._button.isEnabled():
            return
        self._button.setEnabled(False)
        self._button.set_label(gettext("Opening…"))
        self.passphrase_field.warn("")
        self.passphrase_field.line().setReadOnly(True)
        self._stopping = False
        self.stop_upgrade.setEnabled(True)
        self.hold()
        who = [slot] if (slot := self.slot()) else []

        def work(report: background.Report) -> object:
            def told(share: object) -> None:
                if self._stopping:
                    raise _Stopped
                report(share)

            store = self._open_store(passphrase, *who, report=told)
            if self._task is not None and self._task.cancelled:
                cast("Workspace", store).close()  # nobody else would
            return store

        self._task = background.run(work, done=self._on_opened, failed=self._on_failed, progress=self._on_progress)

    def _on_progress(self, share: float) -> None:
        """Only an upgrade tells of itself: everything else is over in a moment."""
        self._upgrading.show()
        self._bar.show_share(share)

    def _on_stop(self) -> None:
        """Whoever cannot wait for an upgrade: it ends with the lot it is at, in whatever step."""
        if self._upgrading.isVisible() and self.is_held():
            self._stopping = True
            self.stop_upgrade.setEnabled(False)

    def _on_opened(self, store: object) -> None:
        self.passphrase_field.clear()
        self.hold(held=False)
        self.opened.emit(store)

    def lock_again(self) -> None:
        """The same; and what was typed opens nothing for whoever comes by."""
        super().lock_again()
        if not self.is_held():
            self.passphrase_field.clear()

    def knows_something(self) -> bool:
        """Whether a passphrase was tried: what came of it may still be in the memory."""
        return self._task is not None and not self.is_held()

    def stop(self) -> None:
        """The window is closed: an upgrade ends with the lot it is at, and the next start goes on from there."""
        if self._task is not None:
            self._task.cancel()

    def _on_failed(self, fault: Exception) -> None:
        self._upgrading.hide()
        self.hold(held=False)
        self.passphrase_field.line().setReadOnly(False)
        self._button.set_label(gettext("Unlock"))
        self._button.setEnabled(True)
        typed = self.passphrase_field.text()
        if not isinstance(fault, TooSoon):  # what is left standing there would let in whoever comes by
            self.passphrase_field.clear()
        if isinstance(fault, WrongPassphrase):
            self.passphrase_field.warn(gettext("That passphrase does not open it: try again."))
            self._begin_wait()
        elif isinstance(fault, TooSoon):
            self._begin_wait()
        elif isinstance(fault, _Stopped):
            words = gettext("Stopped. The next time it is unlocked, it goes on from there.")
            self.show_strips(Strip(words, tone="info"))
            self.stopped.emit(words)
        elif isinstance(fault, Problem):
            self.show_problem(fault)
            if isinstance(fault, StoreDamaged | StoreMissing):
                self.unreadable.emit(str(fault), typed)
        else:
            raise fault
        self.passphrase_field.line().setFocus()

    def show_problem(self, problem: Problem) -> None:
        """Show why the store does not open, above the draft card."""
        self.show_strips(Strip(str(problem)))

    def show_strips(self, *strips: Strip) -> None:
        """Show these, above the draft card, in place of what stood there."""
        clear(self._strip_place)
        for strip in strips:
            add(self._strip_place, 12, strip)

    def _begin_wait(self) -> None:
        self._wait = self._wait_left()
        if self._wait:
            self._button.setEnabled(False)
            self._clock.start()
            self._show_wait()

    def _on_tick(self) -> None:
        self._wait -= 1
        if self._wait <= 0:
            self._clock.stop()
            self._button.setEnabled(True)
            self.passphrase_field.warn("")
        else:
            self._show_wait()

    def _show_wait(self) -> None:
        words = gettext("Wait {seconds} seconds before the next try.").format(seconds=self._wait)
        if self._wait > _IN_SECONDS:
            minutes = -(-self._wait // 60)
            words = gettext("Wait {minutes} minutes before the next try.").format(minutes=minutes)
        self.passphrase_field.warn(words)


class _Stopped(Exception):
    """Raised inside an upgrade that somebody stopped."""


def _upgrading(bar: Bar, stop: Button) -> QWidget:
    """What stands there while the tables are read anew, hidden until it is told how far that is."""
    words = gettext("The data are brought up to date after an update. This happens once.")
    bar.setAccessibleName(words)
    shown = holder(column(12, Text(words, "small", "ink-2", wrap=True), 6, bar, 8, row(None, stop)))
    shown.hide()
    return shown


def _draft_card(when: str) -> Card:
    words = column(Text(gettext("A half-written visit is kept here")), Text(when, "caption", "ink-3"), gap=1)
    line = row(Avatar(AvatarSpec(icon="note-pencil"), 28), gap=14)
    line.addLayout(words, 1)
    return Card(line, margins=(16, 10, 16, 10))
