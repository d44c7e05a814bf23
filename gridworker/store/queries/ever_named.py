"""What records named at any time, as the log tells: also of a record that is gone, and of one that was given away."""

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.heads import heads_of
from gridworker.store.log.log import Log
from gridworker.store.log.op import Edit, OpRow, What, unpack_create, unpack_edits

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from gridworker.record import Kind


def ever_named(
    connection: "Connection", kind: "Kind", records: Collection[int], fields: Collection[str]
) -> dict[int, dict[str, set[int]]]:
    """The records that some fields ever referred to, by record and field; a record is left out where that is not known.

    From the ops that stand now each goes back to what it replaced, as far as the creation. A value that was let go of
    since is missed: whoever asks keeps nothing over that (``worked_out.let_go``).
    """
    wanted = {kind.specs[name].number: name for name in fields}
    log = Log(raw_cursor(connection))
    heads = log.heads(records)
    asked = {clk: record for record in heads for field in wanted for clk in heads_of(heads[record], record, field)}
    found: dict[int, dict[str, set[int]]] = {record: {name: set() for name in fields} for record in heads}
    seen = dict[int, int]()
    while asked:
        seen |= asked
        ops = log.rows(asked)
        for clk in asked.keys() - ops.keys():
            found.pop(asked[clk], None)
        earlier = dict[int, int]()
        for op in ops.values():
            for field, value, over in _edits(op):
                if field in wanted and op.record in found:
                    earlier.update(dict.fromkeys(over, op.record))
                    if isinstance(value, int):
                        found[op.record][wanted[field]].add(value)
        asked = {clk: record for clk, record in earlier.items() if clk not in seen}
    return found


def _edits(op: OpRow) -> Iterable[Edit]:
    return _created(op) if op.what == What.CREATE else unpack_edits(op.record, op.vals)


def _created(op: OpRow) -> Iterator[Edit]:
    for field, value in unpack_create(op.vals).items():
        yield Edit(field, value, ())
