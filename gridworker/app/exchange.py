"""Bundles as a person sees them: what is to be handed over, packing, receiving, what came of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.session import Session
from gridworker.errors import Problem
from gridworker.store.clock import EPOCH, INCARNATION_BITS

if TYPE_CHECKING:
    from gridworker.store.streams import BundleRow
    from gridworker.sync.keys import PublicKeys
    from gridworker.sync.post import Post, Received
    from gridworker.sync.summary import Summary


@dataclass(frozen=True, slots=True)
class Pending:
    """What the office has not confirmed yet. ``counts``: records by kind name, and "changed"; ``records`` their sum."""

    records: int
    counts: Mapping[str, int]
    last_handed: datetime | None
    last_confirmed: datetime | None


@dataclass(frozen=True, slots=True)
class Trip:
    """One bundle, sent or received. ``state``: sent (no receipt yet), confirmed, merged."""

    hash: str
    file: str
    outgoing: bool
    peer: int
    n: int
    at: datetime
    state: str
    counts: Mapping[str, int]
    ops: int
    aside: int
    missing: tuple[int, ...]
    forked: bool
    batch: int | None


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of one file. ``again``: it had been taken in before. ``problem``: it was not taken in, and why."""

    file: str
    trip: Trip | None = None
    again: bool = False
    conflicts: int = 0
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class KeyCard:
    """A key for people to compare: 25 windows, six words, a short fingerprint."""

    name: str
    windows: tuple[bool, ...]
    words: tuple[str, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a bundle says of itself to the one it is for."""

    purpose: str
    sender: int
    n: int
    written: str
    ops: int
    counts: Mapping[str, int]
    hash: str


class Exchange:
    """Handing over and receiving."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    def _post(self) -> "Post":
        from gridworker.sync.post import Post

        return Post(self._session.store, self._session.folder, self._session.who)

    def pending(self) -> Pending:
        """What a laptop would hand over now, and when it did last."""
        from gridworker.sync.counts import summary_of

        outgoing = self._post.pending()
        trips = [trip for trip in self.trips() if trip.outgoing]
        confirmed = [trip.at for trip in trips if trip.state == "confirmed"]
        summary = summary_of(outgoing)
        return Pending(
            sum(summary.counts.values()),
            summary.counts,
            trips[0].at if trips else None,
            max(confirmed) if confirmed else None,
        )

    def pack(self, destination: Path, laptop: int = 0) -> Path:
        """Pack for the office, or at the office for a laptop; write it to a folder or file and read it back.

        Raises StoreBusy, UnknownSender, DiskFull, StoreProblem. The outbox keeps a copy until it is confirmed.
        """
        from gridworker.sync.files import load_bundle, save_bundle

        self._session.require_writer()
        packed = self._post.pack(self._session.now(), laptop)
        path = destination / packed.path.name if destination.is_dir() else destination
        save_bundle(path, load_bundle(packed.path))
        return path

    def pack_all(self, folder: Path) -> dict[int, Path]:
        """One reply for every laptop that has introduced itself, by laptop number."""
        return {laptop: self.pack(folder, laptop) for laptop in self.laptops()}

    def laptops(self) -> list[int]:
        """Numbers of the laptops a reply can be packed for."""
        from gridworker.store.streams import Exchange as Tables

        with self._session.store.cursor() as cursor:
            return sorted({key.laptop for key in Tables(cursor).pinned() if key.state == "active"})

    def merge(self, path: Path) -> Merged:
        """Take one file in, whole or not at all. Raises BundleProblem, StoreProblem, Problem."""
        from gridworker.sync.files import load_bundle

        self._session.require_writer()
        received = self._post.take_in(load_bundle(path), self._session.now())
        if received.taken is not None:
            self._session.announce(received.taken.commit)
        return _merged(path.name, received)

    def merge_all(self, paths: Sequence[Path]) -> list[Merged]:
        """Take files in one after the other; one that cannot be taken in does not stop the others."""
        results = []
        for path in paths:
            try:
                results.append(self.merge(path))
            except Problem as problem:
                results.append(Merged(path.name, problem=problem))
        return results

    def show(self, path: Path) -> Shown:
        """What is in a bundle, for the one it is for, or for its writer from the outbox. Raises BundleProblem."""
        from gridworker.sync.files import load_bundle
        from gridworker.sync.header import unpack_header
        from gridworker.sync.counts import counts_of

        data = load_bundle(path)
        own = self._sent(data)
        if own is not None:
            header, summary = unpack_header(own.header), _summary(own)
            return Shown(
                header.purpose, header.sender, header.n, header.time, summary.ops, summary.counts, own.hash.hex()
            )
        bundle = self._post.read(data)
        header = bundle.header
        return Shown(
            header.purpose, header.sender, header.n, header.time, header.ops, counts_of(bundle.ops), bundle.hash
        )

    def trips(self, limit: int = 200) -> list[Trip]:
        """Bundles sent and received, newest first."""
        from gridworker.store.streams import Exchange as Tables

        with self._session.store.cursor() as cursor:
            return [_trip(row) for row in Tables(cursor).bundles(limit=limit)]

    def key(self) -> KeyCard:
        """This device's key."""
        return _card("", self._post.keys)

    def office_key(self) -> KeyCard:
        """The office's key, to compare by picture or by telephone."""
        return _card("", self._post.office_keys)

    def bundles_in(self, folder: Path) -> list[Path]:
        """Bundle files in a folder or on a stick that may be for this store and have not been taken in yet."""
        from gridworker.sync.files import BundleName, bundles_in

        laptop = self._session.store.identity.laptop
        done = {trip.file for trip in self.trips(1000)}
        found = []
        for path in bundles_in(folder):
            name = BundleName.parse(path.name)
            if name is not None and name.device >> INCARNATION_BITS != laptop and path.name not in done:
                found.append(path)
        return found

    def _sent(self, data: bytes) -> "BundleRow | None":
        from gridworker.store.streams import Exchange as Tables

        with self._session.store.cursor() as cursor:
            sent = Tables(cursor).bundles(outgoing=True, limit=1000)
        for row in sent:
            copy = self._session.folder.outbox / row.path
            if copy.exists() and copy.stat().st_size == len(data) and copy.read_bytes() == data:
                return row
        return None


def _summary(row: "BundleRow") -> "Summary":
    from gridworker.sync.summary import Summary

    return Summary.parse(row.summary)


def _trip(row: "BundleRow") -> Trip:
    summary = _summary(row)
    return Trip(
        row.hash.hex(), row.path, bool(row.outgoing), row.peer, row.n, EPOCH + timedelta(milliseconds=row.at),
        row.state,        summary.counts, summary.ops, summary.aside, summary.missing, summary.forked, row.batch,
    )  # fmt: skip


def _merged(file: str, received: "Received") -> Merged:
    taken = received.taken
    return Merged(file, _trip(received.row), taken is None, taken.commit.conflicts if taken else 0)


def _card(name: str, keys: "PublicKeys") -> KeyCard:
    return KeyCard(name, keys.windows, keys.words, keys.fingerprint)
