"""What the program remembers of words and names to be quick: it goes with the lock, wherever it is kept.

What is remembered of values is bounded in number (``lru_cache``). What is remembered without bound (``cache``) is of
the program itself: its kinds, its tables, its sentences. Where the lock begins another process nothing is left anyway.
"""

import sys
from types import ModuleType
from typing import Protocol, TypeGuard, cast


class Bounded(Protocol):
    """A function that remembers its last answers."""

    def cache_clear(self) -> None:
        """Remember none of them."""


def empty_caches() -> None:
    """Empty all that are kept of values, in every module of the program that is loaded."""
    for name, module in list(sys.modules.items()):
        if name.startswith("gridworker."):
            for one in bounded_in(module):
                one.cache_clear()


def bounded_in(module: ModuleType) -> list[Bounded]:
    """The functions of a module that remember so many values and no more."""
    return [one for one in list(vars(module).values()) if _is_bounded(one)]


def _is_bounded(one: object) -> "TypeGuard[Bounded]":
    parameters = getattr(one, "cache_parameters", None)
    return callable(parameters) and cast("dict[str, object]", parameters())["maxsize"] is not None
