"""Bundles as a person handles them: what is to be handed over, packing, receiving, what came of each."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.entry.shortening import shorten_late
from gridworker.app.exchange.bundle_limit import most_bytes
from gridworker.app.exchange.following import Following
from gridworker.app.exchange.for_others import ForOthers
from gridworker.app.exchange.forgotten_late import as_counted, ask_for_joined, forget_late
from gridworker.app.exchange.half_way import HalfWay
from gridworker.app.exchange.left_out import left_out_lines
from gridworker.app.exchange.log_intact import look_before_packing
from gridworker.app.exchange.lots import lots
from gridworker.app.exchange.not_read import note_unread, with_unread
from gridworker.app.exchange.still_here import still_here_words
from gridworker.app.exchange.taking_in import merge_together
from gridworker.app.exchange.to_hand_over import ToHandOver
from gridworker.app.exchange.trips import trip_of
from gridworker.app.exchange.views import LATER, KeyCard, Merged, Missing, Pending, Shown, Trip, Waiting
from gridworker.app.files.keeping_files import keep_others
from gridworker.app.files_back import FilesBack
from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.session import Session
from gridworker.errors import DiskFull, Problem, StoreClosed
from gridworker.store.engine.database import raw_cursor
from gridworker.store.forgetting import is_left_to_redact
from gridworker.store.intake.transaction import collecting_paused
from gridworker.store.log.clock import INCARNATION_BITS, OFFICE
from gridworker.store.streams import Exchange as Tables

if TYPE_CHECKING:
    from gridworker.app.exchange.agreement import Agreement
    from gridworker.store.streams import BundleRow
    from gridworker.sync.post import Post
    from gridworker.sync.redact import Redacted

__all__ = ["Exchange", "KeyCard", "Merged", "Missing", "Pending", "Shown", "Trip", "Waiting"]

PACK, WRITE, CHECK = "pack", "write", "check"
"""Steps of packing, as they are reported."""


class Exchange(Service):
    """Handing over and receiving."""

    def __init__(
        self,
        session: Session,
        before: Callable[[Sequence[Path]], object] | None = None,
        erased: Callable[[], object] | None = None,
    ) -> None:
        """``before`` is called with the files that are to be taken in: whoever wants a backup first makes it there.

        ``erased`` is called on a laptop that heard of an erasure: its backups are to be made anew.
        """
        self._session = session
        self._before = before or (lambda _paths: None)
        self._on_erased = erased or (lambda: None)
        self._following = Following(session)
        self._half_way = HalfWay(session)
        self._files_back = FilesBack(session)
        self._to_hand_over = ToHandOver(session, lambda: self._post.pending(), self.trips)

    @cached_property
    def _post(self) -> "Post":
        from gridworker.sync.post import Post

        return Post(self._session.store, self._session.folder, self._session.who)

    @needs(Action.READ, Matter.BUNDLES)
    def pending(self) -> Pending:
        """What a laptop would hand over now, and when bundles last went."""
        return self._to_hand_over.pending()

    @needs(Action.EXCHANGE, Matter.BUNDLES)
    def pack(
        self,
        destination: Path,
        laptop: int = 0,
        report: Callable[[str], object] | None = None,
        limit: int | None = None,
    ) -> Path:
        """Pack for the office, or at the office for a laptop; write it to a folder or file and read it back.

        ``limit``: attachments make the file no larger than so many bytes, at least LEAST; what is left goes later.
        ``report`` is told each step; what it raises stops the packing. Raises StoreBusy, UnknownSender, DiskFull,
        StoreProblem, Problem where that would replace a file that is no bundle written here: nothing was changed then
        and no file is left. The outbox keeps a copy until it is confirmed.
        """
        from gridworker.store.health import sidecar
        from gridworker.sync.files.files import save_bundle

        most = most_bytes(limit)
        tell = report or (lambda _step: None)

        def hand(name: str, data: bytes) -> Path:
            tell(WRITE)
            path = destination / name if destination.is_dir() else destination
            save_bundle(path, data)
            try:
                tell(CHECK)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
            return path

        self._session.require_writer()
        if not destination.is_dir():
            keep_others(destination, lambda file: self._written(file) is not None)
        tell(PACK)
        with collecting_paused():
            look_before_packing(self._session)
            sidecar.keep(self._session.store, self._session.folder, self._session.keys)  # it outlives a restore
            packed = self._post.pack(self._session.now(), laptop, hand, most)
        return packed.handed or packed.path

    @needs(Action.READ, Matter.BUNDLES)
    def has_news(self, laptop: int = 0, *, files: bool = True) -> bool:
        """Whether the office, or at the office a laptop, should hear from this store; without ``files``, of records."""
        return self._post.has_news(laptop, files=files)

    @needs(Action.EXCHANGE, Matter.BUNDLES)
    def pack_all(self, folder: Path, limit: int | None = None) -> dict[int, Path]:
        """One reply for every laptop that has introduced itself, by laptop number."""
        return {laptop: self.pack(folder, laptop, limit=limit) for laptop in self.laptops()}

    @needs(Action.READ, Matter.BUNDLES)
    def laptops(self) -> list[int]:
        """Numbers of the laptops a reply can be packed for."""
        with self._session.store.cursor() as cursor:
            tables = Tables(cursor)
            shown = {key.laptop for key in tables.pinned()}
            return sorted(laptop for laptop in shown if tables.laptop_state(laptop) == "active")

    @needs(Action.EXCHANGE, Matter.BUNDLES)
    def merge(self, path: Path) -> Merged:
        """Take one file in, whole or not at all. Raises BundleProblem, StoreProblem, Problem."""
        return self._take_one(path)

    def _take_one(self, path: Path) -> Merged:
        self._session.require_writer()
        self._before([path])
        (result,) = self._told_apart(self._merge_together([path]), [path])
        if result.problem is not None:
            raise result.problem
        (result,) = self._let_go([result])
        return result

    @free("it takes in again what this store had taken in before")
    def recover(self) -> list[Merged]:
        """After a restore: make use of what lies in the archive and is newer than the backup.

        The office takes it in once more: laptops were told that it has these, and one that was set back too may not
        have them any more. A laptop remembers what it can give back to an office that was set back as well. What was
        erased since the backup is taken out of the files at once too: the restore did so in the store alone.
        """
        from gridworker.sync.files.files import bundles_in

        with self._session.store.cursor() as cursor:
            known = {row.path for row in Tables(cursor).bundles(outgoing=False, limit=None)}
        new = [path for path in bundles_in(self._session.folder.archive) if path.name not in known]
        office = self._session.is_office
        with self._session.safekeeping():  # whoever opens the store next, if the power went in between
            merged = self._take_in(new) if office else []
        for path in () if office else new:
            with suppress(Problem):
                self._post.note_archived(path, self._session.now())
        with self._session.store.cursor() as cursor:
            left = is_left_to_redact(cursor)
        with suppress(Problem):  # taken up again before the next bundle
            if left:
                self.settle_erasures()
        return merged

    @needs(Action.EXCHANGE, Matter.BUNDLES)
    def merge_all(self, paths: Sequence[Path], report: Callable[[Merged], object] | None = None) -> list[Merged]:
        """Take files in one after the other; one that cannot be taken in does not stop the others.

        Those that came together go in together, see ``Post.together``; where that cannot be, each by itself.
        """
        return self._take_in(paths, report)

    def _take_in(self, paths: Sequence[Path], report: Callable[[Merged], object] | None = None) -> list[Merged]:
        self._session.require_writer()
        self._before(paths)
        results = []
        for group in lots(paths):
            try:
                merged = self._merge_together(group)
            except StoreClosed:  # the lock broke it off, and would wait for each of them
                raise
            except Problem:
                merged = [self._merge_alone(path) for path in group]
            for result in merged:
                results.append(result)
                if report is not None:
                    report(result)
        return self._let_go(self._told_apart(results, paths))

    @needs(Action.EXCHANGE, Matter.BUNDLES)
    def settle_erasures(self) -> "Redacted":
        """Take what was erased out of the files of this computer too. Says what a person has to look after."""
        self._session.require_writer()
        found = self._post.redact()
        self._session.store.db.checkpoint()
        return found

    def _merge_alone(self, path: Path) -> Merged:
        try:
            return self._take_one(path)
        except StoreClosed:
            raise
        except Problem as problem:
            return Merged(path.name, problem=problem)

    def _merge_together(self, paths: Sequence[Path]) -> list[Merged]:
        with self._half_way.marked(paths):
            return merge_together(self._session, self._post, paths)

    def _told_apart(self, results: Sequence[Merged], paths: Sequence[Path]) -> list[Merged]:
        """With a sentence for files that nobody here waits for; of others that could not be read it is remembered."""
        if not results:
            return []
        apart = ForOthers(self._post, self._written, is_office=self._session.is_office)
        told = apart.told_apart(results, paths)
        note_unread(self._post, told, self._session.now())
        return told

    def _let_go(self, results: list[Merged]) -> list[Merged]:
        """What came of files, once all is done that they ask for here.

        Remove what left this laptop's grids and is safe at the office; where the disk is full, the next time.

        At the office, what is kept of no ID number, or of somebody who is forgotten: laptops that had not heard of that
        may have brought some. Files that were named now are brought out of backups, where an older one was put back.
        """
        self._files_back.bring()
        if self._session.is_office:
            with suppress(DiskFull):  # taken up again with the next bundle; this one is in
                self._following.follow()
                forgotten = forget_late(self._session)
                if shorten_late(self._session) | forgotten:
                    self.settle_erasures()
                ask_for_joined(self._session)
                return as_counted(self._session, results) if forgotten else results
            return results
        with suppress(DiskFull):
            gone = self._post.let_go()
            if gone is not None:
                self._session.announce(gone)
        if self._post.heard_of_erasure():
            self._on_erased()
        return results

    @needs(Action.EXCHANGE, Matter.BUNDLES)
    def show(self, path: Path, *, whole: bool = False) -> Shown:
        """What is in a bundle, for the one it is for, or for its writer. Raises BundleProblem.

        ``counts`` are of what is not here yet, or was not before it was taken in: much of a bundle has come before.
        ``whole``: op by op as well, which its writer cannot open any more.
        """
        from gridworker.app.exchange.shown_ops import told_ops
        from gridworker.sync.counts import counted_of_unknown
        from gridworker.sync.files.files import load_bundle
        from gridworker.sync.format.header import kept_header

        data = load_bundle(path)
        own = self._written(hashlib.sha256(data).digest())
        if own is not None and not whole:
            header, trip = kept_header(own.header), trip_of(own, self._session)
            return Shown(header.purpose, header.sender, header.n, header.time, trip.ops, trip.counts, trip.hash)
        bundle = self._post.read(data)
        with self._session.store.db.read() as connection:
            before = Tables(raw_cursor(connection)).bundle(bytes.fromhex(bundle.hash))
            told = trip_of(before, self._session) if before else counted_of_unknown(connection, bundle.ops)
        header = bundle.header
        lines = tuple(told_ops(bundle)) if whole else ()
        return Shown(
            header.purpose, header.sender, header.n, header.time, header.ops, told.counts, bundle.hash, lines,
            told.erased, told.forgotten,
        )  # fmt: skip

    @needs(Action.EXCHANGE, Matter.BUNDLES)
    def waiting(self, paths: Sequence[Path]) -> list[Waiting]:
        """What is in bundles that were found or dropped, without taking them in."""
        found = []
        for path in paths:
            shown, fault = None, None
            try:
                shown = self.show(path)
            except Problem as problem:
                fault = problem
            found.append(Waiting(path.name, path.stat().st_size if path.exists() else 0, shown, fault))
        return found

    @needs(Action.READ, Matter.BUNDLES)
    def trips(self, limit: int = 200, *, outgoing: bool | None = None) -> list[Trip]:
        """Bundles sent and received, or one of the two, newest first."""
        from gridworker.app.exchange.trips import trips

        return trips(self._session, limit, outgoing=outgoing)

    @needs(Action.READ, Matter.BUNDLES)
    def missing(self) -> list[Missing]:
        """Bundles that never came, oldest first: whose, which number, and written when, where that is known.

        And those that came and could not be read, until what was in them came with a later one.
        """
        from gridworker.app.exchange.trips import missing

        senders = self.laptops() if self._session.is_office else [OFFICE]
        return with_unread(self._session, missing(self._session), *self._post.not_read(senders))

    @needs(Action.READ, Matter.BUNDLES)
    def missing_lines(self) -> list[str]:
        """What is missing still of what others wrote for this computer, in sentences."""
        from gridworker.app.exchange.missing_words import missing_words

        today = self._session.today()
        return [missing_words(one, today) for one in self.missing() if not one.covered and one.office != LATER]

    @needs(Action.READ, Matter.BUNDLES)
    def cut_off(self) -> str:
        """That a merge was cut off and what to do, until it is done or these data are closed; empty where none was."""
        return self._half_way.words()

    @needs(Action.READ, Matter.BUNDLES)
    def still_here(self) -> str:
        """On a laptop: that records which left its grids wait here, and for what; empty where none do."""
        return still_here_words(self._session)

    @needs(Action.READ, Matter.BUNDLES)
    def left_out(self) -> list[str]:
        """At the office: records that reach a laptop with no bundle, a sentence for each."""
        return left_out_lines(self._session, self.laptops())

    @needs(Action.READ, Matter.BUNDLES)
    def other_office(self) -> str:
        """That another computer is at work as the office, and what to do; empty where nothing tells of one."""
        from gridworker.app.exchange.other_office import other_office_words

        return other_office_words(self._session)

    @needs(Action.READ, Matter.BUNDLES)
    def agreements(self) -> "list[Agreement]":
        """What was compared with each laptop at the last exchange; on a laptop with the office."""
        from gridworker.app.exchange.agreement import agreements

        return agreements(self._session)

    @needs(Action.READ, Matter.BUNDLES)
    def agreement_words(self) -> str:
        """One line: all laptops agree, or which differ. Empty where that is not known: two offices may be at work."""
        from gridworker.app.exchange.agreement import laptop_words, office_words

        if self.other_office():
            return ""
        found = self.agreements()
        if self._session.is_office:
            return office_words(self.laptops(), found)
        return laptop_words(found, self._session.today())

    @free("public keys, for anybody to compare")
    def key(self) -> KeyCard:
        """This device's key."""
        return KeyCard.of("", self._post.keys)

    @free("public keys, for anybody to compare")
    def office_key(self) -> KeyCard:
        """The office's key, to compare by picture or by telephone."""
        with self._session.store.db.read() as connection:
            name = connection.exec_driver_sql("SELECT office_name FROM community LIMIT 1").scalar()
        return KeyCard.of(str(name or ""), self._post.office_keys)

    @free("names of files")
    def bundles_in(self, folder: Path) -> list[Path]:
        """Bundle files in a folder or on a stick that may be for this store and have not been taken in yet."""
        from gridworker.sync.files.files import BundleName, bundles_in

        laptop = self._session.store.identity.laptop
        done = {trip.file for trip in self.trips(1000)}
        found = []
        for path in bundles_in(folder):
            name = BundleName.parse(path.name)
            if name is None or str(name) in done:
                continue
            sender = name.device >> INCARNATION_BITS
            if sender != laptop and (self._session.is_office or sender == 0):
                found.append(path)
        return found

    def _written(self, file: bytes) -> "BundleRow | None":
        with self._session.store.cursor() as cursor:
            return Tables(cursor).written(file)
