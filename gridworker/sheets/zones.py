"""What tells doors of one number apart where no column does: ``东区3栋101`` and ``西区3栋101``, ``桂花路12号3栋101``.

A street, a phase or a name before the building is mostly said of every door, or of some and left out of others: then it
tells nothing. Only where two of them stand before one and the same door of a sheet are they places of their own.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from gridworker.domain.address import Door, is_one_estate
from gridworker.domain.names import HAN
from gridworker.domain.numerals import NUMERAL
from gridworker.sheets.doortext import behind_street, estate_before

_NUMBER = f"(?:[0-9]{{1,3}}|[{NUMERAL}]{{1,2}})"
_KINDS = (
    re.compile(
        rf"(?P<told>(?:(?:(?![省市区县镇乡])[{HAN}]){{1,6}}?(?:大道|[路街巷弄里道])[0-9]{{1,5}}(?:-[0-9]{{1,3}})?号"
        r"|[0-9]{1,5}号(?=大?院))|[0-9]{1,5}弄)(?:大?院)?$"
    ),
    re.compile(
        rf"(?P<told>(?:第?{_NUMBER}|[A-Z]|[甲乙丙丁东西南北中新老前后])(?:区|期|院|组团|村|宿舍)"
        rf"|[{HAN}]{{1,4}}(?:街坊|宿舍|家属区))$"
    ),
)  # fmt: skip
_SHORTEST, _LONGEST = 2, 100


class Zones:
    """The places of one sheet by what is said before its buildings; ``told`` are the doors of all its addresses."""

    def __init__(self, told: Iterable[Door] = ()) -> None:
        self._kinds: set[int] = set()
        seen: dict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
        for door in told:
            place = _place(door.before) if door.before and door.building and door.room else None
            if place is not None and place not in (known := seen[door[:3]]):
                if any(kind == place[0] and not _is_one(name, place[1]) for kind, name in known):
                    self._kinds.add(place[0])
                known.append(place)

    def place(self, before: str) -> str:
        """The place that is said before a building; empty where it tells no doors of this sheet apart."""
        found = _place(before) if self._kinds and before else None
        return found[1] if found and found[0] in self._kinds else ""

    def is_one(self, place: str, other: str) -> bool:
        """Whether two places are one; the estate may be left out before its phase."""
        return place == other or (bool(self._kinds) and _is_one(place, other))


def _is_one(place: str, other: str) -> bool:
    shorter, longer = sorted((place, other), key=len)
    left_out = longer.removesuffix(shorter)
    if _KINDS[0].fullmatch(shorter) and not shorter[0].isdigit():  # the village may be left out before its street
        return left_out != longer
    if any(form.search(longer) for form in _KINDS):
        return left_out != longer and estate_before(left_out) == left_out
    return is_one_estate(place, other)


def _place(before: str) -> tuple[int, str] | None:
    """What kind of a place is said, and its name."""
    if len(before) > _LONGEST:
        return None
    for kind, form in enumerate(_KINDS):
        found = form.search(before)
        if found:
            return kind, estate_before(before[: found.start()]) + found["told"]
    name = estate_before(before) or behind_street(before)
    return (len(_KINDS), name) if len(name) >= _SHORTEST and re.fullmatch(f"[{HAN}]+", name) else None
