"""On a laptop: records that have left its grids. They are for reading only, and go when the office has all of ours.

That is every op, and every file whole: with a record goes the key of its file.

A marker stays when a record is gone: what is still on the way of it must not come back to life in parts.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from gridworker.errors import Problem
from gridworker.store.attached import Files
from gridworker.store.log.clock import INCARNATION_BITS
from gridworker.store.log.log import Cursor, Log, chunks, id_list
from gridworker.store.parcels import COVERED, OFFICE_PEER, OPEN, Parcels
from gridworker.store.records import kind_named
from gridworker.store.streams import Exchange

if TYPE_CHECKING:
    from gridworker.store.meta import Identity
    from gridworker.store.tables.changes import Change


class Entry(NamedTuple):
    """Where in which stream something is said: by the office's device, for each of its lives counts anew."""

    peer: int
    number: int


class Departed:
    """The table of them, on a cursor of the caller's transaction."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def is_empty(self) -> bool:
        """Whether nothing ever left: nearly always."""
        self._cursor.execute("SELECT 1 FROM departed LIMIT 1")
        return self._cursor.fetchone() is None

    def among(self, records: Iterable[int]) -> dict[int, Entry]:
        """Those of some records that have left, with the entry that said so."""
        found: dict[int, Entry] = {}
        for part in chunks(records):
            self._cursor.execute(
                "SELECT record, peer, number FROM departed WHERE record IN (SELECT value FROM json_each(?))",
                (id_list(part),),
            )
            found.update((record, Entry(*entry)) for record, *entry in self._cursor.fetchall())
        return found

    def all(self) -> set[int]:
        """Every record that has left, removed or not."""
        self._cursor.execute("SELECT record FROM departed")
        return {row[0] for row in self._cursor.fetchall()}

    def here(self) -> frozenset[int]:
        """Records that have left and are still shown, until they are removed."""
        self._cursor.execute("SELECT record FROM departed WHERE NOT evicted")
        return frozenset(row[0] for row in self._cursor.fetchall())

    def gone(self, records: Iterable[int]) -> set[int]:
        """Those of some records that are removed."""
        found = set[int]()
        for part in chunks(records):
            self._cursor.execute(
                "SELECT record FROM departed WHERE evicted AND record IN (SELECT value FROM json_each(?))",
                (id_list(part),),
            )
            found.update(row[0] for row in self._cursor.fetchall())
        return found

    def enter(self, entries: Mapping[int, Entry]) -> None:
        """Records that come back, where that was said after their exit."""
        left = self.among(entries)
        back = [(record,) for record, entry in left.items() if entries[record] > entry]
        self._cursor.executemany("DELETE FROM departed WHERE record = ?", back)

    def leave(self, entries: Mapping[int, Entry], own: int) -> None:
        """Records that leave. ``own`` is the newest clk of this laptop: all up to there must be in before they go."""
        here = self._here(entries)
        self._cursor.executemany(
            "INSERT INTO departed (record, peer, number, own, evicted) VALUES (?,?,?,?,?) ON CONFLICT (record) DO "
            "UPDATE SET peer = excluded.peer, number = excluded.number "
            "WHERE (excluded.peer, excluded.number) > (peer, number)",
            [(record, *entry, own, int(record not in here)) for record, entry in entries.items()],
        )

    def waiting(self) -> list[tuple[int, Entry, int]]:
        """(record, entry of its exit, our newest clk then) of those that are not removed yet."""
        self._cursor.execute("SELECT record, peer, number, own FROM departed WHERE NOT evicted")
        return [(record, Entry(peer, number), own) for record, peer, number, own in self._cursor.fetchall()]

    def evicted(self, records: Iterable[int]) -> None:
        """They are removed."""
        self._cursor.executemany("UPDATE departed SET evicted = 1 WHERE record = ?", [(one,) for one in records])

    def _here(self, records: Iterable[int]) -> set[int]:
        """Those of some records of which there is any op, by a look at the whole log."""
        self._cursor.execute(
            "SELECT DISTINCT record FROM op WHERE record IN (SELECT value FROM json_each(?))", (id_list(records),)
        )
        return {row[0] for row in self._cursor.fetchall()}


def may_go(cursor: Cursor, identity: "Identity") -> list[int]:
    """Records that left and may be removed: all we wrote before we knew is confirmed by the office and backed up there.

    The number of the exit has to be backed up too, so that no office set back to before it asks for what is gone; and
    the files of what is to go, whole. As long as one is on its way all stay: nobody sends a file without its record.
    """
    waiting = Departed(cursor).waiting()
    if not waiting:
        return []
    exchange = Exchange(cursor)
    marks, safe = exchange.marks(), exchange.backed_up()
    for life, clk in Log(cursor).newest().items():
        former = life >> INCARNATION_BITS == identity.laptop and life != identity.device
        if former and min(marks.get(life, 0), safe.get(life, 0)) < clk:
            return []  # work of a former life is still on its way
    own = min(marks.get(identity.device, 0), safe.get(identity.device, 0))
    numbers = {stream.peer: stream.backed_up for stream in exchange.streams()}
    ready = [record for record, exit_, ours in waiting if ours <= own and exit_.number <= numbers.get(exit_.peer, 0)]
    return [] if _begun(cursor).intersection(ready) else _but_on_the_way(cursor, ready)


def _but_on_the_way(cursor: Cursor, records: list[int]) -> list[int]:
    """Those of some records that may go for all their files: none of them that do not lie in a backup of the office.

    A photo that was deleted here is none that goes to the office, but the office, which says that it leaves, has not
    taken the deletion in: it stays by itself, and is sent when that was refused. So does one that is missing here
    and that the office never had whole: its key may be the only one there is, and it may never be found.
    """
    files, parcels = Files(cursor), Parcels(cursor, OFFICE_PEER).all()
    safe = {hash_ for hash_, parcel in parcels.items() if parcel.state == COVERED}
    if not files.going(records) <= safe:
        return []
    there = {hash_ for hash_, parcel in parcels.items() if parcel.state != OPEN}
    alone = {record for record, hash_ in files.hidden(records).items() if hash_ not in safe}
    alone |= {record for record, hash_ in files.missed(records).items() if hash_ not in there}
    return [record for record in records if record not in alone]


def _begun(cursor: Cursor) -> set[int]:
    """Records that somebody began to write about here and did not save: until that is thrown away nothing is removed.

    The name of a draft ends with the record it is about; one that only puts a visit off is no work.
    """
    cursor.execute("SELECT name FROM draft WHERE name NOT LIKE 'later:%'")
    ends = (str(name).rpartition(":")[2] for (name,) in cursor.fetchall())
    return {int(end) for end in ends if end.isdecimal()}


def refuse_departed(cursor: Cursor, changes: Iterable["Change"]) -> None:
    """Raise Problem where changes are to a record that has left, or put something into one."""
    departed = Departed(cursor)
    if departed.is_empty():
        return
    named: set[int] = set()
    for change in changes:
        named.add(change.record)
        kind = kind_named(change.kind).kind
        placed = (change.values.get(name) for name in (*kind.within, *kind.brings))
        named.update(place for place in placed if isinstance(place, int))
    if departed.among(named):
        raise Problem(
            "This has moved to another grid, or what it was in was deleted, so this laptop only shows it. The office "
            "keeps it and can change it."
        )
