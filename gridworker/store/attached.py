"""The files of attachments as the store knows them: which are here whole, with which key, which are coming in pieces.

All functions run on a cursor of the caller's transaction. The files themselves are in attachment_files.py; a file
without its key here is nothing but random bytes, so forgetting the key is what erases it. For the same reason the key
of a file that is missing stays until the file is here again: nobody else may have one that was not handed in yet.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from gridworker import discover
from gridworker.domain.attachment import MAX_SIZE, is_hash
from gridworker.record import Value
from gridworker.store.log.clock import laptop_of
from gridworker.store.log.log import Cursor, Log, chunks, id_list
from gridworker.store.log.op import OpRow, What, unpack_create, unpack_edits
from gridworker.store.log.sheaves import SELECT, fetch_ops

KIND = "attachment"
BLOCK = 64 * 1024
"""Bytes of a piece: files travel in pieces of this size, each from a multiple of it, so that no two overlap by half."""

MAX_BEGUN = 64
"""Files of one peer that may be here in part: what is begun above that is asked for again later."""


class Attached(NamedTuple):
    """A file by the SHA-256 of its content. ``path`` and ``key`` are None where it was let go on purpose."""

    hash: bytes
    size: int
    path: str | None
    key: bytes | None
    covered: int = 0


class Piece(NamedTuple):
    """A part of a file that is not whole yet, as it came from ``peer``."""

    hash: bytes
    offset: int
    size: int
    peer: int
    data: bytes


class Wanted(NamedTuple):
    """What a record says of its file."""

    record: int
    hash: bytes
    size: int


class Files:
    """The tables of files on one cursor."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def get(self, hash_: bytes) -> Attached | None:
        """What is known of a file."""
        self._cursor.execute(f"SELECT {', '.join(Attached._fields)} FROM attached WHERE hash = ?", (hash_,))
        found = self._cursor.fetchone()
        return Attached(*found) if found else None

    def all(self) -> list[Attached]:
        """All files that are here or were let go."""
        self._cursor.execute(f"SELECT {', '.join(Attached._fields)} FROM attached")
        return [Attached(*row) for row in self._cursor.fetchall()]

    def save(self, file: Attached) -> None:
        """Remember a file that is whole; its pieces are not needed any more, nor one of before that was mislaid."""
        self._cursor.execute("INSERT OR REPLACE INTO attached VALUES (?,?,?,?,?)", file)
        self._cursor.execute("DELETE FROM mislaid WHERE hash = ?", (file.hash,))
        self.drop_pieces(file.hash)

    def cover(self, paths: Collection[str]) -> None:
        """Just these files are in a verified backup, each read back from it."""
        self._cursor.execute(
            "UPDATE attached SET covered = path IN (SELECT value FROM json_each(?)) WHERE path IS NOT NULL",
            (json.dumps(list(paths)),),
        )

    def uncover(self, paths: Collection[str]) -> None:
        """The copies of these were found bad."""
        self._cursor.executemany("UPDATE attached SET covered = 0 WHERE path = ?", [(path,) for path in paths])

    def let_go(self, hash_: bytes) -> None:
        """The file need not be here any more: the office has it, and so has its backup."""
        self._cursor.execute("UPDATE attached SET path = NULL, key = NULL WHERE hash = ?", (hash_,))

    def lose(self, hashes: Iterable[bytes]) -> None:
        """Files that ought to be here and are gone or damaged: they are wanted again, from whoever has them."""
        lost = [(hash_,) for hash_ in hashes]
        self._cursor.executemany(
            "INSERT OR REPLACE INTO mislaid SELECT hash, size, path, key FROM attached "
            "WHERE hash = ? AND path IS NOT NULL",
            lost,
        )
        self._cursor.executemany("DELETE FROM attached WHERE hash = ?", lost)

    def mislaid(self) -> list[Attached]:
        """The files that were lost and did not come back in any way, each where it lay."""
        self._cursor.execute("SELECT hash, size, path, key FROM mislaid")
        return [Attached(*row) for row in self._cursor.fetchall()]

    def find(self, hashes: Iterable[bytes]) -> int:
        """Files that were mislaid lie whole where they lay. Returns how many were: some may be forgotten by now."""
        known = {file.hash: file for file in self.mislaid()}
        found = [known[hash_] for hash_ in hashes if hash_ in known]
        for file in found:
            self.save(file)
        return len(found)

    def forget(self, hashes: Iterable[bytes]) -> None:
        """Drop everything about files, their keys first of all."""
        for table in ("attached", "mislaid", "piece", "parcel", "inquiry"):
            self._cursor.executemany(f"DELETE FROM {table} WHERE hash = ?", [(hash_,) for hash_ in hashes])

    # ------------------------------------------------------------------------------------------------------- pieces

    def add_piece(self, piece: Piece) -> bool:
        """Keep a part that came; the first one of a place counts. Returns whether it was kept."""
        if self._at_limit(piece):
            return False
        self._cursor.execute("INSERT OR IGNORE INTO piece VALUES (?,?,?,?,?)", piece)
        return True

    def reach(self, hash_: bytes) -> int:
        """How many bytes from the start of a file are here in pieces."""
        self._cursor.execute("SELECT offset, length(data) FROM piece WHERE hash = ? ORDER BY offset", (hash_,))
        reached = 0
        for offset, length in self._cursor.fetchall():
            if offset > reached:
                break
            reached = offset + length
        return reached

    def begun(self) -> dict[bytes, int]:
        """Size by hash of the files that are here in part."""
        self._cursor.execute("SELECT DISTINCT hash, size FROM piece")
        return dict(self._cursor.fetchall())

    def joined(self, hash_: bytes) -> bytes:
        """The pieces of a file one after the other."""
        self._cursor.execute("SELECT data FROM piece WHERE hash = ? ORDER BY offset", (hash_,))
        return b"".join(row[0] for row in self._cursor.fetchall())

    def drop_pieces(self, hash_: bytes) -> None:
        """Throw the pieces of a file away."""
        self._cursor.execute("DELETE FROM piece WHERE hash = ?", (hash_,))

    def _at_limit(self, piece: Piece) -> bool:
        self._cursor.execute("SELECT 1 FROM piece WHERE hash = ? LIMIT 1", (piece.hash,))
        if self._cursor.fetchone():
            return False
        self._cursor.execute("SELECT count(DISTINCT hash) FROM piece WHERE peer = ?", (piece.peer,))
        return int(self._cursor.fetchone()[0]) >= MAX_BEGUN

    # ------------------------------------------------------------------------------------------------------ records

    def wanted(self, hashes: Collection[bytes] | None = None) -> list[Wanted]:
        """What the records here refer to, newest first; of ``hashes`` only."""
        some = "" if hashes is None else " AND sha256 IN (SELECT value FROM json_each(?))"
        listed = () if hashes is None else (_texts(hashes),)
        self._cursor.execute(
            f"SELECT id, sha256, size FROM {KIND} WHERE sha256 IS NOT NULL AND size BETWEEN 1 AND {MAX_SIZE}{some} "
            "ORDER BY id DESC",
            listed,
        )
        found = self._cursor.fetchall()  # from elsewhere any text may come
        return [Wanted(id_, bytes.fromhex(text), size) for id_, text, size in found if is_hash(text)]

    def once_wanted(self, hashes: Collection[bytes]) -> list[Wanted]:
        """What any attachment in the log ever referred to, deleted ones too, but none that was erased.

        A look at the whole log: for files that no live record refers to, and are on their way all the same.
        """
        kind = discover.kinds()[KIND].kind
        named, sized = kind.specs["sha256"].number, kind.specs["size"].number
        self._cursor.execute(f"{SELECT} WHERE kind = ? AND what = ?", (kind.number, What.CREATE))
        found = []
        for row in fetch_ops(self._cursor):
            values = unpack_create(row.vals)
            text, size = values.get(named), values.get(sized)
            if isinstance(text, str) and is_hash(text) and isinstance(size, int) and 1 <= size <= MAX_SIZE:
                found.append(Wanted(row.record, bytes.fromhex(text), size))
        return [one for one in found if one.hash in hashes]

    def lacking(self) -> list[Wanted]:
        """What the records here refer to and is neither here nor was let go, newest first."""
        self._cursor.execute("SELECT lower(hex(hash)) FROM attached")
        here = {row[0] for row in self._cursor.fetchall()}
        return [wanted for wanted in self.wanted() if wanted.hash.hex() not in here]

    def going(self, records: Collection[int]) -> set[bytes]:
        """The files that are here, that live records among ``records`` refer to, and no other record does."""
        self._cursor.execute(
            f"SELECT sha256 FROM {KIND} WHERE sha256 IS NOT NULL AND id IN (SELECT value FROM json_each(?))",
            (id_list(records),),
        )
        named = {bytes.fromhex(text) for (text,) in self._cursor.fetchall() if is_hash(text)}
        here = {file.hash for file in self.all() if file.path is not None} if named else set()
        return self._unused(named & here, records)

    def hidden(self, records: Collection[int]) -> dict[int, bytes]:
        """By record that was deleted among ``records``: its file, where that is here and no live record shows it."""
        named = self._named(records)
        here = {file.hash for file in self.all() if file.path is not None} if named else set()
        unused = self._unused(here.intersection(named.values()), ())
        return {record: hash_ for record, hash_ in named.items() if hash_ in unused}

    def missed(self, records: Collection[int]) -> dict[int, bytes]:
        """By record among ``records``, deleted or not: its file, where that was mislaid."""
        away = {file.hash for file in self.mislaid()}
        return {record: hash_ for record, hash_ in self._named(records).items() if hash_ in away} if away else {}

    def release(self, records: Collection[int]) -> None:
        """Records are leaving the store: forget the keys of files that no other record refers to."""
        self.forget(self._unused(hashes_in(self._rows(records)), records))

    def erase(self, rows: Iterable[OpRow]) -> None:
        """Ops that held values are blank now: forget the files they named, and have the archive gone through."""
        hashes = hashes_in(rows)
        lay = {file.hash: file for file in self.mislaid()}
        gone = {hash_: self.get(hash_) or lay.get(hash_) for hash_ in self._unused(hashes, ())}
        self.forget(gone)
        self._cursor.executemany(
            "INSERT OR REPLACE INTO shed VALUES (?,?)", [(hash_, file and file.path) for hash_, file in gone.items()]
        )

    def erased_of(self, laptop: int | None) -> list[int]:
        """The attachments that were erased, of those that a laptop made, or anybody."""
        kind = discover.kinds()[KIND].kind
        self._cursor.execute(
            "SELECT DISTINCT erased.record FROM erased JOIN op ON op.clk = erased.record "
            "WHERE erased.field = ? AND op.kind = ?",
            (kind.specs["sha256"].number, kind.number),
        )
        return [row[0] for row in self._cursor.fetchall() if laptop is None or laptop_of(row[0]) == laptop]

    def shed_again(self, hashes: Iterable[bytes], record: int) -> None:
        """Bundles of the archive hold files that were erased, with ``record`` or another, before they came."""
        self._cursor.executemany("INSERT OR IGNORE INTO shed VALUES (?,NULL)", [(hash_,) for hash_ in hashes])
        self._cursor.execute("INSERT OR IGNORE INTO unredacted (record) VALUES (?)", (record,))

    def shed(self) -> dict[bytes, str | None]:
        """Erased files that bundles of the archive may still hold, each with the name it may still lie under."""
        self._cursor.execute("SELECT hash, path FROM shed")
        return dict(self._cursor.fetchall())

    def clear_shed(self, hashes: Iterable[bytes]) -> None:
        """The archive was gone through for these."""
        self._cursor.executemany("DELETE FROM shed WHERE hash = ?", [(hash_,) for hash_ in hashes])

    def _named(self, records: Collection[int]) -> dict[int, bytes]:
        return {row.record: hash_ for row in self._rows(records) for hash_ in hashes_in([row])}

    def _rows(self, records: Collection[int]) -> Iterator[OpRow]:
        return (row for part in chunks(sorted(records)) for row in Log(self._cursor).rows(part).values())

    def _unused(self, hashes: Collection[bytes], records: Collection[int]) -> set[bytes]:
        if not hashes:
            return set()
        self._cursor.execute(
            f"SELECT sha256 FROM {KIND} WHERE sha256 IN (SELECT value FROM json_each(?)) "
            "AND id NOT IN (SELECT value FROM json_each(?))",
            (_texts(hashes), id_list(records)),
        )
        return set(hashes) - {bytes.fromhex(row[0]) for row in self._cursor.fetchall()}


def hashes_in(rows: Iterable[OpRow]) -> set[bytes]:
    """The files that ops of attachments name."""
    kind = discover.kinds()[KIND].kind
    field = kind.specs["sha256"].number
    found = set()
    for row in rows:
        if row.kind == kind.number:
            text = _value(row, field)
            if isinstance(text, str) and is_hash(text):
                found.add(bytes.fromhex(text))
    return found


def _value(row: OpRow, field: int) -> Value:
    if row.what == What.CREATE:
        return unpack_create(row.vals).get(field)
    return next((edit.value for edit in unpack_edits(row.record, row.vals) if edit.field == field), None)


def _texts(hashes: Iterable[bytes]) -> str:
    return json.dumps([hash_.hex() for hash_ in hashes])
