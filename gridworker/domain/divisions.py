"""Administrative divisions from province to community: the tree in rows of code, name, level, parent_code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gridworker.errors import NotFound, Problem

LEVELS = ("province", "city", "district", "subdistrict", "community")


@dataclass(frozen=True, slots=True)
class Division:
    """One division; ``parent`` is the code of the one it lies in, empty at the top."""

    code: str
    name: str
    level: str
    parent: str


class Divisions:
    """The tree of a file of divisions."""

    def __init__(self, rows: Iterable[Mapping[str, str | None]]) -> None:
        by_code: dict[str, Division] = {}
        below: dict[str, list[Division]] = {}
        for number, row in enumerate(rows, start=2):
            division = _division(row, number)
            by_code[division.code] = division
            below.setdefault(division.parent, []).append(division)
        if not by_code:
            raise Problem("There are no divisions in this file.")
        self._by_code = MappingProxyType(by_code)
        self._below = MappingProxyType({code: tuple(found) for code, found in below.items()})

    def __len__(self) -> int:
        return len(self._by_code)

    def find(self, code: str) -> Division:
        """The division of a code. Raises NotFound."""
        try:
            return self._by_code[code.strip()]
        except KeyError:
            raise NotFound("There is no division {code} in the list of divisions.", code=code) from None

    def below(self, code: str = "") -> tuple[Division, ...]:
        """The divisions right below one, in the order of the file; of the top without a code."""
        return self._below.get(code, ())

    def chain(self, code: str) -> tuple[Division, ...]:
        """A division and all it lies in, from the top down."""
        found = [self.find(code)]
        while found[-1].parent in self._by_code and len(found) <= len(LEVELS):
            found.append(self._by_code[found[-1].parent])
        return tuple(reversed(found))

    def community(self, code: str) -> dict[str, str]:
        """The place fields of a ``community`` record: code, name and the names from province to subdistrict."""
        chain = self.chain(code)
        if chain[-1].level != "community":
            raise Problem("{name} ({code}) is no community; choose one below it.", name=chain[-1].name, code=code)
        names = {division.level: division.name for division in chain}
        names["name"] = names.pop("community")
        return {"code": chain[-1].code, **names}

    def search(self, text: str, level: str = "community") -> tuple[Division, ...]:
        """The divisions of a level whose name or code contains ``text``."""
        wanted = text.strip()
        return tuple(
            division
            for division in self._by_code.values()
            if division.level == level and wanted and (wanted in division.name or division.code.startswith(wanted))
        )


def _division(row: Mapping[str, str | None], number: int) -> Division:
    code, name, level = ((row.get(column) or "").strip() for column in ("code", "name", "level"))
    if not code.isdigit() or not name or level not in LEVELS:
        raise Problem("Row {row} of the list of divisions needs a code, a name and a level.", row=number)
    return Division(code, name, level, (row.get("parent_code") or row.get("parent") or "").strip())
