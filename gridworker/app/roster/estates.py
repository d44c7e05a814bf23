"""Which building a number means: two estates of one grid may each have their 3栋."""

import re
from collections.abc import Iterable
from functools import lru_cache

_MORE = re.compile("(?:小区|社区|住宅小区|住宅区|大院|家属院|院|公寓|住宅)?")
"""What one ledger says of an estate and another leaves out."""


class Estates:
    """The estates known for each building number, those of the ledger as they come."""

    def __init__(self, known: Iterable[tuple[str, str]]) -> None:
        self._known: dict[str, list[str]] = {}
        for building, estate in known:
            if estate not in self._known.setdefault(building, []):
                self._known[building].append(estate)
        self._claimed: dict[str, str] = {}

    def of(self, building: str, estate: str) -> str:
        """The estate, as it is known, of a building that a ledger names.

        Where the ledger tells none it is any; a building known without one is that of the first estate told.
        """
        known = self._known.setdefault(building, [])
        if estate in known:
            return estate
        if not estate and known:
            return known[0]
        alike = next((one for one in known if one and _is_alike(one, estate)), None)
        if alike is not None:
            return alike
        if estate and "" in known and self._claimed.setdefault(building, estate) == estate:
            return ""
        known.append(estate)
        return estate


@lru_cache(maxsize=1024)
def _is_alike(one: str, other: str) -> bool:
    """Whether two names are of one estate: ``桂花苑`` and ``黄石港桂花苑小区``, not ``桂花苑二期``."""
    shorter, longer = sorted((one, other), key=len)
    before, found, behind = longer.partition(shorter)
    return (
        bool(found)
        and _MORE.fullmatch(behind) is not None
        and not before.endswith(("新", "老", "东", "西", "南", "北"))
    )
