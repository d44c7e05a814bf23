"""The door in one address cell, where the cells beside it tell the rest: ``桂花苑3栋``, ``2单元501``, ``2-501``."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from gridworker.domain.address import (
    Door,
    building_part,
    is_one_estate,
    parse_door,
    plain_address,
    room_part,
    unit_part,
)
from gridworker.domain.names import HAN
from gridworker.domain.numerals import NUMERAL
from gridworker.sheets.name_remarks import without_brackets

_NUMBER = f"[0-9]+|[{NUMERAL}]+"
_SHORT = f"(?:{_NUMBER}|[A-Z][0-9]*|[0-9]+[A-Z]|[甲乙丙丁戊东西南北])"
_SUFFIX = "(?:号楼|号?栋|号?幢|号?座|楼栋|#楼?)"
_ESTATES = "社区|小区|花园|家园|苑|新村|公寓|花城|庭院|家属院|大院"
_EXPLICIT = re.compile(f"{_SHORT}{_SUFFIX}|楼[0-9]*单元|^{_SHORT}[-/.][0-9]{{1,2}}[-/.][0-9]{{3,4}}(?![0-9])")
_BEHIND = re.compile(rf"(?P<estate>.*?[^0-9A-Z\-第#{NUMERAL}])(?P<building>第?{_SHORT}{_SUFFIX})")
_IN_ESTATE = re.compile(rf"(?P<estate>.*(?:{_ESTATES}))(?P<building>.+)")
_NAMED_ESTATE = re.compile(
    r"(?:.*(?:[省市县镇乡村路街巷道号]|社区|居委会|[^小]区))?(?P<estate>[\u4e00-\u9fff]{2,8}?"
    "(?:花园|家园|苑|新村|公寓|花城|庭院|家属院|大院|(?P<only>小区)))(?(only)|(?:小区)?)"
)
"""``沈家营街道金色家园小区`` before a building: the estate at its end."""
_BEHIND_STREET = re.compile("(?:.*(?:[省市县镇乡村路街巷道号]|社区|居委会|[^小]区))?(?P<rest>.*)")
_ESTATE_SHEET = re.compile(
    r"(?:[0-9]+[.、-]?)?(?P<estate>[\u4e00-\u9fff]{1,12}?(?:小区|花园|家园|苑|新村|公寓|花城|庭院|家属院|大院)(?:[一二三四五六0-9]+期)?"
    r"|第?[一二三四五六0-9]+期)(?:居民|住户|人员|人口|户籍)*(?:台账|名单|花名册|名册|登记表|信息表?|情况表?)?"
)
_NO_ESTATE = re.compile(r"(?:本|该|我)?小区|[^\u4e00-\u9fff]*.?|[东西南北前后]+[边面侧院]")
_PHASED = re.compile(f"(?P<of>.*?)(?P<phase>[0-9{NUMERAL}]{{1,2}}期)?")
_WITH_UNIT = re.compile(rf"[0-9]+(?:{_SUFFIX})?-(?P<unit>[0-9]{{1,2}})")
_UNIT_ROOM = re.compile(
    rf"(?P<unit>{_NUMBER}|[A-Z]|[东西南北中甲乙丙丁])(?:单元|门洞|门)-?(?:第?(?:{_NUMBER})[楼层])?(?P<room>.*)"
    rf"|(?P<dashed>[0-9]{{1,2}}|[A-Z])-(?P<behind>[0-9]{{3,4}}[A-Z]?)(?:室|号|房)?"
)
_SECTION = re.compile(
    rf"(?:.*?[^0-9A-Z\-第{NUMERAL}])?(?P<building>第?{_SHORT}(?:{_SUFFIX}|楼))(?:(?P<unit>{_NUMBER}|[A-Z])单元)?"
    r"(?:居民|住户|业主|人员|人口|家庭|成员|常住|实有|入户|基本|采集|调查|摸底|走访|核查|清查|普查|汇总|档案|数据|情况|台账|花名册|清册|名册|名单|信息|登记|入住|门牌|分布|平面|示意|统计|明细|"
    r"[户表图册]|\(.*\)|(?:楼栋?长|栋长|网格员|负责人)[:：]?.*)*"
)
_FRAME = re.compile(
    r"[\s—=~*※－_]*(?:[【\[(（〔<《「](?P<framed>[^【\[(（〔<《「】\])）〕>》」]+)[】\])）〕>》」]|(?P<bare>.*?))[\s—=~*※－_:：]*"
)
"""``【3栋】``, ``——3栋——``, ``4号楼：``: what stands around a line between the rows."""
_BULLET = re.compile("^[▲△▼●○■□◆◇★☆※►▶•]+")
_SHEET = re.compile("0?(?P<building>[1-9][0-9]{0,2}|[A-Z])(?:-(?P<unit>[1-9]))?")
_BUILDINGS, _UNITS = ("楼栋", "楼号", "栋号", "幢号", "楼栋号"), ("单元", "单元号")
_DASHED = re.compile("[0-9A-Z]*(?:-[0-9A-Z]+)*")
_STOREYS = frozenset({"顶楼", "底楼", "阁楼", "门楼", "吊楼"})
_ROOM = re.compile("[0-9]{3,4}[A-Z]?(?:室|号|房)?")
_PLAINEST = 10
"""Characters of a door without a phone behind it."""
_UNIT_ALONE = re.compile(rf"第?(?:{_NUMBER}|[A-Z])单元")
_NAMED = re.compile(rf"(?P<building>[\u4e00-\u9fff]{{1,4}}楼)(?:(?P<unit>{_NUMBER}|[A-Z])单元)?")
_STOREY = re.compile(rf"(?<=[\u4e00-\u9fff]楼)第?(?:{_NUMBER})[楼层]$")
"""``综合楼3楼``: behind a block with a name, not behind ``3号楼``, where nothing is told but the floor."""
_FLOOR = re.compile(rf"第?([0-9]{{1,2}}|[{NUMERAL}]+)[楼层F]?(?:\.0)?")
_ON_FLOOR = re.compile("(?:[0-9]{1,2}|[左中右东西南北前后甲乙丙丁A-H])(?:室|号|户|房|边|侧)?")
_SAID_AGAIN = re.compile("(?P<first>[0-9]{1,2}|[A-Z])-(?P<room>(?P<floor>[1-9][0-9]?)[0-9]{2}[A-Z]?)")


_PHONE = re.compile(
    rf"(?:[\s,，;；、/(（:：]+(?:[{HAN}]{{0,6}}[:：]?)\s*|(?:户主|本人|业主|租户)?(?:联系)?(?:电话|手机|方式)?[:：]?)"
    r"(?<![0-9\-])(1[3-9][0-9]{9}|0[0-9]{2,3}-[0-9]{7,8})(?![0-9])[)）\s]*$"
)
"""``3-1-501 户主13800000001``: a phone, and whose it is, behind a door in one cell."""
_BEGINS_PHONE = re.compile("1[3-9][0-9]{9}|0[0-9]{2,3}-[0-9]{7}")


def has_building(text: str) -> bool:
    """Whether a text names its building itself: ``3栋501``, ``3#-2-601``; not ``2-501``."""
    return _EXPLICIT.search(plain_address(text)) is not None


def building_text(text: str) -> Door:
    """A cell of a building column: a number or a named block, behind its estate, with its unit, or a whole door."""
    plain = plain_address(text)
    door = parse_door(text)
    if door and ("单元" in plain or plain.count("-") > 1 or (door.unit and _says_all(text, door))):
        return door
    found = _WITH_UNIT.fullmatch(plain)
    if found:
        return Door(building_part(plain.partition("-")[0]), unit_part(found["unit"]))
    found = _BEHIND.fullmatch(plain) or _IN_ESTATE.fullmatch(plain)
    if found:
        return Door(building_part(found["building"]), before=found["estate"])
    return Door(building_part(plain))


@lru_cache(maxsize=1024)
def estate_before(text: str) -> str:
    """The estate that stands at the end of what a long address says before its building; empty where none does."""
    found = _NAMED_ESTATE.fullmatch(text)
    return found["estate"] if found else ""


@lru_cache(maxsize=64)
def estate_of_sheet(name: str) -> str:
    """The estate, or the phase of one, that the name of a sheet says: ``桂花苑``, ``二期居民台账``; empty for none.

    A workbook with a sheet for each estate has a 1栋 on every one of them.
    """
    found = _ESTATE_SHEET.fullmatch(plain_address(name))
    return found["estate"] if found and not _NO_ESTATE.fullmatch(found["estate"]) else ""


def behind_street(text: str) -> str:
    """What a long address says behind its district, street and community; empty where that is no estate."""
    found = _BEHIND_STREET.fullmatch(text)
    return found["rest"] if found and not _NO_ESTATE.fullmatch(found["rest"]) else ""


def estate_told(before: str, column: str, _address: str, *, in_building: bool) -> str:
    """The estate before a building: that of its cell, else that of an address where no column has estates."""
    return before if in_building else "" if column else estate_before(before)


@lru_cache(maxsize=1024)
def estate_beside(before: str, above: str, address: str, *, in_building: bool) -> str:
    """The estate of a row that leaves its cell blank: the one ``above``, unless its own address names another.

    ``before`` is what is said before its building, where that stands: a street or a community is no estate.
    """
    door = parse_door(address) if in_building and address and not before else None
    told, over = (_PHASED.fullmatch(text) for text in (door.before if door else before, above))
    found = _BEHIND_STREET.fullmatch(told["of"]) if told else None
    if not (told and over and found):
        return above
    named = estate_before(told["of"]) or found["rest"]
    if not named or _NO_ESTATE.fullmatch(named) or is_one_estate(named, over["of"]):
        return f"{over['of']}{told['phase']}" if told["phase"] else above
    return f"{named}{told['phase'] or ''}"


def room_text(text: str, *, unit_known: bool, building_known: bool) -> Door:
    """A cell of a room column, which may hold unit and building too. What it does not say is empty."""
    plain = plain_address(text)
    dashed = (plain.count("-") > 1 and not unit_known) or (not building_known and "-" in plain)
    door = parse_door(text)
    if door and (dashed or has_building(plain) or _says_all(text, door)):
        return door
    found = _UNIT_ROOM.fullmatch(plain)
    if found and (not unit_known or "单元" in plain):
        return Door("", unit_part(found["unit"] or found["dashed"]), room_part(found["room"] or found["behind"] or ""))
    return Door("", "", room_part(plain))


def _says_all(text: str, door: Door) -> bool:
    """Whether a whole door stands where only a room should, in words or parted; numbers with dashes may be a room's."""
    if not door.room or _DASHED.fullmatch(plain_address(text.replace(" ", "/"))):
        return False
    return bool(door.unit) or (door.building.endswith("楼") and door.building not in _STOREYS)


def unit_text(text: str) -> Door:
    """A cell of a unit column, which may hold the building, the room or the whole door."""
    plain = plain_address(text).strip("-")
    whole = parse_door(text) or parse_door(plain)
    if whole and whole.unit:
        return whole
    found = _UNIT_ROOM.fullmatch(plain)
    if found:
        return Door("", unit_part(found["unit"] or found["dashed"]), room_part(found["room"] or found["behind"] or ""))
    return Door("", unit_part(plain))


def beside_building(text: str, building: str) -> Door | None:
    """Unit and room in an address beside a column of buildings, if it is of that one; None where it tells neither."""
    door = parse_door(text)
    if door and door.building == building and door.room:
        return door
    found = _UNIT_ROOM.fullmatch(plain_address(text))
    if found and (found["room"] or found["behind"]):
        return Door(building, unit_part(found["unit"] or found["dashed"]), room_part(found["room"] or found["behind"]))
    return Door(building, "", room_part(text)) if _ROOM.fullmatch(plain_address(text)) else None


def address_text(text: str, building: str = "") -> Door | None:
    """A whole address. ``building`` is the one the sheet is about, for addresses that do not say it themselves."""
    plain = plain_address(text)
    if building and not has_building(plain):
        return parse_door(f"{building}栋{plain}")
    return parse_door(text) or building_named(plain)


def building_named(text: str) -> Door | None:
    """The building, perhaps with a unit, that a sheet's name or a line between rows says: ``5栋居民``, ``综合楼``."""
    plain = _STOREY.sub("", _BULLET.sub("", plain_address(_unframed(text))))
    found = _SECTION.fullmatch(plain)
    if found:
        return Door(building_part(found["building"]), unit_part(found["unit"] or ""))
    named = _NAMED.fullmatch(without_brackets(plain))
    return Door(named["building"], unit_part(named["unit"] or "")) if named else None


def _unframed(text: str) -> str:
    found = _FRAME.fullmatch(text)
    return (found["framed"] or found["bare"]) if found else text


def sheet_building(name: str) -> Door | None:
    """The building, perhaps with a unit, that the name of a sheet may say in numbers alone: ``5``, ``A``, ``5-1``."""
    found = _SHEET.fullmatch(plain_address(name))
    return Door(found["building"], found["unit"] or "") if found else None


def unit_said(text: str) -> str:
    """The unit that a line between the rows says: ``二单元`` is ``2``; empty for any other line."""
    plain = plain_address(_unframed(text))
    return unit_part(plain) if _UNIT_ALONE.fullmatch(plain) else ""


def title_words(title: str) -> Iterator[str]:
    """The words of a title, any of which may say the building; of ``3栋（楼长：周某）`` without the bracket too."""
    for text in (title, without_brackets(title)):
        yield from re.split("[\\s:：]+", text)


def building_said(texts: Iterable[str], sheet: str) -> Door:
    """The building that the first of some texts or the name of a sheet says, with the unit that is written above it."""
    listed = tuple(texts)
    found = next(filter(None, map(building_named, listed)), None) or _labelled(listed) or sheet_building(sheet)
    found = found or Door("")
    return found if found.unit else found._replace(unit=next(filter(None, map(unit_said, listed)), ""))


def _labelled(words: Sequence[str]) -> Door | None:
    """The building that a number beside a label says: ``楼栋 3``, with the unit said so."""
    told = dict(pairwise(words))
    building, unit = (next((told[key] for key in keys if key in told), "") for keys in (_BUILDINGS, _UNITS))
    found = sheet_building(building)
    return found._replace(unit=unit_part(unit) if _SHEET.fullmatch(unit) else found.unit) if found else None


def with_floor(floor: str, room: str) -> str:
    """The room ``01`` of floor 5 is another than that of floor 4; ``501`` says it itself."""
    told = _FLOOR.fullmatch(plain_address(floor))
    return f"{told[1]}楼{room}" if told and is_on_floor(room) else room


def is_floor(text: str) -> bool:
    """Whether a cell of a column of floors says one."""
    return _FLOOR.fullmatch(plain_address(text)) is not None


def is_on_floor(room: str) -> bool:
    """Whether a room is told by its floor only: ``01``, ``左``; ``501`` tells it itself."""
    return _ON_FLOOR.fullmatch(plain_address(room)) is not None


def without_stairs(door: Door) -> Door:
    """The same with no more than the room in its last part, where that says the unit or the floor once more.

    ``2-502`` beside unit 2 is ``502``, and so is ``5-502``; ``502-1`` is a room of its own.
    """
    found = _SAID_AGAIN.fullmatch(door.room) if door.unit else None
    if found and (found["first"].lstrip("0") == door.unit or found["first"].lstrip("0") == found["floor"]):
        return door._replace(room=found["room"])
    return door


def has_phone(text: str) -> bool:
    """Whether a phone may stand in a cell of an address."""
    return len(text) > _PLAINEST and _BEGINS_PHONE.search(text) is not None


def phone_behind(text: str) -> str:
    """The phone that stands behind a door; empty where none does."""
    found = _PHONE.search(text)
    return found[1] if found and found.start() else ""


def without_phone(text: str) -> str:
    """A door without the phone that stands behind it."""
    found = _PHONE.search(text)
    return text[: found.start()] if found and found.start() else text
