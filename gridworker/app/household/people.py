"""The people of a household: adding, changing, and looking at a masked number."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gridworker.app.drafts import dropping
from gridworker.app.entry.entry_rules import by_number, consent_first, standing, withheld
from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.session import Session
from gridworker.domain.codes import HEAD
from gridworker.domain.codes_life import BORN, MOVED_IN, MOVED_OUT
from gridworker.domain.identity import longer_form
from gridworker.domain.masking import is_masked
from gridworker.errors import Invalid, NotFound, Problem
from gridworker.store.queries import life as rows
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change
from gridworker.text import Label

if TYPE_CHECKING:
    from gridworker.record import Spec, Value
    from gridworker.store.intake.transaction import Commit

PERSON, MEMBER = "resident", "household_member"

_OFFERED = ("name", "relation", "lives_here", "valid_from", "sex", "birth_date", "birth_year", "phones", "id_number",
            "resident_kind", "registered_elsewhere", "tags", "note")  # fmt: skip
_OF_MEMBER = frozenset({"relation", "lives_here", "valid_from"})
_OF_BIRTH = ("name", "relation", "birth_date", "birth_year", "sex")
_HOUSE = ("people_count", "contact_preference", "visit_wish", "visit_policy", "living_arrangement", "residence_status",
          "access_need", "remark")  # fmt: skip
_CONSENT_LASTS = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class FormView:
    """A form to fill in: its fields, what stands in them, and which were left out for want of consent."""

    specs: "tuple[Spec, ...]"
    values: "Mapping[str, Value]"
    withheld: frozenset[str] = frozenset()


class People(Service):
    """Every method that writes is one act with one undo."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @needs(Action.CHANGE, Matter.PEOPLE)
    def form(self, household: int, membership: int | None = None) -> FormView:
        """The form for a new person, or for one who is here; only fields that consent opens are offered.

        What stands in it in clear is a look like any other, and put on record first.
        """
        values: dict[str, Value] = {}
        if membership is None:
            closed = withheld(self._session, [household], None, {})
        else:
            member = self._get(MEMBER, membership)
            person = self._get(PERSON, _id(member["resident_id"]))
            values = {**{name: person.get(name) for name in _OFFERED}, **{name: member[name] for name in _OF_MEMBER}}
            closed = withheld(self._session, [household], _id(member["resident_id"]), person)
        if values.get("lives_here") is None:
            values["lives_here"] = 1  # as it is counted (store.queries.households)
        names = [name for name in _OFFERED if name not in closed]
        if membership is not None:
            self._note_shown(PERSON, _id(member["resident_id"]), {name: values[name] for name in names})
        return FormView(
            tuple(_spec(name) for name in names),
            {name: values.get(name) for name in names},
            frozenset(_OFFERED) & closed,
        )

    @needs(Action.READ, Matter.PEOPLE)
    def birth_form(self, household: int) -> FormView:
        """The form for a newborn: the day and the sex with the guardian's consent, else the year alone."""
        year = self._session.today().year
        closed = withheld(self._session, [household], None, {"birth_year": year})
        left_out = {"birth_year"} if "birth_date" not in closed else {"birth_date", "sex"}
        names = [name for name in _OF_BIRTH if name not in left_out]
        values: dict[str, Value] = {"birth_year": year}
        return FormView(
            tuple(_spec(name) for name in names), {name: values.get(name) for name in names}, closed & {"birth_date"}
        )

    @staticmethod
    @free("what a number is in its longer form, no record")
    def longer_number(number: object) -> str:
        """An old ID number of 15 digits in 18, to be looked at before it is taken; '' for anything else."""
        return longer_form(str(number or ""))

    @needs(Action.CREATE, Matter.PEOPLE)
    def add(
        self, household: int, values: "Mapping[str, object]", *, came_by: str | None = None, finishes: str = ""
    ) -> "Commit":
        """Add a person to a household; the first one, or one said to be, becomes its head. Raises Invalid.

        A day since when they live here says that they moved in; a birth is on its day where that may be kept.
        ``finishes`` is the draft it came from.
        """
        if self._get("household", household)["status"] == MOVED_OUT:
            raise Problem("This household has moved out. If they are back, say so under “Life events”.")
        self._refuse_to_come(values)
        closed = self._refuse_withheld(household, None, values)
        resident, membership = self._session.new_id(), self._session.new_id()
        person, member = _parted(values)
        if came_by == BORN:
            member["valid_from"] = person.get("birth_date")
        member["came_by"] = came_by or (MOVED_IN if member.get("valid_from") else None)
        led = self._head(household, resident, member)
        if led:
            member["relation"] = HEAD
        checked = kind_named(PERSON).checked({"status": "in_place", "basis": "own_entry", **person})
        changes = [
            Change(PERSON, resident, {**checked, **by_number(checked, {}, closed)}, create=True),
            Change(MEMBER, membership, self._membership(household, resident, member), create=True),
        ]
        return self._session.write([*changes, *led], "create", dropping(finishes, self._session.who))

    @needs(Action.CHANGE, Matter.PEOPLE)
    def save(self, household: int, membership: int, values: "Mapping[str, object]", *, finishes: str = "") -> "Commit":
        """Change what is known of a person. Raises Invalid, Problem where a field is in conflict.

        ``finishes`` is the draft it came from, here and below.
        """
        resident = _id(self._get(MEMBER, membership)["resident_id"])
        self._refuse_to_come(values)
        closed = self._refuse_withheld(household, resident, values)
        person, member = _parted(values)
        record, known = kind_named(PERSON), self._get(PERSON, resident)
        record.checked({**standing(record, known), **person}, partial=True)
        checked = record.checked(person, partial=True)
        changes = [
            Change(PERSON, resident, {**checked, **by_number(checked, known, closed)}),
            Change(MEMBER, membership, kind_named(MEMBER).checked(member, partial=True)),
        ]
        written = [change for change in changes if change.values]
        led = self._head(household, resident, member) if "relation" in member else []
        return self._session.write([*written, *led], "edit", dropping(finishes, self._session.who))

    @needs(Action.CHANGE, Matter.PEOPLE)
    def house_form(self, household: int) -> FormView:
        """The form of what concerns the household as a whole; its phone only with consent."""
        specs = kind_named("household").kind.specs
        values = self._get("household", household)
        names = [*_HOUSE] if "phones" in withheld(self._session, [household], None, {}) else ["contact_phone", *_HOUSE]
        self._note_shown("household", household, {name: values.get(name) for name in names})
        return FormView(tuple(specs[name] for name in names), {name: values.get(name) for name in names})

    @needs(Action.CHANGE, Matter.PEOPLE)
    def save_house(self, household: int, values: "Mapping[str, object]", *, finishes: str = "") -> "Commit":
        """Change what concerns the household as a whole. Raises Invalid, also for a phone without consent."""
        checked = kind_named("household").checked(values, partial=True)
        phone = checked.get("contact_phone")
        if phone and phone != self._get("household", household)["contact_phone"]:
            self._refuse_phone(household)
        change = Change("household", household, checked)
        return self._session.write([change], "edit", dropping(finishes, self._session.who))

    def _refuse_phone(self, household: int) -> None:
        if "phones" in withheld(self._session, [household], None, {}):
            label = kind_named("household").kind.specs["contact_phone"].label
            raise Invalid({"contact_phone": consent_first()}, {"contact_phone": label})

    @needs(Action.REVEAL, Matter.PEOPLE)
    def reveal(self, resident: int, field: str) -> str:
        """A masked value in clear; each look is put on record first. Raises NotFound."""
        spec = kind_named(PERSON).kind.specs[field]
        value = self._get(PERSON, resident).get(field)
        if is_masked(spec):
            self._session.note("reveal", kind=PERSON, record=resident, detail=field)
        return str(value or "")

    @needs(Action.REVEAL, Matter.PEOPLE)
    def reveal_contact(self, household: int) -> str:
        """The phone of a household in clear; put on record."""
        self._session.note("reveal", kind="household", record=household, detail="contact_phone")
        return str(self._get("household", household).get("contact_phone") or "")

    def _note_shown(self, kind: str, record: int, values: "Mapping[str, Value]") -> None:
        """Put on record that values which pages mask stand in clear in a form."""
        specs = {**kind_named(MEMBER).kind.specs, **kind_named(kind).kind.specs}
        shown = [name for name, value in values.items() if value and is_masked(specs[name])]
        if shown:
            self._session.note("reveal", kind=kind, record=record, detail=" ".join(shown))

    def _get(self, kind: str, record: int) -> "dict[str, Value]":
        values = self._session.store.get(kind, record)
        if values is None:
            raise NotFound("This record has been deleted. Bring it back first.")
        return values

    def _refuse_withheld(self, household: int, resident: int | None, values: "Mapping[str, object]") -> frozenset[str]:
        """Consent may be missing for a child whose age was typed just now: then nothing is kept that needs it.

        What no consent opens is given back.
        """
        known = self._get(PERSON, resident) if resident else {}
        given = {name: value for name, value in values.items() if value not in (None, "")}
        person, _ = _parted(given)
        clean = kind_named(PERSON).checked(person, partial=True)
        changed = {name for name, value in clean.items() if value != known.get(name)}
        closed = withheld(self._session, [household], resident, {**known, **clean})
        if refused := changed & closed:
            specs = kind_named(PERSON).kind.specs
            raise Invalid(dict.fromkeys(refused, consent_first()), {name: specs[name].label for name in refused})
        return closed

    def _refuse_to_come(self, values: "Mapping[str, object]") -> None:
        """Nobody was born or moved in on a day that is still to come. Raises Invalid."""
        today = self._session.today()
        person, member = _parted({name: value for name, value in values.items() if value not in (None, "")})
        clean = {**_checked(PERSON, person), **_checked(MEMBER, member)}
        late = [name for name in ("birth_date", "valid_from") if str(clean.get(name) or "") > today.isoformat()]
        faults = {name: Problem("This day is still to come.") for name in late}
        year = clean.get("birth_year")
        if isinstance(year, int) and year > today.year:
            faults["birth_year"] = Problem("This year is still to come.")
        if faults:
            raise Invalid(faults, {name: _spec(name).label for name in faults})

    def _membership(self, household: int, resident: int, member: "Mapping[str, object]") -> "dict[str, Value]":
        today = self._session.today().isoformat()
        usual = {"lives_here": 1, "valid_from": today, "household_id": household, "resident_id": resident}
        return kind_named(MEMBER).checked({**usual, **{k: v for k, v in member.items() if v is not None}})

    def _head(self, household: int, resident: int, member: "Mapping[str, object]") -> list[Change]:
        """The first one, or one said to be, leads a household that has no head.

        Where somebody else is head that is changed by an act of its own, which tells everybody's relation anew. Raises
        Invalid.
        """
        with self._session.store.db.read() as connection:
            people = {one.resident for one in rows.belonging(connection, household, self._session.today())}
        head, relation = self._get("household", household).get("head_id"), member.get("relation")
        if head not in people:
            first = relation is None and not people - {resident} and member.get("came_by") != BORN
            return [Change("household", household, {"head_id": resident})] if first or relation == HEAD else []
        if relation is None or (relation == HEAD) is (head == resident):
            return []
        if head == resident:
            fault = Problem("They are head of this household. Choose another head under “Life events” first.")
        else:
            fault = Problem("This household has a head. Choose another one under “Life events”.")
        raise Invalid({"relation": fault}, {"relation": kind_named(MEMBER).kind.specs["relation"].label})


def consent_values(today: date) -> "dict[str, Value]":
    """The usual answers of a consent that is given on a day."""
    return {
        "purpose": "file visits",
        "scope": "basic birth_date phone",
        "method": "oral",
        "given_on": today.isoformat(),
        "expires_on": (today + _CONSENT_LASTS).isoformat(),
    }


def _spec(name: str) -> "Spec":
    spec = kind_named(MEMBER if name in _OF_MEMBER else PERSON).kind.specs[name]
    return replace(spec, label=Label("Lives here since")) if name == "valid_from" else spec


def _parted(values: "Mapping[str, object]") -> tuple[dict[str, object], dict[str, object]]:
    """What is said of the person, and of being a member."""
    person = {name: value for name, value in values.items() if name not in _OF_MEMBER}
    return person, {name: value for name, value in values.items() if name in _OF_MEMBER}


def _checked(kind: str, values: "Mapping[str, object]") -> "dict[str, Value]":
    return kind_named(kind).checked(values, partial=True)


def _id(value: object) -> int:
    return value if isinstance(value, int) else 0
