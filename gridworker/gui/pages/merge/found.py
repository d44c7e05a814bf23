"""What the merge inbox shows, as it is read at once."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gridworker.gui.pages.merge.beginning import BEGUN, stage_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from gridworker.app.exchange.views import AsideLot, SetAside
    from gridworker.app.household.asked import Asked
    from gridworker.app.inbox.conflict_views import Arrival, Conflict, Named
    from gridworker.app.inbox.duplicate_views import Pair
    from gridworker.app.workspace import Workspace


SHOWN, AT_ONCE = 300, 3
"""Changes set aside that are listed: of a bundle, and of each at once where there are more in all of them."""

MANY = 300
"""Of more conflicts or changes set aside nobody waits for the list of bundles until they are counted."""

TOLD = 60
"""So many conflicts are told with the list, the first of each bundle; the others when they are looked at."""


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits of some bundles: the first changes of it, and how many there are."""

    bundles: tuple[str, ...] = ()
    shown: "tuple[SetAside, ...]" = ()
    count: int = 0
    acceptable: int = 0

    @property
    def may_be_more(self) -> bool:
        """Whether fewer are listed than may be."""
        return len(self.shown) < min(self.count, SHOWN)


def more_of(ws: "Workspace", waits: Waits) -> Waits:
    """As many of them as are listed."""
    return replace(waits, shown=tuple(ws.asides.waiting(SHOWN, waits.bundles)[:SHOWN]))


@dataclass(frozen=True, slots=True)
class Found:
    """The bundles that are listed, and what waits; ``loose`` are conflicts that came with none of them."""

    arrivals: "list[Arrival]"
    loose: "list[Named]"
    aside: "list[SetAside]"
    lots: "list[AsideLot]" = field(default_factory=list)
    agreement: str = ""
    pairs: "dict[str, list[Pair]]" = field(default_factory=dict)
    """By bundle: who may be on the books twice."""
    asked: "list[Asked]" = field(default_factory=list)
    """Who wishes to be forgotten, where somebody is here who decides on that."""
    stage: str = BEGUN
    """How far an office without bundles has come."""

    told: "list[Conflict]" = field(default_factory=list)
    """Those conflicts that are shown first."""
    counted: bool = True
    """Whether it is known what waits; before that only which bundles came."""

    @classmethod
    def read(
        cls, ws: "Workspace", near: "Sequence[Named]", report: "Callable[[object], object]", *, begins: bool = False
    ) -> "Found":
        """As it is now. ``near``: conflicts to be told in any case.

        ``begins``: where very much waits, ``report`` is given the bundles first, before that is counted.
        """
        lots = ws.asides.lots()
        waiting = sum(lot.count for lot in lots)
        if begins and waiting + ws.merge.count() > MANY:
            report(cls(ws.merge.arrivals(counted=False), [], [], counted=False))
        arrivals = ws.merge.arrivals()
        each = SHOWN if waiting <= SHOWN else min(AT_ONCE, SHOWN)
        aside = ws.asides.waiting(each) if lots else []
        stage = BEGUN if arrivals else stage_of(ws)
        asked = ws.erasing.asked.waiting() if ws.erasing.asked.may_answer else []
        loose, agreed = ws.merge.unclaimed(arrivals), ws.exchange.agreement_words()
        told = ws.merge.told([*near, *_first((*(one.conflicts for one in arrivals), loose))])
        return cls(arrivals, loose, aside, lots, agreed, asked=asked, stage=stage, told=told)

    def paired(self, ws: "Workspace", report: "Callable[[float], object]") -> "Found":
        """The same with its pairs, which take longer to look for where very many people came: two seconds in all.

        ``report`` is told the share that is done; what it raises stops the search.
        """
        return replace(self, pairs=ws.merge.duplicates.pairs(self.arrivals, report))

    def pairs_of(self, arrival: "Arrival") -> "list[Pair]":
        """Those of a bundle."""
        return self.pairs.get(arrival.trip.hash, [])

    def arrival(self, key: object) -> "Arrival | None":
        """A bundle by its key in the list."""
        return next((one for one in self.arrivals if one.trip.hash == key), None)

    def aside_of(self, arrival: "Arrival") -> Waits:
        """What a bundle brought that was set aside."""
        return self._waits({arrival.trip.hash})

    def earlier(self) -> Waits:
        """What was set aside with bundles that are not listed any more."""
        return self._waits({lot.bundle for lot in self.lots} - {one.trip.hash for one in self.arrivals})

    def counts(self) -> Counter[str]:
        """By bundle: how many changes wait."""
        counts: Counter[str] = Counter()
        for lot in self.lots:
            counts[lot.bundle] += lot.count
        return counts

    def _waits(self, bundles: "Collection[str]") -> Waits:
        lots = [lot for lot in self.lots if lot.bundle in bundles]
        return Waits(
            tuple(sorted({lot.bundle for lot in lots})), tuple(one for one in self.aside if one.bundle in bundles),
            sum(lot.count for lot in lots), sum(lot.acceptable for lot in lots),
        )  # fmt: skip

    def waiting(self) -> int:
        """How many records in conflict, pairs, bundles with something set aside, and wishes to be forgotten wait."""
        conflicts = {one for arrival in self.arrivals for one in arrival.conflicts}
        pairs = sum(map(len, self.pairs.values()))
        return pairs + len(conflicts) + len(self.loose) + len({lot.bundle for lot in self.lots}) + len(self.asked)


def _first(lists: "Sequence[Sequence[Named]]") -> "Iterator[Named]":
    """The first conflicts of each list, as many as are told."""
    some = [one for one in lists if one]
    each = max(1, TOLD // max(len(some), 1))
    return (one for listed in some for one in listed[:each])
