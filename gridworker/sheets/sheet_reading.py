"""One sheet of a ledger, row by row: which rows are people, behind which door, and whether they can be imported."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gridworker.domain.consent_rules import COVERED
from gridworker.domain.identity import upgraded
from gridworker.sheets.asides import NOTE, Asides, counts
from gridworker.sheets.cards import card_of, home_of
from gridworker.sheets.cells import Cell, text_of, word_set
from gridworker.sheets.clean import IdNumber, is_own_document, names_several
from gridworker.sheets.doors import DITTO
from gridworker.sheets.file_reading import FileReading
from gridworker.sheets.findings import Finding
from gridworker.sheets.floors import carry_floors, spread
from gridworker.sheets.headers_below import HeadersBelow
from gridworker.sheets.lost_tails import is_lost_text, reject_lost
from gridworker.sheets.mapping import Layout, Mapping
from gridworker.sheets.members import columns_of, has_own_door, names_near_ones, part_of
from gridworker.sheets.nameless import unused_columns
from gridworker.sheets.other_grids import grid_column, leave_elsewhere, of_other_grids
from gridworker.sheets.people import Household, Resident
from gridworker.sheets.read import Sheet
from gridworker.sheets.relations import is_head
from gridworker.sheets.residents import Residents
from gridworker.sheets.row_columns import RowColumns
from gridworker.sheets.rows_above import people_above
from gridworker.sheets.sheet_place import default_door, told_by_name
from gridworker.sheets.shown_errors import cell_errors, shows_error, without_value
from gridworker.sheets.tables_apart import Apart, is_apart, leave, table_at, table_beside, tables_above
from gridworker.sheets.usual_rows import Ahead, ahead, usual_rows
from gridworker.sheets.words import Field
from gridworker.text import in_every_language

_NOBODY = word_set("/ - — -- —— 无 暂无 没有 丧偶 未婚 离异 离婚 单身 未生育")
"""What stands beside somebody who has nobody beside them."""
_EVIDENCE = 10
"""A nameless row with this many characters of an ID number is a person whose name is missing."""


class SheetReading:
    """One sheet being read, row by row."""

    def __init__(
        self, reading: FileReading, sheet: Sheet, rows: list[list[Cell]], layout: Layout, member: int = 0
    ) -> None:
        self.member = member
        self.reading, self.roster, self.cleaner = reading, reading.roster, reading.cleaner
        self.doors = reading.doors
        self.sheet, self.rows, self.headers = sheet, rows, HeadersBelow()
        self.lost_tails, self.forgets, self.left_apart = False, False, -1
        self.first_person = len(self.roster.residents)
        self.heads: set[int] = set()
        self.spread: set[int] = set()
        """Rows that say what a cell says which is merged over them."""
        self._use(layout)
        if not member:
            self.begin(layout)

    def _use(self, layout: Layout) -> None:
        """Read on by this layout; of several people in a row those beside are read by parts of it."""
        self.whole = layout
        layout = part_of(layout, self.member) if self.member else layout
        self.layout = layout
        self.columns = RowColumns.of(layout)
        self.asides = Asides(layout, columns_of(self.whole, self.member))
        self.people = Residents(layout, self.cleaner, self.roster.findings.append)
        self.raw: object = None
        self.home: Household | None = None
        self.unfit, self.plain_doors = "", self.columns.place.is_plain
        self.near_ones = [] if self.member else [one.index for one in layout.columns if names_near_ones(one)]
        self.phones, self.above = layout.of(Field.PHONE), list[Cell]()
        self.elsewhere = of_other_grids(self.rows, self.whole, self.sheet.merged, self.reading.grids)
        self.read = list[Cell]()  # in place of a row that was read: one for 200,000
        self.beside = (
            []
            if self.member
            else [self._beside(member) for member in layout.members if not has_own_door(layout, member)]
        )
        self.usual = usual_rows(self)
        if self.member:
            return
        self.roster.layouts.append(layout)
        grids = grid_column(layout) if self.elsewhere else -1
        self.roster.findings += unused_columns(self.sheet.name, layout, grids)

    def begin(self, layout: Layout) -> None:
        """Begin with the doors of this sheet; of several sheets each tells its rooms from those of the others."""
        told = told_by_name(self.sheet.name) if self.reading.several else ""
        door = default_door(self.rows, layout, self.columns.place.building, (self.sheet.name, self.reading.stem))
        self.doors.start(door, by_number=not layout.has_doors, sheet=told, page=self.sheet.name)
        self.doors.tell_apart(self.rows[layout.below :], self.columns.place.addresses)

    def _beside(self, member: int) -> "SheetReading":
        """The reading of another person in the rows of this one, behind the same door."""
        return SheetReading(self.reading, self.sheet, self.rows, self.whole, member)

    def tables_beside(self) -> "list[SheetReading]":
        """The readings of tables that stand to the right of this one, with doors of their own."""
        return [self._beside(member) for member in self.whole.members if has_own_door(self.whole, member)]

    def run(self) -> None:
        """Read all rows under the header, of this table and of those beside it."""
        tables = self.tables_beside() if not self.member else []
        self._read_above()
        self.forgets = not (tables or self.member)
        for index, row in self._rows(takes=True):
            if index > self.left_apart:
                self._any_row(index, row)
            if self.forgets:
                self.rows[index] = self.read
        if self.lost_tails:
            reject_lost(self.roster, self.first_person, self.sheet.name, self.columns.id_number)
        for table in tables:
            table.begin(table.layout)
            table.run()

    def _read_above(self) -> None:
        """Take what stands above the table for the card of its first household, for a table or people not read."""
        told = {index for index, row in enumerate(self.rows[: max(self.layout.first, 0)]) if self._is_card(row)}
        for apart in (*tables_above(self.rows, self.layout.first), *table_beside(self.layout, self.rows)):
            self._leave_apart(apart)
            told |= set(range(apart.first, apart.last + 1))
        for index, row in people_above(self.rows, self.layout, self.cleaner, told):
            if self.reading.corrections.has_row(self.sheet.name, index + 1):
                self._any_row(index, row)
            else:
                self._pass_over("row_above", index, row, self.named(row))

    def _any_row(self, index: int, row: list[Cell]) -> None:
        self.say_again(row)
        self.above = row
        self._row_of_several(index, row) if self.beside else self._row(index, row)

    def _row_of_several(self, index: int, row: list[Cell]) -> None:
        """Read everybody of a row; a head who stands among the others again is one person."""
        name = self.cleaner.name(row[self.columns.name]) if self.layout.lists_heads else ""
        others = [other.named(row) for other in self.beside] if self.layout.lists_heads else []
        if name in others if name else any(others) and not self.columns.says_who(row):
            self.household(row)
        else:
            self._row(index, row)
            name = ""
        for other in self.beside:
            other.read_beside(index, row, self)
        told = (phone for column in self.phones if name for phone in self.cleaner.phones(row[column]).phones)
        for person in self.roster.residents[-len(self.beside) :]:
            if person.row == index + 1 and person.name == name:
                person.phones = tuple(dict.fromkeys((*person.phones, *told)))

    def named(self, row: Sequence[Cell]) -> str:
        """The name that stands in a row."""
        return self.cleaner.name(row[self.columns.name]) if self.columns.name >= 0 else ""

    def read_beside(self, index: int, row: list[Cell], first: "SheetReading") -> None:
        """Read another person of a row, whose door ``first`` has read."""
        self.say_again(row)
        self.above = row
        self.raw, self.home, self.unfit = self.columns.raw_place(row), first.home, ""
        self._row(index, row)
        first.lost_tails |= self.lost_tails

    def learn_doors(self) -> None:
        """Read a list of households for its doors only: people of other sheets are behind them by number or head."""
        for index, row in self._rows():
            if not self.asides.kind(index, row, named=True):
                home = self.household(row)
                if home is not None:
                    self.doors.led_by(self.cleaner.name(row[self.columns.name]), home)

    def _rows(self, *, takes: bool = False) -> Iterator[tuple[int, list[Cell]]]:
        """The rows that hold anything, as wide as the header; but usual people, where it ``takes`` them in."""
        self._spread_merged()
        index = self.layout.below
        while index < len(self.rows):
            whole, first, some = self.whole, index, ahead(self.usual, self.rows, index, self.columns.width)
            while self.whole is whole and index < first + len(some.rows):  # below another header it is read by that one
                until = self._taken(some, first, index) if takes else index
                if until == index:
                    if any(row := some.rows[index - first]):
                        yield index, row
                    until += 1
                index = until

    def _taken(self, some: Ahead, first: int, index: int) -> int:
        """Take in usual people from row ``index`` on, of some rows from ``first``: the index of who is left."""
        until = first + self.usual.take_on(self, some, index - first) if self.usual else index
        if self.forgets:
            self.rows[index:until] = [self.read] * (until - index)
        return until

    def _spread_merged(self) -> None:
        """Addresses and heads merged over several rows hold for each of them."""
        self.spread |= spread(self.rows, self.sheet.merged, self.layout)
        carry_floors(self.rows, self.layout.below, self.columns.place)

    def say_again(self, row: list[Cell]) -> None:
        """Phones that are 同上 are those of the row above, whoever stands in it."""
        for index in self.phones:
            cell = row[index]
            if cell != "" and text_of(cell) in DITTO:
                row[index] = self.above[index] if self.above else ""

    # ------------------------------------------------------------------------------------------------------ one row

    def _row(self, index: int, row: list[Cell]) -> None:
        columns = self.columns
        without_value(self.sheet, index, row, columns.name)
        name = self.cleaner.name(row[columns.name]) if columns.name >= 0 else ""
        number = self._id_number(row)
        if self._is_passed_over(index, row, name):
            return
        if (number.number is None or not name) and self._is_aside(index, row, name, number):
            return
        home = self.household(row)
        person = Resident(self.sheet.name, index + 1, name, home, id_number=number.number, member=self.member)
        if home is not None and columns.head >= 0 and home.head is None and row[columns.head] != "":
            home.head = self.cleaner.name(row[columns.head]) or None
        self.report_unfit(index)
        fault = self._fault(person, number, row)
        if fault is not None:
            self.roster.findings.append(fault)
            self.roster.rejected.append(self._draft(row, person))
        else:
            self.roster.residents.append(person)
            self.people.fill(person, row)
        if self.sheet.is_odd(index) or shows_error(row):
            self.roster.findings += cell_errors(self.sheet, index, row, self.whole, self.member)
        if fault is not None:
            return
        self._settle(person, row)

    def report_unfit(self, index: int) -> None:
        """Say what is wrong with the door of a row, if anything is."""
        if self.unfit:
            self.roster.findings.append(Finding(self.unfit, self.sheet.name, index + 1, member=self.member))

    def _is_passed_over(self, index: int, row: list[Cell], name: str) -> bool:
        """Of another grid, an example of the form, or a child whose name a ledger of our own left out."""
        if index in self.elsewhere and name:
            person = Resident(self.sheet.name, index + 1, name, self.household(row), member=self.member)
            leave_elsewhere(self.roster, person, self.elsewhere[index])
            return True
        if name not in in_every_language(COVERED.message):
            return index < self.asides.far and self.asides.is_example(row)
        self.household(row)
        self._pass_over("child_covered", index, row)
        return True

    def _id_number(self, row: Sequence[Cell]) -> IdNumber:
        index, kind = self.columns.id_number, self.columns.id_type
        if index < 0 or (kind >= 0 and row[index] != "" and not is_own_document(text_of(row[kind]))):
            return self.cleaner.number_beside(row, self.columns.name)
        told = self.cleaner.id_number(row[index])
        return told if row[index] != "" else self.cleaner.number_beside(row, self.columns.name)

    def _is_aside(self, index: int, row: list[Cell], name: str, number: IdNumber) -> bool:
        """Whether a row is no person: then what it says of doors, of buildings and of columns is all that is taken."""
        if self.asides.is_plainly_person(index, row, name):
            return False
        if (not name and self._is_card(row)) or (number.number is None and self._begins_another(index, row)):
            return True
        kind = self.asides.kind(index, row, named=bool(name))
        if kind == NOTE:
            self._pass_over("row_skipped", index, row)
        if kind or self._is_section(row):
            return True
        if not self.asides.is_part(row) and (name or self._is_person(row, number)):
            return False
        self.household(row)
        if self.columns.head >= 0 and self.columns.name >= 0 and row[self.columns.head] != "":
            self._pass_over("head_only", index, row)
        elif self._tells(row):
            self._pass_over("row_skipped", index, row)
        return True

    def _pass_over(self, kind: str, index: int, row: Sequence[Cell], name: str = "") -> None:
        """Say that a row brings in nobody, and why: none is lost without a word."""
        place, column = (self.sheet.name, index + 1), self.columns.head if kind == "head_only" else self.columns.name
        self.roster.findings.append(Finding(kind, *place, column, member=self.member))
        if index not in self.spread or self._tells(row):
            draft = self._draft(row, Resident(*place, name, self.home, member=self.member))
            self.roster.passed_over.append(draft)

    def _tells(self, row: Sequence[Cell]) -> bool:
        """Whether a row that brings in nobody says anything of people; sex and birth date alone are formulas' work."""
        told = self._draft(row)
        named = self.columns.name >= 0 and row[self.columns.name] not in ({"", *_NOBODY} if self.member else {""})
        near = any(text_of(row[at]) not in _NOBODY for at in self.near_ones if row[at] != "")
        return bool(named or self.people.is_related(row) or told.tags or told.note or told.contact or near)

    def _is_section(self, row: Sequence[Cell]) -> bool:
        """Whether a line says the building of the rows below it, and nothing else."""
        texts = [text for cell in row if (text := text_of(cell))]
        if len(texts) == 1 and self.doors.section(texts[0]):
            self.raw = None
            return True
        return False

    def _is_card(self, row: Sequence[Cell]) -> bool:
        """Whether a line names the household of the rows below it; then they are behind its door."""
        card = card_of(row) if not self.columns.place.all() else None
        self.home = home_of(card, self.doors, self.cleaner) if card is not None else self.home
        return card is not None

    def _begins_another(self, index: int, row: Sequence[Cell]) -> bool:
        """A header in the middle: that of another table goes on with its own columns, or is not read."""
        if counts(row):
            self._leave_apart(table_at(self.rows, index, max(self.columns.name, 0)))
            return True
        if not self.asides.begins_another(row):
            return False
        layout = self.headers.layout(self.rows, index, self.sheet.name, Mapping(self.roster.mapping.fields))
        if layout is None or layout.first or Field.NAME not in layout.fields:
            return False
        if is_apart(layout, self.rows[index]):
            self._leave_apart(table_at(self.rows, index, layout.one(Field.NAME)))
            return True
        if not layout.same_headers(self.layout):
            home = self.home
            self._use(replace(layout, first=index, title=self.layout.title))
            self.home = None if self.columns.place.all() else home
        return True

    def _leave_apart(self, apart: Apart) -> None:
        self.left_apart = leave(apart, self.rows, self.roster, (self.sheet.name, self.cleaner))

    def _is_person(self, row: Sequence[Cell], number: IdNumber) -> bool:
        """Whether a row without a name tells of a person all the same."""
        index = self.columns.id_number
        if number.number or (number.fault and len(text_of(row[index])) >= _EVIDENCE):
            return True
        if self.columns.name >= 0 and names_several(row[self.columns.name]):
            return True
        told = self._draft(row)
        if self.columns.name >= 0 and self.cleaner.is_no_name(row[self.columns.name]):
            return bool(told.phones or told.relation or told.birth_date)
        return bool(told.phones or (told.relation and (told.sex or told.birth_date)))

    def _draft(self, row: Sequence[Cell], person: Resident | None = None) -> Resident:
        """What can be read of a row, without a word about what is wrong with it."""
        person = person or Resident(None, 0, "")
        Residents(self.layout, self.cleaner, lambda _finding: None).fill(person, row)
        return person

    def household(self, row: list[Cell]) -> Household | None:
        """The household a row is of: that of the row above where the row says the same."""
        raw = self.columns.raw_place(row)
        if raw != self.raw:
            self.raw = raw
            plain = self.doors.plainly(raw) if self.plain_doors else None
            self.home = plain or self.doors.household(self.columns.place.read(row))
            self.unfit = self.doors.fault
        return self.home

    # ---------------------------------------------------------------------------------------------- what comes of it

    def _fault(self, person: Resident, number: IdNumber, row: Sequence[Cell]) -> Finding | None:
        """Why a row is not imported, None if it is."""
        place, member = (person.sheet, person.row), self.member
        if not person.name:
            kind = "names_several" if names_several(row[self.columns.name]) else "name_missing"
            return Finding(kind, *place, self.columns.name, member=member)
        if number.fault:
            cell = row[self.columns.id_number]
            self.lost_tails |= is_lost_text(number.fault, cell)
            return Finding(number.fault, *place, self.columns.id_number, text_of(cell), member=member)
        if number.number is None:
            return None
        first = self.reading.numbers.setdefault(upgraded(number.number), person)
        if first is person:
            return None
        other = {"other": str(first.row)}
        return Finding("id_duplicate", *place, self.columns.id_number, values=other, member=member)

    def _settle(self, person: Resident, row: Sequence[Cell]) -> None:
        """What a row says of its household: which it is where there are no doors, its head, the head's phone."""
        heads = is_head(person.relation)
        if person.household is None and not self.columns.place.all():
            named = self.cleaner.name(row[self.columns.head]) if self.columns.head >= 0 else None
            person.household = self.doors.in_order(begins=heads, head=named or None)
            self.unfit = self.doors.fault
            self.report_unfit(person.row - 1)
            self.unfit = ""
        home = person.household
        if home is None:
            return
        if heads and person.status == "in_place":
            self.note_head(person, home)
        if self.columns.head_phone >= 0:
            found = self.cleaner.phones(row[self.columns.head_phone]).phones
            home.phone = home.phone or next(iter(found), None)
            if heads or person.name == home.head:
                person.phones = tuple(dict.fromkeys((*person.phones, *found)))

    def note_head(self, person: Resident, home: Household) -> None:
        """Note that a household has its head: another one is reported."""
        if id(home) in self.heads:
            self.roster.findings.append(Finding("head_duplicate", person.sheet, person.row, member=self.member))
        self.heads.add(id(home))
