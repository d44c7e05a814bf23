"""The columns an office chose by hand, kept by the fingerprint of their header.

What the office chose is a record of it that every computer has, like its presets; what a laptop chose stays there, and
so does a first row in which people stand instead of a header.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gridworker.record import NOTE_MAX_LENGTH
from gridworker.sheets.mapping import NO_MAPPING, Layout, Mapping
from gridworker.sheets.remembered import Memory, Remembered
from gridworker.store.engine.database import raw_cursor
from gridworker.store.records import page
from gridworker.store.remembering import Remembering
from gridworker.store.tables.changes import Change

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.record import Value
    from gridworker.sheets.people import Roster
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.store import Store

KIND = "ledger_columns"
_PREFIX = "columns:"
_MOST = 200
"""So many headers are remembered; an office has a dozen."""


def load(store: "Store") -> Memory:
    """Everything that is remembered, here and for all, oldest first."""
    known = [one.said for one in _of_all(store)]
    return Memory(tuple(sorted((*known, *_here(store).values()), key=lambda one: one.at)))


@contextmanager
def keeping(
    session: "Session", roster: "Roster", mapping: Mapping | None
) -> "Iterator[Callable[[Connection, Commit], None]]":
    """Remember what was chosen for the columns of a ledger, all or nothing with the import that is saved meanwhile.

    What is given writes beside that import what this computer alone remembers. ``mapping`` None: nothing was chosen.
    """
    layouts, at = roster.layouts if mapping is not None else (), session.stamp()
    changes = _Shared(session).changes(layouts, mapping or NO_MAPPING, at) if _lays_down(session) else []

    def beside(connection: "Connection", _commit: "Commit") -> None:
        keep(connection, layouts, mapping or NO_MAPPING, at)

    if not changes:
        yield beside
        return
    with session.store.together():
        session.write(changes, "settings", kind=KIND, detail=KIND)
        yield beside


def keep(connection: "Connection", layouts: Sequence[Layout], mapping: Mapping, at: str) -> None:
    """Remember here what was chosen for these headers, and that nothing is chosen where the office says something.

    What all computers know by now is not kept here beside it.
    """
    settings = Remembering(raw_cursor(connection))
    shared = {str(values["fingerprint"]): values for _, values in page(connection, KIND, limit=2 * _MOST)}
    for layout in layouts:
        header = Remembered.header_of(layout)
        chosen = Remembered.of(layout, mapping) or (header if header.fingerprint in shared else None)
        if chosen is None:
            settings.forget(_PREFIX + header.fingerprint)
        else:
            settings.keep(_PREFIX + header.fingerprint, replace(chosen, at=at).to_json())
    kept = {name: Remembered.from_json(text) for name, text in settings.all(_PREFIX).items()}
    for name, one in kept.items():
        if name in shared and _said(shared[name]).fields == one.fields:
            settings.forget(_PREFIX + name)
    for name in sorted(kept, key=lambda name: kept[name].at)[:-_MOST]:
        settings.forget(_PREFIX + name)


def _lays_down(session: "Session") -> bool:
    """Whether what is chosen here holds for all: the rights are those of presets."""
    return session.is_office and session.can("CHANGE RULES")


@dataclass(frozen=True, slots=True)
class _Known:
    """One record with what it says."""

    record: int
    fingerprint: str
    said: Remembered


class _Shared:
    """What is remembered for all, and the changes that bring it up to what was chosen."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._known = {one.fingerprint: one for one in _of_all(session.store)}

    def changes(self, layouts: Sequence[Layout], mapping: Mapping, at: str) -> list[Change]:
        """For the headers of a ledger, and once for what this computer remembered by itself until now."""
        wanted = dict(_here(self._session.store))
        for layout in layouts:
            header = Remembered.header_of(layout)
            wanted[header.fingerprint] = replace(Remembered.of(layout, mapping) or header, at=at)
        made = [change for name, one in wanted.items() if (change := self._change(name, one))]
        oldest = sorted(self._known.values(), key=lambda one: one.said.at)
        spare = [one.record for one in oldest if one.fingerprint not in wanted][: max(0, len(oldest) - _MOST)]
        return [*made, *(Change(KIND, record, alive=False) for record in spare)]

    def _change(self, name: str, wanted: Remembered) -> Change | None:
        known = self._known.get(name)
        if not wanted.fields:
            return Change(KIND, known.record, alive=False) if known and known.said.at <= wanted.at else None
        values = _values(name, wanted)
        if values is None or (known and (known.said.fields == wanted.fields or known.said.at > wanted.at)):
            return None
        return Change(KIND, known.record if known else self._session.new_id(), values, create=known is None)


def _of_all(store: "Store") -> list[_Known]:
    with store.db.read() as connection:
        found = page(connection, KIND, limit=2 * _MOST)
    return [_Known(record, str(values["fingerprint"]), _said(values)) for record, values in found]


def _here(store: "Store") -> dict[str, Remembered]:
    with store.cursor() as cursor:
        kept = Remembering(cursor).all(_PREFIX)
    return {name: Remembered.from_json(text) for name, text in kept.items()}


def _values(name: str, one: Remembered) -> "dict[str, Value] | None":
    """The fields of a record; None where people may stand in the header, or there is more than a record holds."""
    headers, choices = (
        "\n".join(filter(None, one.headers)),
        "\n".join(f"{word}={key}" for key, word in one.fields.items()),
    )
    fits = max(len(headers), len(choices)) <= NOTE_MAX_LENGTH and not any("=" in word for word in one.fields.values())
    if not fits or not one.names_nobody:
        return None
    return {"fingerprint": name, "headers": headers, "choices": choices, "chosen_at": one.at}


def _said(values: "dict[str, Value]") -> Remembered:
    lines = (line.partition("=") for line in str(values["choices"] or "").splitlines())
    fields = {key: word for word, _, key in lines if key}
    return Remembered(tuple(str(values["headers"]).splitlines()), fields, str(values["chosen_at"] or ""))
