"""Read a ledger: any spreadsheet of residents, as offices keep them, into households, residents and findings.

The rules are those of the roster corpus: what is imported, what is reported, what is refused. Nothing is guessed and
nothing is lost without a word. Nothing here touches a store.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeAlias

from gridworker.errors import NobodyFound, RosterProblem
from gridworker.sheets.alike_rows import sort_out_alike
from gridworker.sheets.candidates import Candidate, candidates_of, has_doors_of, has_heads_of_its_own
from gridworker.sheets.cells import Cell
from gridworker.sheets.clean import Cleaner
from gridworker.sheets.corrections import NO_CORRECTIONS, Corrections
from gridworker.sheets.dropdowns import WORDS_SHEET
from gridworker.sheets.file_reading import FileReading
from gridworker.sheets.findings import Finding
from gridworker.sheets.header import Worth, bare_layout
from gridworker.sheets.mapping import NO_MAPPING, Mapping
from gridworker.sheets.other_grids import NO_GRIDS, GridNames
from gridworker.sheets.people import Roster
from gridworker.sheets.read import Book, read_book
from gridworker.sheets.relations import is_head
from gridworker.sheets.remembered import NO_MEMORY, Memory
from gridworker.sheets.sheet_reading import SheetReading
from gridworker.sheets.unlisted_heads import unlisted_heads


def read_roster(
    path: Path, *, mapping: Mapping | None = None, today: date | None = None, other: "OtherForm | None" = None
) -> Roster:
    """Read a ledger. ``mapping`` is what a person chose for its columns; ``today`` is what birth dates are judged by.

    Raises RosterProblem for a file with nothing to import in it, locked, damaged or no table; NotFound for no file.
    """
    choices = Choices(mapping, other=other if mapping is None else None)
    return read_ledger(path, choices, today or datetime.now(UTC).astimezone().date())


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person decided before a ledger is read.

    ``mapping`` None takes what ``memory`` has for a ledger like it, else what the headers say. ``bare``: a ledger in
    which nobody is found is shown with its columns all the same, for a person to say what they hold.
    """

    mapping: Mapping | None = None
    memory: Memory = NO_MEMORY
    corrections: Corrections = NO_CORRECTIONS
    bare: bool = False
    grids: GridNames = NO_GRIDS
    """Rows that name another grid than the chosen one are not taken in."""
    other: "OtherForm | None" = field(default=None, compare=False, repr=False)
    """Looks at the rows of a sheet whether they are a form of something else than people: such a sheet is none here."""


OtherForm: TypeAlias = Callable[[Sequence[Sequence[Cell]]], RosterProblem | None]
"""Why a sheet is no list of people, where it is a form of something else."""


def read_ledger(path: Path, choices: Choices, today: date) -> Roster:
    """``read_roster`` with all that can be decided about it. Raises Problem for corrections of a file that changed."""
    with _without_collection():
        book = read_book(path)
        choices.corrections.check(book.digest)
        names = tuple(sheet.name for sheet in book.sheets)
        reading = _reading(
            path.stem, choices, Roster(sheets=names, digest=book.digest, apart=choices.corrections.apart), today
        )
        try:
            return _read(book, reading)
        except NobodyFound:
            if not choices.bare or not _bare(book, reading):
                raise
            return reading.roster


def _reading(stem: str, choices: Choices, roster: Roster, today: date) -> FileReading:
    mapping = choices.mapping if choices.mapping is not None else NO_MAPPING
    reading = FileReading(stem, mapping, today, roster, Cleaner(today), choices.memory, choices.corrections)
    reading.other, reading.grids = choices.other, choices.grids
    return reading


@contextmanager
def _without_collection() -> Iterator[None]:
    """Reading makes many small objects and no circles: looking for circles all the time would take a fifth of it."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _read(book: Book, reading: FileReading) -> Roster:
    candidates = _candidates(book, reading)
    if not candidates:
        raise reading.others[0] if reading.others else _nothing(reading.roster.rows)
    reading.several = len({one.sheet.name for one in candidates if not one.only_doors}) > 1
    for candidate in candidates:
        candidate.note(reading)
        sheet = SheetReading(reading, candidate.sheet, candidate.rows, candidate.layout)
        sheet.learn_doors() if candidate.only_doors else sheet.run()
        candidate.rows = []
    if not reading.roster.residents and not reading.roster.rejected:
        raise NobodyFound("file_empty", "There is nobody in this file: it has headers and no rows under them.")
    _finish(reading)
    return reading.roster


def _candidates(book: Book, reading: FileReading) -> list[Candidate]:
    """The sheets that are lists of residents; those that are so for sure, where there are such."""
    found = [(sheet, [] if sheet.hidden else candidates_of(sheet, reading)) for sheet in book.sheets]
    every = [candidate for _sheet, several in found for candidate in several]
    surest = max((candidate.worth for candidate in every), default=Worth.NONE)
    numbered = any(c.worth == surest and c.layout.has_numbers and not c.layout.has_doors for c in every)
    chosen: list[Candidate] = []
    for sheet, several in found:
        best = [candidate for candidate in several if candidate.worth == surest]
        chosen += best
        if best:
            continue
        if several and numbered and several[-1].layout.has_numbers and several[-1].layout.has_doors:
            several[-1].only_doors = True
            chosen.insert(0, several[-1])
        elif several and has_heads_of_its_own(several[-1], (one for one in every if one.worth == surest)):
            chosen.append(several[-1])
        elif several and has_doors_of(several[-1], (one for one in every if one.worth == surest)):
            several[-1].only_doors = True
            chosen.insert(0, several[-1])
        elif sheet.name is not None and not (sheet.hidden and sheet.name == WORDS_SHEET):
            reading.roster.findings.append(Finding("sheet_ignored", sheet.name, values={"detail": sheet.name}))
    return chosen


def _bare(book: Book, reading: FileReading) -> bool:
    """Whether any sheet has what may be a header; those are then the layouts of a roster of nobody."""
    found = (bare_layout(one.rows(), one.name, reading.mapping) for one in book.sheets if not one.hidden)
    reading.roster.layouts[:] = [layout for layout in found if layout is not None]
    reading.roster.mapping = reading.mapping
    return bool(reading.roster.layouts)


def _nothing(rows: int) -> RosterProblem:
    if not rows:
        return RosterProblem("file_empty", "The table in this file is empty.")
    return NobodyFound(
        "file_corrupt",
        "No list of residents was found in this file: it needs a row of headers with a column for names.",
    )


def _finish(reading: FileReading) -> None:
    """Name the heads that no column named, and leave out doors behind which nobody was read."""
    sort_out_alike(reading.roster)
    lived_in = {id(person.household) for person in reading.roster.residents}
    heads = [person for person in reading.roster.residents if is_head(person.relation)]
    for person in sorted(heads, key=lambda person: person.status != "in_place"):
        if person.household is not None and person.household.head is None:
            person.household.head = person.name
    reading.roster.findings += unlisted_heads(reading.roster)
    reading.roster.households = [home for home in reading.doors.households if id(home) in lived_in]
