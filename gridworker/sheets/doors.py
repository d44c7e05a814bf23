"""Which household a row belongs to: the door it names, what it leaves out because it stands above, and 同上.

Merged or left out, an address holds for the rows below it. Where only the room is filled, building and unit carry over;
where the building is filled and the unit is not, there is no unit. A row that names no door belongs to the household
above.
"""

import re
from collections.abc import Callable, Sequence
from operator import le
from typing import NamedTuple, TypeGuard

from gridworker.domain.address import Door, parse_door
from gridworker.sheets.cells import Cell, is_error, text_of, word_set
from gridworker.sheets.doortext import (
    address_text,
    beside_building,
    building_named,
    building_text,
    estate_beside,
    estate_of_sheet,
    estate_told,
    has_phone,
    phone_behind,
    room_text,
    unit_said,
    unit_text,
    with_floor,
    without_phone,
    without_stairs,
)
from gridworker.sheets.people import Household
from gridworker.sheets.zones import Zones

DITTO = word_set("同上 同前 上同 同左 同户 同 〃 〃〃 ″ “ ” “” ”“ 〞 〟 〝 々 ’’ '' // ＂", '" ""') | {
    "同 上",
    "同　上",
}
"""What stands for the cell above."""
_BLANK = frozenset({"", "0", "-", "/", "—", "--", "——", "无", "无单元"})
ELSEWHERE = re.compile("[同与]户[籍口]")
"""同户籍地址: a door that stands in a column which is not read."""
_SAYS_NOTHING = (DITTO | _BLANK) - {""}
_NOWHERE = Door("")
_IN_WORDS = re.compile("[栋幢座楼]")
_PLAINEST = 10
"""Characters of a part of a door that may be plain."""
_LONGEST = 400
"""Characters of a cell; what is longer is no address."""
_FITS = (30, 10, 20)
"""Characters of a building, a unit and a room in the books (domain/building.py, dwelling.py)."""
_TOO_LONG = "address_too_long"
_DATED = re.compile("(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}(?: 00:00:00)?|[0-9]{1,2}月[0-9]{1,2}日")
_SHORTEST = 3
"""Characters of a room; what is shorter beside a room is a unit."""
_FITS_ESTATE, _FITS_NUMBER = 50, 30


class PlaceColumns(NamedTuple):
    """Where the address stands, -1 for a column there is not; ``addresses`` are columns of whole addresses."""

    estate: int = -1
    building: int = -1
    unit: int = -1
    room: int = -1
    number: int = -1
    addresses: tuple[int, ...] = ()
    floor: int = -1

    def read(self, row: Sequence[Cell]) -> "Place":
        """The address cells of a row."""
        estate, building, unit, room, number, addresses, floor = self
        cells = [row[index] if index >= 0 else "" for index in (estate, building, unit, room, number)]
        whole = [row[index] for index in addresses] if addresses else []
        if floor < 0 and _is_plain(cells) and (not whole or _is_plain(whole)):
            return Place._make((*cells, tuple(filter(None, whole)), False))
        broken = any(map(is_error, cells)) or any(map(is_error, whole))
        if floor >= 0:
            cells[3] = with_floor(text_of(row[floor]), text_of(cells[3]))
        return Place._make((*map(text_of, cells), tuple(filter(None, map(text_of, whole))), broken))

    @property
    def is_plain(self) -> bool:
        """Whether there are columns for building, unit and room and for no more of an address."""
        return self == PlaceColumns(building=self.building, unit=self.unit, room=self.room) and len(self.all()) == 3

    def all(self) -> tuple[int, ...]:
        """Every column of an address."""
        return (*(index for index in (*self[:5], self.floor) if index >= 0), *self.addresses)


def _is_plain(cells: Sequence[Cell]) -> TypeGuard[Sequence[str]]:
    """Whether cells are letters and digits alone, if anything: then they are read as they stand."""
    try:
        text = "".join(cells)  # type: ignore[arg-type]  # of cells that are no texts it says so
    except TypeError:
        return False
    return not text or text.isalnum()


def _is_plain_part(cell: object) -> TypeGuard[str]:
    """Whether this part of a door is of letters and digits, and no word that says nothing."""
    return type(cell) is str and cell.isalnum() and len(cell) <= _PLAINEST and cell not in _SAYS_NOTHING


class Place(NamedTuple):
    """The address of one row, as text. ``broken`` where one of the cells shows an error."""

    estate: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    number: str = ""
    addresses: tuple[str, ...] = ()
    broken: bool = False

    def is_too_long(self) -> bool:
        """Whether one of the cells holds more than an address."""
        return (
            len(self.number) > _FITS_NUMBER
            or len(self.estate) > _FITS_ESTATE
            or max(map(len, (self.building, self.unit, self.room, *self.addresses))) > _LONGEST
        )

    def is_dated(self) -> bool:
        """Whether a spreadsheet has made a day of what was a door: ``3-2``."""
        return any(_DATED.fullmatch(text) for text in (*self[1:4], *self.addresses) if text)

    def has_door(self) -> bool:
        """Whether anything of a door is said."""
        return bool(self.building or self.unit or self.room or self.addresses)

    def parted(self) -> "tuple[Place, str]":
        """The same without a phone that stands behind the door in one of its cells, and that; "" for none."""
        texts = (*self[1:4], *self.addresses)
        if not any(map(has_phone, texts)):
            return self, ""
        phones = (phone_behind(text) for text in texts)
        building, unit, room, *addresses = map(without_phone, texts)
        left = self._replace(building=building, unit=unit, room=room, addresses=tuple(addresses))
        return left, next(filter(None, phones), "")

    def below(self, above: "Place") -> "Place":
        """The same with 同上 replaced by what stands above, and without words that say nothing."""
        if not self.addresses and _SAYS_NOTHING.isdisjoint(self[:5]):
            return self
        texts = (
            over if text in DITTO else "" if text in _BLANK else text
            for text, over in zip(self[:5], above[:5], strict=True)
        )
        addresses = [text for text in self.addresses if text not in _BLANK]
        if any(text in DITTO for text in addresses):
            addresses = list(above.addresses)
        elsewhere = any(ELSEWHERE.match(text) for text in addresses)
        return Place._make((*texts, tuple(addresses), self.broken or elsewhere))

    def over(self, above: "Place") -> "Place":
        """What stands above the next row: this, and above it what this left out."""
        if self.building and not (above.estate or above.addresses):
            return self
        if self.building:
            return self._replace(estate=self.estate or above.estate, addresses=self.addresses or above.addresses)
        filled = (text or over for text, over in zip(self[:5], above[:5], strict=True))
        return Place._make((*filled, self.addresses or above.addresses, self.broken))


class Doors:
    """The households of one file, and the place reached in the sheet that is being read."""

    def __init__(self) -> None:
        self.households: list[Household] = []
        self._by_key: dict[tuple[str, str, str], list[Household]] = {}
        self._by_number: dict[str, Household] = {}
        self._by_text: dict[str, Household] = {}
        self._by_head: dict[str, Household | None] = {}
        """By the heads of a list of households; none for two of one name."""
        self.fault = ""
        """What is to be said of the door of the last row: the kind of a finding."""
        self._pages: dict[int, str | None] = {}
        """On which sheet households without a building were met first."""
        self._read: dict[tuple[object, ...], Door | None] = {}
        self._rooms: dict[object, str] = {}
        self._zones = Zones()
        self.start(_NOWHERE)

    def tell_apart(self, rows: Sequence[Sequence[Cell]], columns: Sequence[int]) -> None:
        """Look through the addresses of a sheet for what tells doors of one number apart."""
        texts = (cell for row in rows for at in columns if at < len(row) and type(cell := row[at]) is str and cell)
        read = (self._once(address_text, text_of(text), self._default.building) for text in texts)
        self._zones = Zones(read)

    def start(self, default: Door, *, by_number: bool = False, sheet: str = "", page: str | None = None) -> None:
        """Begin a sheet, or a part of one, about the building ``default``; nothing above it counts any more.

        ``by_number`` is for tables that name no doors: then a new number is a new household. ``sheet`` tells the rooms
        of one sheet from those of another where neither says a building, or is their estate; ``page`` is its name.
        """
        self._page = page
        self._default, self._by_number_only, self._sheet = default, by_number, sheet
        self._last, self._in_room, self._estate = default, False, estate_of_sheet(sheet)
        self._above = Place()
        self._current: Household | None = None

    def section(self, text: str) -> bool:
        """Take a line between the rows for the building, or the unit, of those below it, if that is all it says."""
        unit = unit_said(text)
        door = Door(self._default.building or self._last.building, unit) if unit else building_named(text)
        if door is not None:
            self.start(door, by_number=self._by_number_only, sheet=self._sheet, page=self._page)
        return door is not None

    def household(self, place: Place) -> Household | None:
        """The household of a row, new where its door was not met yet; None where nobody can tell."""
        told, phone = place.below(self._above).parted()
        self.fault = _TOO_LONG if told.is_too_long() else "door_dated" if told.is_dated() else ""
        if told.broken or self.fault:
            self._current = None
        elif told.has_door():
            self._current = self._behind(self._door(told), told)
        elif told.number in self._by_number or (told.number and self._by_number_only):
            self._current = self._numbered(told)
        elif self._current is None and self._default.building:
            self._current = self._at(self._default, told)
        if phone and self._current is not None:
            self._current.phone, self.fault = self._current.phone or phone, self.fault or "door_phone"
        return self._current

    def plainly(self, told: object) -> Household | None:
        """``household`` for a row that tells building, unit and room and no more, each in the plainest of words.

        None for any other, of which nothing is taken in then.
        """
        if type(told) is not tuple or len(told) != 3 or self._above.estate or self._above.addresses:
            return None
        building, unit, room = told
        door, number = self._stair(building, unit), self._plain_room(room)
        if not door.building or not number:
            return None
        self.fault, self._above = "", Place._make(("", building, unit, room, "", (), False))
        self._current = self._at(Door(door.building, door.unit, number, before=door.before), self._above)
        return self._current

    def _stair(self, building: object, unit: object) -> Door:
        """The building and the unit that two plain words tell; no building where it is for the long way to say."""
        key = (building, unit)
        if key not in self._read:
            self._read[key] = None
            if _is_plain_part(building) and _is_plain_part(unit):
                house, told = self._once(building_text, building), self._once(unit_text, unit)
                odd = house.room or house.unit or told.building or told.room
                fit = len(house.building) <= _FITS[0] and len(told.unit) <= _FITS[1]
                self._read[key] = house._replace(unit=told.unit) if fit and not odd else None
        return self._read[key] or _NOWHERE

    def _plain_room(self, text: object) -> str:
        """The room that a plain word tells behind a building and a unit; empty where it is for the long way to say."""
        found = self._rooms.get(text)
        if found is None:
            door = self._room(text, unit_known=True, building_known=True) if _is_plain_part(text) else _NOWHERE
            found = self._rooms[text] = door.room if not door.building and len(door.room) <= _FITS[-1] else ""
        return found

    def _behind(self, door: Door, told: Place) -> Household | None:
        """The household behind a door; behind a text that is no door, that of the text; none where parts do not fit."""
        door = without_stairs(door)
        parts = (door.building, door.unit, door.room)
        if all(map(le, map(len, parts), _FITS)):
            self._above = told.over(self._above)
            return self._at(door, told)
        if door.before != door.building or door.room:
            self.fault = _TOO_LONG
            return None
        if door.before not in self._by_text:
            self._by_text[door.before] = self._added(Household(address=door.before, number=told.number or None))
        return self._by_text[door.before]

    def led_by(self, head: str, home: Household) -> None:
        """Note whom a list of households names for the head of one: people may be linked to it by that name."""
        if head:
            home.head = home.head or head
            self._by_head[head] = home if self._by_head.get(head, home) is home else None

    def in_order(self, *, begins: bool, head: str | None) -> Household | None:
        """The household in a table without any address: that of the head elsewhere, else it begins with its head."""
        known = self._by_head.get(head or "")
        self.fault = "head_of_two" if known is None and head in self._by_head else ""
        if known is not None:
            self._current = known
        elif begins or self._current is None or (head and self._current.head not in {None, head}):
            self._current = self._added(Household(head=head))
        return self._current

    # ------------------------------------------------------------------------------------------------ the door of a row

    def _door(self, place: Place) -> Door:
        if not (place.building or place.unit or place.room):
            return self._whole(place)
        building = self._once(building_text, place.building) if place.building else _NOWHERE
        told = self._once(unit_text, place.unit) if place.unit else _NOWHERE
        if told.building:
            building = told
        elif building.building and not (building.room or place.unit or place.room):
            building = self._beside(building, place)
        above = _NOWHERE if building.building else self._whole(place) if place.addresses else self._last
        if place.room and place.addresses and not above.unit and 0 < len(above.room) < _SHORTEST:
            above = above._replace(unit=above.room, room="")  # 3-2 beside a column of rooms
        known = bool(
            building.building or (above.building and not self._in_room)
        )  # behind 3-101, 4-101 is of building 4
        room = self._room(place.room, unit_known=bool(place.unit), building_known=known)
        self._in_room = bool(room.building) or (self._in_room and not building.building)
        if room.building:
            above = _NOWHERE
        unit = told.unit or ("" if place.unit else room.unit or building.unit or above.unit)
        door = Door(
            room.building or building.building or above.building,
            unit,
            room.room or told.room or building.room,
            before=building.before,
        )
        return door if door.room else self._without_room(door, above)

    def _beside(self, building: Door, place: Place) -> Door:
        """A building with the unit and the room that a column of addresses beside it tells, if any does."""
        for text in place.addresses:
            door = self._once(beside_building, text, building.building)
            if door.room:
                return building._replace(unit=door.unit or building.unit, room=door.room)
        return building

    def _without_room(self, door: Door, above: Door) -> Door:
        """A row that repeats building and unit and leaves out the room is behind the same door as the row above."""
        same = (door.building, door.unit) == (self._last.building, self._last.unit)
        return door._replace(room=above.room or (self._last.room if same else ""))

    def _whole(self, place: Place) -> Door:
        for text in place.addresses:
            door = self._once(address_text, text, self._default.building)
            if door.building or door.room:
                return door
        written = max(place.addresses, key=len, default="")
        return Door(written, before=written) if written else self._last

    def _once(self, read: Callable[..., Door | None], *arguments: str) -> Door:
        key = (read, *arguments)
        if key not in self._read:
            self._read[key] = read(*arguments)
        return self._read[key] or _NOWHERE

    def _room(self, text: str, *, unit_known: bool, building_known: bool) -> Door:
        if not text:
            return _NOWHERE
        key = (text, unit_known, building_known)
        if key not in self._read:
            self._read[key] = room_text(text, unit_known=unit_known, building_known=building_known)
        return self._read[key] or _NOWHERE

    # ------------------------------------------------------------------------------------------------ households

    def _at(self, door: Door, place: Place) -> Household:
        """The household behind a door. Without an estate it is that of any estate; two named estates are two doors."""
        self._estate = place.estate or self._estate
        told = estate_beside if self._estate and not place.estate else estate_told
        before = told(door.before, self._estate, "".join(place.addresses[:1]), in_building=bool(place.building))
        before = before if self._estate else self._zones.place(door.before) or before
        estate = (before if len(before) <= _FITS_ESTATE else "") or self._estate
        self._last = door
        if not door.building and estate in {"", estate_of_sheet(self._sheet)}:
            door, estate = door._replace(building=self._sheet), ""
        homes = self._by_key.setdefault((door.building, door.unit, door.room), [])
        for home in homes:
            if not estate or not home.estate or self._zones.is_one(home.estate, estate):
                home.estate = home.estate or estate
                self._look_at(home)
                return home
        home = Household(door.building, door.unit, door.room, estate, place.number or None)
        if not place.building and door.before and door.building == door.before:
            home.address = door.before
        homes.append(home)
        self._look_at(home)
        return self._added(home)

    def _look_at(self, home: Household) -> None:
        """Rooms of one number on two sheets may be in two buildings, where nothing says in which they are."""
        if not (home.building or home.estate) and self._pages.setdefault(id(home), self._page) != self._page:
            self.fault = "door_shared"

    def _numbered(self, told: Place) -> Household:
        """The household of a number; where that is a door in words, the one behind it."""
        known = self._by_number.get(told.number)
        if known is not None:
            return known
        door = self._once(parse_door, told.number) if _IN_WORDS.search(told.number) else _NOWHERE
        return self._at(door, told) if door.room else self._added(Household(number=told.number))

    def _added(self, home: Household) -> Household:
        if home.number:
            self._by_number.setdefault(home.number, home)
        self.households.append(home)
        return home
