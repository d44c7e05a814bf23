"""The audit row of an act: an op like any other, logged in the same lot as what was done where that is known before."""

from collections.abc import Mapping, Sequence, Set
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from gridworker import discover
from gridworker.record import Kind, Value
from gridworker.store.intake.intake import Taken, by_name
from gridworker.store.log.clock import EPOCH, device_of, ms_of
from gridworker.store.log.op import CreatePacker, OpRow, What
from gridworker.store.tables.changes import AUDIT, NOTE, Act
from gridworker.store.tables.creations import NewRecords

_EPOCH = EPOCH.replace(tzinfo=None)


class Done(NamedTuple):
    """What the audit says of an act: how many ops it brought, and which record it was about where that is one alone.

    A record of a kind that is not known here is not named.
    """

    ops: int
    kind: str | None = None
    record: int | None = None

    @staticmethod
    def of_taken(taken: Taken) -> "Done":
        """What was taken in from elsewhere."""
        return Done.of(taken.count, taken.touched)

    @staticmethod
    def of(ops: int, touched: Mapping[int, Set[int]]) -> "Done":
        """So many ops, and the records they touched by number of kind."""
        if sum(map(len, touched.values())) == 1:
            for name, records in by_name(touched).items():
                for record in records:
                    return Done(ops, name, record)
        return Done(ops)

    @staticmethod
    def of_own(rows: Sequence[OpRow], beside: Sequence[NewRecords]) -> "Done":
        """What is about to be written here: ``rows``, and very many new records beside them."""
        if beside:
            return Done(len(rows) + sum(map(len, beside)))
        records = {row.record: row.kind for row in rows}
        if len(records) != 1:
            return Done(len(rows))
        record, number = records.popitem()
        return Done(len(rows), discover.by_number()[number].kind.name, record)


def audit_row(clk: int, author: int, act: Act, done: Done) -> OpRow:
    """The row of an act, by the op's own clk; ``author`` is our number for who does it."""
    kind, packer = _audit()
    values: dict[str, Value] = {
        "at": f"{(_EPOCH + timedelta(seconds=ms_of(clk) // 1000)).isoformat()}Z",
        "staff_id": act.who,
        "device": device_of(clk),
        "action": act.name.removeprefix(NOTE),
        "record_kind": act.kind or done.kind,
        "record": act.record or done.record,
        "count": _count(act, done.ops),
        "purpose": act.purpose or None,
        "detail": act.detail or None,
    }
    return OpRow(clk, kind.number, clk, int(What.CREATE), author, packer.pack(values))


@cache
def _audit() -> tuple[Kind, CreatePacker]:
    """The kind of its rows, and what packs them: every save makes one."""
    kind = discover.kinds()[AUDIT].kind
    return kind, CreatePacker(kind)


def _count(act: Act, new: int) -> int | None:
    """How many: what the act says, else what it brought; of a look or a login there is nothing to count."""
    if act.count is not None:
        return act.count
    return new or (None if act.name.startswith(NOTE) else 0)
