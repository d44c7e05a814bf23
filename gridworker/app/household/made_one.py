"""What the timeline says where a household, or somebody in it, was made one with another entry of the same.

The deletion of the one that went names the one that stays (store.joined), so laptops that have heard of it tell it too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from gridworker.app.household.story import Books, is_together
from gridworker.app.household.taken_back import as_taken_back
from gridworker.app.household.view import MomentView
from gridworker.domain.address import door_label
from gridworker.store.engine.database import raw_cursor
from gridworker.store.history import histories
from gridworker.store.joined import ever_into
from gridworker.store.log.op import What
from gridworker.store.queries import life as rows
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.record import Value
    from gridworker.store.engine.database import Connection
    from gridworker.store.history import Event, FieldChange

_TITLES = {
    "household": Label("Made one with another household"),
    "resident": Label("Made one with another entry of the same person"),
}

Events = Mapping[int, "Sequence[Event]"]


class Act(NamedTuple):
    """A record that went into one of the file, or came out of it again."""

    event: "Event"
    keep: int
    view: MomentView


@dataclass
class MadeOne:
    """All such acts of one file. ``found``: the histories of its records."""

    connection: "Connection"
    books: Books
    found: Events

    @cached_property
    def acts(self) -> list[Act]:
        """Each with its line."""
        return [act for kind in _TITLES for act in self._acts(kind)]

    def both(self, record: int, event: "Event", change: "FieldChange") -> "tuple[Value, Value] | None":
        """What the one that went had said in a field, and what stays; None where a change is none of that.

        It was written for a moment, so that it is in the history: two changes, told as one where the second is met.
        """
        beneath = self._beneath(record, event, change)
        return (change.before[-1], change.after) if beneath and change.before else None

    def is_beneath(self, record: int, event: "Event", change: "FieldChange") -> bool:
        """Whether a change is the first of two such."""
        later = (
            (one, two) for one in self.found.get(record, ()) for two in one.changes
            if two.field == change.field and two.before == (change.after,) and change.before == (two.after,)
        )  # fmt: skip
        return any(one.clk > event.clk and self._beneath(record, one, two) for one, two in later)

    def _beneath(self, record: int, event: "Event", change: "FieldChange") -> bool:
        """Whether a change writes again what another of the same act had replaced."""
        if event.what is not What.RESOLVE or not self._is_of_an_act(event):
            return False
        first = (
            two for one in self.found.get(record, ()) for two in one.changes
            if one.clk < event.clk and two.field == change.field and is_together(one, event)
        )  # fmt: skip
        return any(two.before == (change.after,) and change.before == (two.after,) for two in first)

    def _is_of_an_act(self, event: "Event") -> bool:
        return any(is_together(act.event, event) for act in self.acts if act.event.what is What.DELETE)

    def _acts(self, kind: str) -> Iterator[Act]:
        cursor = raw_cursor(self.connection)
        into = ever_into(cursor, kind, self.books.records[kind])
        told = histories(cursor, into) if into else {}
        for gone, keep in into.items():
            events = told.get(gone, ())
            for place, event in enumerate(events):
                before = next(filter(_is_of_life, events[place + 1 :]), None)
                went = bool(before and before.into)
                if event.into and not went:
                    yield Act(event, keep, self._view(kind, (gone, events), keep, event))
                elif went and _comes_back(event) and before is not None:
                    yield Act(event, keep, as_taken_back(self._view(kind, (gone, events), keep, event)))

    def _view(self, kind: str, gone: "tuple[int, Sequence[Event]]", keep: int, event: "Event") -> MomentView:
        names = [self._name(kind, events, event) for events in (gone[1], self.found.get(keep, ()))]
        if kind == "household":
            doors = [self._door(events, event) for events in (gone[1], self.found.get(keep, ()))]
            if all(doors):
                names = [gettext(", ").join(pair) for pair in zip(names, doors, strict=True)]
        change = (names[0], names[1]) if names[0] != names[1] else None
        body = "" if change else names[0]
        key = ("made_one", gone[0], str(event.clk))
        return MomentView(key, "change", "change", str(_TITLES[kind]), "", body, change)

    def _name(self, kind: str, events: "Sequence[Event]", act: "Event") -> str:
        """What somebody was called before an act, or a household by its head."""
        if kind == "resident":
            return str(_value(events, "name", act) or gettext("(no name)"))
        head = _value(events, "head_id", act)
        if not isinstance(head, int):
            return str(_value(events, "head_name", act) or gettext("(no name)"))
        return self._name("resident", histories(raw_cursor(self.connection), [head]).get(head, ()), act)

    def _door(self, events: "Sequence[Event]", act: "Event") -> str:
        door = _value(events, "dwelling_id", act)
        found = rows.doors(self.connection, [door]) if isinstance(door, int) else []
        return door_label(found[0].building or "", found[0].unit, found[0].room) if found else ""


def _is_of_life(event: "Event") -> bool:
    return any(change.field == "alive" for change in event.changes) and not event.refused


def _comes_back(event: "Event") -> bool:
    return any(change.field == "alive" and change.after for change in event.changes)


def _value(events: "Sequence[Event]", field: str, act: "Event") -> "Value":
    """What stood in a field before an act, by the history of its record."""
    before = (one for one in events if one.clk < act.clk and (one.what is What.CREATE or not is_together(one, act)))
    return next((change.after for one in before for change in one.changes if change.field == field), None)
