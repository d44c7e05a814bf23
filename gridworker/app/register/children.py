"""Children under 14 as scripts see them: what no form of the window shows of them, no list and no history does either.

Name, relation and year of birth; more where the guardian agreed to it (consent_rules.py). What a ledger brought is
kept all the same, and is seen on the page of the household: masked, each look on record.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from gridworker.app.entry.entry_rules import closed_of_child
from gridworker.domain.masking import HIDDEN, is_masked, masked

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.record import Spec, Value
    from gridworker.store.history import Event

RESIDENT = "resident"


def child_covered(
    session: "Session", specs: "Mapping[str, Spec]", id_: int, values: "Mapping[str, Value]"
) -> "Mapping[str, Value]":
    """The values of a resident; of a child only what a form would show, and the year they were born in."""
    closed = closed_of_child(session, id_, values)
    if not closed:
        return values
    born = str(values.get("birth_date") or "")[:4]
    year = values.get("birth_year") or (int(born) if born.isdigit() else None)
    shown = {name: cover(specs.get(name), value) if name in closed else value for name, value in values.items()}
    return {**shown, "birth_year": year}


def child_history(session: "Session", specs: "Mapping[str, Spec]", id_: int, events: "list[Event]") -> "list[Event]":
    """The same of what happened to them."""
    told = {change.field: change.after for event in reversed(events) for change in event.changes}
    closed = closed_of_child(session, id_, session.store.get(RESIDENT, id_) or told)
    return [covered_event(specs, event, closed) for event in events] if closed else events


def covered_event(specs: "Mapping[str, Spec]", event: "Event", closed: frozenset[str]) -> "Event":
    """An event without what stood and stands in some fields."""
    changes = tuple(
        replace(
            change,
            before=tuple(cover(specs.get(change.field), value) for value in change.before),
            after=cover(specs.get(change.field), change.after),
        )
        if change.field in closed
        else change
        for change in event.changes
    )
    return replace(event, changes=changes)


def cover(spec: "Spec | None", value: "Value") -> "Value":
    """A value of which nothing may be seen but, of a number, what a page shows of it."""
    if value is None:
        return None
    return masked(spec, value) if spec is not None and is_masked(spec) else HIDDEN
