"""Somebody of the community office stays: only they decide, erase and give the role on (domain/rights.py).

Asked of what a person is about to write, in the transaction that would write it, whatever way it comes: a form, a
script, a settled conflict, an undo. What comes with a bundle is not asked: changes never break a rule when they meet.
"""

from collections.abc import Mapping, Sequence

from gridworker.errors import Problem
from gridworker.record import Value
from gridworker.store.log.log import Cursor, id_list
from gridworker.store.tables.changes import Change

LEAD = "office"
"""The role that can do what nobody else can."""


def leads(cursor: Cursor) -> set[int]:
    """Everybody at work who has the role."""
    cursor.execute("SELECT id FROM staff WHERE role = ? AND active IS NOT 0", (LEAD,))
    return {row[0] for row in cursor.fetchall()}


def refuse_last_office(cursor: Cursor, changes: Sequence[Change]) -> None:
    """Raise Problem where nobody of the office would be left; where there was nobody before, anything goes."""
    touched = [change for change in changes if change.kind == "staff"]
    if not touched:
        return
    before = leads(cursor)
    if not before or before - {change.record for change in touched}:
        return
    stored = _stored(cursor, touched)
    if not any(_is_lead({**stored.get(change.record, {}), **dict(change.outcomes())}, change) for change in touched):
        raise Problem(
            "This is the last person of the community office: the role can be neither given away nor taken, for nobody "
            "could decide or erase here any more. Give the role to somebody else first."
        )


def _is_lead(values: Mapping[str, Value], change: Change) -> bool:
    return change.alive is not False and values.get("role") == LEAD and values.get("active") != 0


def _stored(cursor: Cursor, changes: Sequence[Change]) -> dict[int, dict[str, Value]]:
    ids = id_list(change.record for change in changes)
    cursor.execute("SELECT id, role, active FROM staff WHERE id IN (SELECT value FROM json_each(?))", (ids,))
    return {id_: {"role": role, "active": active} for id_, role, active in cursor.fetchall()}
