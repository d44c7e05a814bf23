"""After an erasure: the files of the outbox and the archive without the erased values.

archive   a bundle that holds any of them is replaced, under its name, by one without them: signed by this device, with
          ``redacts`` naming the bundle it stands for. The seed of the old one goes with it, from the store too, so
          nobody can find out a value by trying which one fits a hash. A reply that a restored office asks back stays
          until it was given back, for by its signature alone the rest of it is believed there. It was once the office
          has taken in the bundle of this life that gave it, though it may ask on for the sake of a former one.
outbox    cannot be opened by who wrote it; a copy goes, for all it holds is in the log and is packed anew, blank,
          until the other side confirms it. What is on sticks already is named, for a person to look after.

strays    files of either folder that the store does not name, for a kill came before it did, are gone through alike.
store     is written anew, once for all that was erased since: a row that was moved left a copy where it lay.

Which records are still to be gone through stands in the store (``unredacted``), written in the transaction that erased:
cut off anywhere, it goes on where it was.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gridworker.errors import BundleProblem
from gridworker.paths import Folder
from gridworker.store.attached import Files
from gridworker.store.departed import Departed
from gridworker.store.engine.database import raw_cursor
from gridworker.store.engine.filesafe import disk_problems, fsync_folder
from gridworker.store.log.blanking import Erased, blanked
from gridworker.store.log.clock import INCARNATION_BITS, device_of, laptop_of
from gridworker.store.log.log import Log, ops_on
from gridworker.store.log.op import OpRow
from gridworker.store.meta import FOLLOWS, Identity, Meta
from gridworker.store.streams import BundleRow, Exchange
from gridworker.sync.files.filenotes import SECTION as NOTES
from gridworker.sync.files.files import SUFFIX, BundleName, load_bundle, save_bundle
from gridworker.sync.format.bundle import CHUNKS, Bundle, Contents, read_bundle, write_bundle
from gridworker.sync.format.header import SEED, Header, Redaction, pack_header, unpack_header
from gridworker.sync.format.keys import DeviceKeys, PublicKeys
from gridworker.sync.format.states import SENT
from gridworker.sync.judging.accepting import NOT_ITS_OWN
from gridworker.sync.returning.answered import Answered
from gridworker.sync.returning.giving import Asked, purge_kit
from gridworker.sync.returning.returns import SECTION
from gridworker.sync.summary import Summary

if TYPE_CHECKING:
    from gridworker.store.log.log import Cursor
    from gridworker.store.store import Store

ALL = 1_000_000_000
WRITTEN_ANEW = "erasures_written_anew"
"""In meta: how many erasures there were when the store was written anew last."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """What became of the files.

    ``elsewhere`` and ``unread`` are names for a person to look after: bundles on the way on some stick, and files that
    could not be opened.
    """

    replaced: int = 0
    removed: int = 0
    elsewhere: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Redactor:
    """Goes through the files of one data folder. ``known`` says whose signature an archived bundle bears."""

    store: "Store"
    folder: Folder
    keys: DeviceKeys
    recovery: PublicKeys
    known: Callable[[Exchange, Header], PublicKeys | None]
    attached: Callable[[Collection[int]], object] | None = None
    """Removes what was attached to records. Told until it has returned once, so it has to bear being told again."""

    def run(self) -> Redacted:
        """Do what is to be done; nothing, nearly always. Raises DiskFull, StoreProblem; it is taken up again then."""
        with self.store.cursor() as cursor:
            cursor.execute("SELECT record FROM unredacted")
            records = {row[0] for row in cursor.fetchall()}
            if not records:
                return Redacted()
            erased = Log(cursor).erasures(records)
            held, shed, asked = _Held.of(cursor, records), set(Files(cursor).shed()), Asked.of(Meta(cursor))
            answered = Answered.of(Exchange(cursor), Meta(cursor))
            rows = Exchange(cursor).bundles(limit=ALL)
            bundles = [row for row in rows if held.may_be_in(row)]
            known = None if Meta(cursor).text(FOLLOWS) else {row.path for row in rows}
        strays = self._unnamed(known) if known is not None else ([], [])
        replaced, unread = [], self._clear(strays[0], erased, shed)
        shed |= self._strays(bundles) if held.gone else set()
        copied = [(row, unpack_header(row.header)) for row in bundles if not row.outgoing]
        wanted = [row for row, reply in copied if asked.wants(reply) and not answered.holds(reply)]
        for row in bundles:
            if not row.outgoing and row not in wanted:
                try:
                    replaced += [row] if self._replace(row.path, row.header, erased, shed) else []
                except BundleProblem:
                    unread.append(row.path)
        gone = self._remove([*(row.path for row in bundles if row.outgoing), *strays[1]])
        if self.attached is not None:
            self.attached(records)
        self._write_store_anew()
        self._remember(replaced, records, shed, later=bool(wanted))
        elsewhere = tuple(row.path for row in bundles if row.outgoing and row.state == SENT)
        return Redacted(len(replaced), len(gone), elsewhere, tuple(unread))

    def _strays(self, bundles: Collection[BundleRow]) -> set[bytes]:
        """Files in the archive that nothing here names: those of what was erased after it left are among them."""
        there = set[bytes]()
        for row in bundles:
            path = self.folder.archive / row.path
            if not row.outgoing and path.exists():
                with suppress(BundleProblem):  # it is told of where it was to be replaced
                    there.update(chunk.sha256 for chunk in self._read(load_bundle(path)).chunks)
        with self.store.cursor() as cursor:
            return there - {one.hash for one in Files(cursor).once_wanted(there)}

    def _unnamed(self, known: Collection[str]) -> tuple[list[str], list[str]]:
        """Bundles copied and never taken in, and those packed and never put on record.

        Those of another life too, where the store that knew them was put aside whole: all they hold is in that one.
        Else they may be all that is left of its work. And what follows a restore has yet to name its archive.
        """
        from gridworker.store.backup.restore import devices_aside

        us = self.store.identity
        folders = (self.folder.archive, self.folder.outbox)
        copied, packed = ([path.name for path in folder.glob(f"*{SUFFIX}")] for folder in folders)
        said = {name: found.device for name in packed if (found := BundleName.parse(name))}
        formers = {one for one in said.values() if one != us.device and one >> INCARNATION_BITS == us.laptop}
        lives = {us.device, *(devices_aside(self.folder, self.store.db, formers) if formers else ())}
        mine = [name for name, device in said.items() if device in lives]
        return [name for name in copied if name not in known], [name for name in mine if name not in known]

    def _clear(self, names: list[str], erased: Mapping[int, Erased], shed: Collection[bytes]) -> list[str]:
        """Go through copies that the store does not name. Returns those that could not be opened."""
        unread = []
        for name in names:
            try:
                self._replace(name, b"", erased, shed)
            except BundleProblem:
                unread.append(name)
        return unread

    def _write_store_anew(self) -> None:
        with self.store.cursor() as cursor:
            before, erasures = Meta(cursor).number(WRITTEN_ANEW), Log(cursor).count_erasures()
        if before != erasures:
            self.store.db.write_anew()
            with self.store.settings() as settings:
                settings.set(WRITTEN_ANEW, erasures)

    def _replace(self, name: str, header: bytes, erased: Mapping[int, Erased], shed: Collection[bytes]) -> bool:
        """Whether it was, or only the seed in its ``header``, as the store keeps that, is left to go."""
        path = self.folder.archive / name
        if not path.exists():
            return False
        bundle = self._read(load_bundle(path))
        whole = list(_in_order(bundle))
        bare = [blanked(one, erased[one.record]) if one.record in erased else one for one in whole]
        kept = tuple(chunk for chunk in bundle.chunks if chunk.sha256 not in shed)
        if (
            bare == whole and kept == bundle.chunks and SECTION not in bundle.other
        ):  # of one that was replaced before this was cut off, only the seed is left to go
            return bool(header) and bundle.header.redacts is not None and unpack_header(header).sections != ()
        recipients = [self.keys.public.recipient, self.recovery.recipient]
        written = write_bundle(self._contents(replace(bundle, chunks=kept), bare), self.keys, recipients)
        save_bundle(path, written.data, private=True)
        return True

    def _read(self, data: bytes) -> Bundle:
        def known(header: Header) -> PublicKeys | None:
            if header.redacts and header.sender >> INCARNATION_BITS == self.store.identity.laptop:
                return self.keys.public
            with self.store.cursor() as cursor:
                return self.known(Exchange(cursor), header)

        return read_bundle(data, [self.keys.identity], known=known)

    def _contents(self, bundle: Bundle, rows: list[OpRow]) -> Contents:
        own, was = self.store.identity.device, bundle.header
        header = replace(
            was, sender=own, recipient=own, prev=None, keys=None, proof=None,
            redacts=was.redacts or Redaction(bundle.hash, was.n, was.sender, was.prev),
        )  # fmt: skip
        # Replies given back are whole bundles and hold anything; all that is in them is in the log.
        other = {name: section for name, section in bundle.other.items() if name not in {SECTION, NOTES}}
        return Contents(header, rows, bundle.authors, bundle.scope, bundle.chunks, other)

    def _remove(self, names: Collection[str]) -> list[str]:
        """Returns those that were there. A power cut brings none of them back: nobody would go through it any more."""
        gone = []
        for name in names:
            path = self.folder.outbox / name
            with disk_problems(path), suppress(FileNotFoundError):
                path.unlink()
                gone.append(name)
        if self.folder.outbox.is_dir():  # what was removed before it was cut off may not be synced either
            with disk_problems(self.folder.outbox):
                fsync_folder(self.folder.outbox)
        return gone

    def _remember(
        self, replaced: list[BundleRow], records: Collection[int], shed: Collection[bytes], *, later: bool
    ) -> None:
        with self.store.db.write() as connection:
            cursor = raw_cursor(connection)
            for row in replaced:
                bare = replace(unpack_header(row.header), seed=bytes(SEED), sections=())
                Exchange(cursor).save_bundle(row._replace(header=pack_header(bare)))
            answered = Answered.of(Exchange(cursor), Meta(cursor))
            later |= not purge_kit(Meta(cursor), records, answered)
            if not later:
                Files(cursor).clear_shed(shed)
                cursor.executemany("DELETE FROM unredacted WHERE record = ?", [(record,) for record in records])


@dataclass(frozen=True, slots=True)
class _Held:
    """Where ops on the erased records may be: who wrote them, and here also what was set aside."""

    clks: frozenset[int]
    office: bool
    files: bool = False
    """Whether pieces of files are to be taken out too."""
    strange: frozenset[int] = frozenset()
    """Peers that sent ops whose clk is not theirs, or is that of another op: it tells nothing of their bundles."""
    gone: frozenset[int] = frozenset()
    """Records that left this laptop and were removed: what it wrote on them itself is in the outbox alone."""

    @staticmethod
    def of(cursor: "Cursor", records: Collection[int]) -> "_Held":
        exchange = Exchange(cursor)
        asides = exchange.aside_on(records)
        sources = map(exchange.bundle, {one.source for one in asides if one.reason in NOT_ITS_OWN})
        strange = frozenset(row.peer for row in sources if row is not None)
        office, files = Identity.load(Meta(cursor)).is_office, bool(Files(cursor).shed())
        clks = frozenset(ops_on(cursor, records)).union(one.clk for one in asides)
        return _Held(clks, office, files, strange, frozenset(Departed(cursor).gone(records)))

    def may_be_in(self, row: BundleRow) -> bool:
        """Replies may hold anything. A laptop's bundle covers a stretch of its own ops, and any of its former lives."""
        if bool(row.outgoing) == self.office or (row.outgoing and (self.files or self.gone)):
            return True
        if not row.outgoing and (row.peer in self.strange or Summary.parse(row.summary).marks):
            return True
        header = unpack_header(row.header)
        anything = {SECTION, CHUNKS} if self.files else {SECTION}
        if row.outgoing and header.returns:  # what is kept of a bundle that went does not list its sections
            return True
        if any(section.name in anything for section in header.sections):
            return True
        own = [clk for clk in self.clks if laptop_of(clk) == header.sender >> INCARNATION_BITS]
        return any(device_of(clk) != header.sender or header.since < clk <= header.upto for clk in own)


def _in_order(bundle: Bundle) -> Iterator[OpRow]:
    """All ops of a bundle as they stood in it, the bad ones among them."""
    good, bad = iter(bundle.ops), {one.at: one.row for one in bundle.bad_ops}
    for at in range(len(bundle.ops) + len(bad)):
        yield bad[at] if at in bad else next(good)
