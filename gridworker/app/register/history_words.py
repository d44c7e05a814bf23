"""A record's history as a person reads it on the command line: who did what, when, and what became what."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from gridworker.app.session import LOCAL, Session
from gridworker.app.words.showing import erased_word, show
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
    open_ = _left_open(events)
    return [
        line
        for event in events
        for line in _lines(event, known, _Told(names.get(event.who, ""), _what(event, open_)), words)
    ]


class _Told(NamedTuple):
    """Who did it, and what it was to a person."""

    who: str
    what: What


def _lines(event: "Event", kind: "Kind", told: _Told, words: "Words") -> Iterable[str]:
    deed = str(_DEEDS[told.what])
    if event.refused:
        deed = gettext("{deed}, not accepted by the office").format(deed=deed)
    if event.waits:
        deed = gettext("{deed}, set aside").format(deed=deed)
    head = "  ".join(filter(None, (f"{event.at.astimezone(LOCAL):%Y-%m-%d %H:%M}", told.who, deed)))
    seen = [change for change in event.changes if change.field != "alive"]
    erases = told.what is What.ERASE
    changes = [_change(change, kind.specs.get(change.field), words, erases=erases) for change in seen]
    yield from (f"{head}  {change}" for change in changes or [event.note])


def _what(event: "Event", open_: Collection[int]) -> What:
    """What it was to a person: an undo is written like a settlement, but settles nothing where one value stood.

    Nor does what was written with another in place of all that stood there: one of them names somebody else since.
    """
    stood = any(len(change.before) > 1 for change in event.changes)
    return What.EDIT if event.what is What.RESOLVE and (not stood or event.clk in open_) else event.what


def _left_open(events: "Sequence[Event]") -> set[int]:
    """Ops that took the place of the same as another of one device: the conflict went on."""
    found: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for event in events:
        for change in event.changes if event.what is What.RESOLVE else ():
            found[event.device, change.field, change.over].append(event.clk)
    return {clk for clks in found.values() if len(clks) > 1 for clk in clks}


def _change(change: "FieldChange", spec: "Spec | None", words: "Words", *, erases: bool) -> str:
    if spec is None:
        return gettext("something a newer version knows")
    if erases:
        return str(spec.label)
    before = " / ".join(_shown(spec, value, words, erased=change.lost) for value in change.before)
    after = _shown(spec, change.after, words, erased=change.erased)
    return f"{spec.label}: {before} → {after}" if before else f"{spec.label}: {after}"


def _shown(spec: "Spec", value: "Value", words: "Words", *, erased: bool) -> str:
    if value is None and erased:
        return erased_word()
    return words(spec, value) if value is None or spec.understands(value) else "?"
