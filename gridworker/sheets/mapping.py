"""Which column was taken for what: shown in a preview, changed by hand, remembered by the office.

A header that was mapped by hand is kept by its text (``姓名``; below a group ``监护人›姓名``; a column without a header
by its letter, ``#C``), so next month's ledger from the same office is read the same way.
"""

from collections.abc import Iterable
from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from gridworker.sheets.meanings import header_key, names_head
from gridworker.sheets.words import Field, Meaning


def letter(index: int) -> str:
    """A column as spreadsheets call it: 0 is ``A``, 26 is ``AA``."""
    letters = ""
    while index >= 0:
        letters = chr(65 + index % 26) + letters
        index = index // 26 - 1
    return letters


def cell_name(row: int, column: int) -> str:
    """A cell as spreadsheets call it: row 1 and column 0 are ``A2``."""
    return f"{letter(column)}{row + 1}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet. ``header`` is its text, with the headers above it before a ``›``."""

    index: int
    header: str
    field: Field = Field.IGNORED
    tag: str = ""
    member: int = 0
    """Whom of several people in one row it is about (members.py)."""
    filled: bool = False
    """Without a header, and something stands in it all the same."""

    @property
    def key(self) -> str:
        """What the column is remembered by."""
        return header_key(self.header) or f"#{letter(self.index)}"


@dataclass(frozen=True)
class Layout:
    """Where the header of a sheet stands and what its columns hold. Rows and columns count from 0."""

    sheet: str | None
    first: int
    depth: int
    columns: tuple[Column, ...]
    title: str = ""
    apart: int = -1
    """The column of names of a table beside this one that says too little to be read; -1 for none."""

    @property
    def below(self) -> int:
        """The first row under the header."""
        return self.first + self.depth

    @cached_property
    def fields(self) -> frozenset[Field]:
        """The fields there is a column for, of those a row is about in the first place."""
        return frozenset(column.field for column in self.columns if not column.member)

    @cached_property
    def members(self) -> tuple[int, ...]:
        """Who else stands in a row, if somebody does."""
        return tuple(sorted({column.member for column in self.columns} - {0}))

    @cached_property
    def lists_heads(self) -> bool:
        """Whether the names are those of heads of households only: a list of doors, not of people."""
        names = [column for column in self.columns if column.field is Field.NAME and not column.member]
        return any(names_head(header_key(header)) for column in names for header in column.header.split("›"))

    @cached_property
    def remarks_on_homes(self) -> bool:
        """Whether a remark is about the household: a list of heads says nothing else of them than who leads it."""
        return self.lists_heads and not self.members and Field.RELATION not in self.fields

    @property
    def groups(self) -> tuple[str, ...]:
        """What stands above the header of the names: of tables side by side each may have its building there."""
        names = (column.header for column in self.columns if column.field is Field.NAME and not column.member)
        return tuple(text for header in names for text in header.split("›")[:-1])

    @property
    def has_doors(self) -> bool:
        """Whether any column says where people live."""
        return bool(self.fields & {Field.BUILDING, Field.ROOM, Field.ADDRESS})

    @property
    def has_numbers(self) -> bool:
        """Whether households have numbers."""
        return Field.HOUSEHOLD_NO in self.fields

    def of(self, wanted: Field) -> tuple[int, ...]:
        """The columns that hold a field."""
        return tuple(column.index for column in self.columns if column.field is wanted and not column.member)

    def one(self, wanted: Field) -> int:
        """The column that holds a field, -1 where there is none."""
        return next(iter(self.of(wanted)), -1)

    def same_headers(self, other: "Layout") -> bool:
        """Whether the columns have the headers of another layout: then this is only the header printed again."""
        keys, others = ([column.key for column in one.columns if not column.filled] for one in (self, other))
        return keys == others[: len(keys)]

    def with_fields(self, changed: Pairs[int, Meaning]) -> "Layout":
        """The same layout with other meanings for some columns, by their index."""
        columns = (
            replace(column, field=changed[column.index].field, tag=changed[column.index].tag)
            if column.index in changed
            else column
            for column in self.columns
        )
        return replace(self, columns=tuple(columns))


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a person chose by hand: the field of a header, and where the header of a sheet begins and how deep it is.

    ``fields`` maps ``Column.key`` to the word of a Field, or to ``tag:WORD`` for a column whose ticks give a tag;
    ``headers`` maps the name of a sheet (None in text files) to the row number of its header as the user sees it, and
    the number of rows it takes. ``sheets`` limits the reading to the sheets named.
    """

    fields: Pairs[str, str] = field(default_factory=dict)
    headers: Pairs[str | None, tuple[int, int]] = field(default_factory=dict)
    sheets: tuple[str | None, ...] | None = None

    def meaning(self, key: str) -> Meaning | None:
        """What was chosen for a header; an unknown word of a newer version is no choice."""
        word, _, tag = self.fields.get(key, "").partition(":")
        return Meaning(Field(word), tag) if word in _WORDS else None

    def changed(self, column: Column, word: str) -> "Mapping":
        """The same mapping with another field for one column."""
        return replace(self, fields={**self.fields, column.key: word})

    def applied(self, columns: Iterable[Column]) -> tuple[Column, ...]:
        """Columns with what was chosen for them, and that taken from the columns that were guessed to hold it.

        What is not kept (domain.md 7.2) is not kept under another name either.
        """
        shut = Field.SENSITIVE
        found = [(column, None if column.field is shut else self.meaning(column.key)) for column in columns]
        taken = {(choice.field, column.member) for column, choice in found if choice and choice.field in SINGLE}
        return tuple(
            replace(column, field=choice.field, tag=choice.tag or column.header.rpartition("›")[2])
            if choice
            else replace(column, field=Field.IGNORED)
            if (column.field, column.member) in taken
            else column
            for column, choice in found
        )


_WORDS = frozenset(Field)
SINGLE = frozenset({
    Field.NAME, Field.ID_NUMBER, Field.ID_LAST4, Field.ID_TYPE, Field.SEX, Field.RELATION, Field.HEAD, Field.IS_HEAD,
    Field.HEAD_ID, Field.CONTACT, Field.CONTACT_RELATION, Field.CONTACT_PHONE,
    Field.ESTATE, Field.BUILDING, Field.UNIT, Field.FLOOR, Field.ROOM, Field.HOUSEHOLD_NO,
})  # fmt: skip
"""Fields that come from one column; the others may come from several."""

NO_MAPPING = Mapping(MappingProxyType({}), MappingProxyType({}))
