"""Who of some people may be on the books twice: looked for among very many at once, and kept while nothing changes.

Two who may be one have an ID number in common, or a name of one sound and one thing more (likeness.is_likely). Of each
of these a short number is made; only people who share one are compared. One walk through a hundred thousand takes two
seconds, where asking the index about each of them takes minutes.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import combinations, groupby, pairwise, product
from operator import itemgetter
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from gridworker.app.inbox.duplicate_views import Twins, twins, twins_of
from gridworker.app.search.alike import sounds
from gridworker.domain.identity import last_four, upgraded
from gridworker.store.queries.people_about import people_about
from gridworker.store.search.alike import AlikeRow, count_of, everybody, people

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit

Report = Callable[[float], object]
"""Told the share that is done; it may raise to stop."""

ABOUT = frozenset({"resident", "household", "household_member", "dwelling"})
"""What makes two people alike."""

WALK = 200
"""One walk through so many people takes as long as one question to the index."""
FEW = 200
"""So many changed people are asked about one by one; after more, all are looked at anew."""
CROWD = 30
"""Of more who share one thing each is compared with the next alone: they are asked about two by two anyway."""
_LOT = 2000

Both = tuple[int, int]
_Item = TypeVar("_Item")


class TwinSearch:
    """The pairs found so far. Several threads may ask; what a stopped search had found is not kept."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._touched: dict[str, set[int]] = {}
        self._looked: set[int] = set()
        self._pairs: dict[Both, Twins] = {}
        self._of: defaultdict[int, set[Both]] = defaultdict(set)

    def hear(self, commit: "Commit") -> None:
        """Note what changed."""
        for kind in ABOUT & commit.touched.keys():
            self._touched[kind] = self._touched.get(kind, set()) | commit.touched[kind]

    def changed(self) -> Mapping[str, Set[int]]:
        """What changed since this was asked last; to be asked before the connection that ``find`` reads is opened."""
        changed, self._touched = self._touched, {}
        return changed

    def find(
        self,
        connection: "Connection",
        residents: Sequence[int],
        changed: Mapping[str, Set[int]],
        report: Report = lambda _share: None,
    ) -> dict[int, list[Twins]]:
        """By each of some people the pairs they are in, the elder other one first."""
        with self._lock:
            self._forget(connection, changed)
            new = [one for one in dict.fromkeys(residents) if one not in self._looked]
            self._add(_found(connection, new, report))
            self._looked.update(new)
            return {one: [self._pairs[both] for both in sorted(self._of[one])] for one in residents if one in self._of}

    def _add(self, found: Iterable[Twins]) -> None:
        for one in list(found):
            self._pairs[one.both] = one
            for resident in one.both:
                self._of[resident].add(one.both)

    def _forget(self, connection: "Connection", changed: Mapping[str, Set[int]]) -> None:
        """What changed is looked at anew."""
        about = people_about(connection, changed) if changed else set()
        if len(about) > FEW:
            for kept in (self._looked, self._pairs, self._of):
                kept.clear()
            return
        for resident in about:
            for both in self._of.pop(resident, set()):
                self._pairs.pop(both, None)
                for one in both:
                    self._of[one].discard(both)
        found = [one for resident in about for one in twins(connection, resident)]
        self._add(one for one in found if not self._looked.isdisjoint(one.both))


def _found(connection: "Connection", wanted: Sequence[int], report: Report) -> Iterator[Twins]:
    """The pairs that one of some people is in."""
    if len(wanted) * WALK < count_of(connection):
        for number, resident in enumerate(wanted):
            report(number / len(wanted))
            yield from twins(connection, resident)
    elif wanted:
        yield from among_all(connection, wanted, report)


def among_all(connection: "Connection", wanted: Collection[int], report: Report) -> Iterator[Twins]:
    """The same by one walk through all people."""
    own, count = frozenset(wanted), count_of(connection)
    shared = _twice(connection, report) if 4 * len(own) > count else _of_own(connection, own, report)
    met = list[tuple[int, int]]()
    for number, rows in enumerate(everybody(connection, _LOT)):
        report(0.45 + 0.45 * min(1.0, number * _LOT / max(count, 1)))
        met += [(key, row.resident) for row in rows for key in _keys(row) if key in shared]
    met.sort()
    close = {both for both in _close(met) if not own.isdisjoint(both)}
    for number, lot in enumerate(_lots(sorted(close))):
        report(0.9 + 0.1 * number * _LOT / len(close))
        known = {row.resident: row for row in people(connection, {one for both in lot for one in both})}
        yield from filter(None, (twins_of(known[low], known[high]) for low, high in lot))


def _of_own(connection: "Connection", own: Collection[int], report: Report) -> set[int]:
    """The keys of some people."""
    found = set[int]()
    for number, lot in enumerate(_lots(sorted(own))):
        report(0.45 * number * _LOT / len(own))
        found.update(key for row in people(connection, lot) for key in _keys(row))
    return found


def _twice(connection: "Connection", report: Report) -> set[int]:
    """The keys that two people share: few, where the keys of very many people would fill the memory."""
    count, found = count_of(connection), array("q")
    for number, rows in enumerate(everybody(connection, _LOT)):
        report(0.4 * min(1.0, number * _LOT / max(count, 1)))
        found.extend(key for row in rows for key in _keys(row))
    return {one for one, other in pairwise(sorted(found)) if one == other}


def _lots(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    return (items[at : at + _LOT] for at in range(0, len(items), _LOT))


def _close(met: Sequence[tuple[int, int]]) -> Iterator[Both]:
    """Those who share a key, two by two."""
    for _, group in groupby(met, itemgetter(0)):
        alike = sorted({resident for _, resident in group})
        yield from combinations(alike, 2) if len(alike) <= CROWD else pairwise(alike)


def _keys(row: AlikeRow) -> set[int]:
    """What somebody may have in common with who is the same: an ID number, or a sound and one thing more."""
    found = {hash(("n", upgraded(row.id_number)))} if row.id_number else set()
    if row.id_hash:
        found.add(hash(("h", row.id_hash)))
    if row.name:
        found.update(hash(both) for both in product(_sound_keys(row.name), _things(row)))
    return found


def _things(row: AlikeRow) -> Iterator[object]:
    """What only one person of a name has."""
    if row.birth_date:
        yield row.birth_date
    yield from (row.phones or "").split()
    if row.id_end or row.id_number:
        yield "end", (row.id_end or last_four(row.id_number or "")).upper()
    if row.room:  # it may be on the books twice; who is of one household is behind one door
        yield row.building, row.unit, row.room
    elif row.dwelling is not None:
        yield row.dwelling
    elif row.household is not None:
        yield row.household


@lru_cache(maxsize=50_000)
def _sound_keys(name: str) -> tuple[tuple[object, ...], ...]:
    """The ways to read the first two characters: names that can be read alike have one in common."""
    ways = sounds(name)
    return tuple((len(ways), *said) for said in product(*ways[:2])) if ways else ((name,),)
