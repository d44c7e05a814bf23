"""What happens to households: birth, death, moves, splitting, joining, another head; each one act with one undo."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gridworker.app import life_forms as forms
from gridworker.app.drafts import dropping
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.life_forms import LifeAct, act_named, read_form, specs_of
from gridworker.app.people import FormView, People
from gridworker.app.session import Session
from gridworker.domain import codes_life, household_life
from gridworker.domain.codes import HEAD
from gridworker.domain.household_life import Deed, House, Left, Member, Start
from gridworker.domain.kinship import Kin, related_anew
from gridworker.errors import Invalid, NotFound, Problem
from gridworker.store.changes import Change
from gridworker.store.queries import life as rows
from gridworker.store.records import kind_named

if TYPE_CHECKING:
    from gridworker.record import Value
    from gridworker.store.transaction import Commit

Values = Mapping[str, object]


class HouseholdLife(Service):
    """The acts. Their forms come from ``form``, and ``do`` carries out what was filled in."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._people = People(session)

    @needs(Action.READ, Matter.PEOPLE)
    def acts(self, household: int) -> tuple[LifeAct, ...]:
        """What may be said to have happened to a household that lives here."""
        house, people = self._read(household)
        if house.status != "active" or self._session.read_only:
            return ()
        return tuple(act for act in forms.ACTS if len(people) >= act.people)

    @needs(Action.READ, Matter.PEOPLE)
    def form(self, name: str, household: int) -> FormView:
        """The form of an act, with today in it."""
        if name == forms.BORN:
            return self._people.birth_form(household)
        act = act_named(name)
        house, people = self._read(household)
        specs = specs_of(act, people)
        values: dict[str, Value] = {"day": self._session.today().isoformat()}
        if name == forms.SPLIT:
            values["dwelling_id"] = house.dwelling
        if name == forms.LEAD:
            values |= {f"{forms.RELATION}{one.resident}": one.relation for one in people}
        return FormView(specs, {spec.name: values.get(spec.name) for spec in specs})

    @needs(Action.READ, Matter.PEOPLE)
    def related(self, household: int, head: int) -> "dict[str, Value]":
        """What everybody is to another head, by the fields of the form; to be looked at before it is saved."""
        _, people = self._read(household)
        if head not in {one.resident for one in people}:
            return {}
        return {f"{forms.RELATION}{resident}": code for resident, code in _related(people, head).items()}

    @needs(Action.CHANGE, Matter.PEOPLE)
    def do(self, name: str, household: int, values: Values, *, finishes: str = "") -> "Commit":
        """Carry out an act. ``finishes`` is the draft it came from.

        Raises Invalid, NotFound, Problem where something is missing or cannot be.
        """
        if name == forms.BORN:
            return self._people.add(household, values, came_by=codes_life.BORN, finishes=finishes)
        house, people = self._read(household)
        specs = specs_of(act_named(name), people)
        filled = read_form(specs, values)
        try:
            deeds = self._deeds(name, self._house(house, people), people, filled)
        except _At as fault:
            raise Invalid({fault.field: fault.problem}, {spec.name: spec.label for spec in specs}) from None
        act = "create" if name in {forms.SPLIT, forms.SHARE} else "edit"
        return self._session.write([_change(deed) for deed in deeds], act, dropping(finishes))

    def _deeds(
        self, name: str, house: House, people: "list[rows.BelongsRow]", filled: "Mapping[str, Value]"
    ) -> list[Deed]:
        day = self._day(filled)
        head = _id(filled.get("head"))
        who = [int(code) for code in str(filled.get("who") or filled.get("one") or "").split()]
        with _Beside(_FAULT_AT.get(name, "head")):
            match name:
                case forms.MOVE:
                    return household_life.move(house, self._door(filled), day)
                case forms.MOVED_OUT | forms.DIED:
                    why = codes_life.DIED if name == forms.DIED else codes_life.MOVED_OUT
                    return household_life.leave(house, who, day, why, _left(people, head))
                case forms.SPLIT:
                    return self._split(house, people, who, filled)
                case forms.JOIN:
                    start = Start(self._home(filled), None, day, self._session.new_id)
                    asked = {**_left(people, head).relations, **_asked(filled, who)}
                    return household_life.join(house, who, start, Left(head, asked))
                case forms.LEAD:
                    told = _left(people, head).relations
                    asked = _asked(filled, [one.resident for one in people])
                    still = {one: told.get(one) if code == HEAD else code for one, code in asked.items()}
                    return household_life.lead(house, Left(head, still))
                case _:
                    return self._share(house, filled)

    def _split(
        self, house: House, people: "list[rows.BelongsRow]", who: list[int], filled: "Mapping[str, Value]"
    ) -> list[Deed]:
        start = Start(self._session.new_id(), self._door(filled), self._day(filled), self._session.new_id)
        chosen = _id(filled.get("new_head")) or (who[0] if len(who) == 1 else None)
        going = _left(people, chosen)
        staying = _left(people, _id(filled.get("head")))
        return household_life.split(house, who, start, staying, going)

    def _share(self, house: House, filled: "Mapping[str, Value]") -> list[Deed]:
        person = kind_named("resident").checked({"name": filled["name"], "status": "in_place", "basis": "own_entry"})
        start = Start(self._session.new_id(), house.dwelling, self._day(filled), self._session.new_id)
        rented = bool(filled.get("rented"))
        return household_life.share(start, self._session.new_id(), person, rented=rented)

    def _day(self, filled: "Mapping[str, Value]") -> str:
        today = self._session.today()
        with _Beside("day"):
            return household_life.day_that_came(str(filled.get("day") or today.isoformat()), today)

    def _door(self, filled: "Mapping[str, Value]") -> int:
        """A door one may move to: a laptop's grids only; what lies outside goes by the office (sync.md 6)."""
        dwelling = _id(filled["dwelling_id"]) or 0
        with self._session.store.db.read() as connection:
            grid = rows.grid_of_dwelling(connection, dwelling)
            known = rows.doors(connection, [dwelling])
        with _Beside("dwelling_id"):
            if not known:
                raise Problem("This door is not on the books.")
            mine = self._session.grids()
            if not self._session.is_office and mine and grid not in mine:
                raise Problem("This door is in another grid. Ask the office to hand the household over.")
        return dwelling

    def _home(self, filled: "Mapping[str, Value]") -> int:
        """A household one may go to."""
        household = _id(filled["household_id"]) or 0
        with self._session.store.db.read() as connection:
            house = rows.house(connection, household)
        with _Beside("household_id"):
            if house is None or house.status != "active":
                raise Problem("This household does not live here.")
        return household

    def _read(self, household: int) -> "tuple[rows.HouseRow, list[rows.BelongsRow]]":
        with self._session.store.db.read() as connection:
            house = rows.house(connection, household)
            people = rows.belonging(connection, household, self._session.today())
        if house is None:
            raise NotFound("This household is no longer here.")
        return house, people

    def _house(self, house: "rows.HouseRow", people: "list[rows.BelongsRow]") -> House:
        today = self._session.today().isoformat()
        with self._session.store.db.read() as connection:
            cares = rows.cares_in_force(connection, [one.resident for one in people], today)
        members = tuple(
            Member(
                one.membership, one.resident, one.relation, one.since, one.elsewhere > 0,
                tuple(cares.get(one.resident, ())),
            )
            for one in people
        )  # fmt: skip
        return House(house.household, members, house.head, house.dwelling, house.others == 0)


_FAULT_AT: Mapping[str, str] = {
    forms.MOVE: "dwelling_id", forms.SPLIT: "new_head", forms.JOIN: "head", forms.SHARE: "name",
}  # fmt: skip
"""Beside which field a rule's objection stands, where it names none itself."""


class _At(Exception):
    """A rule's objection on its way to its field."""

    def __init__(self, field: str, problem: Problem) -> None:
        super().__init__(field)
        self.field, self.problem = field, problem


class _Beside:
    """Says of a Problem beside which field it stands."""

    def __init__(self, field: str) -> None:
        self._field = field

    def __enter__(self) -> None:
        return

    def __exit__(self, _kind: object, fault: BaseException | None, _trace: object) -> None:
        if isinstance(fault, Problem):
            raise _At(self._field, fault) from None


def _change(deed: Deed) -> Change:
    values = kind_named(deed.kind).checked(deed.values, partial=not deed.create)
    return Change(deed.kind, deed.record, values, create=deed.create, alive=deed.alive)


def _related(people: "list[rows.BelongsRow]", head: int) -> dict[int, str | None]:
    return related_anew([Kin(one.resident, one.relation, one.sex) for one in people], head)


def _left(people: "list[rows.BelongsRow]", head: int | None) -> Left:
    """Another head, and what everybody is to it as far as that can be told."""
    if head is None or head not in {one.resident for one in people}:
        return Left(head)
    return Left(head, _related(people, head))


def _asked(filled: "Mapping[str, Value]", residents: list[int]) -> dict[int, str | None]:
    """The relations written in the form."""
    found = {one: filled.get(f"{forms.RELATION}{one}") for one in residents}
    return {one: str(code) if code else None for one, code in found.items()}


def _id(value: object) -> int | None:
    return int(str(value)) if value not in (None, "") else None
