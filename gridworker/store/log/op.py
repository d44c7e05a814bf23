"""Operations: the atoms everything recorded is made of, in the shape they have in the log and in bundles.

``vals`` is one canonical msgpack array:

* CREATE: ``[field, value, field, value, ...]`` in the order of field numbers, without nulls;
* all others: ``[field, value, over, field, value, over, ...]``, and for DELETE one more element, ``seen``.
  Sorts to come keep to that, and none but DELETE, RESTORE and RESOLVE says whether a record is there.

``over`` names the op or ops whose value this one replaced when it was written: 0 is the op that created the record,
else a clk or a sorted list of clks. ``seen`` lists the heads of the other fields that the deleting person saw; it
removes nothing, but an edit that is not in it was made without knowing of the deletion and must not vanish with it.
Where a record went because it is one with another, ``seen`` names that other as well, twice: it replaces nothing and
nobody waits for it, but whoever has the log knows where the record is now.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from itertools import pairwise, repeat
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

import msgpack

from gridworker.record import ALIVE, MAX_INTEGER, Kind, Value

MAX_TEXT = 64_000
"""Characters in one value: far above any form, far below what could hurt a reader."""

MAX_FIELD = 4095
MAX_OVER = 4096

STARTS = 4
"""Bytes of packed values that tell which field comes first."""

_ALIVE = msgpack.packb(ALIVE)
_FIRST_FIELD = MappingProxyType({0xDC: 3})
"""Where it stands, by the first byte of a list that is too long for the short form, in which it stands second."""


class What(IntEnum):
    """What an op does."""

    CREATE = 0
    EDIT = 1
    DELETE = 2
    RESTORE = 3
    RESOLVE = 4
    ERASE = 5
    VERDICT = 6


FOR_OFFICE = 128
"""Sorts of ops from this number on are for the office alone to write: so versions that do not know them judge them."""

UNREAD = -1
"""In ``pending`` in place of a field: an op of a sort that this version does not know."""

_KNOWN = frozenset(map(int, What))
_OF_OFFICE = frozenset(map(int, (What.ERASE, What.VERDICT)))
_OF_CREATION, _OF_EDIT = 2, 3
"""Places in ``vals`` that a field takes."""
_CARRIERS = frozenset(What) - {What.CREATE}
"""What names at least one field; of what is not known here nothing is said."""


def is_known(what: int) -> bool:
    """Whether this version knows a sort of ops; others are kept and passed on until one does (sync.md 7)."""
    return what in _KNOWN


def only_office_writes(what: int) -> bool:
    """Whether a sort of ops is the office's alone."""
    return what in _OF_OFFICE or what >= FOR_OFFICE


class Author(NamedTuple):
    """Who wrote an op, and the scope number their device had taken in when they did."""

    who: int
    scope: int


class OpRow(NamedTuple):
    """One op. ``author`` is an index into a list of ``Author`` carried beside the rows."""

    clk: int
    kind: int
    record: int
    what: int
    author: int
    vals: bytes


def as_ops(rows: Iterable[tuple[Any, ...]]) -> Iterator[OpRow]:
    """The ops that rows of six values are: ``OpRow._make`` for many, in a fifth of the time."""
    return map(tuple.__new__, repeat(OpRow), rows)


Over: TypeAlias = tuple[int, ...]

Flat: TypeAlias = tuple[Any, ...]
"""``vals`` decoded and left as it is: fields, values and overs in turn."""


class Edit(NamedTuple):
    """One field of an op: its new value and the clks of the ops it replaced (0 in the file is resolved here)."""

    field: int
    value: Value
    over: Over


class BadOp(ValueError):
    """An op that breaks the format; the message says how, without its values."""


def pack_create(values: Mapping[int, Value]) -> bytes:
    """The ``vals`` of a creating op from values by field number."""
    flat: list[Value] = []
    for number in sorted(values):
        if values[number] is not None:
            flat += (number, values[number])
    return msgpack.packb(flat)


class CreatePacker:
    """Does as ``pack_create`` for many records of one kind, from values by field name.

    They are made of few sets of fields, whose order it remembers.
    """

    def __init__(self, kind: Kind) -> None:
        self._numbers = {name: spec.number for name, spec in kind.specs.items()}
        self._pack = msgpack.Packer().pack
        self._layouts: dict[tuple[str, ...], tuple[tuple[int, str], ...]] = {}

    def pack(self, values: Mapping[str, Value]) -> bytes:
        """The ``vals`` of one op."""
        names = tuple(values)
        layout = self._layouts.get(names) or self._layout(names)
        flat: list[Value] = []
        for number, name in layout:
            value = values[name]
            if value is not None:
                flat += number, value
        packed: bytes = self._pack(flat)
        return packed

    def _layout(self, names: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
        found = self._layouts[names] = tuple(sorted((self._numbers[name], name) for name in names))
        return found


def pack_edits(record: int, edits: Iterable[Edit], seen: Iterable[int] | None = None) -> bytes:
    """The ``vals`` of any other op. ``seen`` belongs to a deletion."""
    flat: list[object] = []
    for edit in sorted(edits):
        clks = [0 if clk == record else clk for clk in sorted(edit.over)]
        flat += (edit.field, edit.value, clks[0] if len(clks) == 1 else clks)
    if seen is not None:
        flat.append(sorted(seen))
    return msgpack.packb(flat)


def unpack_all(vals: Sequence[bytes]) -> list[Flat]:
    """The ``vals`` of many checked ops, decoded in one go. Raises BadOp."""
    return _unpack_array((_header(len(vals)), *vals))


def unpack_joined(joined: bytes, count: int) -> list[Flat]:
    """The same, where they stand one after the other."""
    return _unpack_array((_header(count), joined))


def _header(count: int) -> bytes:
    """What makes one array of so many values: decoded as one they take a sixth less time than one after the other."""
    return b"\xdd" + count.to_bytes(4, "big")


def _unpack_array(parts: Iterable[bytes]) -> list[Flat]:
    try:
        return list(msgpack.unpackb(b"".join(parts), use_list=False))
    except ValueError as fault:  # more than so many, or fewer, too
        raise BadOp("values are not one array each") from fault


def unpack_create(vals: bytes) -> dict[int, Value]:
    """Values by field number from the ``vals`` of a creating op."""
    flat = msgpack.unpackb(vals)
    return dict(zip(flat[::2], flat[1::2], strict=True))


def unpack_edits(record: int, vals: bytes) -> list[Edit]:
    """The fields of any other op."""
    flat = msgpack.unpackb(vals)
    return [Edit(flat[at], flat[at + 1], overs(record, flat[at + 2])) for at in range(0, len(flat) - 2, 3)]


def values_in(what: int, flat: Sequence[Any]) -> Iterable[tuple[int, Value]]:
    """The fields an op gives a value, and the values, from its decoded ``vals``."""
    step = _OF_EDIT if what else _OF_CREATION
    return zip(flat[::step], flat[1::step], strict=False)  # behind the fields a deletion says what it had seen


def seen_in(flat: Flat) -> Sequence[int]:
    """What a deletion had seen, from its decoded ``vals``; nothing for an op that is none."""
    into = into_in(flat)
    return [clk for clk in flat[-1] if clk != into] if into else _last(flat)


def into_in(flat: Flat) -> int:
    """The record that a deletion says its own went into, from its decoded ``vals``; 0 where it just went."""
    return next((one for one, other in pairwise(_last(flat)) if one == other), 0)


def _last(flat: Flat) -> Sequence[int]:
    return flat[-1] if len(flat) % 3 == 1 and flat[0] == ALIVE else ()


def names_life(vals: bytes) -> bool:
    """Whether an op, no creation, says of its record that it is there or is not. Its first ``STARTS`` bytes tell."""
    at = _FIRST_FIELD.get(vals[0], 1)  # no op has so many fields that its list needs the longest form
    return vals[at : at + 1] == _ALIVE


def overs(record: int, packed: int | Sequence[int]) -> Over:
    """The clks an ``over`` names."""
    if isinstance(packed, int):
        return (packed or record,)
    return tuple(clk or record for clk in packed)


def value_of(what: int, record: int, vals: bytes, field: int) -> Value:
    """The value an op gave to a field; a creation gives null to what it does not name."""
    if what == What.CREATE:
        return 1 if field == ALIVE else unpack_create(vals).get(field)
    return next((edit.value for edit in unpack_edits(record, vals) if edit.field == field), None)


def require_canonical(what: int, vals: bytes) -> None:
    """Check the ``vals`` of a foreign op. Raises BadOp for anything this program would not have written itself."""
    try:
        flat = msgpack.unpackb(vals, strict_map_key=True, max_ext_len=0, max_map_len=0)
    except (ValueError, TypeError, msgpack.UnpackException) as fault:
        raise BadOp("values do not decode") from fault
    if not isinstance(flat, list) or msgpack.packb(flat) != vals:
        raise BadOp("values are not canonical")
    if what == What.CREATE:
        _require_fields(flat[::2], flat[1::2], len(flat) % 2)
        return
    if what == What.DELETE and len(flat) % 3 == 1:
        if not isinstance(flat[-1], list):
            raise BadOp("what a deletion had seen is not a list")
        _require_clks(flat.pop())
    if not flat and what in _CARRIERS:
        raise BadOp("it names no field")
    _require_fields(flat[::3], flat[1::3], len(flat) % 3)
    for over in flat[2::3]:
        _require_clks(over)


def _require_fields(fields: list[object], values: list[object], rest: int) -> None:
    if rest:
        raise BadOp("values are cut short")
    last = -1
    for field in fields:
        if type(field) is not int or not last < field <= MAX_FIELD:
            raise BadOp("field numbers are out of order or out of range")
        last = field
    for value in values:
        if isinstance(value, str):
            _require_text(value)
        elif value is not None and (type(value) is not int or abs(value) > MAX_INTEGER):
            raise BadOp("a value has a type that is not allowed")


def _require_text(value: str) -> None:
    if len(value) > MAX_TEXT or "\0" in value:
        raise BadOp("a text is too long or holds a NUL")


def _require_clks(over: object) -> None:
    clks = [over] if type(over) is int else over
    if not isinstance(clks, list) or len(clks) > MAX_OVER:
        raise BadOp("over is not a list of clks")
    if any(type(clk) is not int or not 0 <= clk <= MAX_INTEGER for clk in clks):
        raise BadOp("over is not a list of clks")
