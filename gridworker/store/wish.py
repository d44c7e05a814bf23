"""What is to be forgotten of a record, as a person wished it: for the erasure, and for lists of what is due."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from gridworker.record import Value


class Wish(NamedTuple):
    """What is to be forgotten of a record: some fields by name, or all there is; ``gone``: delete it too.

    ``instead`` is what stands in some of those fields afterwards, ``was`` the marks of what has to stand there until
    then. ``keep``: what is shown in the fields stays, but for words that are replaced, and all that it replaced goes.
    ``numbers``: fields that only a newer version has a name for.
    """

    kind: str
    record: int
    fields: tuple[str, ...] | None = None
    gone: bool = True
    instead: Mapping[str, Value] = MappingProxyType({})
    was: Mapping[str, str] = MappingProxyType({})
    keep: Mapping[str, str] | None = None
    numbers: frozenset[int] = frozenset()
