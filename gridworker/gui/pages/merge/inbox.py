"""The left side of the inbox: where bundles are dropped, and the list of what came."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gridworker.app.session import LOCAL
from gridworker.app.words.days import near_moment
from gridworker.gui.bundlewords import records
from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.avatar import AvatarSpec
from gridworker.gui.widgets.chip import ChipSpec
from gridworker.gui.widgets.dropzone import DropZone
from gridworker.gui.widgets.layout import column
from gridworker.gui.widgets.progress import Bar
from gridworker.gui.widgets.rowlist import RowList
from gridworker.gui.widgets.rows import Item, Row, Section
from gridworker.gui.widgets.state import StatePanel
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.exchange.exchange import Merged
    from gridworker.app.inbox.conflict_views import Arrival, Named

LOOSE = "loose"
"""Key of the row for conflicts that no bundle of the list brought."""
EARLIER = "earlier"
"""Key of the row for changes set aside that came with no bundle of the list."""

ASKED = "asked"
"""Key of the row for wishes to be forgotten."""

WIDTH, WIDEST = 296, 396


class Inbox(QWidget):
    """Drop zone, progress, list.

    A file that may yet be waited for stays listed until it comes whole, or somebody takes it off. What nobody waits for
    is told while the page is open: when it is opened again, that was read.
    """

    files_dropped = Signal(list)
    files_wanted = Signal()
    forgotten = Signal()
    """Somebody took a file that did not go in off the list."""

    def __init__(self) -> None:
        super().__init__()
        self._refused: dict[str, Merged] = {}
        self._aside: Mapping[str, int] = {}
        self._pairs: Mapping[str, int] = {}
        self._needed: list[object] = []
        self._paired: list[object] = []
        self._all, self._done, self._asked = 0, 0, 0
        self.zone = DropZone(
            gettext("Drag any number of bundles in"), gettext("or plug a USB stick in"), extensions=(".gwb",)
        )
        self.zone.files_dropped.connect(self.files_dropped)
        self.zone.pressed.connect(self.files_wanted)
        self._checking, self._bar = Text("", "small", "ink-2"), Bar(0.0)
        self.list = RowList(chip_column=0, name=gettext("Bundles"))
        layout = column(self.zone, 10, self._checking, 4, self._bar, 4)
        layout.addWidget(self.list, 1)
        self.setLayout(layout)
        self.show_checking(0)
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        theme = themes.current()
        self.setFixedWidth(min(theme.px(WIDTH), WIDEST))
        self.zone.setMinimumHeight(theme.px(84))

    def show_checking(self, count: int) -> None:
        """So many files are being checked; 0 when it is over."""
        self._all, self._done = count, 0
        self._show_bar(visible=count > 0)
        self._tell()

    def show_looking(self, share: float) -> None:
        """So much of the search for duplicates is done; 1 when it is over. Files that are being checked go before."""
        if not self._all:
            self._show_bar(visible=share < 1)
            self._checking.setText(gettext("Looking for duplicates"))
            self._bar.show_share(share)

    def _show_bar(self, *, visible: bool) -> None:
        self._checking.setVisible(visible)
        self._bar.setVisible(visible)

    def show_result(self, result: "Merged") -> None:
        """One file is done."""
        del result
        self._done += 1
        self._tell()

    def take_results(self, results: "Sequence[Merged]") -> None:
        """All are done: those that did not go in are listed, until one of their name does."""
        for result in results:
            self._refused.pop(result.name, None)
            if result.problem is not None:
                self._refused[result.name] = result

    def _forget(self, name: str) -> None:
        """Take a file that did not go in off the list."""
        self._refused.pop(name, None)
        self.forgotten.emit()

    def forget_left(self) -> bool:
        """Take all files off the list that nobody waits for. Whether there were any."""
        left = [name for name, one in self._refused.items() if one.left]
        for name in left:
            del self._refused[name]
        return bool(left)

    def _on_all_wanted(self) -> None:
        self.forget_left()
        self.forgotten.emit()

    def _tell(self) -> None:
        words = gettext("Checking {number} of {count}")
        self._checking.setText(words.format(number=min(self._done + 1, self._all), count=self._all))
        self._bar.show_share(self._done / self._all if self._all else 0.0)

    def show_begun(self, arrivals: "Sequence[Arrival]", today: date) -> None:
        """List what came before it is known what of it needs a person."""
        came = [replace(self._row(one, today), right_chip=None) for one in arrivals]
        self.list.show_rows([Section(gettext("Looking for what disagrees"), str(len(came))), *came])

    def show_asked(self, count: int) -> None:
        """So many wish to be forgotten; told before the bundles are listed."""
        self._asked = count

    def show_arrivals(
        self,
        arrivals: "Sequence[Arrival]",
        loose: "Sequence[Named]",
        aside: Mapping[str, int],
        today: date,
        pairs: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """List them: what needs a person, what was refused, what is merged.

        ``aside`` counts by bundle the changes that wait for the office's word, also of bundles not listed any more;
        ``pairs`` who may be on the books twice.
        """
        self._pairs = pairs
        waiting = [one for one in arrivals if one.conflicts or one.trip.hash in {**pairs, **aside}]
        merged = [one for one in arrivals if one not in waiting]
        self._aside = aside
        needed = [self._row(one, today) for one in waiting]
        needed += [_refused_row(one) for one in self._refused.values() if not one.left]
        if loose:
            needed.append(_gathered(LOOSE, gettext("Conflicts from before"), len(loose), _conflict_chip(len(loose))))
        listed = {one.trip.hash for one in arrivals}
        if earlier := sum(count for bundle, count in aside.items() if bundle not in listed):
            needed.append(_gathered(EARLIER, gettext("Set aside earlier"), earlier, _aside_chip(earlier)))
        if self._asked:
            needed.append(_asked_row(self._asked))
        items: list[Item] = [Section(gettext("Needs you"), str(len(needed))), *needed] if needed else []
        if merged:
            items.append(Section(gettext("Merged"), str(len(merged)), records(sum(one.trip.records for one in merged))))
            items += [self._row(one, today) for one in merged]
        if left := [_left_row(one) for one in self._refused.values() if one.left]:
            items += [Section(gettext("Left where they are"), str(len(left))), *left]
        self._needed = [row.key for row in needed]
        self._paired = [one.trip.hash for one in waiting if one.trip.hash in pairs and not one.conflicts]
        self.list.show_rows(items, self.list.current_key())

    def choose_waiting(self) -> None:
        """Go to the first that needs a person, unless somebody is at one of those already."""
        if self._needed and self.list.current_key() not in self._needed:
            self.list.choose(self._needed[0])

    def choose_pair(self) -> bool:
        """Go to the first in which nothing disagrees and somebody may be twice. Whether there is one."""
        for key in self._paired[:1]:
            self.list.choose(key)
        return bool(self._paired)

    def summary(self, arrivals: "Sequence[Arrival]", today: date) -> str:
        """How many came today, and how many of them nobody has to look at: as the list says it."""
        came = [one for one in arrivals if one.trip.at.astimezone(LOCAL).date() == today]
        clean = sum(one.trip.hash not in self._needed and not one.taken_back for one in came)
        words = ngettext("{count} bundle today, {clean} merged", "{count} bundles today, {clean} merged", len(came))
        return words.format(count=len(came), clean=clean) if came else ""

    def refused_panel(self, key: object) -> StatePanel | None:
        """What to say of a file that was refused."""
        found = self._refused.get(key[1]) if isinstance(key, tuple) else None
        if found is None:
            return None
        panel = _panel(found)
        panel.pressed.connect(partial(self._forget, found.name))
        count = sum(bool(one.left) for one in self._refused.values())
        if found.left and count > 1:
            words = ngettext("Take {count} off the list", "Take all {count} off the list", count)
            panel.offer(words.format(count=count)).clicked.connect(self._on_all_wanted)
        return panel

    def _row(self, arrival: "Arrival", today: date) -> Row:
        trip, chip = arrival.trip, None
        if arrival.conflicts:
            chip = _conflict_chip(len(arrival.conflicts))
        elif self._pairs.get(trip.hash):
            chip = _pair_chip(self._pairs[trip.hash])
        elif self._aside.get(trip.hash):
            chip = _aside_chip(self._aside[trip.hash])
        elif arrival.taken_back:
            chip = ChipSpec(gettext("Taken back"), "neu", "arrow-counter-clockwise")
        elif trip.gap:
            chip = ChipSpec(gettext("Waits"), "due", "hourglass")
        else:
            chip = ChipSpec("", "ok", "check")
        about = [*arrival.grids[:1], records(trip.records)]
        if trip.at.astimezone(LOCAL).date() != today:
            about.append(near_moment(trip.at, today))
        name = arrival.worker or gettext("Laptop {number}").format(number=trip.peer)
        return Row(
            trip.hash, name, "", gettext(" · ").join(about), AvatarSpec(str(trip.peer)), right_chip=chip,
        )  # fmt: skip


def _conflict_chip(count: int) -> ChipSpec:
    words = ngettext("{count} conflict", "{count} conflicts", count).format(count=count)
    return ChipSpec(words, "conf", "git-diff")


def _pair_chip(count: int) -> ChipSpec:
    words = ngettext("{count} possible duplicate", "{count} possible duplicates", count).format(count=count)
    return ChipSpec(words, "info", "users")


def _aside_chip(count: int) -> ChipSpec:
    return ChipSpec(gettext("{count} set aside").format(count=count), "due")


def _gathered(key: str, title: str, count: int, chip: ChipSpec) -> Row:
    """The row for what waits and came with no bundle of the list."""
    return Row(key, title, "", records(count), AvatarSpec("…"), right_chip=chip)


def _asked_row(count: int) -> Row:
    waiting = ngettext("{count} waits for an answer", "{count} wait for an answer", count).format(count=count)
    return Row(ASKED, gettext("Wishes to be forgotten"), "", waiting, AvatarSpec(icon="user-minus"))


def _refused_row(result: "Merged") -> Row:
    chip = ChipSpec(gettext("Not merged"), "over", "warning-fill")
    name = gettext("Bundle not taken in")
    return Row(("refused", result.name), name, "", result.file, AvatarSpec("?"), right_chip=chip)


def _panel(result: "Merged") -> StatePanel:
    action = gettext("Take off the list")
    if result.left:
        words = gettext("{file} was not touched. If nobody waits for it any more, delete it where it lies.")
        return StatePanel("empty", result.left, words.format(file=result.file), action, icon="package")
    more = gettext("{file}: nothing was changed here.").format(file=result.file)
    return StatePanel("error", str(result.problem), more, action)


def _left_row(result: "Merged") -> Row:
    """Nobody here waits for it."""
    name = gettext("For another computer") if result.for_others else gettext("Nothing to merge")
    return Row(("refused", result.name), name, "", result.file, AvatarSpec(icon="package"))
