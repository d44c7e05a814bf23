"""Undo: the earlier values written as new ops. Nothing is removed, and what others changed since is left alone.

Nor does an undo leave anything pointing to what it takes away: what others rest on since stays
(still_referenced.py). Where the act had settled a conflict, both values are written anew beside each other, and the
conflict is open again. A kit that was given out is out: that act is not undone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gridworker import discover
from gridworker.errors import NotFound, Problem
from gridworker.record import ALIVE, Kind, Value
from gridworker.store.erasure.compaction import COMPACTED
from gridworker.store.intake.earlier import Earlier
from gridworker.store.intake.transaction import Commit
from gridworker.store.joined import JOINED
from gridworker.store.log.journal import ENROL, Batch, Journal
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import OpRow, into_in, seen_in, unpack_all
from gridworker.store.meta import Meta
from gridworker.store.still_referenced import what_stays
from gridworker.store.store import Store
from gridworker.store.tables.changes import IMPORT, NOTE, Act, Change, Side, Sides
from gridworker.store.tables.reading import in_order, read


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did. ``kept`` counts values and records that stay as they are: changed or rested on since.

    ``merge_stands``: the person merged a bundle after the act that was taken back, which is not undone by this.
    ``erasure_stands``: they erased something after it, or let go of it, which nobody can undo.
    """

    act: str
    commit: Commit
    kept: int
    homes: int = 0
    """Households among them that were visited or used since; they stay with their people."""
    merge_stands: bool = False
    erasure_stands: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """What an act touched: kinds of records, its row of the audit left out. ``who`` did it."""

    act: str
    kinds: frozenset[str]
    who: int
    from_bundle: bool


def reach_of(store: Store, no: int) -> Reach | None:
    """What an act of the journal touched; None where there is none of this number."""
    known = discover.by_number()
    with store.cursor() as cursor:
        link = Journal(cursor, store.chain_key).link(no)
        if link is None:
            return None
        log = Log(cursor)
        author = log.author_numbers([link.author]).get(link.author)
        kinds = [known[number].kind for number in log.kinds_of(link.op_clks) if number in known]
    named = frozenset(kind.name for kind in kinds if not kind.office_only)
    return Reach(link.act, named, author.who if author else 0, link.source is not None)


def undo_last(store: Store, who: int) -> Undone:
    """Take back the last act of this person on this device.

    Raises NotFound where there is none, Problem where it is one that cannot be taken back.
    """
    with store.cursor() as cursor:
        journal = Journal(cursor, store.chain_key)
        link = journal.last_act_of(who)
        stands = journal.merged_since(who, link.no if link else 0)
        erased = journal.erased_since(who, link.no if link else 0)
    if link is None and stands:
        raise NotFound(
            "There is nothing of yours to undo. The bundle that was merged stands; the office takes one back as a "
            "whole, on its page Merge inbox."
        )
    if link is None and erased:
        raise NotFound("There is nothing of yours to undo. What was erased stays erased: nobody can undo that.")
    return replace(_undo(store, link, who), merge_stands=stands, erasure_stands=erased)


def undo_batch(store: Store, no: int, who: int) -> Undone:
    """Take back a whole import or bundle by its number in the journal.

    Raises NotFound where there is none, Problem where it cannot be taken back: on a laptop, what came from the office.
    """
    with store.cursor() as cursor:
        link = Journal(cursor, store.chain_key).link(no)
    if link is not None and link.source is not None and not store.identity.is_office:
        raise Problem("What came from the office stands on a laptop: only the office takes a bundle back.")
    return _undo(store, link, who)


def _undo(store: Store, link: Batch | None, who: int) -> Undone:
    if link is None or link.act.startswith(NOTE) or link.no <= _compacted(store):
        raise NotFound("There is nothing to undo.")
    if link.act == ENROL:
        raise Problem(
            "A device bundle was given out, and what is out cannot be undone. Take the laptop out of use instead: on "
            "the page Devices and people, or with gridworker device retire."
        )
    _refuse_joining_again(store, link)
    kept = homes = 0

    def plan(cursor: Cursor) -> Sequence[Change]:
        nonlocal kept, homes
        way = _WayBack(cursor, link, who)
        changes, kept = way.changes()
        homes = way.homes
        kept = kept or int(not changes)  # what is gone or as it was before was changed by somebody since
        return changes

    act = Act("undo", who, undoes=link.no, detail=link.act, resolve=True, always=True)
    commit = store.write(plan, act)
    return Undone(link.act, commit, kept, homes)


def _refuse_joining_again(store: Store, link: Batch) -> None:
    """Two that were one for a while may each have got something since: half of it would come back."""
    if link.undoes is None:
        return
    with store.cursor() as cursor:
        undone = Journal(cursor, store.chain_key).link(link.undoes)
    if undone is not None and undone.act == JOINED:
        raise Problem("The two were taken apart. Make one of them again in the merge inbox.")


def _compacted(store: Store) -> int:
    """What came up to this link may have lost the values before it: there is no way back to them on this laptop."""
    with store.cursor() as cursor:
        return Meta(cursor).number(COMPACTED)


class _WayBack:
    """The changes that lead back to before a batch."""

    def __init__(self, cursor: Cursor, link: Batch, who: int) -> None:
        self._cursor = cursor
        authors = Log(cursor).author_table().items() if link.act != IMPORT else ()
        self._mine = {no for no, author in authors if author.who == who}
        self._before = Earlier(cursor, link)
        self._kept = 0
        self.homes = 0
        """Households that stay since something rests on them."""

    def changes(self) -> tuple[list[Change], int]:
        """What to write, and how much has to stay as it is."""
        changes = list(self._wanted())
        made = [record for record in self._before.by_record if record in self._before.batch]
        stays = what_stays(self._cursor, changes, made)
        self._kept += len(stays)
        self.homes = sum(change.kind == "household" and change.record in stays for change in changes)
        return [change for change in changes if change.record not in stays], self._kept

    def _wanted(self) -> Iterator[Change]:
        for record, rows in self._before.by_record.items():
            kind = _undoable(self._before.kinds.get(record))
            if kind is not None:
                made = record in self._before.batch
                change = self._unmade(kind, rows) if made else self._back(kind, record)
                if change is not None:
                    yield change

    def _unmade(self, kind: Kind, rows: Sequence[OpRow]) -> Change | None:
        """A record made by the batch goes, and one's own later edits with it; if others edited it, it stays.

        What a ledger brought stays for one's own edits too: it may be weeks ago, and they were typed one by one. That
        it was taken back and brought back since is no edit.
        """
        own = self._before.batch.keys() | self._before.undoing
        if all(row.clk in own or row.author in self._mine for row in rows):
            return Change(kind.name, rows[0].record, alive=False)
        self._kept += 1
        return None

    def _back(self, kind: Kind, record: int) -> Change | None:
        """Values of an existing record as they were before the batch."""
        packed = self._before.heads[record]
        fields = {
            number: sides
            for number in packed
            if (sides := self._existence(kind, record) if number == ALIVE else self._sides(kind, record, number))
        }
        alive = fields.pop(ALIVE, ())
        if ALIVE in packed and not alive and not read(record, packed, self._before.ops, kind).alive:
            self._kept += len(fields)
            return None
        self._kept += len(fields.keys() - kind.numbered.keys())
        known = {number: sides for number, sides in fields.items() if number in kind.numbered}
        if any(side.seen is not None for side in alive):
            return Change(kind.name, record, again={**known, ALIVE: alive})
        again = {number: sides for number, sides in known.items() if len(sides) > 1}
        values = {kind.numbered[number].name: sides[0].value for number, sides in known.items() if number not in again}
        return Change(kind.name, record, values, alive=bool(alive[0].value) if alive else None, again=again,
                      into=alive[0].into if alive else 0)  # fmt: skip

    def _sides(self, kind: Kind, record: int, number: int) -> Sides:
        """What stood in a field before the batch: several values where it was in conflict, the one shown last."""
        values: dict[tuple[type, Value], Side] = {}
        for clk in in_order(kind.number, self._before.clocks).ordered(self._standing(record, number)):
            value = self._before.value(record, clk, number)
            same = values.pop((type(value), value), Side(value))
            values[type(value), value] = Side(value, same.ops | {clk})
        return tuple(values.values())

    def _existence(self, kind: Kind, record: int) -> Sides:
        """Whether a record was there before the batch; a deletion says what it had seen where it stood in conflict.

        A deletion that had not seen an edit is not written as if it had: that would hide the edit for good.
        """
        standing = self._standing(record, ALIVE)
        deletions = [clk for clk in standing if not self._before.value(record, clk, ALIVE)]
        lives = (Side(1),) if len(deletions) < len(standing) else ()
        flats = unpack_all([self._before.ops[clk].vals for clk in deletions])
        into = next(filter(None, map(into_in, flats)), 0)
        if not deletions:
            sides: Sides = lives
        elif self._before.was_contested(kind, record):
            sides = (Side(0, seen=frozenset().union(*map(seen_in, flats)), into=into), *lives)
        elif self._before.shows(kind, record):  # somebody has edited it since it was brought back
            self._kept += 1
            return ()
        else:
            sides = (Side(0, into=into),)
        if sides not in ((), (Side(0, into=into),)) and self._is_erased(kind, record):
            self._kept += 1
            return ()
        return sides

    def _is_erased(self, kind: Kind, record: int) -> bool:
        """Whether nothing is left of a record to bring back; there is where but a number was shortened."""
        if record not in self._before.erased:
            return False
        left = read(record, self._before.heads[record], self._before.ops, kind).row
        return all(value is None for value in left.values())

    def _standing(self, record: int, number: int) -> set[int]:
        found = self._before.standing(record, number)
        self._kept += found is None
        return found or set()


def _undoable(number: int | None) -> Kind | None:
    record = discover.by_number().get(number or 0)
    return None if record is None or record.kind.office_only else record.kind
