"""What a person lets a record refer to has to be here: asked when they save, never when changes meet (house.md 3)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gridworker.errors import Invalid, NotFound, Problem
from gridworker.record import Record, Type, Value
from gridworker.store import records

if TYPE_CHECKING:
    from gridworker.app.session import Session


def refuse_absent(
    session: "Session", record: type[Record], values: Mapping[str, Value], before: Mapping[str, Value]
) -> None:
    """Raise Invalid where a reference is set anew to a record that is not here, was deleted, or is of another kind.

    Nor does a laptop place a record in a grid it does not hold: the office would set it aside (sync.md 6).
    """
    faults: dict[str, Problem] = {}
    for name, spec in record.kind.specs.items():
        target = values.get(name)
        if spec.type is not Type.REF or not isinstance(target, int) or target == before.get(name):
            continue
        kind = records.kind_named(spec.ref or "").kind
        if session.store.get(kind.name, target) is None:
            faults[name] = NotFound("There is no record {id} of kind “{kind}” here.", id=target, kind=kind.title)
        elif kind.name == "grid" and name in record.kind.within:
            try:
                session.require_grid(target)
            except NotFound as fault:
                faults[name] = fault
    faults |= _unplaced(session, record, values, before)
    if faults:
        raise Invalid(faults, {name: spec.label for name, spec in record.kind.specs.items()})


def _unplaced(
    session: "Session", record: type[Record], values: Mapping[str, Value], before: Mapping[str, Value]
) -> dict[str, Problem]:
    """On a laptop a record keeps a place: without one it is in no grid, and leaves every laptop (sync.md 6)."""
    after, within = {**before, **values}, record.kind.within
    lost = any(before.get(name) for name in within) and not any(after.get(name) for name in within)
    if session.is_office or not lost:
        return {}
    return {
        name: Problem("Without it this is in no grid. Ask the office to hand it over.")
        for name in within
        if before.get(name) and not after.get(name)
    }
