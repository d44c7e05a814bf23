"""A household has one head, also where a membership is saved by itself: by a script, or in the form of a plain record.

Forms of people and the acts of a household keep to it by their own ways (people.py, domain/household_life.py).
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gridworker.domain.codes import HEAD
from gridworker.domain.household_member import is_over
from gridworker.errors import Invalid, Problem
from gridworker.store.queries import life as rows
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.record import Value

_ASKED = frozenset({"relation", "household_id", "resident_id", "valid_to"})


def led_by(session: "Session", values: "Mapping[str, Value]", before: "Mapping[str, Value]") -> list[Change]:
    """What else changes where a membership is saved: who comes as head into a household without one leads it.

    Only what is changed is asked: old records err. Raises Invalid where the household would have two heads, or its head
    would be none.
    """
    changed = {name for name in _ASKED & values.keys() if values[name] != before.get(name)}
    after = {**before, **values}
    household, resident = after.get("household_id"), after.get("resident_id")
    if not changed or not isinstance(household, int) or not isinstance(resident, int):
        return []
    today = session.today()
    with session.store.db.read() as connection:
        house = rows.house(connection, household)
        others = [one for one in rows.belonging(connection, household, today) if one.resident != resident]
    end = after.get("valid_to")
    if house is None or is_over(str(end) if end else None, today.isoformat()):
        return []
    if after.get("relation") != HEAD:
        if "relation" in changed and before.get("relation") == HEAD and house.head == resident:
            raise _refused(Problem("They are head of this household. Choose another head under “Life events” first."))
        return []
    if any(one.relation == HEAD or one.resident == house.head for one in others):
        raise _refused(Problem("This household has a head. Choose another one under “Life events”."))
    return [Change("household", household, {"head_id": resident})] if house.head is None else []


def _refused(fault: Problem) -> Invalid:
    return Invalid({"relation": fault}, {"relation": kind_named("household_member").kind.specs["relation"].label})
