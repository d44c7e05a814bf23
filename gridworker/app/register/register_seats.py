"""Where some records belong in a register that is sorted already, without putting all of it in order anew."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping
from itertools import filterfalse
from typing import TYPE_CHECKING, Any, NamedTuple

from gridworker.app.long_sort import ID, in_parts

if TYPE_CHECKING:
    from gridworker.record import Value

MOST = 40
"""Of so many the new places are looked for, each by halves; of more all is read anew."""

_AT_ONCE = 20_000

Values = Callable[[Collection[int]], "Mapping[int, Value]"]
"""What stands in the field of some records; those not there are left out."""


class Sorting(NamedTuple):
    """How a register is sorted: what a value is sorted by, and whether it is turned round."""

    key: "Callable[[Value], Any]"
    down: bool


class _Turned(NamedTuple):
    """A value in an order that is turned round."""

    value: Any

    def __lt__(self, other: Any) -> bool:
        return bool(other.value < self.value)


def reseated(whole: "array[int]", changed: Collection[int], values: Values, sorting: Sorting) -> "array[int]":
    """An order in which some records are where they belong now, or not at all."""
    rest, seats = array(ID), dict[int, tuple[bool, Any, int]]()
    gone = set(changed)
    for lot in in_parts(whole, _AT_ONCE):
        rest.extend(filterfalse(gone.__contains__, lot))
    for record, value in values(gone).items():
        seats[record] = _seat(record, value, sorting)

    def seat(record: int) -> tuple[bool, Any, int]:
        if record not in seats:
            seats[record] = _seat(record, values([record])[record], sorting)
        return seats[record]

    for record in gone & seats.keys():
        rest.insert(bisect_left(rest, seat(record), key=seat), record)
    return rest


def _seat(record: int, value: "Value", sorting: Sorting) -> tuple[bool, Any, int]:
    """What it is sorted by: who has no value is last either way, and those of one value stand as they came."""
    if value is None:
        return True, (), record
    key = sorting.key(value)
    return False, _Turned(key) if sorting.down else key, record
