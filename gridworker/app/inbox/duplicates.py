"""The same person or household written down on two computers: pairs for a clerk, and what becomes of each.

Looked for among those who came with bundles, against everybody on the books. What makes one of two is joining.py; that
two are different is remembered here by their numbers alone.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from gridworker.app.exchange.joining import Joining
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.inbox import duplicate_views as views
from gridworker.app.inbox.duplicate_views import Pair, Twins
from gridworker.app.inbox.twin_search import TwinSearch
from gridworker.app.session import Session
from gridworker.errors import Denied, NotFound, Problem
from gridworker.store.engine.database import raw_cursor
from gridworker.store.joined import remember
from gridworker.store.log.journal import Journal
from gridworker.store.queries.person import met_on
from gridworker.store.queries.referring import living
from gridworker.store.records import get_many, kind_named
from gridworker.store.remembering import Remembering

if TYPE_CHECKING:
    from gridworker.app.inbox.conflict_views import Arrival
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit

LOOKED_AT, SHOWN = 100_000, 100
"""So many people of the newest bundles are looked at, and so many pairs shown; the others come when these are done."""

_APART = "apart:"


class Duplicates(Service):
    """Listing and deciding pairs."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._born: dict[int, dict[str, list[int]]] = {}
        self._search = TwinSearch()
        session.subscribe(self._search.hear)

    @needs(Action.READ, Matter.CONFLICTS)
    def pairs(
        self, arrivals: "Sequence[Arrival]", report: Callable[[float], object] = lambda _share: None
    ) -> dict[str, list[Pair]]:
        """Pairs by the bundle that brought one of them, the newest where several did. None for who may read no people.

        A household takes the place of its people: they are asked about one by one where it is another household.
        ``report`` is told the share that is done; what it raises stops the search.
        """
        if not self.may(Action.READ, Matter.PEOPLE):
            return {}
        changed = self._search.changed()
        with self._session.store.db.read() as connection:
            apart = set(Remembering(raw_cursor(connection)).all(_APART))
            twins = self._standing(connection, self._twins(connection, arrivals, changed, report))
            found: dict[str, list[Pair]] = {}
            for pair, bundle in islice(self._asked(twins, apart), SHOWN):
                told = views.told(self._session, connection, pair)
                if told is not None:
                    found.setdefault(bundle, []).append(told)
            return found

    @needs(Action.REVEAL, Matter.PEOPLE)
    def reveal(self, pair: Pair, field: str) -> tuple[str, str]:
        """A field of both in clear; the look at each is put on record first. Raises NotFound, StoreBusy."""
        both = (pair.one.record, pair.other.record)
        with self._session.store.db.read() as connection:
            found = get_many(connection, pair.kind, both)
        if len(found) < 2:
            raise NotFound("One of the two is not on the books any more. Look at the list again.")
        with self._session.store.together():
            for record in both:
                self._session.note("reveal", kind=pair.kind, record=record, detail=field)
        spec = kind_named(pair.kind).kind.specs[field]
        one, other = (views.clear_words(spec, found[record][field]) for record in both)
        return one, other

    @needs(Action.DECIDE, Matter.CONFLICTS)
    def same(self, pair: Pair, keep: int) -> "Commit":
        """Make one of two, ``keep`` the one that stays; one undo by who may decide takes it back.

        Raises Denied on a laptop, which holds but a part of what names the two; Problem, NotFound, StoreBusy.
        """
        self._require_office()
        self._session.require_writer()
        with self._session.together():  # what a bundle brings meanwhile would be written over unseen
            with self._session.store.db.read() as connection:
                joins = _joins(pair, keep)
                joining = Joining(self._session, connection, met=met_on(connection, [one[2] for one in joins]))
                for kind, stays, gone in joins:
                    joining.join(kind, stays, gone)
                changes = joining.changes()

            def beside(connection: "Connection", commit: "Commit") -> None:
                for (kind, gone), stays in joining.into.items():
                    remember(raw_cursor(connection), kind, gone, stays, commit.batch)

            return self._session.write(changes, "same", beside, kind=pair.kind, record=keep)

    @needs(Action.DECIDE, Matter.CONFLICTS)
    def apart(self, pair: Pair) -> None:
        """Remember that two are different; they are not asked about again. Raises Denied, StoreBusy."""
        self._remember(pair, apart=True)

    @needs(Action.DECIDE, Matter.CONFLICTS)
    def ask_again(self, pair: Pair) -> None:
        """Take back that two are different. Raises StoreBusy."""
        self._remember(pair, apart=False)

    def _require_office(self) -> None:
        if not self._session.is_office:
            raise Denied("Only the office does this.")

    def _remember(self, pair: Pair, *, apart: bool) -> None:
        self._require_office()
        name = f"{_APART}{_key(pair.kind, pair.one.record, pair.other.record)}"

        def beside(connection: "Connection", _commit: "Commit") -> None:
            memory = Remembering(raw_cursor(connection))
            memory.keep(name, "1") if apart else memory.forget(name)

        detail = "different" if apart else "asked again"
        self._session.note("same", beside, kind=pair.kind, record=pair.one.record, detail=detail)

    # ---------------------------------------------------------------------------------------------------- looking

    def _twins(
        self,
        connection: "Connection",
        arrivals: "Sequence[Arrival]",
        changed: Mapping[str, Set[int]],
        report: Callable[[float], object],
    ) -> list[Twins]:
        """Who may be twice among those the newest bundles brought, bundle by bundle."""
        came = [
            (arrival.trip.hash, self._came_with(connection, arrival.trip.batch))
            for arrival in arrivals
            if arrival.trip.batch is not None and not arrival.taken_back
        ]
        people = list(islice((one for _, brought in came for one in brought["resident"]), LOOKED_AT))
        by_person = self._search.find(connection, people, changed, report)
        found: dict[Twins, None] = {}
        for bundle, brought in came:
            own = [two for one in brought["resident"] for two in by_person.get(one, ())]
            own += views.written_heads(connection, brought["household"])
            found.update(dict.fromkeys(replace(one, bundle=bundle) for one in own))
        return list(found)

    @staticmethod
    def _standing(connection: "Connection", twins: Sequence[Twins]) -> list[Twins]:
        """Those that are still on the books; people of a household that is not are asked about by themselves."""
        people = {one for pair in twins if pair.kind == "resident" for one in pair.both}
        homes = set(living(connection, "household", {home for pair in twins for home in pair.homes or ()}))
        here = {"resident": set(living(connection, "resident", people)), "household": homes}
        found = (pair if homes.issuperset(pair.homes or ()) else replace(pair, homes=None) for pair in twins)
        return [pair for pair in found if here[pair.kind].issuperset(pair.both)]

    def _came_with(self, connection: "Connection", batch: int) -> dict[str, list[int]]:
        """The people and households a bundle brought, as far as they are on the books."""
        if batch not in self._born:
            cursor = raw_cursor(connection)
            link = Journal(cursor, self._session.store.chain_key).link(batch)
            clks = link.op_clks if link else ()
            self._born[batch] = {kind: living(connection, kind, clks) for kind in ("resident", "household")}
        return self._born[batch]

    @staticmethod
    def _asked(twins: Sequence[Twins], apart: Collection[str]) -> Iterator[tuple[Twins, str]]:
        """What to ask: each pair once, people of two households by one question."""
        seen: set[str] = set()
        homes: dict[str, list[Twins]] = {}
        for one in twins:
            if one.kind == "resident" and one.homes and one.at_one_door and _key("household", *one.homes) not in apart:
                homes.setdefault(_key("household", *one.homes), []).append(one)
        for one in twins:
            key, home = _key(one.kind, *one.both), _key("household", *one.homes) if one.homes else ""
            if key in seen or key in apart:
                continue
            seen.add(key)
            if home not in homes:
                yield one, one.bundle
            elif home not in seen or one.kind == "household":
                seen.add(home)
                people = {_key("resident", *two.both): two for two in homes[home]}
                asked = _each_once(two.both for about, two in people.items() if about not in apart)
                facts = homes[home][0].facts
                yield replace(one, both=homes[home][0].both, kind="household", facts=facts, people=asked), one.bundle


def _joins(pair: Pair, keep: int) -> list[tuple[str, int, int]]:
    """What is joined, people before their households. Raises Problem for a record of no such pair."""
    if keep not in {pair.one.record, pair.other.record}:
        raise Problem("One of the two is not on the books any more. Look at the list again.")
    first = keep == pair.one.record
    gone = pair.other.record if first else pair.one.record
    people = [("resident", *(both if first else both[::-1])) for both in pair.people]
    return [*people, (pair.kind, keep, gone)]


def _each_once(pairs: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Pairs in which nobody comes twice: who resembles two is made one with the first, and asked about again."""
    met, found = set[int](), list[tuple[int, int]]()
    for pair in pairs:
        if met.isdisjoint(pair):
            met.update(pair)
            found.append(pair)
    return tuple(found)


def _key(kind: str, one: int, other: int) -> str:
    return f"{kind}:{min(one, other)}:{max(one, other)}"
