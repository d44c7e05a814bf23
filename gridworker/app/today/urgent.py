"""Which of those that are due are looked at closely: the most urgent of each section, among equals by their doors."""

from array import array
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from heapq import nsmallest
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from gridworker.app.due.cases import Matters
from gridworker.domain.today_order import Section, Ways, section_of, urgency
from gridworker.domain.visit_regular import Regular
from gridworker.store.queries import today as rows

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

Visits: TypeAlias = dict[Regular, list["array[int]"]]
"""Households by their visit: tens of thousands share a few hundred, and the rules are asked about each of those. They
stay in the arrays they came in: nearly all are only counted."""

_MANY = 500
"""Of more equals the first are looked for in the order of all doors, where that is known, and not by their own."""


class Looking(NamedTuple):
    """How many of a section are looked at closely; ``walk`` has all households in walking order, or None.

    ``matters``: what issues ask for, where that is read already.
    """

    most: int
    walk: "Callable[[Connection], Iterable[int] | None] | None" = None
    matters: Matters | None = None


def count_of(several: "Iterable[array[int]]") -> int:
    """How many households there are in all."""
    return sum(map(len, several))


def most_urgent(connection: "Connection", regular: Visits, today: date, looking: Looking) -> dict[Regular, set[int]]:
    """The first of each section, by their visit. Only where the cut falls among equals the order of doors decides."""
    sections: dict[Section, dict[tuple[int, date], list[Regular]]] = {}
    for visit in regular:
        section, rank = _standing(visit, today)
        sections.setdefault(section, {}).setdefault(rank, []).append(visit)
    chosen: dict[Regular, set[int]] = {}
    for ranks in sections.values():
        left = looking.most
        for _, visits in sorted(ranks.items()):
            count = sum(count_of(regular[visit]) for visit in visits)
            if count <= left:
                chosen.update((visit, set(chain.from_iterable(regular[visit]))) for visit in visits)
                left -= count
            else:
                equals = list(chain.from_iterable(chain.from_iterable(map(regular.__getitem__, visits))))
                first = set(_first_at_doors(connection, equals, left, looking))
                each = [first.intersection(chain.from_iterable(regular[visit])) for visit in visits]
                chosen.update(zip(visits, each, strict=True))
                left -= len(first)
            if not left:
                break
    return chosen


@lru_cache(maxsize=8192)
def _standing(visit: Regular, today: date) -> tuple[Section, tuple[int, date]]:
    """Its section, and how urgent it is there."""
    return section_of(visit, today), urgency(visit.score(today), visit.on, today)


def _first_at_doors(connection: "Connection", equals: list[int], most: int, looking: Looking) -> list[int]:
    """The first of some households in walking order."""
    if len(equals) > _MANY and looking.walk is not None:
        among = set(equals)
        walked = looking.walk(connection)
        first = list(islice(filter(among.__contains__, walked), most)) if walked is not None else []
        if len(first) == most:
            return first
    ways, doors = Ways(), rows.doors(connection, equals)
    return nsmallest(most, doors, key=lambda household: (ways.of(doors[household]), household))
