"""The store: one write path, one journal, tables read from the log.

typing, undo, import -> write(changes) -.
                                        |-> take_in -> tables, conflicts, index -> journal link, one transaction
a bundle             -> apply(incoming) -'
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from operator import length_hint
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from gridworker.errors import StoreProblem
from gridworker.record import Value
from gridworker.store.departed import refuse_departed
from gridworker.store.engine.connection import appending
from gridworker.store.engine.database import raw_cursor
from gridworker.store.escalation import refuse_escalation
from gridworker.store.intake.audit_row import Done, audit_row
from gridworker.store.intake.batch_intake import Bundled, close_batch, merge_batch
from gridworker.store.intake.choosing import choose_anew
from gridworker.store.intake.fast_path import take_fast
from gridworker.store.intake.intake import Taken, Touched, by_name
from gridworker.store.intake.op_writer import OpWriter
from gridworker.store.intake.own_ops_index import index_own_ops
from gridworker.store.intake.transaction import NOTHING, Commit, Progress, close_link, collecting_paused, sow, take_in
from gridworker.store.last_office import refuse_last_office
from gridworker.store.log.clock import Clock, Wall, wall_ms
from gridworker.store.log.corrected import KIND
from gridworker.store.log.journal import Entry
from gridworker.store.log.log import Cursor, Log, Standing
from gridworker.store.log.op import Author, OpRow
from gridworker.store.meta import STALE, Identity, Meta
from gridworker.store.tables.changes import Act, Change, sorted_out
from gridworker.store.tables.creations import MANY, VERY_MANY, NewRecords

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from gridworker.store.engine.database import Database
    from gridworker.store.settling import Settling

IDS_AT_ONCE = 500
FEW = 20
"""New records that go through the log one by one, in one lot with the audit row; more are made side by side."""

Plan: TypeAlias = Callable[[Cursor], Sequence[Change]]
"""Works out changes from what is stored, inside the transaction that writes them."""

Beside: TypeAlias = Callable[["Connection", Commit], None]
"""Writes beside the log, in its transaction, once the commit is known."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Checked ops from elsewhere. ``author`` in the rows is an index into ``authors``.

    ``rows`` may be read as they are asked for: the store takes them lot by lot.
    """

    rows: Iterable[OpRow]
    authors: Sequence[Author]
    act: Act
    source: bytes | None = None
    """Hash of the bundle they came in."""
    beside: Beside | None = field(default=None, compare=False)
    """What has to be written in the same transaction: receipts, streams, ops set aside."""
    known: Standing | None = field(default=None, compare=False)
    """What was read just before of the records they edit. Where others may write meanwhile it is read again."""


class Store:
    """An open store. ``chain_key`` MACs the journal; ``wall`` is the clock of this computer, see clock.wall_ms."""

    def __init__(self, db: "Database", chain_key: bytes, *, wall: Wall = wall_ms) -> None:
        self.db = db
        self._chain_key = chain_key
        self._wall = wall
        self._to_index: Touched | None = None
        self._numbered: tuple[Author, int] | None = None
        """Who saved last, and our number for them: known once that is on the disk."""
        with self.cursor() as cursor:
            meta = Meta(cursor)
            self.identity = Identity.load(meta)
            self._clock = Clock(self.identity.device, meta.number("clock"), wall)

    @staticmethod
    def create(db: "Database", chain_key: bytes, identity: Identity, *, wall: Wall = wall_ms) -> "Store":
        """Make the tables of a new store in an empty database."""
        from gridworker.store.upgrade import tables

        with db.write() as connection:
            tables.create(connection)
            identity.save(Meta(raw_cursor(connection)))
            index_own_ops(raw_cursor(connection), identity.laptop)
        return Store(db, chain_key, wall=wall)

    @staticmethod
    def open(db: "Database", chain_key: bytes, *, progress: Progress | None = None, wall: Wall = wall_ms) -> "Store":
        """Open a store. Where another version wrote the record tables, they are read anew from the log.

        Raises StoreNewer where that version knew more than this one; StoreProblem where the tables must be read anew
        and this window may only read.
        """
        from gridworker.store.upgrade import tables

        with db.read() as connection:
            current = tables.is_current(connection)
        if not current and db.read_only:
            raise StoreProblem("The data are being brought up to date by another window. Try again in a moment.")
        if not current:
            from gridworker.store.upgrade.reread import reread

            reread(db, progress)
        return Store(db, chain_key, wall=wall)

    @property
    def chain_key(self) -> bytes:
        """The key of the journal's MACs, for the self-check."""
        return self._chain_key

    def new_id(self) -> int:
        """An id for a record to be created: the clk its creating op will have."""
        return self._clock.next()

    def new_ids(self) -> Iterator[int]:
        """Ids for very many records, minted by the hundred. Those that are not used are no loss."""
        while True:
            yield from self._clock.several(IDS_AT_ONCE)

    def write(
        self, changes: Sequence[Change] | Plan, act: Act, beside: Beside | None = None, new: NewRecords | None = None
    ) -> Commit:
        """Save what a person did. Only what differs from the store is logged; nothing differing writes nothing.

        ``beside`` writes what belongs to the same transaction and is no record: a draft that is finished, a bundle
        that was packed. ``new`` are records to be made beside the changes. Raises NotFound for a record that is not
        here; Problem where a field to be changed is in conflict and ``act`` does not resolve it.
        """
        count = 0 if new is None else len(new)
        who = Author(act.who, self.identity.scope)
        with (
            self._transaction(much=count >= MANY) as (connection, cursor),
            appending(cursor) if count >= VERY_MANY else nullcontext(),
        ):
            author = self._number_of(who, cursor)
            wanted = changes(cursor) if callable(changes) else changes
            few, existing, making = _to_make(wanted, new)
            refuse_escalation(cursor, wanted, act.who)
            refuse_last_office(cursor, wanted)
            if not self.identity.is_office:
                refuse_departed(cursor, chain(few, existing, *(made.changes() for made in making)))
            writer = OpWriter(cursor, self._clock, author)
            rows = [*writer.creations(few), *writer.edits(existing, act)]
            commit = NOTHING
            if making or rows or act.always:
                audit = audit_row(self._clock.next(), author, act, Done.of_own(rows, making))
                taken = _take_own(cursor, rows, audit, making, writer.standing)
                entry = Entry(act.name, author, self._wall(), None, act.undoes)
                commit = self._commit(connection, cursor, taken, entry, {author: who})
            if beside is not None:
                beside(connection, commit)
        if not self.db.is_together:  # others may write before we hear that all of it was rolled back
            self._numbered = who, author
        return commit

    def apply(self, incoming: Incoming) -> Commit:
        """Take in ops from elsewhere, all of them or none."""
        act = incoming.act
        with self._transaction(much=length_hint(incoming.rows) >= MANY) as (connection, cursor):
            *numbers, author = Log(cursor).authors([*incoming.authors, Author(act.who, self.identity.scope)])
            known = incoming.known if self.db.is_together else None
            taken = take_in(cursor, incoming.rows, numbers, known=known)
            clk = self._next_free(cursor, taken.newest)
            take_in(cursor, [audit_row(clk, author, act, Done.of_taken(taken))], taken=taken)
            commit = self._commit(connection, cursor, taken, Entry(act.name, author, self._wall(), incoming.source))
            if incoming.beside is not None:
                incoming.beside(connection, commit)
            return commit

    def apply_each(
        self, incoming: Sequence[Incoming], known: Standing, beside: Callable[["Connection", list[Commit]], None]
    ) -> list[Commit]:
        """Take in the ops of several bundles at one go: all of them or none, each with a link of its own.

        None of the ops is here, no record is in two of the bundles, and nothing of these records was erased. ``known``
        and ``beside`` are those of all of them.
        """
        with self._transaction() as (connection, cursor):
            people = [[*one.authors, Author(one.act.who, self.identity.scope)] for one in incoming]
            numbers = iter(Log(cursor).authors(list(chain.from_iterable(people))))
            bundled = []
            for one in incoming:
                *theirs, author = islice(numbers, len(one.authors) + 1)
                entry = Entry(one.act.name, author, self._wall(), one.source)
                bundled.append(Bundled.of(one.rows, theirs, one.act, entry))
            taken, audits = merge_batch(cursor, bundled, known, self._next_after)
            self._index_or_leave(connection, taken.to_index)
            commits = close_batch(cursor, self._chain_key, bundled, audits, taken)
            Meta(cursor).set("clock", self._clock.last)
            beside(connection, commits)
            return commits

    @contextmanager
    def together(self, *, much: bool = False) -> Iterator[None]:
        """Several acts as one durable transaction, the search index brought up to date once: all of them or none.

        What fails in one of them has to leave this too; then nothing of any is kept. ``much``: see ``Database.write``.
        """
        before: tuple[Identity, Clock] | None = None

        def failed() -> None:
            if before is not None:
                self.identity, self._clock = before

        with self.db.together(much=much, failed=failed) as connection, collecting_paused():  # others wait until here
            before = self.identity, self._clock
            self._to_index = Touched()
            try:
                yield
                self._index(connection, self._to_index)
            finally:
                self._to_index = None

    def adopt(self, identity: Identity) -> None:
        """Become another life of this device, or another device: before its first edit."""
        with self.settings() as meta:
            identity.save(meta)
        self.identity = identity
        self._clock = Clock(identity.device, self._clock.last, self._wall)

    @property
    def newest(self) -> int:
        """The highest clk this device gave out."""
        return self._clock.last

    @property
    def is_spent(self) -> bool:
        """Whether the ids of this life come to an end."""
        return self._clock.is_spent

    def wall_ms(self) -> int:
        """This computer's clock, ms of clock.EPOCH."""
        return self._wall()

    def begin_clock(self) -> None:
        """Give out ids from the wall clock on, whatever was given out before: for a life that gave out none."""
        with self.settings() as meta:
            meta.set("clock", 0)
        self._clock = Clock(self.identity.device, 0, self._wall)

    def take_scope(self, scope: int) -> None:
        """Remember the scope number taken in with a reply."""
        self.adopt(replace(self.identity, scope=scope))

    @contextmanager
    def cursor(self) -> Iterator[Cursor]:
        """A reading cursor on a connection of its own, closed with it: an error that is kept would keep both open."""
        with self.db.read() as connection, closing(raw_cursor(connection)) as cursor:
            yield cursor

    @contextmanager
    def settings(self) -> Iterator[Meta]:
        """What the store knows of itself and its keys, for reading and writing, in a transaction of its own."""
        with self._transaction() as (_, cursor):
            yield Meta(cursor)

    def get(self, kind: str, record: int) -> dict[str, Value] | None:
        """The values of one record, or None where it is not there or deleted."""
        from gridworker.store.records import get

        with self.db.read() as connection:
            return get(connection, kind, record)

    def close(self) -> None:
        """Close all connections."""
        self.db.close()

    @contextmanager
    def _transaction(self, *, much: bool = False) -> Iterator[tuple["Connection", Cursor]]:
        with self.db.write(much=much) as connection, collecting_paused(), closing(raw_cursor(connection)) as cursor:
            yield connection, cursor

    def _number_of(self, author: Author, cursor: Cursor) -> int:
        """Our number for somebody; of whoever saved last it is known."""
        if self._numbered is not None and self._numbered[0] == author:
            return self._numbered[1]
        return Log(cursor).authors([author])[0]

    def _commit(
        self,
        connection: "Connection",
        cursor: Cursor,
        taken: Taken,
        entry: Entry,
        people: Mapping[int, Author] = MappingProxyType({}),
    ) -> Commit:
        """Index and link what was taken in, in the transaction that is open."""
        if KIND.number in taken.touched:
            choose_anew(cursor, taken)
        settling = self._settling(connection, taken)
        self._index_or_leave(connection, taken.to_index)
        commit = close_link(cursor, self._chain_key, entry, taken, people)
        if settling is not None:
            settling.blank(self._chain_key)
            Meta(cursor).set(STALE, commit.batch)
        Meta(cursor).set("clock", self._clock.last)
        return commit

    def _settling(self, connection: "Connection", taken: Taken) -> "Settling | None":
        """Read the records anew that are erased; nearly always there are none."""
        if not taken.erased:
            return None
        from gridworker.store.settling import Settling

        settling = Settling(connection, taken)
        settling.read_anew()
        return settling

    def _next_after(self, clk: int) -> int:
        self._clock.absorb(clk)
        return self._clock.next()

    def _next_free(self, cursor: Cursor, newest: int) -> int:
        """The same, where a copy of this device may have written under the very next one: that just came."""
        log, clk = Log(cursor), self._next_after(newest)
        while log.rows(log.maybe_known([clk])):
            clk = self._clock.next()
        return clk

    def _index_or_leave(self, connection: "Connection", touched: Touched) -> None:
        if self._to_index is None:
            self._index(connection, touched)
        else:
            self._to_index.add(touched)

    @staticmethod
    def _index(connection: "Connection", touched: Touched) -> None:
        from gridworker.store.search import search

        named = dict(by_name(touched.to_name()))
        for kind, records in search.plant(connection, touched.born).items() if touched.born else ():
            named[kind] = named.get(kind, frozenset()) | records
        search.refresh(connection, named, by_name(touched.to_tell()))
        if touched.erased:
            search.purge(connection)


def _take_own(
    cursor: Cursor, rows: Sequence[OpRow], audit: OpRow, making: Sequence[NewRecords], standing: Standing | None
) -> Taken:
    """Take in what is done on this device: its ops, very many new records beside them, and its audit row."""
    small = None if making else take_fast(cursor, [*rows, audit], standing)
    if small is not None:
        return small
    taken = take_in(cursor, rows if making else [*rows, audit], known=standing)
    for made in making:
        sow(cursor, made, audit.author, taken)
    if making:  # the log only grows at its end: a page that is split keeps shreds of what was moved
        take_in(cursor, [audit], taken=taken)
    if taken.forks or taken.bad:
        raise RuntimeError("a record was created twice")
    return taken


def _to_make(
    wanted: Sequence[Change], new: NewRecords | None
) -> tuple[Sequence[Change], Sequence[Change], list[NewRecords]]:
    """A few changes that make records, those of records that are here, and very many new records side by side."""
    created, existing = sorted_out(wanted)
    many = NewRecords.of(created) if len(created) > FEW else None
    return () if many else created, existing, [made for made in (many, new) if made]
