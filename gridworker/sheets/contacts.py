"""Emergency contacts that a ledger names beside its people: kept with a care file, so only of who is in care."""

from collections.abc import Sequence
from typing import NamedTuple

from gridworker.sheets.cells import Cell, text_of
from gridworker.sheets.clean import Cleaner
from gridworker.sheets.mapping import Layout
from gridworker.sheets.words import Field

_LONGEST = 20
"""Characters of a relation in the books (domain/care_contact.py)."""


class Contact(NamedTuple):
    """Whom to ring: the name, the phones, and what they are to the resident where the ledger says it."""

    name: str
    phones: tuple[str, ...]
    relation: str | None = None


class ContactColumns(NamedTuple):
    """Where the contact stands, -1 for a column there is not."""

    name: int
    relation: int
    phone: int

    @classmethod
    def of(cls, layout: Layout) -> "ContactColumns":
        """The columns of a layout; none without one for names: a number alone is nobody's."""
        name = layout.one(Field.CONTACT)
        others = (layout.one(Field.CONTACT_RELATION), layout.one(Field.CONTACT_PHONE)) if name >= 0 else (-1, -1)
        return cls(name, *others)

    def all(self) -> tuple[int, ...]:
        """Those there are."""
        return tuple(column for column in self if column >= 0)

    def read(self, row: Sequence[Cell], cleaner: Cleaner) -> Contact | None:
        """The contact in a row; None where name or phone is missing."""
        cell = row[self.name] if self.name >= 0 else ""
        name = cleaner.name(cell) if cell != "" else ""
        if not name:
            return None
        beside = cleaner.remarks.get(cell)
        phones = cleaner.phones(row[self.phone]).phones if self.phone >= 0 else ()
        phones = tuple(dict.fromkeys((*phones, *(beside.phones if beside else ()))))
        told = cleaner.text(row[self.relation]) if self.relation >= 0 else ""
        told = told or (beside.relation.word if beside and beside.relation else None) or ""
        return Contact(name, phones, told[:_LONGEST] or None) if phones else None

    def says_anything(self, row: Sequence[Cell]) -> bool:
        """Whether a name or a phone of a contact stands in a row."""
        return any(text_of(row[column]).strip("/-—无") for column in (self.name, self.phone) if column >= 0)
