"""A folder that several computers see - a share, a synchronised folder, a netdisk - in which bundles come and go alone.

A look takes in what is there for this store, then packs what the other side does not have. Nothing in the folder is
trusted: a file that is still being copied does not open, changes nothing and is tried again when it has changed.
Bundles are never altered; each computer removes only its own, once they are confirmed. No lock files: two computers
that look at the same moment write two files of different names.

Every merge puts an audit row on record, which goes to the office too. So that two ends do not answer each other for
ever, only what people wrote, and receipts for it, make a new bundle.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.exchange.bundle_limit import WITHOUT_FILES
from gridworker.app.exchange.renamed import packed_here, state_of
from gridworker.app.exchange.views import Merged, Trip
from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.errors import BundleProblem, DiskFull, NotForUs, Problem

if TYPE_CHECKING:
    from gridworker.app.exchange.exchange import Exchange
    from gridworker.app.session import Session

FOLDER = "watched_folder"
"""Name of the setting; it stays in the store of this computer."""

SETTLED = timedelta(minutes=2)
"""A file that does not open and has not changed for so long is not on its way any more: it is damaged."""

LIMITS = (None, 2 * 1024 * 1024, WITHOUT_FILES)
"""Bytes of a bundle, tried one after the other where the folder is full: photos wait, visits go."""
TRIED_AGAIN = (SETTLED, 5 * SETTLED, 30 * SETTLED)
"""How long after it was first seen a file that did not open is tried again though it looks the same: where room was
made for all of it at once, it may have been filled since within one tick of the share's clock."""

DONE = frozenset({"confirmed", "past"})
"""States of a bundle that the other side need not be handed any more."""

AGAIN = timedelta(days=1)
"""What was not confirmed for so long is packed once more; at the office, for a laptop may be on leave, after a week."""
AGAIN_AT_OFFICE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look did. ``arriving`` are names of files that are not whole yet; ``bad`` those that stay unreadable."""

    at: datetime
    merged: tuple[Merged, ...] = ()
    packed: tuple[Path, ...] = ()
    arriving: tuple[str, ...] = ()
    bad: tuple[Merged, ...] = ()
    full: Problem | None = None
    """The folder has no room for all: something waits here, or went without its photos."""


@dataclass
class _Unopened:
    """A file that did not open: how it looked, since when, and what it said. ``ours``: whether it may be for us."""

    state: tuple[int, int]
    since: datetime
    problem: Problem
    ours: bool
    tries: int = 0
    """How often it was tried again since."""
    left: bool = False
    """Nobody here waits for it, as far as its name tells: it may be on its way, and is nothing bad if it stays so."""

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to try it again though it looks the same."""
        return self.tries < len(TRIED_AGAIN) and now - self.since >= TRIED_AGAIN[self.tries]


@dataclass
class WatchedFolder(Service):
    """The folder of an open store. Its memory of files that do not open lasts as long as it does."""

    _session: "Session"
    exchange: "Exchange"
    last: Look | None = None
    problem: Problem | None = None
    """Why the last look came to nothing."""
    _unopened: dict[str, _Unopened] = field(default_factory=dict)
    _renamed: dict[Path, tuple[tuple[int, int] | None, int]] = field(default_factory=dict)
    """Files of ours under other names: how they looked, and how many bundles were confirmed then."""

    @property
    @free("the path of a folder")
    def folder(self) -> Path | None:
        """The folder, or None where none is watched."""
        from gridworker.store.meta import Meta

        with self._session.store.cursor() as cursor:
            path = Meta(cursor).text(FOLDER)
        return Path(path) if path else None

    @needs(Action.CHANGE, Matter.SETTINGS)
    def watch(self, folder: Path | None) -> None:
        """Watch a folder from now on, or none. Raises StoreBusy, Problem for one that cannot be written to."""
        self._session.require_writer()
        if folder is not None:
            _require_usable(folder)
            _require_writable(folder)
            _require_apart(folder, self._session.folder.root)
        detail = FOLDER if folder else "watched_folder none"
        self._session.change_setting(FOLDER, str(folder.resolve()) if folder else "", "settings", detail=detail)
        self._unopened.clear()
        self.last = self.problem = None

    @needs(Action.EXCHANGE, Matter.BUNDLES)
    def look(self) -> Look:
        """Take in what has come, pack what is new. Raises StoreBusy, Problem where the folder is out of reach."""
        self._session.require_writer()
        folder = self.folder
        if folder is None:
            return Look(self._session.now())
        try:
            self.last = self._look_into(folder)
        except Problem as problem:
            self.problem = problem
            raise
        self.problem = self.last.full
        return self.last

    @free("it does nothing for who may not look")
    def look_quietly(self) -> bool:
        """The same for a timer: whether a folder is watched here at all. What went wrong stands in ``problem``."""
        if self._session.read_only or self.folder is None or not self.may(Action.EXCHANGE, Matter.BUNDLES):
            return False
        with suppress(Problem):
            self.look()
        return True

    def _look_into(self, folder: Path) -> Look:
        _require_usable(folder)
        came: list[Merged] = []
        try:
            came.extend(self._take_in(folder))
            self._tidy(folder)
            packed, full = self._pack_into(folder)
        except Problem:
            if came:  # what is in is in, though nothing could be put there
                self.last = Look(self._session.now(), tuple(came))
            raise
        if full is not None and not (came or packed):
            raise full
        arriving, bad = self._still_unopened()
        return Look(self._session.now(), tuple(came), packed, arriving, bad, full)

    def _pack_into(self, folder: Path) -> tuple[tuple[Path, ...], DiskFull | None]:
        """Put there what others wait for, without photos where there is no room for them; and what was in the way."""
        packed, full = [], None
        for peer in self._peers():
            for limit in LIMITS if self._has_news(peer) else ():
                if limit == WITHOUT_FILES and not self._has_news(peer, files=False):
                    continue
                try:
                    packed.append(self.exchange.pack(folder, peer, limit=limit))
                    break
                except DiskFull as fault:
                    full = fault
        return tuple(packed), full

    def _take_in(self, folder: Path) -> Iterator[Merged]:
        found = self.exchange.bundles_in(folder)
        names = {path.name for path in found}
        self._unopened = {name: one for name, one in self._unopened.items() if name in names}
        for path in sorted(found, key=_written):
            state, now = _state(path), self._session.now()
            before = self._unopened.get(path.name)
            same = before if before is not None and before.state == state else None
            if state is None or (same is not None and not same.is_due(now)):
                continue
            try:
                (result,) = self.exchange.merge_all([path])
            except Problem as problem:
                result = Merged(path.name, problem=problem)
            if isinstance(result.problem, BundleProblem):
                # On a laptop a reply that does not open is most likely another laptop's.
                ours = self._session.is_office or not isinstance(result.problem, NotForUs)
                since, tries = (same.since, same.tries + 1) if same else (now, 0)
                self._unopened[path.name] = _Unopened(state, since, result.problem, ours, tries, bool(result.left))
            elif result.problem is not None:
                if _state(path) is not None:  # whose it is has just taken it away
                    yield result
            else:
                self._unopened.pop(path.name, None)
                if not result.again:
                    yield result

    def _peers(self) -> list[int]:
        return self.exchange.laptops() if self._session.is_office else [0]

    def _has_news(self, peer: int, *, files: bool = True) -> bool:
        """Whether the other side should hear from us: what people wrote, a receipt it waits for, or a lost bundle."""
        trips = self.exchange.trips(1000)
        sent = next((one for one in trips if one.outgoing and (not peer or one.peer == peer)), None)
        return self._is_overdue(sent) or self.exchange.has_news(peer, files=files)

    def _is_overdue(self, sent: Trip | None) -> bool:
        patience = AGAIN_AT_OFFICE if self._session.is_office else AGAIN
        return bool(sent and sent.work and sent.state == "sent" and self._session.now() - sent.at > patience)

    def _tidy(self, folder: Path) -> None:
        """Take away our own bundles that the other side has confirmed; they stay in the outbox."""
        sent = {trip.file: trip.state in DONE for trip in self.exchange.trips(1000) if trip.outgoing}
        for name, done in sent.items():
            if done:
                _remove(folder / name)
        self._tidy_renamed(folder, sent)

    def _tidy_renamed(self, folder: Path, sent: dict[str, bool]) -> None:
        """The same for those that somebody gave another name. They are read again only once one more is confirmed."""
        confirmed = sum(sent.values())
        renamed = {path: (_state(path), confirmed) for path in packed_here(self._session, folder, sent)}
        for path, state in renamed.items():
            if self._renamed.get(path) != state and state_of(self._session, path) in DONE:
                _remove(path)
        self._renamed = renamed

    def _still_unopened(self) -> tuple[tuple[str, ...], tuple[Merged, ...]]:
        ours = {name: one for name, one in self._unopened.items() if one.ours}
        limit = self._session.now() - SETTLED
        arriving = tuple(sorted(name for name, one in ours.items() if one.since > limit))
        stay = {name: one for name, one in sorted(ours.items()) if one.since <= limit and not one.left}
        bad = tuple(Merged(name, problem=one.problem) for name, one in stay.items())
        return arriving, bad


def _require_usable(folder: Path) -> None:
    """A share that went away may still look like a folder, and fail only when it is read."""
    try:
        with os.scandir(folder) as entries:
            next(entries, None)
    except OSError as fault:
        raise Problem(
            "The shared folder “{name}” is out of reach just now. Nothing is lost.", name=folder.name
        ) from fault


def _require_writable(folder: Path) -> None:
    """A share may be open for reading alone: then nothing of ours would ever reach the others."""
    if not os.access(folder, os.W_OK):
        raise Problem("Nothing can be put into “{name}”: it is open for reading only.", name=folder.name)


def _require_apart(folder: Path, data: Path) -> None:
    if folder.resolve().is_relative_to(data.resolve()):
        raise Problem("This is the data folder itself. Choose a folder that the other computer sees too.")


def _state(path: Path) -> tuple[int, int] | None:
    """Size and time of a file; None where it is gone again."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _written(path: Path) -> tuple[int, str]:
    """Bundles of one sender in the order of their numbers."""
    from gridworker.sync.files.files import BundleName

    name = BundleName.parse(path.name)
    return (name.n if name else 0, path.name)


def _remove(path: Path) -> None:
    """A share may be gone, or the file held by whoever copies it: then the next look removes it."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
