"""The quick way for most rows of most ledgers: a name, a good ID number of 18 characters, a door, and no more to ask.

What is taken in here is what the reading of a sheet makes of the row step by step; any row with something to weigh is
left to it. A table of 20,000 rows is read in half the time so.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from gridworker.domain.consent_rules import COVERED
from gridworker.sheets.cells import Cell
from gridworker.sheets.people import Resident
from gridworker.sheets.relations import is_head
from gridworker.sheets.shown_errors import shows_error
from gridworker.text import in_every_language

if TYPE_CHECKING:
    from gridworker.sheets.asides import Asides
    from gridworker.sheets.clean import Cleaner
    from gridworker.sheets.file_reading import FileReading
    from gridworker.sheets.people import Household, Roster
    from gridworker.sheets.read import Sheet
    from gridworker.sheets.residents import Residents
    from gridworker.sheets.row_columns import RowColumns


class Reading(Protocol):
    """What is used here of the reading of a sheet."""

    sheet: "Sheet"
    reading: "FileReading"
    roster: "Roster"
    cleaner: "Cleaner"
    columns: "RowColumns"
    asides: "Asides"
    people: "Residents"
    member: int
    raw: object
    unfit: str
    home: "Household | None"

    @property
    def beside(self) -> Sequence[object]:
        """Others in the same row."""

    def household(self, row: list[Cell]) -> "Household | None":
        """The household a row is of."""

    def report_unfit(self, index: int) -> None:
        """Say what is wrong with the door of a row."""

    def note_head(self, person: Resident, home: "Household") -> None:
        """Note that a household has its head."""


def usual_rows(reading: Reading) -> Callable[[Reading, int, list[Cell]], bool]:
    """What takes in a row, by its index and cells, and tells whether it did, for the layout a sheet is read by now."""
    columns = reading.columns
    told = columns.name >= 0 and columns.id_number >= 0 and columns.place.all()
    odd = columns.id_type >= 0 or columns.head >= 0 or columns.head_phone >= 0 or reading.member or reading.beside
    return UsualRows(reading).take if told and not odd else _none


def _none(_reading: Reading, _index: int, _row: Sequence[Cell]) -> bool:
    return False


class UsualRows:
    """Takes the usual rows of one layout.

    It holds no reading of a sheet, which holds it: in a circle of the two 200,000 people would stay in memory.
    """

    def __init__(self, reading: Reading) -> None:
        self._people = reading.people
        self._name, self._number = reading.columns.name, reading.columns.id_number
        self._raw_place = reading.columns.raw_place
        self._day_of, self._name_of = reading.cleaner.parts.day_of, reading.cleaner.name
        self._numbers, self._add = reading.reading.numbers, reading.roster.residents.append
        self._far, self._errors = reading.asides.far, reading.sheet.error_rows
        self._sheet, self._error_texts = reading.sheet.name, reading.sheet.error_texts
        self._covered, self._remarked = in_every_language(COVERED.message), reading.cleaner.remarks

    def take(self, reading: Reading, index: int, row: list[Cell]) -> bool:
        """Take a row in for ``reading``, if it is a usual one."""
        number = row[self._number]
        if type(number) is not str or number in self._numbers:
            return False
        day = self._day_of(number)
        if not day or index < self._far or index in self._errors or (self._error_texts and shows_error(row)):
            return False  # where examples stand, or an error is shown
        name = self._name_of(row[self._name])
        if not name or name in self._covered or row[self._name] in self._remarked:
            return False
        raw = self._raw_place(row)
        home = reading.home if raw == reading.raw else reading.household(row)
        if reading.unfit:
            reading.report_unfit(index)
        person = self._numbers[number] = Resident(self._sheet, index + 1, name, home, id_number=number)
        self._add(person)
        self._people.fill_stated(person, row, number, day)
        if home is not None and is_head(person.relation):
            reading.note_head(person, home)
        return True
