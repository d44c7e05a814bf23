"""The parties of an issue, under whatever name they wish to appear."""

from typing import ClassVar

from gridworker.domain.codes_issue import PARTY_ROLE
from gridworker.domain.phones import clean_phones
from gridworker.record import Kind, Privacy, Record, Type, field
from gridworker.text import Label


class IssueParty(Record, table=True):
    """A party (domain.md 2.4). ``display_name`` may be "3栋住户A"; no ID number, no ethnicity, no education."""

    kind: ClassVar[Kind] = Kind(17, Label("Party"), Label("Parties"), caption=("display_name",), within=("issue_id",))

    issue_id: int | None = field(1, Label("Issue"), Type.REF, ref="issue", required=True)
    role: str | None = field(2, Label("Part in it"), Type.CODE, codes=PARTY_ROLE)
    display_name: str | None = field(
        3, Label("Called"), privacy=Privacy.PERSONAL, required=True, max_length=50, search=True
    )
    resident_id: int | None = field(4, Label("Resident"), Type.REF, ref="resident")
    phone: str | None = field(5, Label("Phone"), Type.PHONES, privacy=Privacy.PERSONAL, check=clean_phones)
