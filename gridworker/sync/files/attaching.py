"""Files of attachments in bundles: what is told of them, which pieces go, what becomes of those that come.

A laptop sends what it added and the office has not confirmed whole; the office sends what a laptop says it lacks, as
far as its records are in that laptop's scope. Ops come first, pieces take the room that is left. Pieces not sent yet go
first; where there are none, those that are not confirmed go again: a lost bundle heals by itself. What the other side
says it has is where sending goes on, so nothing it has confirmed is sent twice.

    pieces come -> kept in the transaction that takes the bundle in -> whole? compared with the hash -> sealed file
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.errors import StoreProblem
from gridworker.store.attached import BLOCK, KIND, Attached, Files, Piece, hashes_in
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.clock import laptop_of
from gridworker.store.log.log import Cursor
from gridworker.store.log.op import OpRow
from gridworker.store.parcels import CONFIRMED, COVERED, OFFICE_PEER, OPEN, Parcel, Parcels
from gridworker.store.scope.scope import among, grids_of
from gridworker.store.scope.spans import Spans
from gridworker.store.streams import Exchange
from gridworker.sync.files.filenotes import FileNotes, Have
from gridworker.sync.format.bundle import Contents
from gridworker.sync.format.sections import Chunk

if TYPE_CHECKING:
    from gridworker.store.attachment_files import Cabinet
    from gridworker.store.engine.database import Connection
    from gridworker.store.store import Store

PER_PIECE = 64
"""Bytes of a piece's entry in the directory, at most."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a bundle brought of files."""

    notes: FileNotes | None = None
    chunks: Sequence[Chunk] = ()


NOTHING = Brought()


def notes_to_office(cursor: Cursor) -> FileNotes:
    """A laptop says what it lacks, and asks after what it has and the office's backup may not have."""
    files, parcels = Files(cursor), Parcels(cursor, OFFICE_PEER).all()
    lacking = [Have(wanted.hash, files.reach(wanted.hash)) for wanted in files.lacking()]
    here = (file.hash for file in files.all() if file.path is not None)
    return FileNotes.of(_once(lacking), sorted(one for one in here if _state(parcels, one) < COVERED))


def notes_to_laptop(cursor: Cursor, laptop: int) -> FileNotes:
    """The office answers what a laptop asked, and names what that laptop may have and the office lacks."""
    files = Files(cursor)
    told = [_reach(files, hash_) for hash_ in Parcels(cursor, laptop).inquiries()]
    lacking = files.lacking()
    held = Spans(cursor, laptop).known_among([wanted.record for wanted in lacking]) if lacking else set()
    told += [
        _reach(files, wanted.hash) for wanted in lacking if laptop_of(wanted.record) == laptop or wanted.record in held
    ]
    return FileNotes.of(_once(told))


def next_chunks(connection: "Connection", cabinet: "Cabinet", peer: int, room: int) -> list[Chunk]:
    """The pieces that go to a peer next, in ``room`` bytes; 0 is the office, else a laptop's number."""
    cursor = raw_cursor(connection)
    parcels = Parcels(cursor, peer).unconfirmed()
    due = _due(connection, peer, parcels) if room > 0 else []
    sizes = {file.hash: file.size for file, _ in due}
    fresh = [(file, parcel.sent) for file, parcel in due if parcel.sent < sizes[file.hash]]
    again = [(file, parcel.acked) for file, parcel in due]
    chunks: list[Chunk] = []
    for file, start in fresh or again:
        for chunk in _pieces(cabinet, file, start):
            room -= len(chunk.data) + PER_PIECE
            if room < 0:
                return chunks
            chunks.append(chunk)
    return chunks


def with_files(
    connection: "Connection", contents: Contents, cabinet: "Cabinet", peer: int, room: Callable[[Contents], int]
) -> Contents:
    """With what is to be told of attachments, and as many pieces of them as there is ``room`` for beside the rest."""
    cursor = raw_cursor(connection)
    notes = notes_to_laptop(cursor, peer) if peer else notes_to_office(cursor)
    contents = replace(contents, other={**contents.other, **notes.sections()})
    if not Parcels(cursor, peer).any_open():
        return contents
    return replace(contents, chunks=next_chunks(connection, cabinet, peer, room(contents)))


def has_unsent(connection: "Connection", peer: int) -> bool:
    """Whether there are pieces that were never sent to a peer."""
    due = _due(connection, peer, Parcels(raw_cursor(connection), peer).unconfirmed())
    return any(parcel.sent < file.size for file, parcel in due)


def waiting(connection: "Connection") -> tuple[int, int]:
    """How many files the office has not confirmed, and the bytes of them that it has not."""
    due = _due(connection, OFFICE_PEER, Parcels(raw_cursor(connection), OFFICE_PEER).unconfirmed())
    return len(due), sum(file.size - parcel.acked for file, parcel in due)


def carried(chunks: Iterable[Chunk]) -> dict[bytes, int]:
    """How far a bundle carries the files it has pieces of."""
    return {chunk.sha256: chunk.offset + len(chunk.data) for chunk in chunks}


# -------------------------------------------------------------------------------------------------------------- coming


def receive(cursor: Cursor, peer: int, brought: Brought, *, late: bool) -> int:
    """Keep the pieces that came from a peer, and heed what it says, unless a later bundle of it said so before.

    A laptop that says nothing lacks nothing, and asks after nothing any more. Returns how many pieces were not kept: of
    files no record here refers to, or that do not fit together.
    """
    if not late:
        _heed(cursor, peer, brought.notes or FileNotes())
    if not brought.chunks:
        return 0
    files = Files(cursor)
    sizes = {(wanted.hash, wanted.size) for wanted in files.wanted({chunk.sha256 for chunk in brought.chunks})}
    here = {chunk.sha256 for chunk in brought.chunks if files.get(chunk.sha256)}
    unknown = {chunk.sha256 for chunk in brought.chunks} - {hash_ for hash_, _ in sizes} - here
    if unknown:  # a laptop that no longer hears of a record sends its file though it was deleted: that can be undone
        sizes |= {(wanted.hash, wanted.size) for wanted in files.once_wanted(unknown)}
    refused = 0
    for chunk in brought.chunks:
        if chunk.sha256 in here:
            continue
        fits = (chunk.sha256, chunk.size) in sizes and _is_piece(chunk)
        if not (fits and files.add_piece(Piece(chunk.sha256, chunk.offset, chunk.size, peer, chunk.data))):
            refused += 1
    return refused


def leave_erased(cursor: Cursor, laptop: int | None, brought: Brought, *, gap: bool) -> bool:
    """Have the archive gone through for pieces of files that nothing names, where some were erased.

    Of those that a ``laptop`` made, whose bundle it is; the office sends what anybody made. Nobody remembers what was
    erased, not even its hash: it is told by that. Not over a gap in the ops of the sender, for then what names a file
    may have yet to come. Returns whether there are any.
    """
    if gap:
        return False
    hashes, files = {chunk.sha256 for chunk in brought.chunks}, Files(cursor)
    erased = files.erased_of(laptop) if hashes else []
    if erased:
        hashes -= {one.hash for one in files.wanted(hashes)}
    if not (erased and hashes):
        return False
    waiting = [OpRow(*op[:4], 0, op.vals) for op in Exchange(cursor).aside()]
    hashes -= {one.hash for one in files.once_wanted(hashes)} | hashes_in(waiting)
    if hashes:
        files.shed_again(hashes, max(erased))
    return bool(hashes)


def finish(store: "Store", cabinet: "Cabinet") -> int:
    """Make files of what is whole; throw away what turned out to be another. Returns how many files were made.

    Cut off or without room on the disk the pieces stay, and it is done with the next bundle.
    """
    with store.cursor() as cursor:
        files = Files(cursor)
        begun = files.begun()
        unwanted = begun.keys() - {wanted.hash for wanted in files.wanted(begun.keys())} if begun else set()
        if unwanted:
            unwanted -= {wanted.hash for wanted in files.once_wanted(unwanted)}
        whole = [hash_ for hash_, size in begun.items() if hash_ not in unwanted and files.reach(hash_) >= size]
    made = 0
    with suppress(StoreProblem):
        for hash_ in whole:
            made += _make(store, cabinet, hash_)
    if unwanted:
        with store.db.write() as connection:
            for hash_ in unwanted:
                Files(raw_cursor(connection)).drop_pieces(hash_)
    return made


def _make(store: "Store", cabinet: "Cabinet", hash_: bytes) -> bool:
    with store.cursor() as cursor:
        data = Files(cursor).joined(hash_)
    right = hashlib.sha256(data).digest() == hash_
    file = cabinet.put(data) if right else None
    with store.db.write() as connection:
        cursor = raw_cursor(connection)
        if file is None:
            Files(cursor).drop_pieces(hash_)
            return False
        is_whole = Files(cursor).reach(hash_) >= file.size  # it may have been erased meanwhile
        if is_whole:
            Files(cursor).save(file)
        if is_whole and not store.identity.is_office:
            Parcels(cursor, OFFICE_PEER).save([Parcel(OFFICE_PEER, hash_, file.size, file.size, CONFIRMED)])
    if not is_whole:
        cabinet.remove(str(file.path))
    return is_whole


def _heed(cursor: Cursor, peer: int, notes: FileNotes) -> None:
    parcels = Parcels(cursor, peer)
    if peer != OFFICE_PEER:
        parcels.inquire(notes.ask)
        parcels.replace(Parcel(peer, one.hash, _aligned(one.reach), _aligned(one.reach)) for one in notes.have)
        return
    files = Files(cursor)
    known = [(one, files.get(one.hash)) for one in notes.have]
    parcels.save(_answered(one, file) for one, file in known if file is not None and file.path is not None)


def _answered(one: Have, file: Attached) -> Parcel:
    if one.reach >= file.size:
        return Parcel(OFFICE_PEER, file.hash, file.size, file.size, COVERED if one.covered else CONFIRMED)
    return Parcel(OFFICE_PEER, file.hash, _aligned(one.reach), _aligned(one.reach))


def _is_piece(chunk: Chunk) -> bool:
    """Whether it starts at a multiple of a block and is one, or the end of the file."""
    return chunk.offset % BLOCK == 0 and len(chunk.data) == min(BLOCK, chunk.size - chunk.offset) > 0


def _aligned(reach: int) -> int:
    return reach - reach % BLOCK


# --------------------------------------------------------------------------------------------------------------- going


def _due(connection: "Connection", peer: int, parcels: Sequence[Parcel]) -> list[tuple[Attached, Parcel]]:
    """The files that may go to a peer, those of the oldest records first."""
    if not parcels:
        return []
    cursor = raw_cursor(connection)
    files = Files(cursor)
    wanted = files.wanted({parcel.hash for parcel in parcels})
    if peer == OFFICE_PEER:
        first = {one.hash: one.record for one in wanted}
    else:
        kind = discover.kinds()[KIND].kind.number
        records = {one.record: kind for one in wanted}
        held = among(connection, records, grids_of(connection, peer), peer)
        first = {one.hash: one.record for one in wanted if one.record in held}
    listed = [(first[parcel.hash], files.get(parcel.hash), parcel) for parcel in parcels if parcel.hash in first]
    due = [(record, file, parcel) for record, file, parcel in listed if file is not None and file.path is not None]
    return [(file, parcel) for _, file, parcel in sorted(due, key=lambda one: (one[0], one[2].hash))]


def _pieces(cabinet: "Cabinet", file: Attached, start: int) -> Iterator[Chunk]:
    if start >= file.size:
        return
    try:
        data = cabinet.read(file)
    except StoreProblem:  # damaged here: what else there is goes all the same
        return
    for offset in range(start, file.size, BLOCK):
        yield Chunk(file.hash, file.size, offset, data[offset : offset + BLOCK])


def _reach(files: Files, hash_: bytes) -> Have:
    file = files.get(hash_)
    if file is not None and file.path is not None:
        return Have(hash_, file.size, file.covered)
    return Have(hash_, files.reach(hash_))


def _state(parcels: dict[bytes, Parcel], hash_: bytes) -> int:
    return parcels[hash_].state if hash_ in parcels else OPEN


def _once(told: Iterable[Have]) -> list[Have]:
    return list({one.hash: one for one in told}.values())
