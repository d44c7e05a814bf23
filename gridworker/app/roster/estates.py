"""Which building a number means: two estates of one grid may each have their 3栋."""

from collections.abc import Iterable

from gridworker.domain.address import is_one_estate


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
        alike = next((one for one in known if one and is_one_estate(one, estate)), None)
        if alike is not None:
            return alike
        if estate and "" in known and self._claimed.setdefault(building, estate) == estate:
            return ""
        known.append(estate)
        return estate
