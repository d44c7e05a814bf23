"""Lists of owners: 业主 or 产权人 behind each door, several of them in one cell, tenants beside.

Each owner of a cell gets columns of their own, as each tenant has. Who owns a door that is let is not taken to live
behind it; where no tenant is named, the owner is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from gridworker.sheets.cells import Cell, text_of
from gridworker.sheets.findings import Finding
from gridworker.sheets.meanings import header_key, meaning_of
from gridworker.sheets.table import Table
from gridworker.sheets.words import Field

_ROWS = 40
_WORD, _COLUMNS = 24, 400
_OWNS = re.compile("[业房]\\s*主|产\\s*权|所\\s*有|权\\s*利")
_MOST = 6
"""So many owners of one door are told apart."""
_FEW = 2
_OWNER, _TENANT = "owner", "tenant"
_ABOUT = "(?:的|基本)?(?:信息|情况|资料)?"
_WHO = (
    (
        _OWNER,
        re.compile(
            f"(?:房屋|住房)?(?:业主|房主|产权所有人|产权登记人|产权人|所有权人|所有人|权利人){_ABOUT}(?P<rest>.*)"
        ),
    ),
    (_TENANT, re.compile(f"(?:现|房屋)?(?:租户|租客|承租人|租住人|租房人|租赁人){_ABOUT}(?P<rest>.*)")),
)
_WHAT = {
    Field.NAME: "姓名", Field.ID_NUMBER: "身份证号", Field.PHONE: "电话", Field.SEX: "性别", Field.BIRTH: "出生日期",
}  # fmt: skip
_DOORS = frozenset({Field.ROOM, Field.ADDRESS, Field.BUILDING})
_PARTS = re.compile(
    r"\s*[、,，;；/\n|]\s*|(?<!^\S)\s{2,}(?!\S$)"
    r"|(?<=[\u4e00-\u9fff]{2}) (?=[\u4e00-\u9fff]{2})|(?<=[0-9Xx]) (?=[0-9]{6})"
)
_NUMBERED = re.compile("^[0-9一二三四]|[0-9]$")
"""产权人1, 产权人2电话."""
_OR = tuple("/、或")
"""业主/住户: whoever lives there, owner or not."""
_NOBODY = frozenset({"", "无", "/", "-", "—", "暂无", "自住", "空置", "空", "未出租", "无租户"})
_LETS = "租户"


class _Of(NamedTuple):
    """Whom a column is about, and what it holds of them."""

    who: str
    field: Field


@dataclass(frozen=True, slots=True)
class _Head:
    """The header of a list of owners: its last row, the texts of its columns, and which of them are about whom."""

    row: int
    texts: list[str]
    columns: dict[int, _Of]

    def of(self, who: str) -> dict[Field, list[int]]:
        """The columns about owners or about tenants by what they hold; none where there are no names."""
        found: dict[Field, list[int]] = {}
        for at, told in sorted(self.columns.items()):
            if told.who == who:
                found.setdefault(told.field, []).append(at)
        return found if Field.NAME in found else {}


def owners_to_rows(table: Table) -> Table | None:
    """The list with columns for everybody, None where it is none of owners who may live behind their doors."""
    naming = {
        row + more for row in range(min(_ROWS, len(table.rows))) if _names_owners(table.rows[row]) for more in (0, 1)
    }
    head = next(filter(None, (_head(table, row) for row in sorted(naming) if row < len(table.rows))), None)
    if head is None:
        return None
    owner, tenant = head.of(_OWNER), head.of(_TENANT)
    below = table.rows[head.row + 1 :]
    if not any(_names(row, owner) and not _names(row, tenant) for row in below):
        return None
    slots = min(max((len(_names(row, owner)) for row in below), default=1), _MOST)
    guests = min(max((len(_names(row, tenant)) for row in below), default=0), _MOST)
    findings: list[Finding] = []
    turning = _Turning(table.sheet, head, slots, guests, max(map(len, table.rows)), findings)
    rows = [[] if at == head.row - 1 else list(row) for at, row in enumerate(table.rows[: head.row])]
    rows.append(turning.header())
    rows += [turning.row(at, row) for at, row in enumerate(below, start=head.row + 1)]
    return replace(table, rows=rows, findings=tuple(findings))


def _names_owners(row: Sequence[Cell]) -> bool:
    """Whether a row has a word for owners; the row below it may be the rest of the header."""
    return any(isinstance(cell, str) and len(cell) <= _WORD and _OWNS.search(cell) for cell in row[:_COLUMNS])


def _head(table: Table, row: int) -> _Head | None:
    """The header that ends in a row, alone or with the groups above it; None where it names no owners and no doors."""
    texts = _texts(table, row)
    above = [meaning_of(header_key(text)) for text in _texts(table, row - 1)] if row else []
    if any(meaning and meaning.field is Field.NAME for meaning in above):  # a list of people that names owners too
        return None
    for found in (texts, [above + below for above, below in zip(_groups(table, row), texts, strict=False)]):
        columns = {at: of for at, text in enumerate(found) if (of := _of(text)) is not None}
        plain = [None if at in columns else meaning_of(header_key(text)) for at, text in enumerate(found)]
        fields = {meaning.field for meaning in plain if meaning}
        head = _Head(row, found, {**columns, **_followers(found, columns)})
        if head.of(_OWNER) and fields & _DOORS and not fields & {Field.NAME, Field.HEAD}:
            return head
    return None


def _texts(table: Table, row: int) -> list[str]:
    return [text_of(cell) if isinstance(cell, str) else "" for cell in table.rows[row]]


def _groups(table: Table, row: int) -> list[str]:
    """What stands above each column, where the row above names whom the columns are about."""
    if not row:
        return []
    above = _texts(table, row - 1)
    below = _texts(table, row)
    above += [""] * (len(below) - len(above))
    for at in range(1, len(above)):
        if not above[at] and at < len(below) and below[at] and _of(above[at - 1]):
            above[at] = above[at - 1]
    return above if any(map(_of, above)) else []


def _of(text: str) -> _Of | None:
    """Whom and what a header is about, None for one that names neither owner nor tenant."""
    key = re.sub(r"\([^()]*\)", "", header_key(text))
    for who, form in _WHO:
        found = form.fullmatch(key)
        if found:
            rest = _NUMBERED.sub("", found["rest"].strip("的之-:.·/›"))
            meaning = meaning_of(rest) if rest else None
            if found["rest"][:1] in _OR and meaning and meaning.field is Field.NAME:
                return None
            field = meaning.field if meaning else Field.NAME
            return _Of(who, field) if not rest or rest in {"名称", "名"} or field in _WHAT else None
    return None


def _followers(texts: Sequence[str], columns: dict[int, _Of]) -> dict[int, _Of]:
    """Plain headers for a number or a phone: of whoever was named before them."""
    found: dict[int, _Of] = {}
    who = _OWNER
    for at, text in enumerate(texts):
        who = columns[at].who if at in columns else who
        meaning = None if at in columns else meaning_of(header_key(text))
        if meaning and meaning.field in _WHAT and meaning.field is not Field.NAME:
            found[at] = _Of(who, meaning.field)
    return found


def _parts(row: Sequence[Cell], columns: Sequence[int]) -> list[Cell]:
    """What stands in some cells, one part for each person."""
    parts: list[Cell] = []
    for cell in (row[at] for at in columns if at < len(row) and row[at] != ""):
        parts += [part for part in _PARTS.split(text_of(cell)) if part] if isinstance(cell, str) else [cell]
    return parts


def _names(row: Sequence[Cell], of: dict[Field, list[int]]) -> list[Cell]:
    """The names in a row; more than there can be columns for are left in one cell, which says so itself."""
    names = [name for name in _parts(row, of.get(Field.NAME, ())) if text_of(name) not in _NOBODY]
    return names if len(names) <= _MOST else ["、".join(map(text_of, names))]


@dataclass(frozen=True, slots=True)
class _Turning:
    """Makes rows in which everybody has columns of their own, to the right of all others."""

    sheet: str | None
    head: _Head
    slots: int
    guests: int
    width: int
    findings: list[Finding]

    def header(self) -> list[Cell]:
        row: list[Cell] = ["" if at in self.head.columns else text for at, text in enumerate(self.head.texts)]
        row += [""] * (self.width - len(row))
        owner, tenant = self.head.of(_OWNER), self.head.of(_TENANT)
        for number in range(1, self.slots + 1):
            row += [f"成员{number}{_WHAT[field]}" for field in _fields(owner)]
        for number in range(self.slots + 1, self.slots + self.guests + 1):
            row += [f"成员{number}{_WHAT[field]}" for field in _fields(tenant)] + [f"成员{number}与户主关系"]
        return row

    def row(self, at: int, cells: Sequence[Cell]) -> list[Cell]:
        row: list[Cell] = ["" if column in self.head.columns else cell for column, cell in enumerate(cells)]
        row += [""] * (self.width - len(row))
        owner, tenant = self.head.of(_OWNER), self.head.of(_TENANT)
        named, guests = _names(cells, owner), _names(cells, tenant)
        if named and guests:
            self.findings.append(Finding("owner_lets", self.sheet, at + 1, member=self.slots))  # said of the tenant
        row += self._told(at, cells, owner, [] if guests else named, self.slots)
        for told, name in self._each(at, cells, tenant, guests, self.guests):
            row += [*told, _LETS if name else ""]
        return row

    def _told(
        self, at: int, cells: Sequence[Cell], of: dict[Field, list[int]], names: Sequence[Cell], most: int
    ) -> Iterator[Cell]:
        for told, _name in self._each(at, cells, of, names, most):
            yield from told

    def _each(
        self, at: int, cells: Sequence[Cell], of: dict[Field, list[int]], names: Sequence[Cell], most: int
    ) -> Iterator[tuple[list[Cell], bool]]:
        """The cells of each person, blank for those there are not."""
        parts = {field: self._paired(at, field, cells, (of[field], names)) for field in _fields(of)}
        for number in range(most):
            told = [parts[field][number] if number < len(parts[field]) else "" for field in parts]
            yield told, number < len(names)

    def _paired(
        self, at: int, field: Field, cells: Sequence[Cell], told: tuple[Sequence[int], Sequence[Cell]]
    ) -> Sequence[Cell]:
        """One part for each name; where there are more or fewer, nobody knows whose they are."""
        columns, names = told
        parts = _parts(cells, columns)
        if field is Field.NAME:
            return names
        if not names or len(parts) == len(names):
            return parts if names else []
        if len(names) == 1:
            whole = [cells[column] for column in columns if column < len(cells) and cells[column] != ""]
            return whole if len(whole) < _FEW else ["、".join(map(text_of, whole))]
        if parts:
            self.findings.append(Finding("owner_numbers", self.sheet, at + 1))
        return []


def _fields(of: dict[Field, list[int]]) -> list[Field]:
    return [field for field in _WHAT if field in of]
