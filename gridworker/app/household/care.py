"""The care files of a household: opened, changed, ended; each act is one undo and one line of the timeline.

Opening one by hand needs consent to care, or an official ledger that names the person (domain.md 7.3).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from gridworker.app.drafts import dropping
from gridworker.app.entry.entry_rules import owned, refuse_unfit, standing
from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.household.people import FormView
from gridworker.app.words.apart import told_apart
from gridworker.domain.consent_rules import opening
from gridworker.domain.household_member import is_over
from gridworker.errors import Invalid, NotFound, Problem
from gridworker.record import CodeList, Privacy, Spec, Type
from gridworker.store.queries import households as rows
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change
from gridworker.text import Label

if TYPE_CHECKING:
    from gridworker.app.household.care_contacts import CareContacts
    from gridworker.app.session import Session
    from gridworker.record import Value
    from gridworker.store.intake.transaction import Commit

_KIND = "care_membership"
_NEW = (
    "care_group", "living_arrangement", "basis", "reason_note", "start_on", "review_on", "cadence", "priority_services",
)  # fmt: skip
_KNOWN = (*_NEW, "end_on")

_LISTED = "official_list"
"""The basis that needs no consent."""

EVERYBODY = "household"
"""Stands for all of them in the choice of whom the care is for."""

REVIEW_AFTER = timedelta(days=180)
"""Offered for the review: within the six months it has to be looked at again in."""


class HouseholdCare(Service):
    """Reading forms of care; opening and changing it."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    @property
    @free("a service of its own")
    def contacts(self) -> "CareContacts":
        """Whom the care files name for an emergency."""
        from gridworker.app.household.care_contacts import CareContacts

        return CareContacts(self._session, self._care)

    @needs(Action.READ, Matter.CARE)
    def form(self, household: int, care: int | None = None) -> FormView:
        """The form of a new care file, or of one that is here. Raises NotFound."""
        specs = kind_named(_KIND).kind.specs
        if care is not None:
            values = self._care(household, care)
            return FormView(tuple(specs[name] for name in _KNOWN), {name: values.get(name) for name in _KNOWN})
        people = self._people(household)
        codes = {**{str(id_): Label(name) for id_, name in people.items()}, EVERYBODY: Label("All of them")}
        who = Spec(
            "who",
            1,
            Label("For whom"),
            Type.CODE,
            Privacy.INTERNAL,
            True,
            20,
            CodeList("who", codes),
            None,
            False,
            None,
        )
        today = self._session.today()
        given: dict[str, Value] = {
            "who": next(iter(codes)) if len(people) == 1 else None,
            "start_on": today.isoformat(),
            "review_on": (today + REVIEW_AFTER).isoformat(),
            "cadence": "V2",
        }
        return FormView((who, *(specs[name] for name in _NEW)), {name: given.get(name) for name in ("who", *_NEW)})

    @needs(Action.CREATE, Matter.CARE)
    def open(self, household: int, values: Mapping[str, object], *, finishes: str = "") -> "Commit":
        """Open a care file. Raises Invalid, NotFound. ``finishes`` is the draft it came from."""
        record, who = kind_named(_KIND), str(values.get("who") or "")
        people = self._people(household)
        specs = {spec.name: spec.label for spec in self.form(household).specs}
        if who != EVERYBODY and who not in map(str, people):
            raise Invalid({"who": Problem("Say who the care is for.")}, specs)
        resident = None if who == EVERYBODY else int(who)
        made = {name: values.get(name) for name in _NEW}
        made |= {"household_id": household if resident is None else None, "resident_id": resident}
        checked = record.checked(owned(self._session, _KIND, made))
        if checked["basis"] != _LISTED and not self._agreed(household, people, resident):
            fault = Problem("Record consent to care first, or name the official ledger they stand in.")
            raise Invalid({"basis": fault}, specs)
        id_ = self._session.new_id()
        change = Change(_KIND, id_, checked, create=True)
        return self._session.write([change], "create", dropping(finishes, self._session.who), kind=_KIND, record=id_)

    @needs(Action.CHANGE, Matter.CARE)
    def save(self, household: int, care: int, values: Mapping[str, object], *, finishes: str = "") -> "Commit":
        """Change or end a care file. Raises Invalid, NotFound."""
        before, record = self._care(household, care), kind_named(_KIND)
        checked = record.checked(values, partial=True)
        record.checked({**standing(record, before), **checked}, partial=True)
        refuse_unfit(self._session, record, care, checked, before)
        change = Change(_KIND, care, checked)
        return self._session.write([change], "edit", dropping(finishes, self._session.who), kind=_KIND, record=care)

    def _people(self, household: int) -> dict[int, str]:
        """Who lives there now. Raises NotFound where it is no household here."""
        if self._session.store.get("household", household) is None:
            raise NotFound("This record is not here.")
        today = self._session.today().isoformat()
        with self._session.store.db.read() as connection:
            found = rows.members(connection, household)
        here = [one for one in found if not is_over(one.valid_to, today)]
        return {one.resident: told_apart(one, here) for one in here}

    def _agreed(self, household: int, people: Mapping[int, str], resident: int | None) -> bool:
        """Whether care was consented to: by the person, or for the household."""
        with self._session.store.db.read() as connection:
            found = rows.consents(connection, household, list(people))
        about = [one for one in found if one["resident_id"] in (None, resident)]
        return any("care" in str(one["scope"] or "").split() for one in opening(about, self._session.today()))

    def _care(self, household: int, care: int) -> "dict[str, Value]":
        values = self._session.store.get(_KIND, care)
        if values is None or (
            values["household_id"] != household and values["resident_id"] not in self._people(household)
        ):
            raise NotFound("This record is not here.")
        return values
