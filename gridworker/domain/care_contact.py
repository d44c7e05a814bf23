"""Emergency contacts: whom to ring when somebody in care does not open or needs help."""

from typing import ClassVar

from gridworker.domain.names import clean_name
from gridworker.domain.phones import clean_phones
from gridworker.record import Kind, Privacy, Record, Type, field
from gridworker.text import Label


class CareContact(Record, table=True):
    """Somebody a care file names for an emergency (domain.md 2.3): a name, a relation and a number, and no more.

    They are seldom on the books themselves. It belongs to the care file, so it is held, handed over and let go of with
    that; nobody is found by its number, which is not theirs who are looked for.
    """

    kind: ClassVar[Kind] = Kind(
        41, Label("Emergency contact"), Label("Emergency contacts"), caption=("name",), within=("care_id",)
    )

    name: str | None = field(
        1, Label("Full name"), privacy=Privacy.PERSONAL, required=True, max_length=50, check=clean_name
    )
    relation: str | None = field(2, Label("Relation to the person in care"), privacy=Privacy.PERSONAL, max_length=20)
    phone: str | None = field(
        3, Label("Phone"), Type.PHONES, privacy=Privacy.PERSONAL, required=True, check=clean_phones
    )
    care_id: int | None = field(4, Label("Care membership"), Type.REF, ref="care_membership", required=True, index=True)
