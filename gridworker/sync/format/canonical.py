"""Canonical msgpack: one way only to write a thing down, so that what is signed and hashed has one spelling.

Null, integers, text, bytes, arrays, and maps whose keys are texts in ascending order of their UTF-8 bytes; everything
in its shortest form; no booleans, floats or extensions; at most ``MAX_DEPTH`` deep. It is what small, signed
structures are made of: headers, kits, certificates, the directories of sections. Bytes and things are capped by the
caller, and things are counted while they are read: a byte of msgpack can become a hundred bytes of memory.
"""

from collections.abc import Iterable
from typing import TypeAlias, TypeVar

import msgpack

Thing: TypeAlias = "int | str | bytes | list[Thing] | dict[str, Thing] | None"

MAX_DEPTH = 6
MAX_THINGS = 8192
"""Items of all arrays and maps and these themselves: more than any header has."""

_Things = TypeVar("_Things", "list[Thing]", "dict[str, Thing]")
_LEAVES = frozenset({type(None), int, str, bytes})
_TEXTS = frozenset({str})


class Damaged(ValueError):
    """The bytes are not what the format says. The message names the place, never a value."""


def pack(thing: Thing) -> bytes:
    """The one spelling of ``thing``."""
    return msgpack.packb(_ordered(thing, MAX_DEPTH))


def unpack(data: bytes | memoryview, cap: int, most: int = MAX_THINGS) -> Thing:
    """What ``pack`` wrote. Raises Damaged for any other spelling, more than ``cap`` bytes or ``most`` things.

    No array is begun that is longer than ``most``, and the first that is too many when it ends is the last.
    """
    if len(data) > cap:
        raise Damaged("structure: too large")
    count = _Count(most).counted
    try:
        thing: Thing = msgpack.unpackb(
            data, strict_map_key=True, max_ext_len=0, max_array_len=most, max_map_len=most, list_hook=count,
            object_hook=count,
        )  # fmt: skip
        _require_ordered(thing, MAX_DEPTH)
        if msgpack.packb(thing) != data:
            raise Damaged("structure: not canonical")
    except (ValueError, TypeError, OverflowError, msgpack.UnpackException) as fault:
        raise Damaged("structure: not canonical msgpack") from fault
    return thing


def unpack_map(data: bytes | memoryview, cap: int, most: int = MAX_THINGS) -> dict[str, Thing]:
    """``unpack`` for what must be a map."""
    thing = unpack(data, cap, most)
    if not isinstance(thing, dict):
        raise Damaged("structure: no map")
    return thing


class _Count:
    """How many more things may come."""

    def __init__(self, most: int) -> None:
        self._left = most

    def counted(self, things: _Things) -> _Things:
        """An array or a map that was read to its end."""
        self._left -= len(things) + 1
        if self._left < 0:
            raise Damaged("structure: too many things")
        return things


def _require_ordered(thing: Thing, depth: int) -> None:
    """Raise Damaged where ``_ordered`` would, or would have to put a map in order."""
    if type(thing) in _LEAVES:
        return
    if depth == 0:
        raise Damaged("structure: too deep")
    if isinstance(thing, dict):
        keys = list(thing)
        if not _TEXTS.issuperset(map(type, keys)) or keys != sorted(keys):
            raise Damaged("structure: not canonical")
        things: Iterable[Thing] = thing.values()
    elif isinstance(thing, list):
        things = thing
    else:
        raise Damaged("structure: a type that is not allowed")
    if not _LEAVES.issuperset(map(type, things)):
        for item in things:
            _require_ordered(item, depth - 1)


def _ordered(thing: Thing, depth: int) -> Thing:
    if type(thing) in _LEAVES:
        return thing
    if depth == 0:
        raise Damaged("structure: too deep")
    if isinstance(thing, list):
        return thing if _LEAVES.issuperset(map(type, thing)) else [_ordered(item, depth - 1) for item in thing]
    if isinstance(thing, dict) and _TEXTS.issuperset(map(type, thing)):
        if not _LEAVES.issuperset(map(type, thing.values())):
            return {key: _ordered(thing[key], depth - 1) for key in sorted(thing)}
        return {key: thing[key] for key in sorted(thing)}
    raise Damaged("structure: a type that is not allowed")
