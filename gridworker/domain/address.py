"""Doors: building, unit and room without their suffixes, and the same again out of one string.

``3栋 3幢 3# 3号楼 三栋`` are all building ``3``, ``A座`` is ``A``, ``2单元 2门`` is unit ``2``, ``501室`` is room
``501``; named blocks (``综合楼``) keep their name. Two spellings of one door are one door. Source: the columns of real
ledgers, domain.md 5.2, and the rules of the roster corpus.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from gridworker.domain.names import HAN
from gridworker.domain.numerals import NUMERAL, chinese_number, usual_numerals
from gridworker.errors import Problem

_DASHES = re.compile(r"[\u2010-\u2015\u2212\ufe58~_—]+")
_THOUSANDS = re.compile("(?<![0-9])([0-9]{1,2}),([0-9]{3})(?:\\.0+)?(?![0-9,])")
"""``1,203``: a spreadsheet parts the thousands of a number that is no number of anything."""
_TWICE = re.compile("^([0-9A-Z]{1,3})--([0-9]{1,2})--(?=[0-9])")
"""``3--2--501``: each dash twice, and none of them a sign for what is below ground."""
_BELOW = re.compile("-?负(?=[0-9])")
"""``负101`` is ``-101``, with a dash before it that parts it from what stands there."""
_TRADITIONAL = str.maketrans("棟號單樓層門戶間", "栋号单楼层门户间")
_TRADITIONAL_MARK = re.compile(rf"(?<=[0-9A-Z{NUMERAL}甲乙丙丁#])[棟號單樓層門戶間]+")
"""Behind a number only: a block that has a name (``綜合樓``) keeps its characters."""
_NOTHING = frozenset({"", "-", "/", "无", "NONE", "NULL", "N/A"})
_NUMBER = f"[0-9]+|[{NUMERAL}]+"
_NUMBERED = re.compile(rf"第?({_NUMBER}|[A-Z]|[A-Z][0-9]+|[0-9]+[A-Z])(?:号?楼|号?栋|号?幢|号?座|楼栋|#|号)*")
_BUILDING_TAIL = re.compile(r"(?<=.)(?:号楼|楼栋|栋|幢|座|#|号)$")
_ORDINAL = re.compile(rf"^第(?={_NUMBER})")
_UNIT_TAIL = re.compile(r"(?<=.)(?:单元|门洞|门)$")
_ROOM_TAIL = re.compile(r"(?<=.)(?:号?(?:室|房间|房|户)|号)$")
_FLOOR_HEAD = re.compile(rf"^第?({_NUMBER})[楼层](?=.)")


class Door(NamedTuple):
    """One door; parts may be empty. ``before`` is what stood in front of it in a long address."""

    building: str
    unit: str = ""
    room: str = ""
    floor: str = ""
    before: str = ""

    @property
    def key(self) -> str:
        """What doors are compared by: ``3|2|501``."""
        return f"{self.building}|{self.unit}|{self.room}"


def plain_address(text: str) -> str:
    """An address in half-width capitals with ``-`` for every dash and no spaces; below ground is ``-`` too."""
    plain = re.sub(r"\s+", "", _DASHES.sub("-", unicodedata.normalize("NFKC", text))).upper().lstrip("'‘’`")
    plain = _THOUSANDS.sub(r"\1\2", plain) if "," in plain else plain
    plain = _TWICE.sub(r"\1-\2-", plain) if "--" in plain else plain
    plain = _BELOW.sub("--", plain) if "负" in plain else plain
    return plain if plain.isascii() else usual_numerals(_TRADITIONAL_MARK.sub(_in_usual_marks, plain))


def _in_usual_marks(found: re.Match[str]) -> str:
    return found[0].translate(_TRADITIONAL)


def building_part(text: str) -> str:
    """``3栋`` is ``3``, ``A座`` is ``A``, ``综合楼`` stays."""
    plain = _plain_part(text)
    numbered = _NUMBERED.fullmatch(plain)
    return _number(numbered[1] if numbered else _BUILDING_TAIL.sub("", plain))


def unit_part(text: str) -> str:
    """``2单元``, ``2门``, ``二单元``, ``第2单元`` are ``2``."""
    return _number(_UNIT_TAIL.sub("", _ORDINAL.sub("", _plain_part(text))))


def room_part(text: str) -> str:
    """``501室``, ``五〇一``, ``5楼501``, ``5楼1号``, ``第501室`` are ``501``; ``5楼左`` stays."""
    plain = _ROOM_TAIL.sub("", _ORDINAL.sub("", _plain_part(text)))
    floor = _FLOOR_HEAD.match(plain)
    return _on_floor(_number(floor[1]), _number(plain[floor.end() :])) if floor else _number(plain)


def _on_floor(floor: str, room: str) -> str:
    """A room whose floor is told beside it: without that, ``4楼1号`` and ``5楼1号`` would be one door."""
    if not floor or not room or (room.startswith(floor) and len(room) > len(floor) + 1) or re.match("[0-9]{3}", room):
        return room
    return f"{floor}{room:0>2}" if room.isdecimal() else f"{floor}楼{room}"


def _plain_part(text: str) -> str:
    plain = re.sub(r"(?<=\d)\.0$|^-(?=-[0-9])", "", plain_address(text))
    plain = _ENGLISH_PART.sub("", plain) if plain[:1].isalpha() else plain
    return "" if plain in _NOTHING else plain


def _number(text: str) -> str:
    return re.sub(r"^(-?)0+(?=\d)", r"\1", chinese_number(text) or text)


_ENGLISH_PART = re.compile(r"^(?:BUILDING|BLDG|BLOCK|UNIT|ROOM|RM|FLAT|APT)[.#]?(?=[0-9]|[A-Z]$)")
_ENGLISH = tuple(
    re.compile(rf"(?:{word})[.#]?(-?[0-9]+[A-Z]?|[A-Z][0-9]*)(?=[,;.]|UNIT|ROOM|BUILDING|BLDG|BLOCK|FLAT|RM|APT|$)")
    for word in ("BUILDING|BLDG|BLOCK", "UNIT", "ROOM|RM|FLAT|APT")
)

# One address in a string, right to left: room, floor, unit, building; what is left stands before it.
_SHORT = rf"(?:{_NUMBER}|[A-Z][0-9]*|[0-9]+[A-Z]|[甲乙丙丁])"
_UNIT = rf"(?:(?P<unit>{_NUMBER}|[A-Z]|[东西南北中甲乙丙丁])(?:单元|门洞|门)-?|(?P<dashed>[0-9]{{1,2}}|[A-Z])-)?"
_FLOOR = rf"(?:第?(?P<floor>{_NUMBER})[楼层]-?(?:(?P<side>[左中右东西南北前后])(?:边|侧|户|室)?)?)?"
_ROOM = rf"(?:(?P<room>-?[0-9]+[A-Z]?(?:[-、,][0-9]+)*|[A-Z][0-9]+|[{NUMERAL}]+)(?:号?(?:室|房间|房|户)|号)?)?"
_REST = f"{_UNIT}{_FLOOR}{_ROOM}$"
_NO_PART = "(?!(?<=楼)[0-9]{3}-[0-9]{1,2}(?![0-9-]))"
"""Behind a block with a name ``101-1`` is a part of a room, and behind a unit whatever stands there."""
_FORMS = (
    re.compile(rf"^(?P<before>.*?)第?(?P<building>{_SHORT})(?:号楼|号?栋|号?幢|号?座|#楼|#|号(?=.*单元))-?{_REST}"),
    re.compile(
        rf"^(?P<before>(?:.*[^0-9A-Z\-])?)(?<!单元){_NO_PART}(?P<building>[0-9]{{1,3}}[A-Z]?|[A-Z][0-9]?)-{_REST}"
    ),
    re.compile(
        rf"^(?P<before>(?:.*(?:社区|小区|居委会|花园|家园|苑|园|村|路|街|巷|号))?)(?P<building>[{HAN}]{{1,5}}楼)-?{_REST}"
    ),
)

_IN_BRACKETS = re.compile(rf"[(\[【〔]((?:{_NUMBER}|[A-Z])(?:单元|号?楼|栋|幢|座|门))[)\]】〕]")
_ORDINAL = re.compile(rf"第(?=(?:{_NUMBER})(?:单元|号?楼|栋|幢|座|门|层|室))|(?<=[栋幢座楼元])[·,、./|\\]")
_OF_UNIT = re.compile(rf"^((?:.*[^0-9A-Z])?(?:{_NUMBER}|[A-Z]))楼(?=-?(?:{_NUMBER}|[A-Z])(?:单元|门)-?[0-9])")
"""``3楼1单元101``: what has units is a building."""
_FLOOR_REMARK = re.compile(rf"(?<=[0-9室房号])\((?:{_NUMBER})[楼层]\)$")
_PART_OF_ROOM = re.compile("(?<=[0-9])(?:室|房)-(?=[0-9]{1,2}$)")
"""``101室-2`` is a part of ``101``, like ``101-2``."""
_REMARK = re.compile(r"(?:\([^()]*\)|[。.,;!])+$")
_NO_ROOM = re.compile("[0-9]{8}")
"""``3-2-501 13800000001`` without its space: a phone has run into the room."""
_PARTED = re.compile(
    r"^\s*([0-9]{1,3}[A-Z]?|[A-Z])\s*([/.\\|*×xX、,]|\s)\s*([0-9]{1,2})\s*\2\s*([0-9]{3,4}[A-Z]?)\s*室?$"
)


LONGEST_ADDRESS = 200
"""Characters of an address. Whatever is longer is none, and to take it apart would take seconds."""


def parse_door(text: str) -> Door | None:
    """The door in an address written as one string, or None where no building is named in it.

    Knows ``3-2-501``, ``3栋501``, ``3#2-601``, ``A座1203``, ``三栋二单元602室``, and the same behind a street or a
    community. ``湖北路12-3`` is a house number, no door.
    """
    if len(text) > LONGEST_ADDRESS:
        return None
    plain, wide = plain_address(text), unicodedata.normalize("NFKC", text).strip()
    spellings = (
        _from_english(plain),
        plain,
        _without_remarks(plain),
        _PARTED.sub(r"\1-\3-\4", wide.upper()),
        _first_words(wide),
    )
    for spelling in dict.fromkeys(spellings):
        for form in _FORMS:
            found = form.match(spelling)
            if found and _is_door(found):
                return _door(found)
    return None


def _from_english(plain: str) -> str:
    """``Room 501, Unit 2, Building 3`` in the usual spelling; any other as it is."""
    found = [form.search(plain) for form in _ENGLISH] if plain.isascii() else []
    if not found or not found[0] or not found[2]:
        return plain
    return f"{found[0][1]}栋{f'{found[1][1]}单元' if found[1] else ''}{found[2][1]}室"


def _without_remarks(plain: str) -> str:
    """``3栋501(出租)``, ``3栋(2单元)501``, ``第3栋第2单元501``, ``3/2/501`` in the usual spelling."""
    plain = _REMARK.sub("", _ORDINAL.sub("", _IN_BRACKETS.sub(r"\1", _FLOOR_REMARK.sub("", plain))))
    return _OF_UNIT.sub(r"\1栋", _PART_OF_ROOM.sub("-", _REMARK.sub("", plain)))


def _first_words(wide: str) -> str:
    """``3栋1单元-101 租户`` without what is said behind the door: words or a phone, no other number."""
    before, _space, behind = wide.rpartition(" ")
    return plain_address(before) if re.fullmatch(f"[{HAN}]+|1[3-9][0-9]{{9}}", behind) else ""


def _is_door(found: re.Match[str]) -> bool:
    room = found["room"] or ""
    if _NO_ROOM.search(room):
        return False
    if found["unit"] or found["dashed"] or found["side"]:
        return True
    return bool(room) and (len(room) > 2 or not found["before"] or found[0].endswith(("室", "房")))


def _door(found: re.Match[str]) -> Door:
    floor, room = _number(found["floor"] or ""), _number(found["room"] or found["side"] or "")
    room = _on_floor(floor, room)
    return Door(
        building=building_part(found["building"]),
        unit=_number(found["unit"] or found["dashed"] or ""),
        room=room,
        floor=floor or floor_of(room),
        before=found["before"],
    )


@lru_cache(maxsize=8192)
def floor_of(room: str) -> str:
    """The floor a room number tells: ``501`` is on 5, ``1203`` on 12; empty where it tells none."""
    return room[:-2] if re.fullmatch(r"[1-9]\d{2,3}", room) else ""


_BELOW_GROUND = re.compile(r"(?:B|-)([0-9]?)[0-9]{1,2}")


@lru_cache(maxsize=8192)
def level_below(room: str) -> int:
    """The level below the ground a room number tells, 0 for none: ``B01`` and ``-101`` are on 1, ``B201`` on 2."""
    found = _BELOW_GROUND.fullmatch(room)
    if found is None:
        return 0
    return int(found[1] or 1) if len(room) > 3 else 1


_BY_NUMBER, _BY_LETTER = re.compile(r"\d+[A-Z]?"), re.compile(r"[A-Z]\d*")


@lru_cache(maxsize=8192)
def building_label(building: str) -> str:
    """A building as it is called: ``3栋``, ``A座``, ``综合楼``. An address is data: it is not translated."""
    if _BY_NUMBER.fullmatch(building):
        return f"{building}栋"
    return f"{building}座" if _BY_LETTER.fullmatch(building) else building


def door_label(building: str, unit: str | None, room: str | None) -> str:
    """A door as it is called: ``3栋2单元501``."""
    return building_label(building) + (f"{unit}单元" if unit else "") + (room or "")


def natural_key(text: str | None) -> tuple[tuple[int, int, str], ...]:
    """Order by number where there are numbers: 2 before 10, both before A."""
    if text and text.isascii() and text.isdigit():
        return ((0, int(text), ""),)
    return _natural_key(text or "")


@lru_cache(maxsize=8192)
def _natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    parts = re.findall(r"\d+|\D+", text)
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


def clean_building(text: str) -> str:
    """The check of a building's name."""
    return building_part(text) or _missing()


def clean_unit(text: str) -> str:
    """The check of a unit number."""
    return unit_part(text) or _missing()


def clean_room(text: str) -> str:
    """The check of a room number."""
    return room_part(text) or _missing()


def _missing() -> str:
    raise Problem("Write the number on the door, like 3, 2 or 501.")


_MORE = re.compile("(?:小区|社区|住宅小区|住宅区|大院|家属院|院|公寓|住宅)?")
"""What one ledger says of an estate and another leaves out."""


@lru_cache(maxsize=1024)
def is_one_estate(one: str, other: str) -> bool:
    """Whether two names are of one estate: ``桂花苑`` and ``黄石港桂花苑小区``, not ``桂花苑二期``."""
    shorter, longer = sorted((one, other), key=len)
    before, found, behind = longer.partition(shorter)
    return (
        bool(found)
        and _MORE.fullmatch(behind) is not None
        and not before.endswith(("新", "老", "东", "西", "南", "北"))
    )
