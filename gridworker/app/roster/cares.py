"""The care that the tags of a ledger speak for, and whom to ring of those in care.

Emergency contacts belong to a care file (domain.md 2.3, 7.3): of somebody without one none is kept, and that is said.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gridworker.app.ledger.preview_rows import FieldChange
from gridworker.app.roster.register import GONE, Register
from gridworker.app.roster.values import FULL_DAY, Checker
from gridworker.domain.identity import age_on
from gridworker.domain.masking import mask_phones
from gridworker.domain.tags import care_groups_of
from gridworker.store.queries import care_contacts
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.domain.tags import CareProposal
    from gridworker.record import Value
    from gridworker.sheets.people import Resident
    from gridworker.store.queries.care_contacts import ContactRow
    from gridworker.store.tables.creations import NewRecords

REVIEW = timedelta(days=180)


class Cares:
    """Plans memberships in care groups and emergency contacts. ``made`` are new records and changes of others."""

    def __init__(
        self,
        register: Register,
        made: "tuple[NewRecords, list[Change]]",
        new_id: Callable[[], int],
        checker: Checker,
        today: date,
    ) -> None:
        self._register, self._new_id, self._check, self._today = register, new_id, checker.checked, today
        self._new, self._changes = made
        self._memberships: dict[CareProposal, dict[str, Value]] = {}
        self._opened: dict[int, int] = {}
        """The first care file of residents for whom one is made."""
        self._files: dict[int, list[int]] | None = None
        self._kept: dict[int, list[ContactRow]] | None = None

    def open(self, person: "Resident", resident: int) -> None:
        """Care the ledger's tags speak for, once each; what care it means a person looks at later."""
        if person.status in GONE:
            return
        born = person.birth_date
        age = age_on(self._today, born) if born and len(born) == FULL_DAY else None
        for care in care_groups_of(person.tags, age):
            if (resident, care.group) in self._register.cares:
                continue
            membership, made = self._memberships.get(care) or self._membership(care, resident), self._new_id()
            self._new.add("care_membership", made, {**membership, "resident_id": resident})
            self._opened.setdefault(resident, made)
            self._register.cares[resident, care.group] = 0

    def _membership(self, care: "CareProposal", resident: int) -> "dict[str, Value]":
        """What a membership in a care group is made with: the same for all but in whose it is."""
        values = {
            "resident_id": resident,
            "care_group": care.group,
            "living_arrangement": care.living_arrangement,
            "basis": "official_list",
            "start_on": self._today.isoformat(),
            "review_on": (self._today + REVIEW).isoformat(),
            "cadence": care.cadence,
        }
        checked = self._memberships[care] = self._check("care_membership", values)
        return checked

    def contact(self, person: "Resident", resident: int) -> Iterator[FieldChange | None]:
        """Keep whom to ring of somebody; what is new or other is told, None where there is no care file for it."""
        contact = person.contact
        if contact is None or person.status in GONE:
            return
        standing = self._standing().get(resident, [])
        care = standing[0] if standing else self._opened.get(resident)
        if care is None:
            yield None
            return
        label = str(kind_named("care_contact").kind.title)
        values = {"name": contact.name, "phone": " ".join(contact.phones), "relation": contact.relation}
        there = (row for one in standing for row in self._rows().get(one, ()))
        known = next((row for row in there if row.name == contact.name), None)
        checked = self._check("care_contact", {**values, "care_id": care})
        if known is None:
            given = {name: value for name, value in checked.items() if value is not None}
            self._new.add("care_contact", self._new_id(), given)
            yield FieldChange(label, "", _shown(contact.name, str(checked["phone"])))
        elif known.phones != checked["phone"]:
            self._changes.append(Change("care_contact", known.id, {"phone": checked["phone"]}))
            yield FieldChange(label, _shown(known.name, known.phones), _shown(contact.name, str(checked["phone"])))

    def _standing(self) -> dict[int, list[int]]:
        """The care files that are here, by resident; gathered once."""
        if self._files is None:
            self._files = {}
            for (resident, _group), care in self._register.cares.items():
                if care:
                    self._files.setdefault(resident, []).append(care)
        return self._files

    def _rows(self) -> "dict[int, list[ContactRow]]":
        """The contacts that are kept, by care file; looked up once, when the first is asked for."""
        if self._kept is None:
            self._kept = {}
            store = self._register.store
            if store is not None:
                with store.db.read() as connection:
                    for row in care_contacts.of_cares(connection, filter(None, self._register.cares.values())):
                        self._kept.setdefault(row.care, []).append(row)
        return self._kept


def _shown(name: str, phones: str) -> str:
    return gettext("{name} ({relation})").format(name=name, relation=mask_phones(phones))
