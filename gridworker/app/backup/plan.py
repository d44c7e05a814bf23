"""When a backup is due, and whether there is one away from this computer.

Counted along the journal: so many acts since the newest one. The clock only helps: on another day than that of the
newest, a single act is enough. So a clock that stands still or is wrong by years makes at most one backup too many.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from gridworker.app.backup.rereading import Read, fault_words, read_through, whose_turn
from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.session import LOCAL, Session
from gridworker.app.words.days import near_moment, near_moments
from gridworker.errors import Problem, StoreDamaged, StoreMissing, StoreNewer
from gridworker.text import gettext, ngettext, sentences

if TYPE_CHECKING:
    from gridworker.app.backup.backups import Backups, BackupView, Newest

ACTS = 200
"""Acts after which a backup is due on the same day too."""

OLD_ACTS, OLD_DAYS = 500, 7
"""From either of these on a person is reminded of the second place."""

RETRY = 15 * 60.0
"""Seconds until a second place that took no backup is tried again."""

BIG = 200_000
"""Bytes of bundles, some 15,000 changes, before which a backup is made."""

SECOND = "second_place"
"""Name of the setting; it stays in the store of this computer."""


@dataclass(frozen=True, slots=True)
class SecondPlace:
    """A stick or folder that a person chose. ``here``: it can be reached, and it is the one that was chosen."""

    place: Path
    here: bool
    same_disk: bool
    newest: "Newest | None"
    acts: int
    """How many acts it does not hold."""
    ruined: "tuple[BackupView, ...]" = ()
    """What lies there where none of it can be relied on, newest first; empty where one can, or nothing lies there."""


class BackupPlan(Service):
    """Decides and does what nobody should have to think of."""

    def __init__(self, session: Session, backups: "Backups") -> None:
        self._session = session
        self._backups = backups
        self._refused, self._refused_at = "", 0.0
        """Why the second place took no backup, and when by the clock that only runs on."""
        self._undone = ""
        """Why backups that hold what was erased are still there."""

    @needs(Action.READ, Matter.STORE)
    def due(self) -> list[Path]:
        """The places in which a backup is due and can be made now."""
        if self._session.read_only:
            return []
        second = self.second()
        resting = self._refused and monotonic() - self._refused_at < RETRY
        due = [own] if self._is_due(own := self._session.folder.backups) else []
        if second and second.here and not resting and (second.ruined or self._is_due(second.place)):
            due.append(second.place)
        return due

    @free("safekeeping is owed to all, whoever is at the keyboard")
    def keep_up(self, report: Callable[[float], object] | None = None) -> "list[BackupView]":
        """Make the backups that are due. A second place that takes none stops nothing: ``reminder`` says why."""
        with self._session.safekeeping():
            self._go_on()
            return self._make(self.due(), report)

    @free("safekeeping is owed to all, whoever is at the keyboard")
    def after_command(self) -> "BackupView | None":
        """The daily backup in the data folder for who uses the command line only; none on a store's first day."""
        from gridworker.store.log.clock import EPOCH
        from gridworker.store.log.journal import Journal

        with self._session.safekeeping():
            self._go_on()
            own = self._session.folder.backups
            if self._session.read_only or not self._is_due(own):
                return None
            with self._session.store.cursor() as cursor:
                first = Journal(cursor, self._session.store.chain_key).link(1)
            begun = (EPOCH + timedelta(milliseconds=first.at)).astimezone(LOCAL).date() if first else None
            few = self._acts_since(self._backups.newest()) < ACTS
            return None if few and begun == self._session.today() else self._make([own], None)[0]

    @free("safekeeping is owed to all, whoever is at the keyboard; what was found is for who may read it")
    def reread(self, report: Callable[[float], object] | None = None) -> "BackupView | None":
        """Read one of the backups that are here through again, once a day. Returns which; ``reminder`` says a fault."""
        with self._session.safekeeping():
            second = self.second()
            here = [None, *([second.place] if second and second.here else ())]
            found = [one for place in here for one in self._backups.list(place) if not one.former]
            turn = whose_turn(self._read(), found, self._session.today().isoformat())
            if turn is None or self._session.read_only:
                return None
            with suppress(StoreDamaged, StoreMissing, StoreNewer):  # it is remembered there
                self._backups.verify(turn.path, report)
        return turn

    def _go_on(self) -> None:
        """Do what was left of an erasure, or of a change of keys, when the power went or the disk was full.

        What cannot be done yet stops no backup: ``reminder`` says why, and it is tried again the next time.
        """
        from gridworker.app.forgetting import carry, settle_left

        self._undone = ""
        if self._session.read_only:
            return
        try:
            if self._backups.are_stale():
                carry(self._session, self._backups)
        except Problem as fault:
            self._undone = str(fault)
        with suppress(Problem):  # the next bundle waits for it
            settle_left(self._session)

    def _read(self) -> Read:
        from gridworker.store.meta import Meta

        with self._session.store.cursor() as cursor:
            return read_through(Meta(cursor))

    def _make(self, places: Sequence[Path], report: Callable[[float], object] | None) -> "list[BackupView]":
        made = []
        for place in places:
            try:
                made.append(self._backups.make(place, report))
            except Problem as fault:
                if place == self._session.folder.backups:
                    raise
                self._refused, self._refused_at = str(fault), monotonic()
            else:
                self._refused = "" if place != self._session.folder.backups else self._refused
        return made

    @needs(Action.CREATE, Matter.STORE)
    def before(self, report: Callable[[float], object] | None = None, spare: Path | None = None) -> "BackupView | None":
        """Before something that touches very much or cannot be undone: a backup, unless the newest has it all.

        ``spare`` is one that stays, however many there are: the one to be put back.
        """
        if self._acts_since(self._backups.newest()) == 0:
            return None
        return self._backups.make(report=report, spare=spare)

    @needs(Action.CREATE, Matter.STORE)
    def before_merge(self, bundles: Sequence[Path]) -> "BackupView | None":
        """The same, where the bundles to be taken in are big together."""
        size = 0
        for path in bundles:
            with suppress(OSError):  # what cannot be read says so when it is taken in
                size += path.stat().st_size
        return self.before() if size >= BIG else None

    @needs(Action.READ, Matter.STORE)
    def second(self) -> SecondPlace | None:
        """The second place, or None where none was chosen."""
        from gridworker.store.meta import Meta

        with self._session.store.cursor() as cursor:
            chosen = Meta(cursor).text(SECOND)
        if not chosen:
            return None
        place = Path(chosen)
        newest = self._backups.newest(place)
        lying = [*self._backups.list(place), *self._backups.nameless(place)] if _is_here(place) else []
        here = _is_here(place) and bool(newest is None or lying)
        ruined = () if any(one.former or one.counts is not None for one in lying) else tuple(lying)
        return SecondPlace(place, here, here and self._same_disk(place), newest, self._acts_since(newest), ruined)

    @needs(Action.CHANGE, Matter.STORE)
    def choose(self, place: Path | None) -> None:
        """Keep backups in a second place from now on, or in none. Raises StoreBusy, Problem for one that is no use.

        One that is empty begins anew, though there were backups in it: whoever chooses it knows that it is here.
        """
        from gridworker.store.backup.place import begin_anew, refuse_part_of_backups, require_writable

        self._session.require_writer()
        if place is not None:
            if not _is_here(place):
                raise Problem("This folder is out of reach. Choose one that is here now.")
            if place.resolve().is_relative_to(self._session.folder.root.resolve()):
                raise Problem("This is the data folder itself. A second place is a stick or another disk.")
            refuse_part_of_backups(place)
            require_writable(place)
            if not self._backups.list(place):
                with self._session.store.settings() as settings:
                    begin_anew(settings, place)
        self._refused = ""
        detail = SECOND if place else "second_place none"
        self._session.change_setting(SECOND, str(place.resolve()) if place else "", "settings", detail=detail)

    @needs(Action.READ, Matter.STORE)
    def reminder(self) -> str:
        """What to say about a backup that was found bad, and the second place; empty where all is well."""
        second = self.second()
        if second is not None and second.ruined:
            return self._ruined_words(second.ruined)
        fault = fault_words(self._read())
        if fault:
            return fault
        if undone := self.undone():
            return undone
        if second is None:
            return self._words_without()
        return self._words_of(second)

    def _words_without(self) -> str:
        """What to say where no second place was chosen: what was made elsewhere by hand may be old."""
        from gridworker.store.backup.place import elsewhere

        others = elsewhere(self._backups.places(), self._session.folder.root)
        newest = [one for place in others if (one := self._backups.newest(place))]
        if not (newest and self._session.is_office):
            return gettext("All backups lie on this computer. Choose a stick or another disk as a second place.")
        day = near_moment(max(one.at for one in newest), self._session.today())
        return gettext(
            "The newest backup away from this computer is from {day}. Laptops keep what left them since until there is "
            "another: choose a stick or another disk as a second place."
        ).format(day=day)

    @free("what is owed to people who were erased is said to all")
    def undone(self) -> str:
        """That backups made before an erasure are still there, and why, as it was found last; empty where none are."""
        if not self._undone:
            return ""
        return gettext("Older backups still hold what was erased. {fault}").format(fault=self._undone)

    def _ruined_words(self, ruined: "Sequence[BackupView]") -> str:
        """How many there are and from when; and why the one that should have taken their place was not made."""
        words = ngettext(
            "The second place is here, and the one backup in it is damaged: {moments}.",
            "The second place is here, and all {count} backups in it are damaged: {moments}.",
            len(ruined),
        )
        moments = near_moments([one.at for one in ruined], self._session.today())
        todo = gettext("Make a new one now.") if not self._refused else self._refused
        return sentences(words.format(count=len(ruined), moments=moments), todo)

    def _words_of(self, second: SecondPlace) -> str:
        if second.here and self._refused:
            return gettext("The second place took no backup: {fault}").format(fault=self._refused)
        if second.newest is None:
            return gettext("There is no backup in the second place yet.")
        if not second.here and self._backups.is_left(second.place):
            return gettext("The second place is not here; older backups in it still hold what was erased. Plug it in.")
        if not self._is_old(second):
            return ""
        day = near_moment(second.newest.at, self._session.today())
        if not second.here:
            return gettext("The second place is not here; its newest backup is from {day}. Plug it in.").format(day=day)
        return gettext("The newest backup in the second place is from {day}.").format(day=day)

    def _is_old(self, second: SecondPlace) -> bool:
        if second.newest is None:
            return True
        days = abs((self._session.today() - second.newest.at.astimezone(LOCAL).date()).days)
        return second.acts >= OLD_ACTS or (second.acts > 0 and days >= OLD_DAYS)

    def _is_due(self, place: Path) -> bool:
        newest = self._backups.newest(place)
        acts = self._acts_since(newest)
        if newest is None or acts >= ACTS:
            return True
        return acts > 0 and newest.at.astimezone(LOCAL).date() != self._session.today()

    def _acts_since(self, newest: "Newest | None") -> int:
        """Acts that the newest backup does not hold; all of them where it is of a time that is to come: put back."""
        from gridworker.store.log.journal import Journal

        with self._session.store.cursor() as cursor:
            journal = Journal(cursor, self._session.store.chain_key)
            behind = newest is not None and newest.chain <= journal.last()[0]
            return journal.acts_after(newest.chain if newest and behind else 0)

    def _same_disk(self, place: Path) -> bool:
        try:
            return place.stat().st_dev == self._session.folder.root.stat().st_dev
        except OSError:
            return False


def _is_here(place: Path) -> bool:
    try:
        return place.is_dir()
    except OSError:  # a share that is gone
        return False
