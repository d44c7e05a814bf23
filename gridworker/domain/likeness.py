"""Whether a person being written down may be on the books already: facts that speak for it, never a figure.

A name that sounds the same is where it begins, since one ear hears 陈桂芳 and another writes 陈贵芳; but thousands
share a name, so it takes a second fact: the day of birth, a phone, the door. The same ID number needs nothing else.
Comparing letters is of no use here: of two characters, any two names are one or two apart. A name that sounds nearly
the same, as many speakers mix n with ng and z with zh (``near_sounds.py``), takes a third fact: there are several times
as many of these.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gridworker.domain.identity import last_four, upgraded
from gridworker.domain.near_sounds import near
from gridworker.text import Label


class Fact(StrEnum):
    """One thing two people have in common."""

    ID_NUMBER = "id_number"
    ID_END = "id_end"
    NAME = "name"
    SOUND = "sound"
    NEAR = "near"
    BIRTH = "birth"
    BIRTH_NEAR = "birth_near"
    BIRTH_YEAR = "birth_year"
    PHONE = "phone"
    HOUSEHOLD = "household"
    DOOR = "door"
    BUILDING = "building"


WORDS: Mapping[Fact, Label] = {
    Fact.ID_NUMBER: Label("Same ID number"),
    Fact.ID_END: Label("Same end of the ID number"),
    Fact.NAME: Label("Same name"),
    Fact.SOUND: Label("Name sounds the same"),
    Fact.NEAR: Label("Name sounds nearly the same"),
    Fact.BIRTH: Label("Born on the same day"),
    Fact.BIRTH_NEAR: Label("Day of birth nearly the same"),
    Fact.BIRTH_YEAR: Label("Born in the same year"),
    Fact.PHONE: Label("Same phone"),
    Fact.HOUSEHOLD: Label("In this household"),
    Fact.DOOR: Label("Behind the same door"),
    Fact.BUILDING: Label("In the same building"),
}

NAMED = frozenset({Fact.NAME, Fact.SOUND})
_BIRTHS = frozenset({Fact.BIRTH, Fact.BIRTH_NEAR, Fact.BIRTH_YEAR})
_ELSEWISE = frozenset({Fact.ID_END, Fact.PHONE, Fact.HOUSEHOLD, Fact.DOOR})
_WEIGHT = {fact: place for place, fact in enumerate(Fact)}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody. ``sounds``: the readings of each character; numbers in stored form."""

    name: str = ""
    sounds: tuple[tuple[str, ...], ...] = ()
    birth_date: str = ""
    birth_year: int | None = None
    phones: frozenset[str] = frozenset()
    id_number: str = ""
    id_end: str = ""
    household: int | None = None
    dwelling: int | None = None
    building: int | None = None

    @property
    def year(self) -> int | None:
        """The year of birth as far as anything says it."""
        return int(self.birth_date[:4]) if self.birth_date else self.birth_year


def facts(one: Known, other: Known) -> tuple[Fact, ...]:
    """All they have in common, the weightiest first. It is the same whichever is asked about the other."""
    found = {*_numbers(one, other), *_names(one, other), *_births(one, other), *_places(one, other)}
    if one.phones & other.phones:
        found.add(Fact.PHONE)
    return tuple(sorted(found, key=_WEIGHT.__getitem__))


FEW: Mapping[Fact, int] = {Fact.BIRTH_YEAR: 5, Fact.BIRTH_NEAR: 50}
"""Of a name that so many have or fewer, this alone beside it says something.

Of any two people one pair in 90 is born in one year, one in 800 on days that are nearly the same: of a common name in a
large store somebody always is.
"""


def may_be_one(found: Collection[Fact], namesakes: int = 0) -> bool:
    """Whether facts are worth showing: the same ID number, or the name and one thing more; a near name and two.

    ``namesakes``: how many on the books have a name of this sound.
    """
    if Fact.ID_NUMBER in found:
        return True
    if Fact.NEAR in found:  # brothers and sisters have a door, a phone and near names: the birth has to fit
        return (Fact.BIRTH in found and Fact.BUILDING in found) or not (
            _BIRTHS.isdisjoint(found) or _ELSEWISE.isdisjoint(found)
        )
    more = [fact for fact in found if fact not in NAMED]
    if len(more) == 1 and namesakes > FEW.get(more[0], namesakes):
        return False
    return not NAMED.isdisjoint(found) and bool(more)


def sounds_alike(one: tuple[tuple[str, ...], ...], other: tuple[tuple[str, ...], ...]) -> bool:
    """Whether two names can be read the same, character by character; one without a reading fits only itself."""
    return len(one) == len(other) > 0 and all(set(a) & set(b) for a, b in zip(one, other, strict=True))


def sounds_near(one: tuple[tuple[str, ...], ...], other: tuple[tuple[str, ...], ...]) -> bool:
    """Whether two names can be read nearly the same, character by character."""
    return sounds_alike(tuple(map(_near, one)), tuple(map(_near, other)))


def _near(ways: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(near, ways))


def _numbers(one: Known, other: Known) -> set[Fact]:
    if one.id_number and other.id_number:
        return {Fact.ID_NUMBER} if upgraded(one.id_number) == upgraded(other.id_number) else set()
    ends = [known.id_end or (last_four(known.id_number) if known.id_number else "") for known in (one, other)]
    return {Fact.ID_END} if ends[0] and ends[0].upper() == ends[1].upper() else set()


def _names(one: Known, other: Known) -> set[Fact]:
    if not one.name or not other.name:
        return set()
    if one.name == other.name:
        return {Fact.NAME}
    if sounds_alike(one.sounds, other.sounds):
        return {Fact.SOUND}
    return {Fact.NEAR} if sounds_near(one.sounds, other.sounds) else set()


def _births(one: Known, other: Known) -> set[Fact]:
    if one.birth_date and other.birth_date:
        if one.birth_date == other.birth_date:
            return {Fact.BIRTH}
        return {Fact.BIRTH_NEAR} if _nearly(one.birth_date, other.birth_date) else set()
    return {Fact.BIRTH_YEAR} if one.year is not None and one.year == other.year else set()


_DAYS = 3
"""So far apart days are nearly the same: those of one number read for another across a ten, or of a day counted on."""


def _nearly(one: str, other: str) -> bool:
    """One digit, some days or a year apart, or day and month changed round: how dates are written down wrongly."""
    if one[:4] == other[:4] and (one[5:7], one[8:]) == (other[8:], other[5:7]):
        return True
    if len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1:
        return True
    days = abs((date.fromisoformat(one) - date.fromisoformat(other)).days)
    return days <= _DAYS or (one[5:] == other[5:] and abs(int(one[:4]) - int(other[:4])) == 1)


def _places(one: Known, other: Known) -> set[Fact]:
    for fact, mine, theirs in (
        (Fact.HOUSEHOLD, one.household, other.household),
        (Fact.DOOR, one.dwelling, other.dwelling),
        (Fact.BUILDING, one.building, other.building),
    ):
        if mine is not None and mine == theirs:
            return {fact}
    return set()


_SURE = frozenset({Fact.ID_END, Fact.BIRTH, Fact.PHONE, Fact.HOUSEHOLD, Fact.DOOR})


def is_likely(found: Collection[Fact], one: Known, other: Known) -> bool:
    """Whether two people who are both on the books are worth a clerk's question: more than while somebody types.

    The same ID number, or the name with what only one person has; and nothing that speaks against it.
    """
    if Fact.ID_NUMBER in found:
        return True
    ends = {known.id_end.upper() for known in (one, other) if known.id_end}
    if (one.id_number and other.id_number) or len(ends) > 1:
        return False
    births = {known.birth_date for known in (one, other) if known.birth_date}
    if len(births) > 1 and Fact.BIRTH_NEAR not in found:
        return False
    return not NAMED.isdisjoint(found) and not _SURE.isdisjoint(found)
