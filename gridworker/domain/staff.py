"""Staff: who works here. Known to every device, for the names in its lists and the authors of changes."""

from typing import ClassVar

from gridworker.domain import codes_office as codes
from gridworker.domain.names import clean_name
from gridworker.domain.phones import clean_phones
from gridworker.record import Kind, Privacy, Record, Type, field
from gridworker.text import Label


class Staff(Record, table=True):
    """A member of staff with one main role (domain.md 2.4, 7.5)."""

    kind: ClassVar[Kind] = Kind(13, Label("Staff member"), Label("Staff"), caption=("name",), everywhere=True)

    name: str | None = field(1, Label("Full name"), required=True, max_length=50, search=True, check=clean_name)
    role: str | None = field(2, Label("Role"), Type.CODE, required=True, codes=codes.STAFF_ROLE)
    phone: str | None = field(3, Label("Phone"), Type.PHONES, privacy=Privacy.PERSONAL, check=clean_phones)
    active: int | None = field(4, Label("At work"), Type.FLAG)
    employment: str | None = field(5, Label("Full-time or part-time"), Type.CODE, codes=codes.EMPLOYMENT)
