"""What goes into the next bundle: everything the other side has not confirmed, so that a lost one heals by itself.

A laptop sends its own ops above what the office confirmed. The office sends what reached it since the laptop's last
receipt, whoever wrote it, as far as it is in the laptop's scope; a record entering the scope goes whole with its
history, one leaving it is named.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.store.clock import INCARNATION_BITS, device_of, laptop_of
from gridworker.store.database import raw_cursor
from gridworker.store.log import Log
from gridworker.store.op import Author, OpRow
from gridworker.store.scope import grids_of, in_scope
from gridworker.store.streams import Exchange, authors_of, clks_since, histories, last_number, own_ops
from gridworker.sync.header import Marks

if TYPE_CHECKING:
    from gridworker.store.database import Connection
    from gridworker.store.meta import Identity


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The content of a bundle to be written. ``since`` and ``upto`` as in the header."""

    rows: list[OpRow]
    authors: list[Author]
    since: int
    upto: int
    have: Marks
    enter: tuple[int, ...] = ()
    leave: tuple[int, ...] = ()
    grids: tuple[int, ...] = ()
    """What the laptop holds from now on."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing the other side does not have."""
        return not (self.rows or self.enter or self.leave)


def to_office(connection: "Connection", identity: "Identity", office: int) -> Outgoing:
    """A laptop's next bundle. ``office`` is the office's device number with its incarnation."""
    cursor = raw_cursor(connection)
    exchange = Exchange(cursor)
    marks = exchange.marks()
    rows, authors = authors_of(cursor, own_ops(cursor, identity.laptop, marks))
    since = marks.get(identity.device, 0)
    own = [row.clk for row in rows if device_of(row.clk) == identity.device]
    return Outgoing(rows, authors, since, max(own, default=since), Marks(n=exchange.stream(office).received))


def to_laptop(connection: "Connection", laptop: int) -> Outgoing:
    """The office's next reply to a laptop."""
    cursor = raw_cursor(connection)
    exchange = Exchange(cursor)
    stream = exchange.stream(laptop)
    grids = grids_of(connection, laptop)
    scope = in_scope(connection, grids, laptop)
    held = exchange.held(laptop)
    enter, leave = scope - held, held - scope
    clks, upto = clks_since(cursor, stream.acked)
    arrived = Log(cursor).rows(clk for clk in clks if laptop_of(clk) != laptop)
    staying = scope - enter
    rows = [row for row in arrived.values() if row.record in staying and _travels(row)]
    known = {row.clk for row in rows}
    rows += [row for row in histories(cursor, enter) if row.clk not in known and _travels(row)]
    packed, authors = authors_of(cursor, sorted(rows))
    return Outgoing(
        packed,
        authors,
        stream.acked,
        upto,
        receipt(exchange, laptop),
        tuple(sorted(enter)),
        tuple(sorted(leave)),
        tuple(grids),
    )


def kit_content(connection: "Connection", grids: Collection[int], laptop: int) -> Outgoing:
    """Everything a new laptop starts with: the records of its grids and what all need, whole."""
    cursor = raw_cursor(connection)
    scope = in_scope(connection, grids, laptop)
    rows, authors = authors_of(cursor, [row for row in histories(cursor, scope) if _travels(row)])
    return Outgoing(rows, authors, 0, last_number(cursor), Marks(), tuple(sorted(scope)), grids=tuple(grids))


def receipt(exchange: Exchange, laptop: int) -> Marks:
    """How far the office has a laptop's own ops: one mark for each of its lives."""
    marks = [clk for device, clk in exchange.marks().items() if device >> INCARNATION_BITS == laptop]
    newest = max(marks, default=0)
    return Marks(clk=newest, older=tuple(sorted(clk for clk in marks if clk != newest)))


def _travels(row: OpRow) -> bool:
    """Audit rows go to the office and to nobody else."""
    record = discover.by_number().get(row.kind)
    return record is None or not record.kind.office_only
