"""What of each kind is searched: its names, numbers and doors, each with what makes terms of it, and its free text.

Fields say so themselves: ``search`` is what a record goes by, ``told`` what is found by its words alone, whoever's name
is in it. So a new kind is searched by its declaration.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from gridworker import discover
from gridworker.domain.address import clean_building, clean_room, clean_unit
from gridworker.domain.identity import clean_last_four
from gridworker.domain.names import clean_name
from gridworker.record import ALIVE, Kind, Spec, Type
from gridworker.store.search import terms as terms

LIST = "(SELECT value FROM json_each(?))"
"""Stands behind IN for the one parameter that ``id_list`` makes."""

Terms = Callable[[str], str]

_BY_CHECK: Mapping[object, Terms] = MappingProxyType({
    clean_name: terms.name_terms, clean_last_four: terms.id_terms, clean_building: terms.building_terms,
    clean_unit: terms.unit_terms, clean_room: terms.room_terms,
})  # fmt: skip

_SELDOM_SHARED = (terms.phone_terms, terms.word_terms)

_LEADS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "building": ("grid_id",), "dwelling": ("building_id", "grid_id"), "household": ("dwelling_id",),
})  # fmt: skip
"""References whose change moves other records too."""

_ALSO_NAMED = frozenset({("building", "estate_name")})
"""Free text that is part of a name: a building is looked for by its number and its estate."""


@dataclass(frozen=True, slots=True)
class Source:
    """How the records of a kind are indexed: names, numbers and doors, each with what makes terms of it; free text."""

    kind: Kind
    named: tuple[tuple[str, Terms], ...]
    told: tuple[str, ...]
    select: str
    """What an entry is made of, beside what is known of it."""
    select_told: str
    leads: tuple[str, ...]
    """The references that stand behind the names in a row."""

    @property
    def names(self) -> tuple[str, ...]:
        """The fields of names, numbers and doors."""
        return tuple(name for name, _ in self.named)

    def makers(self) -> list[Terms]:
        """What makes terms of names, numbers and doors, for one run: it remembers the texts that many records share."""
        return [make if make in _SELDOM_SHARED else _Remembered(make).__getitem__ for _, make in self.named]


class _Remembered(dict[str, str]):
    """The terms of texts, made once."""

    def __init__(self, make: Terms) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, text: str) -> str:
        found = self[text] = self._make(text)
        return found


@cache
def sources() -> Mapping[str, Source]:
    """The kinds that are indexed. Audits are not looked for, nor what goes everywhere by its name: staff, grids."""
    found = {}
    for name, record in discover.kinds().items():
        kind = record.kind
        fields = [(spec.name, maker) for spec in kind.specs.values() if (maker := _maker(kind, spec))]
        if not fields or kind.office_only:
            continue
        told = tuple(field for field, maker in fields if maker is terms.word_terms)
        named = tuple(one for one in fields if one[0] not in told or (name, one[0]) in _ALSO_NAMED)
        leads = _LEADS.get(name, ())
        columns = ", ".join(f"k.{column}" for column in (*(field for field, _ in named), *leads))
        select = (
            f"SELECT k.id, s.own, s.place, {columns} FROM {name} k "
            f"LEFT JOIN search_seen s ON s.kind = {kind.number} AND s.id = k.id WHERE k.id IN {LIST}"
        )
        select_told = f"SELECT {', '.join(('id', *told))} FROM {name} WHERE id IN {LIST}"
        found[name] = Source(kind, named, told, select, select_told, leads)
    return MappingProxyType(found)


def searched() -> list[list[str]]:
    """The fields of each kind that are searched: an index made of others is not whole."""
    return [[name, *source.names, *source.told] for name, source in sources().items()]


@cache
def watched() -> Mapping[int, frozenset[int]]:
    """By kind number the fields an entry depends on, free text left out; see ``told``.

    A record in which only others changed need not be refreshed.
    """
    names = {
        name: {*(field for field, _ in source.named), *_LEADS.get(name, ())}
        for name, source in sources().items()
        if source.named
    }
    names["household_member"] = {"household_id", "resident_id", "valid_to"}
    return _numbered(names)


@cache
def told() -> Mapping[int, frozenset[int]]:
    """By kind number the fields of free text."""
    return _numbered({name: source.told for name, source in sources().items() if source.told})


def _numbered(names: Mapping[str, Collection[str]]) -> Mapping[int, frozenset[int]]:
    """The numbers of fields by the number of their kind, and that of being there at all."""
    kinds = {name: discover.kinds()[name].kind for name in names}
    return MappingProxyType(
        {
            kinds[name].number: frozenset({ALIVE, *(kinds[name].specs[field].number for field in names[name])})
            for name in names
        }
    )


def _maker(kind: Kind, spec: Spec) -> Terms | None:
    if spec.told:
        return terms.word_terms
    if not spec.search or kind.everywhere:
        return None
    if spec.type is Type.PHONES:
        return terms.phone_terms
    return _BY_CHECK.get(spec.check, terms.word_terms)
