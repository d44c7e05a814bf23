"""People who were written down in a household and taken back since: in no table any more, and in the journal still.

Only what was taken back on this device, by its latest links: the log has no index by household, and is not gone through
for a page. An import that was undone is no act on a household.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from gridworker import discover
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.clock import moment_of
from gridworker.store.log.journal import unpack_clks
from gridworker.store.log.log import Log
from gridworker.store.log.op import OpRow, What, unpack_create

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from gridworker.record import Value

_LATEST, _FEW = 2_000, 200
"""How many links are looked through, and of how many octets the ops of an act are named at most."""

LINKS = (
    "SELECT u.clks, l.clks FROM batch u INDEXED BY batch_undoing JOIN batch l ON l.no = u.undoes "
    "WHERE u.undoes IS NOT NULL AND u.no > (SELECT max(no) FROM batch) - ? AND length(l.clks) <= ?"
)
"""By the index, which is small: by itself the engine would read all links of the journal that are late enough."""


class Unmade(NamedTuple):
    """A membership that was made and taken back: when and by whom, of which person, and how they had come."""

    membership: int
    at: datetime
    who: int
    name: str
    came_by: str


def unmade(connection: "Connection", household: int, known: Collection[int]) -> list[Unmade]:
    """Those of a household, but for the memberships that are ``known``: they came back, and tell of it themselves."""
    cursor = raw_cursor(connection)
    cursor.execute(LINKS, (_LATEST, _FEW))
    links = [(unpack_clks(undo), unpack_clks(made)) for undo, made in cursor.fetchall()]
    log = Log(cursor)
    ops, authors = log.rows({clk for pair in links for clks in pair for clk in clks}), log.author_table()
    found = {}
    for undo, made in links:
        gone = {ops[clk].record: ops[clk] for clk in undo if clk in ops and ops[clk].what == What.DELETE}
        for membership, values in _memberships(ops, made):
            if membership in gone and membership not in known and values.get("household_id") == household:
                last = gone[membership]
                name = _values(ops.get(_number(values.get("resident_id"))), "resident").get("name")
                came_by = str(values.get("came_by") or "")
                who = authors[last.author].who
                found[membership] = Unmade(membership, moment_of(last.clk), who, str(name or ""), came_by)
    return list(found.values())


def _memberships(ops: dict[int, OpRow], made: list[int]) -> Iterator[tuple[int, "dict[str, Value]"]]:
    for clk in made:
        values = _values(ops.get(clk), "household_member")
        if values:
            yield clk, values


def _values(op: OpRow | None, kind: str) -> "dict[str, Value]":
    """The values a record of a kind was made with; nothing where this is no such op."""
    known = discover.kinds()[kind].kind
    if op is None or op.what != What.CREATE or op.kind != known.number:
        return {}
    values = unpack_create(op.vals)
    return {known.numbered[number].name: value for number, value in values.items() if number in known.numbered}


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
