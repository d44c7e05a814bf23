"""The quick way for most rows of most ledgers: a name, a good ID number of 18 characters, a door, and no more to ask.

What is taken in here is what the reading of a sheet makes of the row step by step; any row with something to weigh is
left to it. A table of 20,000 rows is read in half the time so.
"""

from collections.abc import Sequence
from itertools import islice, repeat
from typing import TYPE_CHECKING, NamedTuple, Protocol

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


TOGETHER = 1000
"""Rows that are looked at a column at a time."""


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
    elsewhere: dict[int, str]
    above: list[Cell]

    @property
    def beside(self) -> Sequence[object]:
        """Others in the same row."""

    def say_again(self, row: list[Cell]) -> None:
        """Put the phones of the row above where this one says 同上."""

    def household(self, row: list[Cell]) -> "Household | None":
        """The household a row is of."""

    def report_unfit(self, index: int) -> None:
        """Say what is wrong with the door of a row."""

    def note_head(self, person: Resident, home: "Household") -> None:
        """Note that a household has its head."""


class Ahead(NamedTuple):
    """Some rows of a sheet, as wide as asked, looked at a column at a time."""

    rows: Sequence[list[Cell]]
    people: Sequence[Resident | None] = ()
    """Who stands in each, if it is a usual one; they are behind no door yet."""
    plain: Sequence[bool] = ()
    """Whether that is all there is to read of them."""


def ahead(usual: "UsualRows | None", rows: Sequence[list[Cell]], first: int, width: int) -> Ahead:
    """Rows from index ``first`` on, some of them, as wide as asked, and who stands in them."""
    some = rows[first : first + TOGETHER]
    filled = [row + [""] * (width - len(row)) if len(row) < width else row for row in some]
    return usual.ahead(first, filled) if usual else Ahead(filled)


def usual_rows(reading: Reading) -> "UsualRows | None":
    """What takes in the usual rows of the layout a sheet is read by now; None where it has none."""
    columns = reading.columns
    told = columns.name >= 0 and columns.id_number >= 0 and columns.place.all()
    odd = columns.id_type >= 0 or columns.head >= 0 or columns.head_phone >= 0 or reading.member or reading.beside
    return UsualRows(reading) if told and not odd else None


class UsualRows:
    """Takes the usual rows of one layout.

    It holds no reading of a sheet, which holds it: in a circle of the two 200,000 people would stay in memory.
    """

    def __init__(self, reading: Reading) -> None:
        self._people = reading.people
        self._name, self._number = reading.columns.name, reading.columns.id_number
        self._raw_place = reading.columns.raw_place
        self._days_of, self._names_of = reading.cleaner.parts.days_of, reading.cleaner.names
        self._numbers, self._add = reading.reading.numbers, reading.roster.residents.append
        self._far = reading.asides.far
        self._errors = reading.sheet.error_rows | reading.sheet.formulas.keys() | reading.elsewhere.keys()
        self._sheet, self._error_texts = reading.sheet.name, reading.sheet.error_texts
        self._covered, self._remarked = in_every_language(COVERED.message), reading.cleaner.remarks

    def ahead(self, first: int, rows: Sequence[list[Cell]]) -> Ahead:
        """Look at rows from index ``first`` on, none of them short: whoever is usual in them is read."""
        cells = [row[self._number] for row in rows]
        days = self._days_of(cells)
        names = self._names_of([row[self._name] for row in rows])
        places = [
            at
            for at, (day, name) in enumerate(zip(days, names, strict=True))
            if day and name and name not in self._covered and first + at >= self._far  # nearer examples stand
        ]
        if self._errors or self._error_texts or self._remarked:
            places = [at for at in places if not self._is_odd(first + at, rows[at])]
        people: list[Resident | None] = [None] * len(rows)
        plain = [False] * len(rows)
        numbers: list[str] = [cells[at] for at in places]  # type: ignore[misc]  # a good number is a text
        told = self._people.stated([rows[at] for at in places], numbers, [days[at] for at in places])
        lines = [first + at + 1 for at in places]
        read = map(Resident, repeat(self._sheet), lines, [names[at] for at in places], repeat(None), *told.fields)
        for at, person, is_plain in zip(places, read, told.plain, strict=True):
            people[at], plain[at] = person, is_plain
        return Ahead(rows, people, plain)

    def _is_odd(self, index: int, row: Sequence[Cell]) -> bool:
        """Whether a row shows an error, is of another grid, or says more beside the name."""
        told = index in self._errors or row[self._name] in self._remarked
        return told or (self._error_texts and shows_error(row))

    def take_on(self, reading: Reading, some: Ahead, at: int) -> int:
        """Take in the people of rows that were read ahead, from place ``at`` on, as far as they are usual.

        Returns the place of the first who is not, or whose number was met before.
        """
        numbers, add, raw_place = self._numbers, self._add, self._raw_place
        home = reading.home
        for row, person, plain in islice(zip(some.rows, some.people, some.plain, strict=True), at, None):
            number = person.id_number if person is not None else None
            if person is None or number is None or number in numbers:
                break
            if raw_place(row) != reading.raw:
                home = reading.household(row)
            if reading.unfit:
                reading.report_unfit(person.row - 1)
            person.household, numbers[number] = home, person
            add(person)
            if not plain:
                reading.say_again(row)
                self._people.fill_stated(person, row, number, person.birth_date or "")
            if home is not None and is_head(person.relation):
                reading.note_head(person, home)
            reading.above = row
            at += 1
        return at
