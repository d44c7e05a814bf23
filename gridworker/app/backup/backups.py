"""Backups of the store that is open: made, verified, listed, thinned. Putting one back is restoring.py."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from gridworker.app.backup.remaking import Remaking
from gridworker.app.backup.renewed import Renewed
from gridworker.app.files_back import FilesBack
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.session import Session
from gridworker.errors import FilesNotWhole, Problem, StoreDamaged, StoreMissing, StoreNewer, StoreProblem

if TYPE_CHECKING:
    from gridworker.store.backup.backup import Backup, Source
    from gridworker.store.backup.manifest import Named
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.keys.vault import Keys


_MOMENT = "%Y%m%dT%H%M%SZ"
_REMADE = 0.7
"""The share of a place after which its last backups are made anew; then comes the one of today."""


@dataclass(frozen=True, slots=True)
class BackupView:
    """A backup as it is listed. ``chain`` is how far the journal had come, ``at`` the clock then.

    ``counts`` are the rows of each table in it; None where what it says of itself does not check, or it was found bad
    when it was read through again: nobody should rely on it. ``former``: it was made under a data key that the store
    has no more, which its passphrase of that time still opens.
    """

    path: Path
    serial: int
    chain: int
    at: datetime
    counts: Mapping[str, int] | None = field(default=None, compare=False)
    former: bool = False


@dataclass(frozen=True, slots=True)
class Newest:
    """How far the newest backup of a place had come, and when it was made; known also where the place is not here."""

    chain: int
    at: datetime


class Backups(Service):
    """Backups of this store."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._turn = Lock()
        self._id = ""

    @needs(Action.CREATE, Matter.STORE)
    def make(
        self,
        place: Path | None = None,
        report: Callable[[float], object] | None = None,
        spare: Path | None = None,
    ) -> BackupView:
        """Make a verified backup in ``place``, or in the data folder, and let go what need not be kept any more.

        At the office the laptops hear of it with the next replies: what it holds they may throw away. ``report`` is
        told the share that is done; what it raises stops it. ``spare`` is a backup that stays whatever its turn, and so
        does the last one of a life before a restore. Nothing is left of one that fails. Raises StoreBusy, DiskFull,
        StoreProblem, and Problem for a folder that the store clears away, or that is out of reach.
        """
        from gridworker.store.backup.backup import back_up
        from gridworker.store.backup.place import refuse_out_of_reach, refuse_part_of_backups, refuse_within, thin
        from gridworker.store.meta import Meta

        self._session.require_writer()
        where = place or self._session.folder.backups
        refuse_within(where, self.places(), self._session.folder)
        refuse_part_of_backups(where, self.places())
        with self._session.store.cursor() as cursor:
            refuse_out_of_reach(where, Meta(cursor), self._session.folder.root)
        FilesBack(self._session).bring()
        with self._turn:
            is_new = self._remember(where)  # first, so that the backup knows of the place itself
            try:
                made = back_up(self._source(where), where, self._session.now(), report or _unheard)
            except BaseException:
                if is_new:
                    self._forget(where)
                raise
            self._cover(made)
            self._remember(where, made.manifest.named)
            self._doubt(where, ())
            kept = [*self._of_former_lives(where), *([spare] if spare else [])]
            thin(where, made.manifest.store, kept=kept, checks=lambda path: self._counts(path) is not None)
        self._renewed.remember(where)
        return _view(made.manifest.named, made.path, made.manifest.counts)

    @needs(Action.CREATE, Matter.STORE)
    def renew(
        self, report: Callable[[float], object] | None = None, old: "Keys | None" = None
    ) -> tuple[int, tuple[str, ...]]:
        """After an erasure: where there are backups, make a new one and remove those made before.

        The last one of a life before a restore is made anew, for what it has may be nowhere else (remaking.py); so it
        is after a change of the data key from ``old``. ``report`` is told the share that is done. Cut off, it goes on
        with the places that are left; one that is away stays due until it is here again.
        Returns how many went, and what is out of reach, places with backups, stores that a restore put aside,
        backups that do not say whose they are or open by no key that is here: a person has to look after those.
        """
        from gridworker.store.backup.place import clear_parts, keep_only, nameless
        from gridworker.store.backup.restore import stores_aside

        gone, beyond = 0, [str(path) for path in stores_aside(self._session.folder)]
        told, places = report or _unheard, self.places()
        left = self._renewed.left(places)
        for done, place in enumerate(places):
            part = _part(told, done / len(places), 1 / len(places))
            beyond += map(str, nameless(place))
            if place not in left:
                continue
            if self.list(place):
                gone += self._remade(place, _part(part, 0.0, _REMADE), old)
                kept = self.make(place, _part(part, _REMADE, 1 - _REMADE)).path
                gone += keep_only(place, self.store_id(), kept, self._remaking.staying(place, old))
                self._renewed.remember(place)
                continue
            with self._turn:  # the first one may be under way
                clear_parts(place, self._session.store.identity.laptop)
            beyond += [str(place)] if place != self._session.folder.backups else []
        beyond += [str(path) for place in places for path in self._remaking.closed(place)]
        return gone, tuple(beyond)

    @needs(Action.READ, Matter.STORE)
    def are_stale(self) -> bool:
        """Whether making them anew was cut off: some within reach are older than what had to go out of all of them."""
        return self._renewed.is_stale(self.places())

    @needs(Action.READ, Matter.STORE)
    def is_left(self, place: Path) -> bool:
        """Whether backups in a place that is away are still to be made anew once it is here."""
        from gridworker.store.backup.place import real_place

        return self._renewed.link > 0 and real_place(place) in map(real_place, self._renewed.left(self.places()))

    @needs(Action.READ, Matter.STORE)
    def list(self, place: Path | None = None) -> list[BackupView]:
        """The backups of this store in a place, newest first."""
        from gridworker.store.backup.place import finished

        where = place or self._session.folder.backups
        found = reversed(finished(where, self.store_id()))
        views = [_view(named, path, self._counts(path)) for named, path in found]
        views = [replace(view, former=view.counts is None and self._is_former(view.path)) for view in views]
        return [view for view in views if view.path.is_dir()]  # one may be let go meanwhile

    @needs(Action.READ, Matter.STORE)
    def nameless(self, place: Path | None = None) -> Sequence[BackupView]:
        """Those of this computer, by their names, that do not say any more of which store they are; newest first."""
        from gridworker.store.backup.place import finished

        found = reversed(finished(place or self._session.folder.backups, ""))
        return [
            _view(named, path, None) for named, path in found if named.laptop == self._session.store.identity.laptop
        ]

    @needs(Action.READ, Matter.STORE)
    def verify(self, backup: Path, report: Callable[[float], object] | None = None) -> BackupView:
        """Check one once more, whole, with every file that goes with it.

        Raises StoreDamaged, StoreMissing, StoreNewer, and what ``report`` raises; Problem where it was made under a
        former data key; FilesNotWhole where only files are missing or bad: the office does not count those as safe any
        more, and the next backup brings them anew.
        """
        from gridworker.store.backup.backup import verify
        from gridworker.store.backup.files import not_whole

        if self._is_former(backup):
            raise Problem(
                "This backup was made under the former data key, so it cannot be checked here. Put back into an empty "
                "folder, it opens with the passphrase of that time."
            )
        try:
            checked = verify(backup, self._session.keys, report)
        except (StoreDamaged, StoreMissing):
            self._remember_read(backup, whole=False)
            raise
        self._remember_read(backup, whole=True)
        bad = not_whole(backup, report)
        if bad:
            self._doubt(backup.parent, bad.values(), bad)
            raise FilesNotWhole(
                "Files of this backup that are missing or damaged: {count} ({names}). "
                "The next backup made there brings them anew from this computer.",
                bad,
            )
        return _view(checked.manifest.named, checked.path, checked.manifest.counts)

    @needs(Action.READ, Matter.STORE)
    def newest(self, place: Path | None = None) -> Newest | None:
        """The newest backup in a place: what lies there, or what is remembered of it while it is out of reach."""
        from gridworker.store.backup.place import finished, newest_of
        from gridworker.store.meta import Meta

        where = place or self._session.folder.backups
        for named, _ in reversed(finished(where, self.store_id())):
            return Newest(named.chain, moment_of(named.at))
        with self._session.store.cursor() as cursor:
            known = newest_of(Meta(cursor), where)
        return Newest(known[0], moment_of(known[1])) if known else None

    @needs(Action.READ, Matter.STORE)
    def places(self) -> tuple[Path, ...]:
        """Everywhere backups of this store were made, the data folder first."""
        from gridworker.store.backup.place import places_of
        from gridworker.store.meta import Meta

        with self._session.store.cursor() as cursor:
            return (self._session.folder.backups, *places_of(Meta(cursor)))

    @needs(Action.READ, Matter.STORE)
    def store_id(self) -> str:
        """The random name of this store, which its backups bear."""
        from gridworker.store.keys.kdf import PRODUCTION
        from gridworker.store.keys.vault import Vault

        if not self._id:
            self._id = Vault(self._session.folder, self._session.profile or PRODUCTION).store(self._session.keys)
        return self._id

    def _remember_read(self, backup: Path, *, whole: bool) -> None:
        from gridworker.app.backup.rereading import remember_read

        if not self._session.read_only:
            with suppress(StoreProblem), self._session.store.settings() as settings:
                remember_read(settings, backup, self._session.today().isoformat(), whole=whole)

    def _remember(self, place: Path, newest: "Named | None" = None) -> bool:
        """Know of a place, and of its newest backup. Returns whether it is a new one."""
        from gridworker.store.backup.place import real_place, remember_place

        is_new = real_place(place) not in set(map(real_place, self.places()))
        if newest is not None or is_new:
            with self._session.store.settings() as settings:
                remember_place(settings, place, self._session.folder.backups, newest)
        return is_new

    def _forget(self, place: Path) -> None:
        from gridworker.store.backup.place import finished, forget_place

        with suppress(Problem), self._session.store.settings() as settings:  # what stopped the backup may stop this too
            if not finished(place):
                forget_place(settings, place)

    def _doubt(self, place: Path, digests: Collection[str], names: Collection[str] = ()) -> None:
        """Remember which shared files of a place are bad; what was safe by them is not any more."""
        from gridworker.store.attached import Files
        from gridworker.store.backup.place import doubt, doubted_of
        from gridworker.store.engine.database import raw_cursor
        from gridworker.store.meta import Meta

        with self._session.store.cursor() as cursor:
            known = doubted_of(Meta(cursor), place)
        if sorted(known) == sorted(digests) or self._session.read_only:
            return
        with self._session.store.settings() as settings:
            doubt(settings, place, sorted(digests))
        with self._session.store.db.write() as connection:
            Files(raw_cursor(connection)).uncover(self._attachments(names))

    def _attachments(self, names: Iterable[str]) -> Collection[str]:
        folder = f"{self._session.folder.attachments.name}/"
        return {name.removeprefix(folder) for name in names if name.startswith(folder)}

    def _cover(self, made: "Backup") -> None:
        """Put it on record; at the office, what it covers is what the laptops hear of.

        One in the data folder goes with the disk. Whoever then puts back an older one from elsewhere needs what the
        laptops have beyond that one: where there are others, it covers nothing.
        """
        from gridworker.store.attached import Files
        from gridworker.store.backup.place import elsewhere, listing
        from gridworker.store.engine.database import raw_cursor
        from gridworker.store.recall import Recall
        from gridworker.store.streams import Exchange
        from gridworker.store.tables.changes import Act

        files = self._attachments(listing(made.path))
        root = self._session.folder.root
        is_lost_with_us = not elsewhere([made.path], root) and bool(elsewhere(self.places(), root))

        def beside(connection: "Connection", _commit: "Commit") -> None:
            if not self._session.is_office:
                return
            if not is_lost_with_us:
                Exchange(raw_cursor(connection)).raise_backed_up(made.marks, made.manifest.chain)
                Recall(raw_cursor(connection)).cover(made.returned)
                Files(raw_cursor(connection)).cover(files)
            Files(raw_cursor(connection)).lose([file.hash for file in made.damaged])  # a laptop may have them

        act = Act.note("backup", self._session.who, detail=str(made.manifest.named))
        self._session.store.write([], act, beside)

    def _counts(self, path: Path) -> Mapping[str, int] | None:
        from gridworker.app.backup.rereading import read_through
        from gridworker.store.backup.manifest import Manifest
        from gridworker.store.meta import Meta

        with self._session.store.cursor() as cursor:
            if not read_through(Meta(cursor)).get(str(path), ("", True))[1]:
                return None
        try:
            return Manifest.read(path, self._session.keys).counts
        except (StoreDamaged, StoreMissing, StoreNewer):
            return None

    def _remade(self, place: Path, report: Callable[[float], object], old: "Keys | None") -> int:
        from gridworker.store.backup.place import doubted_of
        from gridworker.store.meta import Meta

        with self._session.store.cursor() as cursor:
            doubted = doubted_of(Meta(cursor), place)
        with self._turn:
            return self._remaking.run(place, doubted, report, old)

    @cached_property
    def _remaking(self) -> Remaking:
        return Remaking(self._session, self.store_id())

    @cached_property
    def _renewed(self) -> Renewed:
        return Renewed(self._session, self._remaking, self.store_id())

    def _of_former_lives(self, place: Path) -> Sequence[Path]:
        from gridworker.store.backup.single import last_of_lives
        from gridworker.store.log.journal import Journal

        session = self._session
        if session.store.identity.incarnation == 0:
            return []
        with session.store.cursor() as cursor:
            last = last_of_lives(Journal(cursor, session.store.chain_key), place, session.keys)
        return [*last, *self._remaking.closed(place)]

    def _is_former(self, path: Path) -> bool:
        from gridworker.store.backup.manifest import has_other_key
        from gridworker.store.keys.kdf import PRODUCTION

        return has_other_key(path, self._session.keys, self._session.profile or PRODUCTION)

    def _source(self, place: Path) -> "Source":
        from gridworker.store.backup.backup import Source
        from gridworker.store.backup.place import doubted_of
        from gridworker.store.keys.kdf import PRODUCTION
        from gridworker.store.meta import Meta

        session = self._session
        with session.store.cursor() as cursor:
            doubted = doubted_of(Meta(cursor), place)
        return Source(session.store, session.folder, session.keys, session.profile or PRODUCTION, doubted)


def _view(named: "Named", path: Path, counts: Mapping[str, int] | None) -> BackupView:
    return BackupView(path, named.serial, named.chain, moment_of(named.at), counts)


def moment_of(at: str) -> datetime:
    """When a backup was made, as its name says it."""
    return datetime.strptime(at, _MOMENT).replace(tzinfo=UTC)


def _unheard(_share: float) -> None:
    """Nobody wants to know how far it is."""


def _part(report: Callable[[float], object], start: float, length: float) -> Callable[[float], object]:
    return lambda share: report(start + share * length)
