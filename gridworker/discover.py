"""Find the record kinds: every ``Record`` table declared in a module of ``gridworker.domain``.

A new kind is one new file there; nothing else lists it.
"""

import importlib
import pkgutil
from functools import cache
from types import MappingProxyType

from gridworker.record import Record


@cache
def kinds() -> MappingProxyType[str, type[Record]]:
    """All kinds by name, in the order of their numbers."""
    package = importlib.import_module("gridworker.domain")
    found: dict[str, type[Record]] = {}
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, Record) and value is not Record and hasattr(value, "kind"):
                found[value.kind.name] = value
    return MappingProxyType(dict(sorted(found.items(), key=lambda item: item[1].kind.number)))


@cache
def by_number() -> MappingProxyType[int, type[Record]]:
    """All kinds by their stable number."""
    return MappingProxyType({kind.kind.number: kind for kind in kinds().values()})
