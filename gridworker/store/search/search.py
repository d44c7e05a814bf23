"""Search: one box for names, pinyin, doors, the ends of numbers, and words.

``schema``, ``refresh``, ``rebuild``, ``purge``, ``told``, ``searched`` and ``watched`` keep it (``index.py``);
``plant`` adds what is new here (``born.py``); ``find`` asks it for the search box, ``homes`` and ``likeliest`` for
a list of households (``homes.py``).
Time it with ``tests/benchmarks/search_speed.py``.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from gridworker.store.engine.database import reading_cursor
from gridworker.store.search.born import plant
from gridworker.store.search.both import both
from gridworker.store.search.doors import doors, phones
from gridworker.store.search.hits import NUMBERS, Asked, Hit, Place, Why, any_hit, by_no_number
from gridworker.store.search.homes import homes, likeliest
from gridworker.store.search.index import VERSION, purge, rebuild, refresh, schema
from gridworker.store.search.people import people
from gridworker.store.search.query import read, sounding
from gridworker.store.search.sources import searched, told, watched
from gridworker.store.search.words import titled, words

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

__all__ = [
    "NUMBERS",
    "VERSION",
    "Hit",
    "Place",
    "Why",
    "any_hit",
    "by_no_number",
    "find",
    "homes",
    "likeliest",
    "plant",
    "purge",
    "rebuild",
    "refresh",
    "schema",
    "searched",
    "told",
    "watched",
]

LIMIT = 20


def find(
    connection: "Connection",
    query: str,
    *,
    limit: int = LIMIT,
    grid: int | None = None,
    shows: Callable[[Hit], bool] = any_hit,
) -> list[Hit]:
    """What a typed text may mean, the likeliest first: people (or doors), then where its words were written down.

    What two things in it name together comes before what fits one. A name that nobody has is looked for by its sound.

    ``query`` may be anything, an input method's unfinished text too. ``grid``: its people and doors come first.
    ``shows``: whether a hit may be shown, by its kind and the field it was found by; what may not takes no place.
    """
    return _find(Asked(reading_cursor(connection), read(query), limit, grid, shows), query)


def _find(asked: Asked, query: str) -> list[Hit]:
    limit, shows = asked.limit, asked.shows
    found = [*both(asked, query), *doors(asked), *people(asked)]
    shown = list(filter(shows, found))
    if len(shown) < limit:
        own = {hit.place.household_id for hit in found if hit.why.field == "phones"}
        # The number of the household is that of one of them.
        shown += filter(shows, (hit for hit in phones(asked) if hit.id not in own))
    found, written = shown, words(asked) or titled(asked, limit - len(shown))
    if not (found or written):
        found = list(filter(shows, people(replace(asked, query=sounding(asked.query)))))
    once: dict[tuple[str, int], Hit] = {}
    for hit in (*found[: limit - min(len(written), limit // 4)], *written):
        once.setdefault((hit.kind, hit.id), hit)
    return list(once.values())[:limit]
