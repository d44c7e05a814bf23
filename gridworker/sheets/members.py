"""Ledgers with several people in one row: 成员1姓名 成员1身份证号 成员2姓名 ..., or the same headers again and again.

``member`` is 0 for whoever a row is about in the first place, and counts on for those beside. They share the door of
the row, but where every one of them has a column for the door: then these are tables side by side.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from gridworker.domain.numerals import NUMERAL, chinese_number
from gridworker.sheets.doortext import building_named, unit_said
from gridworker.sheets.mapping import Column, Layout
from gridworker.sheets.meanings import header_key, meaning_below
from gridworker.sheets.words import Field, Meaning

_NUMBER = f"(?P<number>[1-9][0-9]?|[{NUMERAL}]{{1,2}})"
_MEMBER = re.compile(
    rf"(?:家庭|户内|同住|共同居住|本户|其他)?(?:成员|人员|人口|家人|居民|租户|租客|承租人|租住人员?|同住人|居住人)(?:基本)?(?:信息|情况|资料)?\(?{_NUMBER}\)?(?P<rest>.*)"
    rf"|第?{_NUMBER.replace('number', 'order')}(?:位|个|号)?(?:家庭)?(?:成员|人)(?P<behind>.*)"
)
_PAIR = re.compile("(?P<who>男方|女方)(?P<rest>.*)")
_TAILED = re.compile(rf"(?P<rest>.+?)\(?{_NUMBER}\)?")
TENANTS = ("租户", "租客", "承租人", "租房人", "租住人员", "租住人")
_KIN = re.compile(rf"(?P<kin>配偶|爱人|子女|孩子|儿子|女儿|{'|'.join(TENANTS)})(?:\(?{_NUMBER}\)?)?(?P<rest>.*)")
_WHO = frozenset({"户主/成员", "户主或成员", "户主/家庭成员", "户主、成员", "户主、家庭成员"})
_NAMELESS = "姓名"
"""What a column headed ``成员1`` alone holds."""
_PLACES = frozenset({Field.ESTATE, Field.BUILDING, Field.UNIT, Field.FLOOR, Field.ROOM, Field.ADDRESS})
_DOORS = frozenset({Field.ROOM, Field.ADDRESS})
_TELLING = frozenset({Field.NAME, Field.ID_NUMBER, Field.RELATION, Field.SEX, Field.BIRTH})
_OF_HEAD = {Field.HEAD: Field.NAME, Field.HEAD_ID: Field.ID_NUMBER}
_AS_PERSON = {**_OF_HEAD, Field.HEAD_PHONE: Field.PHONE}
_SAID_OF_THEM = frozenset({Field.ID_NUMBER, Field.RELATION, Field.SEX, Field.BIRTH, Field.IGNORED})
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_ANOTHER = re.compile(
    "(?:人|员|长|[房业]主|房东|租[户客]|姓名|(?:子女|孩子|儿子|女儿)[1-9]?|父亲|母亲|父母|亲属|家属|配偶|爱人|邻居"
    "|(?:家庭|其他|同住)成员(?:情况|信息)?)$"
)
_NEAR_ONES = re.compile("[房业户]主|房东|租[户客]|承租|产权|配偶|爱人|子女|孩子|儿子|女儿|父|母|监护|亲属|家属|成员")
_ASKED = re.compile("联系人|联络人|照料|护理|代办|代理|代领|赡养|看护")
_STAFF = re.compile(
    "网格[员长]|干部|民警|医生|责任人|包保|包户|[楼栋门组片]长|书记|主任|社工|走访|登记|采集|填[表报]|核查|经办"
)
"""A phone next behind whom the office sends is theirs, whether or not the resident has one."""
_THEIR_RELATION = {Field.CONTACT_PHONE: Field.CONTACT_RELATION}
_OF_NOBODY = frozenset({Field.CONTACT_PHONE, Field.CONTACT_RELATION})
_SHARED = _PLACES | {Field.HOUSEHOLD_NO, Field.SERIAL, Field.IGNORED, Field.SENSITIVE}


def numbered(keys: Sequence[str]) -> tuple[list[str], int]:
    """The headers of a column, outermost first, without the number of a person in them, and that number or 0."""
    for place, key in enumerate(keys):
        found = _MEMBER.fullmatch(key)
        if found:
            rest = (found["rest"] or found["behind"] or "").strip("的之-:.·/()")
            last = place == len(keys) - 1
            return [*keys[:place], *([rest or _NAMELESS] if rest or last else []), *keys[place + 1 :]], _int(
                found["number"] or found["order"]
            )
    pair = _PAIR.fullmatch(keys[-1]) if keys else None
    if pair and (not pair["rest"] or _is_personal(meaning_below(keys[:-1], pair["rest"]))):
        return [*keys[:-1], pair["rest"] or _NAMELESS], 1 if pair["who"] == "男方" else 2
    found = _TAILED.fullmatch(keys[-1]) if keys else None
    if found and _is_personal(meaning_below(keys[:-1], found["rest"])):
        return [*keys[:-1], found["rest"]], _int(found["number"])
    return list(keys), 0


def _int(text: str) -> int:
    return int(chinese_number(text) or text)


def _is_personal(meaning: Meaning | None) -> bool:
    return meaning is not None and meaning.field in _TELLING | {Field.PHONE, Field.TAGS, Field.NOTE}


def told_apart(columns: Sequence[Column], numbers: Sequence[int]) -> tuple[Column, ...]:
    """Columns with the member each is about. ``numbers`` are those in their headers, 0 where there is none."""
    columns = _who_as_names(columns)
    kin = _with_kin(columns)
    if kin is not None:
        return kin
    stairs = _by_stair(columns)
    if stairs is not None:
        return stairs
    columns = _heads_as_names(columns)
    tables = _by_table(columns)
    if tables is not None:
        return tables
    named = {number for column, number in zip(columns, numbers, strict=True) if number and column.field is Field.NAME}
    if not named and not _is_repeated(columns):
        return tuple(columns)
    return _Telling(columns, numbers, named).told(numbers)


def _with_kin(columns: Sequence[Column]) -> tuple[Column, ...] | None:
    """A list of heads with spouses and children beside them, or of anybody with tenants beside; None for any other.

    Each has a number or a day of birth, tenants at least a phone.
    Beside anybody else these are only people to ask for, and so are those with nothing but a name: their columns are
    not used, as those of guardians.
    """
    read = [_of_kin(column) for column in columns]
    fields = {column.field for column, kin in zip(columns, read, strict=True) if kin is None}
    if not fields & {Field.HEAD, Field.NAME}:
        return None
    told: dict[str, set[Field]] = {}
    for who, field in filter(None, read):
        told.setdefault(who, set()).add(field)
    heads = Field.NAME not in fields
    known = [who for who, has in told.items() if Field.NAME in has and has & _enough(who, heads=heads)]
    if not known:
        return None
    pairs = zip(columns, read, strict=True)
    return tuple(
        replace(column, field=kin[1], member=known.index(kin[0]) + 1) if kin and kin[0] in known else column
        for column, kin in pairs
    )


def _by_stair(columns: Sequence[Column]) -> tuple[Column, ...] | None:
    """Names under ``1单元`` and again under ``2单元``, all behind the doors of one column; None for any other columns.

    Each stair is a table of its own, with the doors of that column.
    """
    groups = {one.index: one.header.rpartition("›")[0] for one in columns}
    stairs = [groups[one.index] for one in columns if one.field in {Field.NAME, Field.HEAD}]
    rooms = [one for one in columns if one.field is Field.ROOM and not groups[one.index]]
    if len(stairs) < 2 or len(rooms) != 1 or len(set(stairs)) < len(stairs) or not all(map(_is_stair, stairs)):
        return None
    told = [
        replace(one, member=stairs.index(groups[one.index]), field=_AS_PERSON.get(one.field, one.field))
        if groups[one.index] in stairs
        else one
        for one in columns
    ]
    again = [replace(rooms[0], member=member) for member in range(1, len(stairs))]
    return (*told, *again)


def _by_table(columns: Sequence[Column]) -> tuple[Column, ...] | None:
    """The same headers in the same order over again, names and doors among them; None for any other columns.

    Each time they are a table of its own, in which what stands before the name is of the same person too.
    """
    headed = [one for one in columns if one.header]
    keys = [header_key(one.header) for one in headed]
    names = [one.index for one in headed if one.field is Field.NAME]
    width = len(keys) // len(names) if len(names) > 1 else 0
    if not width or keys != keys[:width] * len(names) or not any(one.field in _DOORS for one in headed[:width]):
        return None
    number = {one.index: at // width for at, one in enumerate(headed)}
    return tuple(replace(one, member=number.get(one.index, 0)) for one in columns)


def _is_stair(group: str) -> bool:
    return bool(unit_said(group) or building_named(group))


def _enough(who: str, *, heads: bool) -> set[Field]:
    """What has to be said of somebody beside the name to be taken for one who lives here too.

    Tenants do, whomever they are beside; spouses and children beside a head.
    """
    if who.startswith(TENANTS):
        return {Field.ID_NUMBER, Field.BIRTH, Field.PHONE}
    return {Field.ID_NUMBER, Field.BIRTH} if heads else set()


def _of_kin(column: Column) -> tuple[str, Field] | None:
    """Of which spouse or child a column is, and what it holds."""
    found = _KIN.fullmatch(column.key)
    if not found:
        return None
    rest = found["rest"].strip("的之-:.·/()›") or _NAMELESS
    tailed = _TAILED.fullmatch(rest)
    number = found["number"] or (tailed["number"] if tailed else "")
    meaning = meaning_below([], tailed["rest"] if tailed else rest)
    return (found["kin"] + number, meaning.field) if meaning and _is_personal(meaning) else None


def kin_in(key: str) -> str:
    """Whose name stands in a column: ``配偶``, ``子女``, ``租户``; empty for any other column."""
    found = _KIN.fullmatch(key)
    return found["kin"] if found else ""


def _who_as_names(columns: Sequence[Column]) -> Sequence[Column]:
    """The same; where no other column has names, one headed heads and members says who somebody is."""
    if any(column.field in {Field.NAME, Field.HEAD} for column in columns):
        return columns
    return [replace(column, field=Field.NAME) if column.key in _WHO else column for column in columns]


def _heads_as_names(columns: Sequence[Column]) -> Sequence[Column]:
    """The same; where lists of heads stand side by side, each with a door, these are the people of each."""
    fields = [column.field for column in columns]
    if Field.NAME in fields or not any(fields.count(Field.HEAD) == fields.count(door) > 1 for door in _DOORS):
        return columns
    return [replace(column, field=_AS_PERSON.get(column.field, column.field)) for column in columns]


def _is_repeated(columns: Sequence[Column]) -> bool:
    """Whether names stand under the same header more than once, and more of a person with them."""
    fields = [column.field for column in columns]
    names = [_last(column) for column in columns if column.field is Field.NAME]
    if fields.count(Field.ROOM) == len(names) > 1:  # each has a door, whatever it is called
        return True
    return len(names) > len(set(names)) and any(fields.count(field) > 1 for field in (_TELLING | _DOORS) - {Field.NAME})


def _last(column: Column) -> str:
    return column.key.rpartition("›")[2]


class _Telling:
    """One header read from left to right."""

    def __init__(self, columns: Sequence[Column], numbers: Sequence[int], named: set[int]) -> None:
        self.columns, self.named = columns, named
        fields = [column.field for column in columns]
        self.often = frozenset(field for field in fields if fields.count(field) > 1)
        self.beside = not named and any(fields.count(field) == fields.count(Field.NAME) for field in _DOORS)
        self.of_each = self.beside and fields.count(Field.HEAD) == fields.count(Field.NAME)
        """Each table says who the head is: it is said of those who stand there, and nobody beside them."""
        self.headed = Field.HEAD in fields and not self.of_each
        own = any(c.field is Field.NAME and n not in named for c, n in zip(columns, numbers, strict=True))
        self.first = 0 if self.headed or own else min(named, default=0)
        """The number of whom the row is about in the first place; 0 where that one has none."""
        self.current = 0
        self.seen: dict[int, set[Field]] = {0: set()}

    def told(self, numbers: Sequence[int]) -> tuple[Column, ...]:
        """The columns with their members."""
        pairs = zip(self.columns, numbers, strict=True)
        return tuple(replace(column, member=self._member(column.field, number)) for column, number in pairs)

    def _member(self, field: Field, number: int) -> int:
        """Whom a column is about."""
        if number in self.named:
            self._go_to(number - self.first)
        elif field in _SHARED and not (self.beside and field in _PLACES):
            return 0
        elif field in _TELLING | _PLACES and self._is_again(field):
            if self.named:
                return 0
            self._go_to(self.current + 1)
        elif self.current and field not in self.often and field is not Field.RELATION:
            return 0
        self.seen[self.current].add(field if self.of_each else _OF_HEAD.get(field, field))
        return self.current

    def _is_again(self, field: Field) -> bool:
        seen = self.seen[self.current]
        return field in seen or (field is Field.RELATION and not self.current and self.headed and Field.NAME in seen)

    def _go_to(self, member: int) -> None:
        self.current = member
        self.seen.setdefault(member, set())


def part_of(layout: Layout, member: int) -> Layout:
    """The layout of one member: what is said of it, and the door of the row where it has none of its own."""
    own = [column for column in layout.columns if column.member == member]
    shared = _SHARED - _PLACES if any(column.field in _DOORS for column in own) else _SHARED
    columns = (
        replace(column, member=0)
        if column.member == member or (not column.member and column.field in shared)
        else replace(column, field=Field.IGNORED, tag="", member=0)
        for column in layout.columns
    )
    return replace(layout, columns=tuple(columns))


def has_own_door(layout: Layout, member: int) -> bool:
    """Whether a member has a column for the door: then it is another table that stands beside."""
    return any(column.member == member and column.field in _DOORS for column in layout.columns)


def columns_of(layout: Layout, member: int) -> range:
    """The columns of one of several tables side by side; of anybody else all there are, and beyond.

    A table begins where the header of the first column of all stands again, or else where its first column stands.
    """
    whole = 1 << 20
    tables = [0, *(other for other in layout.members if has_own_door(layout, other))]
    if member not in tables or len(tables) == 1:
        return range(whole)
    first = next(header_key(column.header) for column in layout.columns if column.header)
    starts: list[int] = []
    for table in tables[1:]:
        own = min(column.index for column in layout.columns if column.member == table)
        headed = (column for column in layout.columns if column.header and 0 < column.index <= own)
        again = (column.index for column in headed if header_key(column.header) == first)
        starts.append(max((at for at in again if not starts or at > starts[-1]), default=own))
    edges = [0, *starts, whole]
    if edges != sorted(set(edges)):  # behind the doors of one column
        return range(whole)
    at = tables.index(member)
    return range(edges[at], edges[at + 1])


def names_others(column: Column) -> bool:
    """Whether a column that is not used has names in it, as far as its header tells: ``子女姓名``, ``紧急联系人``."""
    return column.field is Field.IGNORED and _ANOTHER.search(_IN_BRACKETS.sub("", column.key)) is not None


def names_near_ones(column: Column) -> bool:
    """Whether it has names of who may live behind the door too, or be asked about it: no grid worker, no clerk."""
    return names_others(column) and _NEAR_ONES.search(column.key) is not None


def _has_relation(column: Column) -> bool:
    """Whether a column names somebody of whom a ledger says what they are to the resident: no grid worker."""
    return column.field is Field.CONTACT or names_near_ones(column) or _ASKED.search(column.key) is not None


def _may_be_theirs(column: Column) -> bool:
    """Whether a column says what somebody is, without saying to whom."""
    return column.field is Field.RELATION and not column.member and "户主" not in column.key


def without_theirs(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns without phones that stand behind the name of somebody else, where the resident has one before.

    ``电话 | 紧急联系人 | 电话``: the second is that of the contact; and so is one behind another ID number. ``关系``
    behind a guardian or a contact says what that one is, and nothing of the head.
    """
    told: list[Column] = []
    theirs = phoned = named = counted = near = staff = False
    rung = Field.IGNORED
    for column in columns:
        is_phone = column.field is Field.PHONE and not column.member
        told.append(replace(column, field=rung) if is_phone and theirs and (phoned or staff) else column)
        if near and theirs and _may_be_theirs(column):
            told[-1] = replace(column, field=_THEIR_RELATION.get(rung, Field.IGNORED))
        is_number = column.field is Field.ID_NUMBER and not column.member
        phoned = phoned or is_phone or (is_number and theirs and counted)
        counted = counted or is_number
        again = column.field is Field.NAME and not column.member and named
        named = named or column.field is Field.NAME
        staff = column.field is Field.IGNORED and _STAFF.search(column.key) is not None
        another = again or staff or names_others(column) or column.field is Field.CONTACT
        rung = (Field.CONTACT_PHONE if column.field is Field.CONTACT else Field.IGNORED) if another else rung
        near = _has_relation(column) if another else near
        theirs = another or (theirs and (is_phone or column.field in _SAID_OF_THEM | {Field.CONTACT_RELATION}))
    if not any(column.field is Field.CONTACT for column in told):  # nobody's numbers
        return tuple(replace(one, field=Field.IGNORED) if one.field in _OF_NOBODY else one for one in told)
    return tuple(told)
