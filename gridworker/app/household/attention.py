"""What looks wrong in a household and stops nobody, in words: said above its file (domain.md 2.6)."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from gridworker.domain.findings import household_findings, resident_findings
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.store.queries.households import HomeRow, MemberRow


def attention(row: "HomeRow", members: "Sequence[MemberRow]", today: date) -> str:
    """The sentences about a household and those who belong to it; '' where nothing looks wrong."""
    return " ".join(_sentences(row, members, today))


def _sentences(row: "HomeRow", members: "Sequence[MemberRow]", today: date) -> Iterator[str]:
    if row.status == "active":
        yield from map(str, household_findings([(one.resident, one.relation) for one in members], row.head))
    for one in members:
        values = {"id_number": one.id_number, "birth_date": one.birth_date, "sex": one.sex}
        for finding in resident_findings(values, today):
            yield gettext("{name}: {finding}").format(name=one.name, finding=finding)
