"""Whether an op may change what other ops are judged by: where records are that are here (store/scope/scope.py).

That is read from the fields that place a record, and from those by which it brings another along; from no other.
"""

from collections.abc import Collection
from functools import cache

import msgpack

from gridworker import discover
from gridworker.store.log.op import OpRow, What, values_in


def moves(row: OpRow, made: Collection[int]) -> bool:
    """Whether an edit places its record anew, or an edit or a creation brings along what is not ``made`` with it.

    Of a kind of a newer version nobody can say that it does not.
    """
    fields = _fields(row.kind)
    if fields is None:
        return True
    placing, bringing = fields
    if row.what == What.CREATE and not bringing:
        return False
    if not (placing or bringing):
        return False
    values = dict(values_in(row.what, msgpack.unpackb(row.vals)))
    if row.what != What.CREATE:
        return not values.keys().isdisjoint(placing | bringing)
    return any(isinstance(value, int) and value not in made for at, value in values.items() if at in bringing)


@cache
def _fields(number: int) -> tuple[frozenset[int], frozenset[int]] | None:
    """Of a kind, the numbers of the fields that place a record, and of those that bring one along."""
    record = discover.by_number().get(number)
    if record is None:
        return None
    specs = record.kind.specs
    placing, bringing = record.kind.within, record.kind.brings
    return frozenset(specs[name].number for name in placing), frozenset(specs[name].number for name in bringing)
