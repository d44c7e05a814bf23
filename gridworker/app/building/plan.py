"""Adding a building by generating its doors: the form, what it would make in a sentence, the one act that does."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from gridworker.app.drafts import dropping
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.household.life_forms import read_form
from gridworker.app.household.people import FormView
from gridworker.app.session import Session
from gridworker.domain.door_plan import DoorPlan, PlanFault, PlannedDoor, doors_of
from gridworker.errors import Invalid, Problem
from gridworker.record import CodeList, Privacy, Spec, Type
from gridworker.store.queries import doors as rows
from gridworker.store.records import get_many, kind_named
from gridworker.store.tables.changes import Change
from gridworker.text import Label, ngettext

if TYPE_CHECKING:
    from gridworker.record import Value

_ASKED = ("estate_name", "building_name", "building_type", "has_elevator")


class BuildingPlan(Service):
    """Reading nothing but what buildings and grids there are; writing a building with all its doors."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @needs(Action.READ, Matter.PLACES)
    def form(self) -> FormView:
        """The form; of several grids one is chosen, of one nobody is asked."""
        specs = kind_named("building").kind.specs
        numbers = (("units", Label("Units")), ("floors", Label("Floors")), ("on_a_floor", Label("Doors on a floor")))
        texts = (
            ("skipped", Label("Floors there are not")),
            ("without", Label("Doors there are not, like 1-101")),
            ("besides", Label("Doors besides, like 1-B01")),
        )
        fields = [specs["estate_name"], specs["building_name"]]
        fields += [replace(plain_field(name, label), type=Type.NUMBER, required=True) for name, label in numbers]
        fields += [plain_field(name, label) for name, label in texts]
        fields += [specs["building_type"], specs["has_elevator"]]
        grids = self._grids()
        if len(grids) > 1:
            names = CodeList("grids", {str(id_): Label(name) for id_, name in grids.items()})
            fields.insert(0, replace(plain_field("grid", Label("Grid")), type=Type.CODE, codes=names, required=True))
        estates = {estate for estate, _ in known_buildings(self._session)}
        estate = next(iter(estates)) if len(estates) == 1 else None  # the next one stands there too, most likely
        values: dict[str, Value] = {"units": 1, "floors": 6, "on_a_floor": 2, "estate_name": estate}
        return FormView(tuple(fields), {spec.name: values.get(spec.name) for spec in fields})

    @needs(Action.READ, Matter.PLACES)
    def obstacle(self) -> Problem | None:
        """Why no building can be added, said before anybody fills in a form: there is no grid it could stand in."""
        if self._grids():
            return None
        if self._session.is_office:
            return Problem("There is no grid yet. Add one under “Devices and people” first.")
        return Problem("This laptop has no grid yet. Ask the office.")

    @needs(Action.READ, Matter.PLACES)
    def told(self, values: Mapping[str, object]) -> str:
        """What would be made, in a sentence; '' where that cannot be said yet."""
        try:
            doors = doors_of(_plan(values))
        except (PlanFault, ValueError):
            return ""
        words = ngettext("{count} door, from {first} to {last}.", "{count} doors, from {first} to {last}.", len(doors))
        return words.format(count=len(doors), first=doors[0].label, last=doors[-1].label)

    @needs(Action.CREATE, Matter.PLACES)
    def make(self, values: Mapping[str, object], *, finishes: str = "") -> tuple[int, int]:
        """Make the building and its doors: one act. Returns the building and the act for undo. Raises Invalid."""
        specs = self.form().specs
        labels = {spec.name: spec.label for spec in specs}
        filled = read_form(specs, values)
        grid = self._grid(filled)
        try:
            doors = doors_of(_plan(filled))
        except PlanFault as fault:
            raise Invalid({fault.field: fault.problem}, labels) from None
        fields = {name: filled.get(name) for name in _ASKED}
        if (fields["estate_name"], fields["building_name"]) in known_buildings(self._session):
            raise Invalid({"building_name": Problem("This building is on the books already.")}, labels)
        building = self._session.new_id()
        counts = {"unit_count": filled["units"] or None, "floor_count": filled["floors"]}
        made = kind_named("building").checked({**fields, **counts, "grid_id": grid})
        changes = [Change("building", building, made, create=True), *(self._door(building, door) for door in doors)]
        commit = self._session.write(
            changes, "create", dropping(finishes, self._session.who), kind="building", record=building
        )
        return building, commit.batch

    def _door(self, building: int, door: PlannedDoor) -> Change:
        values = {"building_id": building, "unit_no": door.unit, "floor": door.floor, "room_no": door.room}
        return Change("dwelling", self._session.new_id(), kind_named("dwelling").checked(values), create=True)

    def _grid(self, filled: "Mapping[str, Value]") -> int:
        obstacle = self.obstacle()
        if obstacle is not None:
            raise obstacle
        return int(str(filled["grid"])) if filled.get("grid") else next(iter(self._grids()))

    def _grids(self) -> dict[int, str]:
        """The grids one may build in: on a laptop its own."""
        mine = self._session.grids()
        with self._session.store.db.read() as connection:
            if not mine:
                from gridworker.store.records import page

                mine = [id_ for id_, _ in page(connection, "grid", limit=1000)]
            return {id_: str(values["name"] or id_) for id_, values in get_many(connection, "grid", mine).items()}


def known_buildings(session: Session, besides: int | None = None) -> set[tuple[str | None, str | None]]:
    """Estate and number of the buildings there are, one of them perhaps left out."""
    with session.store.db.read() as connection:
        return {(row.estate, row.name) for row in rows.buildings(connection) if row.id != besides}


def _plan(values: Mapping[str, object]) -> DoorPlan:
    """What was typed; ValueError where a number is none."""
    units, floors, on_a_floor = (int(str(values.get(name) or 0)) for name in ("units", "floors", "on_a_floor"))
    texts = (str(values.get(name) or "") for name in ("skipped", "without", "besides"))
    return DoorPlan(units, floors, on_a_floor, *texts)


def plain_field(name: str, label: Label) -> Spec:
    """A field of a form that is no field of a record."""
    return Spec(name, 1, label, Type.TEXT, Privacy.INTERNAL, False, 200, None, None, False, None)
