"""What is known of a ledger across its sheets while it is read."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from gridworker.errors import RosterProblem
from gridworker.sheets.cells import Cell
from gridworker.sheets.clean import Cleaner
from gridworker.sheets.corrections import NO_CORRECTIONS, Corrections
from gridworker.sheets.doors import Doors
from gridworker.sheets.mapping import NO_MAPPING, Mapping
from gridworker.sheets.other_grids import NO_GRIDS, GridNames
from gridworker.sheets.people import Resident, Roster
from gridworker.sheets.remembered import NO_MEMORY, Memory


@dataclass(slots=True)
class FileReading:
    """What is known across the sheets of a file. ``stem`` is the file's name, which may say the building."""

    stem: str
    mapping: Mapping
    today: date
    roster: Roster
    cleaner: Cleaner
    memory: Memory = NO_MEMORY
    corrections: Corrections = NO_CORRECTIONS
    doors: Doors = field(default_factory=Doors)
    numbers: dict[str, Resident] = field(default_factory=dict)
    """With whom each ID number was met first."""
    grids: GridNames = NO_GRIDS
    several: bool = False
    """Whether people stand on several sheets."""
    other: Callable[[Sequence[Sequence[Cell]]], RosterProblem | None] | None = None
    """Tells a sheet that is a form of something else than people, and says so."""
    others: list[RosterProblem] = field(default_factory=list)
    """What was said of such sheets."""

    def mappings_for(self, rows: list[list[Cell]]) -> Iterator[Mapping]:
        """What was chosen for the columns of a sheet: by hand now, or for one like it before.

        Where people are not to be found so, what the headers say counts after all.
        """
        remembered = self.memory.mapping_for(rows) if self.mapping is NO_MAPPING else NO_MAPPING
        if remembered.fields:
            yield remembered
        yield self.mapping
