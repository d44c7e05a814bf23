"""Whether this version may put values in a table: one by one, or a whole column at once."""

from array import array
from collections.abc import Collection
from types import MappingProxyType
from typing import Any, cast

from gridworker.dates import are_days, are_moments
from gridworker.record import Spec, Type, Value

_IN_TIME = MappingProxyType({Type.DAY: are_days, Type.MOMENT: are_moments})
_TEXT = frozenset({str, type(None)})
_NUMBER = frozenset({int, type(None)})
_NOTHING = frozenset({None})


def understands(spec: Spec | None, value: Value) -> bool:
    """Whether this version can show a value. ``spec`` None is a field of a newer version: there is no null to miss."""
    return value is None if spec is None else spec.understands(value)


def fits(spec: Spec, column: Collection[Value]) -> bool:
    """Whether this version understands every value of a column: ``Spec.understands`` for many at once."""
    if isinstance(column, array):  # references side by side: whole numbers, and only the least may be too small
        return spec.is_number and (not column or spec.understands(min(column)))
    if spec.is_number:
        types = set(map(type, column))
        return types <= _NUMBER and all(map(spec.understands, _farthest(column, blanks=type(None) in types)))
    if spec.type in _IN_TIME:  # few different ones
        days = set(column) - _NOTHING
        return set(map(type, days)) <= _TEXT and _IN_TIME[spec.type](cast(set[str], days))
    if spec.codes is None:
        return _are_texts(column)
    return all(map(spec.understands, set(column)))


def _are_texts(column: Collection[Any]) -> bool:
    """Whether all are texts or null. To join them says so of texts in half the time that it takes to ask each."""
    try:
        "".join(column)
    except TypeError:
        return set(map(type, column)) <= _TEXT
    return True


def _farthest(column: Collection[Any], *, blanks: bool) -> tuple[Value, ...]:
    """The least and the greatest of a column of numbers: where these are understood, all are."""
    numbers = [value for value in column if value is not None] if blanks else column
    return (min(numbers), max(numbers)) if numbers else ()
