"""What happens to households: birth, death, moves, splitting, joining, another head; each one act with one undo."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gridworker.app.drafts import dropping
from gridworker.app.entry.numbers import numbered
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.household import life_forms as forms
from gridworker.app.household.life_forms import Leaders, LifeAct, act_named, read_form, specs_of
from gridworker.app.household.people import FormView, People
from gridworker.app.session import Session
from gridworker.domain import codes_life, household_life
from gridworker.domain.codes import HEAD
from gridworker.domain.household_life import Deed, House, Left, Member, Start
from gridworker.domain.kinship import Kin, related_anew
from gridworker.errors import Invalid, NotFound, Problem
from gridworker.store.queries import life as rows
from gridworker.store.queries.due import made_on
from gridworker.store.records import kind_named, page
from gridworker.store.tables.changes import Change

if TYPE_CHECKING:
    from gridworker.record import Spec, Value
    from gridworker.store.intake.transaction import Commit

Values = Mapping[str, object]


class HouseholdLife(Service):
    """The acts. Their forms come from ``form``, and ``do`` carries out what was filled in."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._people = People(session)

    @needs(Action.READ, Matter.PEOPLE)
    def acts(self, household: int) -> tuple[LifeAct, ...]:
        """What may be said to have happened to a household; of one that moved out only that it is back."""
        house, people = self._read(household)
        if self._session.read_only:
            return ()
        here = forms.ACTS if house.status == "active" else (act_named(forms.BACK),)
        back = bool(self._former(household))
        return tuple(act for act in here if len(people) >= act.people and (act.name != forms.BACK or back))

    @needs(Action.READ, Matter.PEOPLE)
    def form(self, name: str, household: int) -> FormView:
        """The form of an act, with today in it."""
        if name == forms.BORN:
            return self._people.birth_form(household)
        act = act_named(name)
        house, people = self._read(household)
        specs = self._specs(act, house, people)
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

    @needs(Action.READ, Matter.PEOPLE)
    def leaders(self, household: int) -> Leaders:
        """Who could lead it and who does: the form of an act asks for a head only where one is needed."""
        house, people = self._read(household)
        living = tuple(one.resident for one in people if not one.dead)
        return Leaders(living, house.head if house.head in living else None)

    @needs(Action.CHANGE, Matter.PEOPLE)
    def do(self, name: str, household: int, values: Values, *, finishes: str = "") -> "Commit":
        """Carry out an act. ``finishes`` is the draft it came from.

        Raises Invalid, NotFound, Problem where something is missing or cannot be.
        """
        if name == forms.BORN:
            return self._people.add(household, values, came_by=codes_life.BORN, finishes=finishes)
        house, people = self._read(household)
        specs = self._specs(act_named(name), house, people)
        filled = read_form(specs, values)
        try:
            deeds = self._deeds(name, self._house(house, people), people, filled)
        except _At as fault:
            labels = {spec.name: spec.label for spec in specs}
            shown = fault.field if fault.field in labels else specs[0].name  # nobody is asked who leads one alone
            raise Invalid({shown: fault.problem}, labels) from None
        act = "create" if name in {forms.SPLIT, forms.SHARE} else "edit"
        return self._session.write([self._change(deed) for deed in deeds], act, dropping(finishes, self._session.who))

    @needs(Action.CHANGE, Matter.PEOPLE)
    def moved(self, household: int, dwelling: int) -> list[Change]:
        """The changes of a move today to a door, for an act that writes more beside; none where they live there."""
        house, people = self._read(household)
        if dwelling == house.dwelling:
            return []
        deeds = household_life.move(self._house(house, people), dwelling, self._session.today().isoformat())
        return [self._change(deed) for deed in deeds]

    @needs(Action.READ, Matter.PEOPLE)
    def asks_who_leads(self, household: int, resident: int) -> bool:
        """Whether the others need another head where somebody goes: then it is told by the form of an act."""
        return bool(self.leaders(household).asks(act_named(forms.MOVED_OUT), [resident])["head"])

    @needs(Action.CHANGE, Matter.PEOPLE)
    def let_go(self, household: int, membership: int, *, finishes: str = "") -> "Commit":
        """A person has left the household today: the membership is over, and what is known of them stays.

        Who was written down today, and only here, was so by mistake, and goes altogether. Raises NotFound, and Problem
        where the others need a head: that is told by the act of moving out, which asks for one.
        """
        house, people = self._read(household)
        known, one = self._house(house, people), next((one for one in people if one.membership == membership), None)
        if one is None:
            raise NotFound("This record has been deleted. Bring it back first.")
        if self._written_today(one):
            deeds = household_life.unwritten(known, one.resident, Left())
        else:
            day = self._session.today().isoformat()
            deeds = household_life.leave(known, [one.resident], day, codes_life.MOVED_OUT, Left())
        return self._session.write(
            [self._change(deed) for deed in deeds], "edit", dropping(finishes, self._session.who)
        )

    @needs(Action.CHANGE, Matter.PEOPLE)
    def close(self, household: int) -> "Commit":
        """A household nobody is left of has moved out, on the day the last of them did. Raises NotFound, Problem."""
        house, people = self._read(household)
        with self._session.store.db.read() as connection:
            day = rows.emptied_on(connection, household, self._session.today())
        if house.status != "active" or not day:
            raise Problem("This household has not lost its people.")
        deeds = household_life.emptied(self._house(house, people), day)
        return self._session.write([self._change(deed) for deed in deeds], "edit")

    def _written_today(self, one: "rows.BelongsRow") -> bool:
        """Whether a person came on the books today by this membership, and has no other."""
        today = self._session.today()
        if one.since != today.isoformat() or made_on(one.resident) != today:
            return False
        with self._session.store.db.read() as connection:
            found = page(connection, "household_member", where={"resident_id": one.resident})
        return [membership for membership, _ in found] == [one.membership]

    def _deeds(
        self, name: str, house: House, people: "list[rows.BelongsRow]", filled: "Mapping[str, Value]"
    ) -> list[Deed]:
        who = tuple(int(code) for code in str(filled.get("who") or filled.get("one") or "").split())
        told = _Told(house, people, who, filled, self._day(filled))
        if name != forms.BACK:
            with _Beside("day"):
                household_life.lived_here(house, who, told.day)
        acts: Mapping[str, Callable[[_Told], list[Deed]]] = {
            forms.MOVE: lambda one: household_life.move(one.house, self._door(one.filled), one.day),
            forms.MOVED_OUT: lambda one: one.leave(codes_life.MOVED_OUT),
            forms.DIED: self._died, forms.SPLIT: self._split, forms.JOIN: self._join, forms.LEAD: _lead,
            forms.SHARE: self._share, forms.BACK: self._back,
        }  # fmt: skip
        with _Beside(_FAULT_AT.get(name, "head")):
            return acts[name](told)

    def _split(self, told: "_Told") -> list[Deed]:
        with _Beside("who"):
            household_life.goers_of_split(told.house, told.who)
        start = Start(self._session.new_id(), self._door(told.filled), told.day, self._session.new_id)
        chosen = _id(told.filled.get("new_head")) or (told.who[0] if len(told.who) == 1 else None)
        return household_life.split(told.house, told.who, start, told.left, _left(told.people, chosen))

    def _join(self, told: "_Told") -> list[Deed]:
        other = self._other(told.filled)
        start = Start(other.id, None, told.day, self._session.new_id)
        left = Left(told.head, {**told.left.relations, **_asked(told.filled, told.who)})
        with _Beside("who"):
            goers = told.house.living(told.who)
        with _Beside("household_id"):
            household_life.head_there(told.house, goers, other, left)
        return household_life.join(told.house, told.who, other, start, left)

    def _died(self, told: "_Told") -> list[Deed]:
        """Who died is a member nowhere any more: neither of the household at hand nor of another."""
        for one in told.who:
            with _Beside("day"):
                household_life.after_birth(told.day, self._session.store.get("resident", one) or {})
        deeds = told.leave(codes_life.DIED)
        with self._session.store.db.read() as connection:
            homes = [home for one in told.who for home in rows.homes_of(connection, one, self._session.today())]
        for home in homes:
            if home != told.house.id:
                house, people = self._read(home)
                deeds += _died_there(self._house(house, people), told)
        return list({(deed.kind, deed.record): deed for deed in reversed(deeds)}.values())[::-1]

    def _back(self, told: "_Told") -> list[Deed]:
        former = {one.resident: one for one in self._former(told.house.id)}
        came = [Kin(one, former[one].relation, former[one].sex) for one in told.who]
        anew = related_anew(came, told.head) if told.head in told.who and not told.house.led else {}
        returned = [Member(0, one.member, anew.get(one.member, one.relation)) for one in came]
        start = Start(told.house.id, told.house.dwelling, told.day, self._session.new_id)
        return household_life.back(told.house, returned, start, Left(told.head))

    def _share(self, told: "_Told") -> list[Deed]:
        values = {"name": told.filled["name"], "status": "in_place", "basis": "own_entry"}
        person = kind_named("resident").checked(values)
        start = Start(self._session.new_id(), told.house.dwelling, told.day, self._session.new_id)
        rented = bool(told.filled.get("rented"))
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

    def _other(self, filled: "Mapping[str, Value]") -> House:
        """A household one may go to."""
        household = _id(filled["household_id"]) or 0
        with self._session.store.db.read() as connection:
            house = rows.house(connection, household)
            people = rows.belonging(connection, household, self._session.today())
        with _Beside("household_id"):
            if house is None or house.status != "active":
                raise Problem("This household does not live here.")
        return self._house(house, people)

    def _former(self, household: int) -> "list[rows.FormerRow]":
        with self._session.store.db.read() as connection:
            return rows.former(connection, household, self._session.today())

    def _specs(self, act: LifeAct, house: "rows.HouseRow", people: "list[rows.BelongsRow]") -> "tuple[Spec, ...]":
        if act.name != forms.BACK:
            return specs_of(act, people)
        return specs_of(act, self._former(house.household), led=house.head in {one.resident for one in people})

    def _change(self, deed: Deed) -> Change:
        values = numbered(self._session, deed.kind, deed.values) if deed.create else deed.values
        checked = kind_named(deed.kind).checked(values, partial=not deed.create)
        return Change(deed.kind, deed.record, checked, create=deed.create, alive=deed.alive)

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
            own, asked = rows.of_household(connection, house.household, today)
        members = tuple(
            Member(
                one.membership, one.resident, one.relation, one.since, one.elsewhere > 0,
                tuple(cares.get(one.resident, ())), one.dead > 0,
            )
            for one in people
        )  # fmt: skip
        alone = house.others == 0
        return House(house.household, members, house.head, house.dwelling, alone, tuple(own), tuple(asked))


_FAULT_AT: Mapping[str, str] = {
    forms.MOVE: "dwelling_id", forms.SPLIT: "new_head", forms.SHARE: "name",
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


class _Told(NamedTuple):
    """An act as it was told: about whom of which household, on which day, and all that was filled in."""

    house: House
    people: "list[rows.BelongsRow]"
    who: tuple[int, ...]
    filled: "Mapping[str, Value]"
    day: str

    @property
    def head(self) -> int | None:
        """Who is to be head of those who stay."""
        return _id(self.filled.get("head"))

    @property
    def left(self) -> Left:
        """That head, and what everybody is to it."""
        return _left(self.people, self.head)

    def leave(self, why: str) -> list[Deed]:
        """They leave."""
        return household_life.leave(self.house, self.who, self.day, why, self.left)


def _died_there(house: House, told: _Told) -> list[Deed]:
    """What a death at home leaves of another household."""
    others = len(house.without(told.who))
    if house.head in told.who and others > 1:
        raise Problem("They are head of another household too: choose another head there first.")
    if others and not house.led:
        return household_life.left_alone(house, told.who, told.day, codes_life.DIED)
    return household_life.leave(house, told.who, told.day, codes_life.DIED, Left())


def _lead(told: _Told) -> list[Deed]:
    asked = _asked(told.filled, [one.resident for one in told.people])
    anew = told.left.relations
    still = {one: anew.get(one) if code == HEAD else code for one, code in asked.items()}
    return household_life.lead(told.house, Left(told.head, still))


def _related(people: "list[rows.BelongsRow]", head: int) -> dict[int, str | None]:
    return related_anew([Kin(one.resident, one.relation, one.sex) for one in people], head)


def _left(people: "list[rows.BelongsRow]", head: int | None) -> Left:
    """Another head, and what everybody is to it as far as that can be told."""
    if head is None or head not in {one.resident for one in people}:
        return Left(head)
    return Left(head, _related(people, head))


def _asked(filled: "Mapping[str, Value]", residents: Sequence[int]) -> dict[int, str | None]:
    """The relations written in the form."""
    found = {one: filled.get(f"{forms.RELATION}{one}") for one in residents}
    return {one: str(code) if code else None for one, code in found.items()}


def _id(value: object) -> int | None:
    return int(str(value)) if value not in (None, "") else None
