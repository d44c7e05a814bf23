"""Finding words in what was written down: visits, issues and their steps, remarks; the newest first."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import islice

from gridworker import discover
from gridworker.record import Kind, Value
from gridworker.store.search.hits import LIST, NEWEST, Asked, Hit, Place, Why, any_hit, places
from gridworker.store.search.sources import Source, sources
from gridworker.store.search.terms import plain

CANDIDATES = 60
"""Entries that are read at once; they may have the pairs of characters without the word."""

LOTS = 20
"""So many times more are read, until there are as many hits as are wanted: whoever types must not wait longer."""

LOTS_HIDING = 5
"""The same where some kinds are hidden: what is read and not shown takes as long as what is."""

BEFORE, AFTER = 8, 40
"""Characters shown around what was found."""

WORDS = 5
"""How a hit by its words is scored: after all hits by name."""

TITLES = 5_000
"""Issues whose titles are looked through for a single character, the newest: the index has pairs of characters."""

TITLED = (
    f"SELECT id FROM (SELECT id, title FROM issue ORDER BY id DESC LIMIT {TITLES}) WHERE instr(title, ?) "
    "ORDER BY id DESC LIMIT ?"
)

_OFTEN = frozenset({"visit", "issue", "issue_step", "need"})
"""Kinds that most notes are of; an id is looked for in one table after the other."""

_PART_OF: Mapping[str, str] = {"issue_step": "issue", "issue_party": "issue"}
"""Kinds that are shown as the record they belong to, named by their field ``<kind>_id``."""


def words(asked: Asked) -> list[Hit]:
    """The records that have all the words."""
    if not asked.query.words:
        return []
    found: dict[tuple[str, int], Hit] = {}
    for lot in islice(_lots(asked), LOTS if asked.shows is any_hit else LOTS_HIDING):
        for hit in among(asked, lot):
            found.setdefault((hit.kind, hit.id), hit)
        if len(found) >= asked.limit:
            break
    return list(found.values())[: asked.limit]


def titled(asked: Asked, most: int) -> list[Hit]:
    """The newest issues that have a single character in their title: so many at most."""
    single = asked.query.single
    if not single or most <= 0:
        return []
    rows = asked.cursor.execute(TITLED, (single, most)).fetchall()
    return among(replace(asked, query=replace(asked.query, pieces=(single,))), [row[0] for row in rows])


def _lots(asked: Asked) -> Iterator[list[int]]:
    """The records that may have all the words, the newest first, each lot read as it is asked for."""
    before = NEWEST
    while lot := asked.told(asked.query.words, CANDIDATES, before):
        yield lot
        if len(lot) < CANDIDATES:
            return
        before = lot[-1]


@cache
def _told() -> tuple[Source, ...]:
    """The kinds with free text, those first that have most of it: few tables are looked into in vain after theirs."""
    told = [source for source in sources().values() if source.told]
    return tuple(sorted(told, key=lambda source: source.kind.name not in _OFTEN))


def among(asked: Asked, order: list[int]) -> list[Hit]:
    """Those of some records that have all the words, in their order."""
    found: dict[int, Hit] = {}
    left = set(order)
    for source in _told():
        if left:
            here = dict(_read(asked, source, left))
            left.difference_update(here)
            found.update((record, hit) for record, hit in here.items() if hit)
    shown = (hit for record in reversed(order) if (hit := found.get(record)) and asked.shows(hit))
    once = {(hit.kind, hit.id): hit for hit in shown}
    return _placed(asked, list(reversed(once.values()))[: asked.limit])


def having(asked: Asked, order: list[int], of: Mapping[str, Collection[int]]) -> list[int]:
    """Those of some records that have all the words, in their order. ``of``: the records by kind.

    Only their texts are read.
    """
    wanted, found = set(order), set[int]()
    for source in _told():
        here = wanted.intersection(of.get(source.kind.name, ()))
        if here:
            select = f"SELECT id, {', '.join(source.told)} FROM {source.kind.name} WHERE id IN {LIST}"
            for record, *texts in asked.rows(select, here):
                text = plain("\n".join(filter(None, texts)))  # no word goes on in another line
                if all(piece in text for piece in asked.query.pieces):
                    found.add(record)
    return [record for record in order if record in found]


def _all_in(pieces: Iterable[str], texts: Collection[str]) -> bool:
    return all(any(piece in text for text in texts) for piece in pieces)


def _read(asked: Asked, source: Source, records: Iterable[int]) -> Iterator[tuple[int, Hit | None]]:
    """Those records of any kind that are of this one, each with its hit if it has the words."""
    names = tuple(source.kind.specs)
    for record, *values in asked.rows(
        f"SELECT id, {', '.join(names)} FROM {source.kind.name} WHERE id IN {LIST}", records
    ):
        row = dict(zip(names, values, strict=True))
        why = _why(asked, source, row)
        yield record, _hit(asked, source.kind, {"id": record, **row}, why) if why else None


def _why(asked: Asked, source: Source, row: Mapping[str, Value]) -> Why | None:
    """The first field with the first word, if all the words are somewhere in the record."""
    texts = {name: str(row[name]) for name in source.told if row[name]}
    compared = {name: plain(text) for name, text in texts.items()}
    pieces = asked.query.pieces
    if not _all_in(pieces, compared.values()):
        return None
    name = next(name for name, text in compared.items() if pieces[0] in text)
    return _excerpt(name, texts[name], compared[name], pieces)


def _excerpt(name: str, text: str, compared: str, pieces: tuple[str, ...]) -> Why:
    """What stands around the first word. Folding may change a text's length: then the folded one is shown."""
    shown = text if len(text) == len(compared) else compared
    start = max(0, compared.index(pieces[0]) - BEFORE)
    end = start + BEFORE + len(pieces[0]) + AFTER
    cut = compared[start:end]
    spans = sorted((cut.index(piece), cut.index(piece) + len(piece)) for piece in pieces if piece in cut)
    return Why(name, " ".join(shown[start:end].split("\n")), tuple(spans))


def _hit(asked: Asked, kind: Kind, row: Mapping[str, Value], why: Why) -> Hit:
    """A hit as the record it is shown as. Where it is comes later."""
    whole = _PART_OF.get(kind.name)
    name, owner = whole or kind.name, row[f"{whole}_id"] if whole else row["id"]
    values = _values(asked, whole, owner) if whole else row
    household = values.get("household_id") if name != "household" else owner
    place = Place(household if isinstance(household, int) else None)
    return Hit(name, int(owner or 0), discover.kinds()[name].caption(values), why, WORDS, place)


def _values(asked: Asked, kind: str, record: Value) -> dict[str, Value]:
    names = tuple(discover.kinds()[kind].kind.specs)
    rows = list(asked.rows(f"SELECT {', '.join(names)} FROM {kind} WHERE id IN {LIST}", [int(record or 0)]))
    return dict(zip(names, rows[0], strict=True)) if rows else {}


def _placed(asked: Asked, hits: list[Hit]) -> list[Hit]:
    where = places(asked, {hit.household_id for hit in hits if hit.household_id})
    return [
        Hit(hit.kind, hit.id, hit.caption, hit.why, hit.score, where.get(hit.household_id or 0, hit.place))
        for hit in hits
    ]
