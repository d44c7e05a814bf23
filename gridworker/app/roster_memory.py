"""The columns an office chose by hand, kept in its store by the fingerprint of their header."""

from dataclasses import replace
from typing import TYPE_CHECKING

from gridworker.sheets.mapping import Layout, Mapping
from gridworker.sheets.remembered import Memory, Remembered
from gridworker.store.database import raw_cursor
from gridworker.store.remembering import Remembering

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gridworker.store.database import Connection
    from gridworker.store.store import Store

_PREFIX = "columns:"
_MOST = 200
"""So many headers are remembered; an office has a dozen."""


def load(store: "Store") -> Memory:
    """Everything that is remembered, oldest first."""
    with store.cursor() as cursor:
        kept = Remembering(cursor).all(_PREFIX)
    return Memory(tuple(sorted(map(Remembered.from_json, kept.values()), key=lambda one: one.at)))


def keep(connection: "Connection", layouts: "Sequence[Layout]", mapping: Mapping, at: str) -> None:
    """Remember what was chosen for these headers, and forget it for those for which nothing is chosen any more."""
    settings = Remembering(raw_cursor(connection))
    for layout in layouts:
        chosen = Remembered.of(layout, mapping)
        name = _PREFIX + Remembered.header_of(layout).fingerprint
        if chosen is None:
            settings.forget(name)
        else:
            settings.keep(name, replace(chosen, at=at).to_json())
    known = sorted(settings.all(_PREFIX).items(), key=lambda one: Remembered.from_json(one[1]).at)
    for fingerprint, _text in known[:-_MOST]:
        settings.forget(_PREFIX + fingerprint)
