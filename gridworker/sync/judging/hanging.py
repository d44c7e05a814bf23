"""What hangs on a record that the office refuses after it had been taken in (sync.md 4).

Had the record been refused at once, what is placed by it or brings it along would have waited with it (judge.py). So it
waits from now on, whichever laptop wrote it: tables name nothing that is not there, and nothing is lost. A person who
was there for the sake of such a record alone, as for a membership, waits too.

What the office wrote itself stays, and so does what only refers to the record, as a household does to its head: that is
for a person to put right, and the check names it (dangling.py).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.store.engine.database import raw_cursor
from gridworker.store.intake.transaction import NOTHING
from gridworker.store.log.clock import OFFICE, laptop_of
from gridworker.store.log.heads import heads_of
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import Author, OpRow, What, unpack_edits, value_of
from gridworker.store.log.verdicts import Ruling, Verdicts, words_on
from gridworker.store.queries.referring import living, references
from gridworker.store.store import Incoming
from gridworker.store.streams import Aside
from gridworker.store.tables.changes import Act
from gridworker.store.waiting import Waiting
from gridworker.sync.judging.judge import ON_REFUSED, brought_alone

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.store import Store


def let_hanging_wait(store: "Store", refused: Collection[OpRow], source: bytes, who: int) -> "Commit":
    """Let all wait that hangs on records whose creations were just refused, step by step, for that may be hung on too.

    ``source`` is the bundle beside which is listed what waits and had not before. Only while writing together: each
    step reads what the one before it left.
    """
    commit, step = NOTHING, _Step(list(refused))
    while True:
        with store.db.read() as connection:
            step = _next(connection, step)
        if not step.fresh:
            return commit
        commit = commit.beside(_let_wait(store, step, source, who))


@dataclass
class _Step:
    """What waits by now and makes or brings along records; of it what is ``fresh``, and the office's ops it stands for.

    ``seen`` are all ops that were looked at.
    """

    known: list[OpRow]
    fresh: list[OpRow] = field(default_factory=list)
    stand_ins: list[OpRow] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)


def _next(connection: "Connection", before: _Step) -> _Step:
    cursor = raw_cursor(connection)
    step = _Step(before.known, seen=before.seen)
    gone = [row for row in step.known if row.what == What.CREATE]
    found = [*_placed(connection, gone), *_left_alone(connection, step.known)]
    for row in {row.clk: row for row in found if row.clk not in step.seen}.values():
        step.seen.add(row.clk)
        if laptop_of(row.clk) != OFFICE:
            step.fresh.append(row)
            continue
        accepted = _stood_for(cursor, row)
        step.fresh += accepted
        step.stand_ins += [row] if accepted else []
    step.known = [*step.known, *step.fresh]
    return step


def _placed(connection: "Connection", gone: Iterable[OpRow]) -> Iterator[OpRow]:
    """The ops by which records in the tables are placed by what is gone, or bring it along."""
    by_kind: dict[int, list[int]] = defaultdict(list)
    for row in gone:
        by_kind[row.kind].append(row.record)
    log = Log(raw_cursor(connection))
    for number, targets in by_kind.items():
        for found in references(connection, discover.by_number()[number].kind.name, targets):
            kind = discover.kinds()[found.kind].kind
            if found.field in (*kind.within, *kind.brings):
                at = kind.specs[found.field].number
                heads = heads_of(log.heads([found.record]).get(found.record, {}), found.record, at)
                rows = log.rows(heads).values()
                yield from (row for row in rows if value_of(row.what, found.record, row.vals, at) == found.target)


def _left_alone(connection: "Connection", rows: Iterable[OpRow]) -> Iterator[OpRow]:
    """Creations by laptops of who is still here and whom nothing brings along any more."""
    brought = {record for row in rows for record in brought_alone(row) if laptop_of(record) != OFFICE}
    made = Log(raw_cursor(connection)).rows(brought) if brought else {}
    by_kind: dict[str, list[int]] = defaultdict(list)
    for row in made.values():
        if row.what == What.CREATE:
            by_kind[discover.by_number()[row.kind].kind.name].append(row.record)
    for name, records in by_kind.items():
        bringing = (
            one.target
            for one in references(connection, name, records)
            if one.field in discover.kinds()[one.kind].kind.brings
        )
        yield from (made[record] for record in sorted({*living(connection, name, records)}.difference(bringing)))


def _stood_for(cursor: Cursor, own: OpRow) -> list[OpRow]:
    """The laptops' ops that were accepted and that an edit of the office stands for."""
    over = {clk for edit in unpack_edits(own.record, own.vals) for clk in edit.over} if own.what == What.EDIT else set()
    accepted = [clk for clk, one in Verdicts(cursor).standing(over).items() if one.ruling is Ruling.ACCEPTED]
    return [row for row in Log(cursor).rows(accepted).values() if laptop_of(row.clk) != OFFICE]


def _let_wait(store: "Store", step: _Step, source: bytes, who: int) -> "Commit":
    with store.cursor() as cursor:
        before = Verdicts(cursor).standing(row.clk for row in (*step.fresh, *step.stand_ins))
        known = Log(cursor).author_numbers({row.author for row in step.fresh})
    said = [(row, Ruling.WAITING) for row in step.fresh] + [(row, Ruling.REFUSED) for row in step.stand_ins]
    verdicts = words_on(said, before, store.new_id)
    waits = [Aside(*row[:4], *known[row.author], row.vals, ON_REFUSED, source) for row in step.fresh]

    def beside(connection: "Connection", _commit: "Commit") -> None:
        Waiting(raw_cursor(connection)).wait_again(waits)

    act = Act("verdict", who, count=len(step.fresh), detail="waiting")
    return store.apply(Incoming(verdicts, [Author(who, store.identity.scope)], act, beside=beside))
