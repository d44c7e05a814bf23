"""Changing a building later: what is known of it, doors that are missing, doors there are not; one act, one undo.

A building that came with a roster has the doors somebody lives behind; the rest are made here, as those of a new one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gridworker.app.building.plan import known_buildings, plain_field
from gridworker.app.drafts import dropping
from gridworker.app.entry.entry_rules import standing
from gridworker.app.entry.refusals import refuse_rested_on
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.household.life_forms import read_form
from gridworker.app.household.people import FormView
from gridworker.app.session import Session
from gridworker.domain.door_plan import DoorPlan, PlanFault, PlannedDoor, door_at, doors_of, named_doors
from gridworker.errors import Invalid, NotFound, Problem
from gridworker.record import Type
from gridworker.store.queries import doors as rows
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.record import Spec, Value

_KNOWN = ("estate_name", "building_name", "head_name", "building_type", "has_elevator", "property_company", "remark")
_NUMBERS = (
    ("units", Label("Fill up: units")), ("floors", Label("Fill up: floors")),
    ("on_a_floor", Label("Fill up: doors on a floor")),
)  # fmt: skip
_TEXTS = (
    ("skipped", Label("Floors there are not")), ("besides", Label("Doors to add, like 1-B01")),
    ("without", Label("Doors to take away, like 1-101")),
)  # fmt: skip

_Key = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class _Doors:
    """What becomes of the doors of a building."""

    come: tuple[PlannedDoor, ...]
    go: tuple[int, ...]


class BuildingChange(Service):
    """Reading the form of a building that is here; writing what was changed of it and of its doors."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @needs(Action.READ, Matter.PLACES)
    def form(self, building: int) -> FormView:
        """What is known, and empty fields for doors. Raises NotFound."""
        specs = kind_named("building").kind.specs
        values = self._values(building)
        doors: list[Spec] = [replace(plain_field(name, label), type=Type.NUMBER) for name, label in _NUMBERS]
        doors += [plain_field(name, label) for name, label in _TEXTS]
        fields = (*(specs[name] for name in _KNOWN), *doors)
        return FormView(fields, {spec.name: values.get(spec.name) if spec.name in _KNOWN else None for spec in fields})

    @needs(Action.READ, Matter.PLACES)
    def told(self, building: int, values: Mapping[str, object]) -> str:
        """How many doors would come and go, in a sentence; '' for none, or where that cannot be said yet."""
        try:
            found = self._doors(building, values)
        except (PlanFault, ValueError):
            return ""
        if not found.come and not found.go:
            return ""
        return gettext("Doors that come: {come}, that go: {go}.").format(come=len(found.come), go=len(found.go))

    @needs(Action.CHANGE, Matter.PLACES)
    def save(self, building: int, values: Mapping[str, object], *, finishes: str = "") -> int:
        """Write it. Returns the act for undo. Raises Invalid, NotFound, Problem."""
        record, before = kind_named("building"), self._values(building)
        self._session.require_grid(int(str(before["grid_id"])))
        specs = self.form(building).specs
        labels = {spec.name: spec.label for spec in specs}
        filled = read_form(specs, values)
        known = {name: filled.get(name) for name in _KNOWN}
        checked = record.checked(
            {name: value for name, value in known.items() if value != before.get(name)}, partial=True
        )
        record.checked({**standing(record, before), **checked}, partial=True)
        if known_buildings(self._session, besides=building) & {(known["estate_name"], known["building_name"])}:
            raise Invalid({"building_name": Problem("This building is on the books already.")}, labels)
        try:
            found = self._doors(building, filled)
            self._refuse_lived_in(found)
        except PlanFault as fault:
            raise Invalid({fault.field: fault.problem}, labels) from None
        checked |= record.checked(self._counts(building, before, filled, found), partial=True)
        changes = [Change("building", building, checked)] if checked else []
        changes += [made_door(self._session, building, door) for door in found.come]
        changes += [Change("dwelling", dwelling, alive=False) for dwelling in found.go]
        return self._session.write(
            changes, "edit", dropping(finishes, self._session.who), kind="building", record=building
        ).batch

    @needs(Action.CHANGE, Matter.PLACES)
    def mark(self, dwelling: int, *, vacant: bool) -> int:
        """Say that nobody lives behind a door, or that nobody knows. Returns the act for undo. Raises NotFound."""
        values = self._session.store.get("dwelling", dwelling)
        if values is None:
            raise NotFound("This record is not here.")
        said: dict[str, Value] = {"vacancy": "vacant" if vacant else "unknown"}
        if not vacant and values.get("usage") == "unused":
            said["usage"] = None
        return self._session.write([Change("dwelling", dwelling, said)], "edit", kind="dwelling", record=dwelling).batch

    def _values(self, building: int) -> "dict[str, Value]":
        values = self._session.store.get("building", building)
        if values is None:
            raise NotFound("This building is no longer here.")
        return values

    def _doors(self, building: int, values: Mapping[str, object]) -> _Doors:
        """What is to come and go. Raises PlanFault; ValueError where a number is none."""
        with self._session.store.db.read() as connection:
            there = rows.numbers(connection, building)
        come = {(door.unit, door.room): door for door in _planned(values)}
        units = {unit for unit, _ in (*there, *come)}
        come |= {key: door_at(*key) for key in named_doors("besides", units, str(values.get("besides") or ""))}
        go: dict[_Key, int] = {}
        for key in named_doors("without", units, str(values.get("without") or "")):
            if come.pop(key, None) is None and key not in there:
                raise PlanFault("without", Problem("{door} is none of these doors.", door="-".join(filter(None, key))))
            if key in there:
                go[key] = there[key]
        return _Doors(tuple(door for key, door in come.items() if key not in there), tuple(go.values()))

    def _counts(
        self, building: int, before: "Mapping[str, Value]", filled: "Mapping[str, Value]", found: _Doors
    ) -> "dict[str, Value]":
        """The numbers of units and floors, where doors that come make them more; unknown ones where it is filled up.

        Doors that go make neither less: a unit of shops has no doors, and is one.
        """
        with self._session.store.db.read() as connection:
            there = rows.numbers(connection, building)
        units = {unit for unit, _ in there} | {door.unit for door in found.come}
        counts = {
            "unit_count": len(units - {None}),
            "floor_count": max((door.floor or 0 for door in found.come), default=0),
        }
        filling = bool(filled.get("floors"))
        known = {name: int(str(before.get(name) or 0)) for name in counts}
        return {
            name: count
            for name, count in counts.items()
            if found.come and count > known[name] and (known[name] or filling)
        }

    def _refuse_lived_in(self, found: _Doors) -> None:
        for dwelling in found.go:
            values = self._session.store.get("dwelling", dwelling) or {}
            try:
                refuse_rested_on(self._session.store, kind_named("dwelling"), dwelling, values)
            except Problem as problem:
                raise PlanFault("without", problem) from None


def made_door(session: Session, building: int, door: PlannedDoor) -> Change:
    """A new door of a building."""
    values = {"building_id": building, "unit_no": door.unit, "floor": door.floor, "room_no": door.room}
    return Change("dwelling", session.new_id(), kind_named("dwelling").checked(values), create=True)


def _planned(values: Mapping[str, object]) -> Iterator[PlannedDoor]:
    """The doors that three numbers tell of; none where none of them is given."""
    given = [name for name, _ in _NUMBERS if values.get(name) not in (None, "")]
    if not given:
        return
    missing = next((name for name, _ in _NUMBERS if name not in given), None)
    if missing is not None:
        raise PlanFault(missing, Problem("To fill up, give units, floors and doors on a floor."))
    units, floors, on_a_floor = (int(str(values[name])) for name, _ in _NUMBERS)
    yield from doors_of(DoorPlan(units, floors, on_a_floor, str(values.get("skipped") or "")))
