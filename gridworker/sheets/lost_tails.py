"""ID numbers whose last digits a spreadsheet turned to zeros: it keeps fifteen of eighteen (domain.md 5.3)."""

from typing import TYPE_CHECKING

from gridworker.sheets.findings import Finding

if TYPE_CHECKING:
    from gridworker.sheets.people import Roster

LOST = "id_precision_lost"
_ZEROS = "000"


def is_lost_text(fault: str, cell: object) -> bool:
    """Whether a number is faulty since its end was lost, and stands there as text: then others may be so unnoticed."""
    return fault == LOST and isinstance(cell, str) and cell.strip().endswith(_ZEROS)


def reject_lost(roster: "Roster", first: int, sheet: str | None, column: int) -> None:
    """Where one text has lost its last digits to zeros, others that end so are no better for passing the check.

    ``first`` is the first person that was read of the sheet, ``column`` that of the ID numbers.
    """
    read = roster.residents[first:]
    lost = [person for person in read if person.id_number and person.id_number.endswith(_ZEROS)]
    gone = {(person.row, person.member) for person in lost}
    roster.residents[first:] = [person for person in read if (person.row, person.member) not in gone]
    said = roster.findings
    said[:] = [one for one in said if one.sheet != sheet or (one.row, one.member) not in gone]
    for person in lost:
        person.id_number = None
        roster.rejected.append(person)
        said.append(Finding(LOST, person.sheet, person.row, column, member=person.member))
