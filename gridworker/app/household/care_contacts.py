"""Emergency contacts of care files: named, changed, taken out; every look at a number on record.

They belong to a care file, which was opened with consent or by an official list (domain.md 7.3), and go with it.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from gridworker.app.drafts import dropping
from gridworker.app.entry.entry_rules import standing
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.household.people import FormView
from gridworker.app.household.view import ContactView
from gridworker.domain.masking import mask_phones
from gridworker.errors import NotFound
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.record import Value
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.queries.care_contacts import ContactRow

_KIND = "care_contact"
_FIELDS = ("name", "relation", "phone")


class CareContacts(Service):
    """Reading forms of emergency contacts; writing them down and changing them."""

    def __init__(self, session: "Session", of_household: Callable[[int, int], object]) -> None:
        """``of_household`` raises NotFound where a household has no such care file."""
        self._session, self._of_household = session, of_household

    @needs(Action.CHANGE, Matter.CARE)
    def form(self, household: int, care: int, contact: int | None = None) -> FormView:
        """The form of a new one, or of one that is here. Raises NotFound.

        The number stands in it in clear, and that is a look like any other: put on record first.
        """
        specs = kind_named(_KIND).kind.specs
        values: Mapping[str, Value] = {}
        if contact is None:
            self._of_household(household, care)
        else:
            values = self._contact(household, care, contact)
            self._session.note("reveal", kind=_KIND, record=contact, detail="phone")
        return FormView(tuple(specs[name] for name in _FIELDS), {name: values.get(name) for name in _FIELDS})

    @needs(Action.CREATE, Matter.CARE)
    def add(self, household: int, care: int, values: Mapping[str, object], *, finishes: str = "") -> "Commit":
        """Write one down. Raises Invalid, NotFound. ``finishes`` is the draft it came from, here and below."""
        self._of_household(household, care)
        made = {**{name: values.get(name) for name in _FIELDS}, "care_id": care}
        id_ = self._session.new_id()
        change = Change(_KIND, id_, kind_named(_KIND).checked(made), create=True)
        return self._session.write([change], "create", dropping(finishes, self._session.who), kind=_KIND, record=id_)

    @needs(Action.CHANGE, Matter.CARE)
    def save(
        self, household: int, care: int, contact: int, values: Mapping[str, object], *, finishes: str = ""
    ) -> "Commit":
        """Change one. Raises Invalid, NotFound."""
        before, record = self._contact(household, care, contact), kind_named(_KIND)
        checked = record.checked({name: values[name] for name in _FIELDS if name in values}, partial=True)
        record.checked({**standing(record, before), **checked}, partial=True)
        change = Change(_KIND, contact, checked)
        drop = dropping(finishes, self._session.who)
        return self._session.write([change], "edit", drop, kind=_KIND, record=contact)

    @needs(Action.DELETE, Matter.CARE)
    def remove(self, household: int, care: int, contact: int, *, finishes: str = "") -> "Commit":
        """Take one out: they moved away, or wish not to be rung. Raises NotFound."""
        self._contact(household, care, contact)
        drop = dropping(finishes, self._session.who)
        return self._session.write([Change(_KIND, contact, alive=False)], "delete", drop, kind=_KIND, record=contact)

    @needs(Action.REVEAL, Matter.CARE)
    def reveal(self, contact: int) -> str:
        """The number in clear; each look is put on record first. Raises NotFound."""
        values = self._session.store.get(_KIND, contact)
        if values is None:
            raise NotFound("This record is not here.")
        self._session.note("reveal", kind=_KIND, record=contact, detail="phone")
        return str(values["phone"] or "")

    def _contact(self, household: int, care: int, contact: int) -> "dict[str, Value]":
        self._of_household(household, care)
        values = self._session.store.get(_KIND, contact)
        if values is None or values["care_id"] != care:
            raise NotFound("This record is not here.")
        return values


def contact_view(row: "ContactRow") -> ContactView:
    """What a page shows of one: the number masked."""
    return ContactView(row.id, called(row), mask_phones(row.phones))


def called(row: "ContactRow") -> str:
    """Their name, and what they are to the person in care where that is known."""
    return gettext("{name} ({relation})").format(name=row.name, relation=row.relation) if row.relation else row.name
