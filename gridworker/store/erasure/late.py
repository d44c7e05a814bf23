"""What comes late about somebody who is forgotten: written, by a laptop that had not heard, after the office erased.

An erasure names records, and what is about them alone goes with them as far as it is here (concerned.py). A photo of
the household, a visit or a membership that comes afterwards is a record of its own, which nobody has erased: so the
office looks at what came, and erases that too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from gridworker import discover
from gridworker.record import Kind
from gridworker.store.concerned import Concerned, all_about
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.log import Cursor, Log, chunks, id_list
from gridworker.store.log.op import OpRow, What
from gridworker.store.mentions import values_of
from gridworker.store.queries.referring import living
from gridworker.store.streams import clks_since

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class Late(NamedTuple):
    """What is to go, and the link of the journal up to which was looked; None where there is nothing to look for."""

    going: list[Concerned]
    upto: int | None


def late_after(connection: "Connection", since: int) -> Late:
    """Records that came after link ``since`` and are about somebody who is forgotten, with what is about these alone.

    Costs what came, and a look at the log where there is such.
    """
    cursor = raw_cursor(connection)
    if not Log(cursor).count_erasures():
        return Late([], None)
    clks, upto = clks_since(cursor, since)
    found: dict[str, set[int]] = defaultdict(set)
    for part in chunks(clks):
        made = [row for row in Log(cursor).rows(part).values() if row.what == What.CREATE]
        named = {row: list(_about(row.kind, dict(values_of(row)))) for row in made}
        forgotten = _forgotten(connection, {one for places in named.values() for one in places})
        for row, places in named.items():
            if not forgotten.isdisjoint(places):
                found[discover.by_number()[row.kind].kind.name].add(row.record)
    going = dict.fromkeys(
        one
        for kind, records in found.items()
        for one in all_about(connection, kind, sorted(_still_about(connection, kind, records)))
    )
    before = _forgotten(connection, going)
    return Late([one for one in going if one not in before], upto)


def late_among(connection: "Connection", rows: Collection[OpRow]) -> set[int]:
    """Those records that ops, by clk and not taken in yet, make about somebody who is forgotten, or about such ones."""
    if not Log(raw_cursor(connection)).count_erasures():
        return set()
    made = {row.record: row.kind for row in rows if row.what == What.CREATE}
    values: dict[int, dict[int, object]] = defaultdict(dict)
    for row in rows:
        if row.record in made:
            values[row.record].update(values_of(row))
    named = {record: set(_about(kind, values[record])) for record, kind in made.items()}
    gone = _forgotten(connection, set().union(*named.values()))
    found = set[int]()
    while late := {record for record, places in named.items() if record not in found and not gone.isdisjoint(places)}:
        found |= late
        gone |= {Concerned(discover.by_number()[made[record]].kind.name, record) for record in late}
    return found


def _about(number: int, values: Mapping[int, object]) -> Iterator[Concerned]:
    """Whom or what a record is about alone, by what its kind declares."""
    record = discover.by_number().get(number)
    kind = record.kind if record else None
    if kind is None or kind.office_only:
        return
    for name in (*kind.within, *kind.brings):
        value, spec = values.get(kind.specs[name].number), kind.specs[name]
        if isinstance(value, int) and spec.ref is not None:
            yield Concerned(spec.ref, value)


def _forgotten(connection: "Connection", concerned: Collection[Concerned]) -> set[Concerned]:
    """Those of some records of which nothing is left: all that a kind knows was erased, and they are off the books."""
    erased = Log(raw_cursor(connection)).erasures({one.record for one in concerned})
    whole: dict[str, list[int]] = defaultdict(list)
    for one in concerned:
        if one.record in erased and erased[one.record].keys() >= discover.kinds()[one.kind].kind.numbered.keys():
            whole[one.kind].append(one.record)
    return {
        Concerned(kind, record)
        for kind, records in whole.items()
        for record in set(records).difference(living(connection, kind, records))
    }


def _still_about(connection: "Connection", name: str, records: Collection[int]) -> set[int]:
    """Those of some records that were not moved to somebody else since, who is here."""
    kind = discover.kinds()[name].kind
    shown = _places(raw_cursor(connection), kind, records)
    forgotten = _forgotten(connection, {one for places in shown.values() for one in places})
    return {record for record in records if record not in shown or not forgotten.isdisjoint(shown[record])}


def _places(cursor: Cursor, kind: Kind, records: Collection[int]) -> Mapping[int, list[Concerned]]:
    names = (*kind.within, *kind.brings)
    columns = ", ".join(f'"{name}"' for name in names)
    found: dict[int, list[Concerned]] = {}
    for part in chunks(sorted(records)):
        cursor.execute(
            f'SELECT id, {columns} FROM "{kind.name}" WHERE id IN (SELECT value FROM json_each(?))', (id_list(part),)
        )
        for record, *places in cursor.fetchall():
            found[record] = [
                Concerned(kind.specs[name].ref or "", place)
                for name, place in zip(names, places, strict=True)
                if place is not None
            ]
    return found
