"""Lines that say which household the rows below them are: ``户主姓名：潘一  住址：3栋1单元101  联系电话：…``."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from gridworker.domain.address import parse_door
from gridworker.sheets.cells import Cell, text_of
from gridworker.sheets.clean import Cleaner
from gridworker.sheets.doors import Doors, Place
from gridworker.sheets.meanings import header_key, meaning_of
from gridworker.sheets.people import Household
from gridworker.sheets.words import Field

LABELLED = re.compile(r"([^\s:：]{1,10})\s*[:：]\s*([^:：]*?)\s*(?=[^\s:：]{1,10}\s*[:：]|$)")
USED = frozenset({
    Field.HEAD, Field.ADDRESS, Field.ESTATE, Field.BUILDING, Field.UNIT, Field.ROOM, Field.HOUSEHOLD_NO, Field.PHONE,
    Field.HEAD_PHONE,
})  # fmt: skip


class HouseholdCard(NamedTuple):
    """A household as a line names it."""

    place: Place
    head: str
    phone: str


def card_of(row: Sequence[Cell]) -> HouseholdCard | None:
    """The household of a line, None for one that names neither a head nor a door."""
    told: dict[Field, str] = {}
    for cell in row:
        if isinstance(cell, str) and (":" in cell or "：" in cell):
            for label, value in LABELLED.findall(text_of(cell)):
                meaning = meaning_of(header_key(label))
                if meaning and meaning.field in USED and value:
                    told.setdefault(meaning.field, value)
    address = told.get(Field.ADDRESS) or _leading_door(row)
    door = parse_door(address)
    if Field.HEAD not in told and Field.ROOM not in told and not (door and door.room):
        return None
    parts = (
        told.get(field, "") for field in (Field.ESTATE, Field.BUILDING, Field.UNIT, Field.ROOM, Field.HOUSEHOLD_NO)
    )
    place = Place._make((*parts, (address,) if address else (), False))
    return HouseholdCard(place, told.get(Field.HEAD, ""), told.get(Field.HEAD_PHONE) or told.get(Field.PHONE, ""))


def home_of(card: HouseholdCard, doors: Doors, cleaner: Cleaner) -> Household | None:
    """The household of a card, with what it says of it."""
    head = cleaner.name(card.head) or None
    told = card.place.has_door() or bool(card.place.number)
    home = doors.household(card.place) if told else doors.in_order(begins=True, head=head)
    if home is not None:
        home.head = home.head or head
        home.phone = home.phone or next(iter(cleaner.phones(card.phone).phones), None)
    return home


def _leading_door(row: Sequence[Cell]) -> str:
    """The door that a line alone says without a label: ``3栋1单元101室``, ``3-1-101 户主：潘一``; empty for none."""
    texts = [text for cell in row if cell != "" and (text := text_of(cell))]
    text = LABELLED.sub("", texts[0]).strip() if len(texts) == 1 else ""
    door = parse_door(text) if text else None
    return text if door and door.room else ""
