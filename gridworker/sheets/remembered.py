"""Columns chosen by hand, kept for the next ledger with a like header: whoever made one ledger makes the next as well.

A header is known by the texts in it, in any order; a few columns more or fewer are still the same ledger.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Pairs
from dataclasses import dataclass, replace

from gridworker.sheets.cells import Cell
from gridworker.sheets.mapping import NO_MAPPING, Layout, Mapping
from gridworker.sheets.meanings import header_key, meaning_of
from gridworker.sheets.words import Field

_LIKE = 0.75
"""So much of two headers must be the same; below it they are two kinds of ledger."""
_ROWS, _DEPTH, _COLUMNS = 40, 3, 400
_OF_PEOPLE = re.compile(r"[0-9]{6}|[0-9X*]{4}$|[0-9]{4}[-/.年][0-9]|[0-9]+-[0-9]|[0-9]+(?:号?楼|栋|幢|单元|室)")
"""A number, a day or a door: a first row taken for a header has them, a header has not."""
_TELLING = frozenset({
    Field.NAME, Field.ID_NUMBER, Field.ID_LAST4, Field.SEX, Field.BIRTH, Field.RELATION, Field.PHONE, Field.BUILDING,
    Field.ROOM, Field.ADDRESS, Field.NOTE,
})  # fmt: skip
"""Words for these stand in headers alone; ``户主`` and ``低保`` stand in the rows of people too."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """The columns of one header, by ``Column.key``, and the fields chosen for some of them as in ``Mapping``."""

    headers: tuple[str, ...]
    fields: Pairs[str, str]
    at: str = ""
    """When it was chosen, as moments are stored."""

    @classmethod
    def header_of(cls, layout: Layout) -> "Remembered":
        """A header for which nothing was chosen."""
        return cls(tuple(column.key for column in layout.columns if column.header), {})

    @classmethod
    def of(cls, layout: Layout, mapping: Mapping) -> "Remembered | None":
        """What to keep of a layout; None where nothing was chosen for any of its columns."""
        fields = {column.key: mapping.fields[column.key] for column in layout.columns if column.key in mapping.fields}
        return replace(cls.header_of(layout), fields=fields) if fields else None

    @property
    def fingerprint(self) -> str:
        """The same for the same headers in any order."""
        return hashlib.sha256("\n".join(sorted(set(self.headers))).encode()).hexdigest()[:32]

    @property
    def texts(self) -> frozenset[str]:
        """The texts of the header, groups and what stands below them apart."""
        return frozenset(part for key in self.headers for part in key.split("›"))

    @property
    def names_nobody(self) -> bool:
        """Whether these are headers for sure, not people in the first row of a ledger that has none."""
        meanings = (meaning_of(text) for text in self.texts)
        return any(found is not None and found.field in _TELLING for found in meanings) and not any(
            _OF_PEOPLE.search(text) for text in self.texts
        )

    def mapping(self, likeness: float) -> Mapping:
        """What to read a ledger by. Columns without a header, known by their letter, only where nothing moved."""
        return Mapping({key: word for key, word in self.fields.items() if likeness == 1 or not key.startswith("#")})

    def to_json(self) -> str:
        """How it is kept."""
        return json.dumps({"headers": self.headers, "fields": dict(self.fields), "at": self.at}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Remembered":
        """The same again."""
        kept = json.loads(text)
        return cls(tuple(kept["headers"]), kept["fields"], kept["at"])


@dataclass(frozen=True, slots=True)
class Memory:
    """All that is remembered, oldest first."""

    kept: tuple[Remembered, ...] = ()

    def mapping_for(self, rows: Sequence[Sequence[Cell]]) -> Mapping:
        """What was chosen for the header most like the one of these rows; of two as like, the newer one."""
        best, likeness = None, _LIKE
        for texts in _headers(rows) if self.kept else ():
            for one in self.kept:
                share = len(one.texts & texts) / len(one.texts | texts)
                if share >= likeness:
                    best, likeness = one, share
        return best.mapping(likeness) if best else NO_MAPPING


NO_MEMORY = Memory()


def _headers(rows: Sequence[Sequence[Cell]]) -> Iterator[frozenset[str]]:
    """The texts of what may be a header: each of the first rows, alone and with the one or two below it."""
    keys = [_keys(row) for row in rows[: _ROWS + _DEPTH]]
    for first in range(min(_ROWS, len(keys))):
        for depth in range(1, _DEPTH + 1):
            texts = frozenset().union(*keys[first : first + depth])
            if texts:
                yield texts


def _keys(row: Sequence[Cell]) -> frozenset[str]:
    return frozenset(key for cell in row[:_COLUMNS] if isinstance(cell, str) and (key := header_key(cell)))
