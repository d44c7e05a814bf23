"""Sorting what may be hundreds of thousands, in a worker, without holding up the window's thread.

While Python sorts or builds a long list in one go, no other thread of it runs. In parts, the others get their turns.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from typing import Any, TypeVar

T = TypeVar("T")

PART = 5_000
"""So many are sorted in one go: a few milliseconds."""

ID = "q"
"""An id takes 64 bits; in an array it takes no more than that."""


def in_parts(items: Sequence[T], size: int = PART) -> Iterator[Sequence[T]]:
    """Lots of a size, one after the other."""
    return (items[at : at + size] for at in range(0, len(items), size))


def sorted_in_parts(items: Iterable[T], key: Callable[[T], Any], *, down: bool = False) -> list[T]:
    """Sorted as ``sorted`` does; equal ones stay in their order either way."""
    return list(in_turn(items, key, down=down))


def in_turn(items: Iterable[T], key: Callable[[T], Any], *, down: bool = False) -> Iterator[T]:
    """The same one by one: who asks for the first ones does not wait for the last."""
    whole = list(items)
    parts = [sorted(part, key=key, reverse=down) for part in in_parts(whole)]
    return merge(*parts, key=key, reverse=down)


def both_ways(alike: Mapping[Any, Iterable[int]]) -> "tuple[array[int], array[int]]":
    """Ids by what they have in common, and turned round; those of one value in their order either way."""
    up, turned = array(ID), array(ID)
    values = sorted_in_parts(alike, lambda one: one)
    for value in values:
        up.extend(alike[value])
    for value in reversed(values):
        turned.extend(alike[value])
    return up, turned
