"""Which lines of a history are an undo: told as what was taken back, not as one more change."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gridworker.app.household.view import MomentView
from gridworker.store.log.op import What
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.store.history import Event, FieldChange


def undoings(events: "Sequence[Event]") -> set[int]:
    """Of one record's history, newest first: by clk the ops that only write again what stood there once.

    An undo is written like a settlement (store.undo), but where nobody's value stood against another's. That every
    value had been there before tells it from ID numbers that are shortened, which are written so too.
    """
    return {
        event.clk
        for place, event in enumerate(events)
        if event.what is What.RESOLVE and event.changes and _only_back(event, events[place + 1 :])
    }


def as_taken_back(view: MomentView) -> MomentView:
    """A line of a change, saying that it was taken back."""
    return replace(view, title=gettext("Taken back: {what}").format(what=view.title))


def _only_back(event: "Event", older: "Sequence[Event]") -> bool:
    return all(len(change.before) <= 1 and _stood(change, older) for change in event.changes)


def _stood(change: "FieldChange", older: "Sequence[Event]") -> bool:
    """Whether a field had this value once; one that a record was made without was empty."""
    had = [one.after for event in older for one in event.changes if one.field == change.field]
    return change.after in had or (change.after is None and _began_empty(change.field, older))


def _began_empty(field: str, older: "Sequence[Event]") -> bool:
    """Whether a record was made without this field."""
    return any(
        one.what is What.CREATE and all(change.field != field or change.after is None for change in one.changes)
        for one in older
    )
