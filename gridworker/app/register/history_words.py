"""A record's history as a person reads it on the command line: who did what, when, and what became what."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from gridworker.app.session import LOCAL, Session
from gridworker.app.words.showing import show
from gridworker.store import records
from gridworker.store.log.op import What
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.record import Kind, Spec, Value
    from gridworker.store.history import Event, FieldChange

Words: TypeAlias = "Callable[[Spec, Value], str]"
"""A value of a field in words."""

_DEEDS = {
    What.CREATE: Label("written down"),
    What.EDIT: Label("changed"),
    What.DELETE: Label("deleted"),
    What.RESTORE: Label("brought back"),
    What.RESOLVE: Label("settled"),
    What.ERASE: Label("erased"),
    What.VERDICT: Label("ruled on by the office"),
}


def history_lines(session: Session, kind: str, events: "Sequence[Event]", words: "Words" = show) -> list[str]:
    """One line for each thing that changed, newest first; numbers of people are masked as on pages.

    ``words`` says values otherwise, for a person's own file.
    """
    known = records.kind_named(kind).kind
    with session.store.db.read() as connection:
        staff = records.get_many(connection, "staff", {event.who for event in events})
    names = {id_: str(values.get("name") or "") for id_, values in staff.items()}
    return [line for event in events for line in _lines(event, known, names.get(event.who, ""), words)]


def _lines(event: "Event", kind: "Kind", who: str, words: "Words") -> Iterable[str]:
    deed = str(_DEEDS[_what(event)])
    if event.refused:
        deed = gettext("{deed}, not accepted by the office").format(deed=deed)
    if event.waits:
        deed = gettext("{deed}, set aside").format(deed=deed)
    head = "  ".join(filter(None, (f"{event.at.astimezone(LOCAL):%Y-%m-%d %H:%M}", who, deed)))
    seen = [change for change in event.changes if change.field != "alive"]
    changes = [_change(change, kind.specs.get(change.field), words) for change in seen]
    yield from (f"{head}  {change}" for change in changes or [event.note])


def _what(event: "Event") -> What:
    """What it was to a person: an undo is written like a settlement, but settles nothing where one value stood."""
    stood = any(len(change.before) > 1 for change in event.changes)
    return What.EDIT if event.what is What.RESOLVE and not stood else event.what


def _change(change: "FieldChange", spec: "Spec | None", words: "Words") -> str:
    if spec is None:
        return gettext("something a newer version knows")
    before = " / ".join(_shown(spec, value, words) for value in change.before)
    after = _shown(spec, change.after, words)
    return f"{spec.label}: {before} → {after}" if before else f"{spec.label}: {after}"


def _shown(spec: "Spec", value: "Value", words: "Words") -> str:
    return words(spec, value) if value is None or spec.understands(value) else "?"
