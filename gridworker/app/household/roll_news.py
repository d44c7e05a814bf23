"""What orders and filters of the list of households follow from, and which households what has come bears on."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.app.household.filter import Part
from gridworker.app.household.order import CARE, NAME, PEOPLE, VISITED, Order
from gridworker.store.log.op import What
from gridworker.store.queries import household_news as rows
from gridworker.store.queries import news as journal
from gridworker.store.queries.ever_named import ever_named

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.queries.news import News

HOME, MEMBER, PERSON, CARED, CONSENT, VISIT = (
    "household", "household_member", "resident", "care_membership", "consent", "visit",
)  # fmt: skip
DOOR, BLOCK, GRID = "dwelling", "building", "grid"

MOST_MOVED = 2_000
"""Of more households whose doors changed all is read anew."""

FILTERS: Mapping[str, frozenset[str]] = MappingProxyType({
    "care": frozenset({MEMBER, CARED}),
    "unvisited": frozenset({VISIT}),
    "phone": frozenset({HOME, MEMBER, PERSON}),
    "birth": frozenset({MEMBER, PERSON}),
    "identity": frozenset({MEMBER, PERSON}),
    "consent": frozenset({MEMBER, CONSENT}),
    "head": frozenset({HOME, MEMBER}),
    "one_head": frozenset({HOME, MEMBER}),
    "people": frozenset({MEMBER}),
    "emptied": frozenset({MEMBER}),
    "door": frozenset({HOME, GRID}),
    "number": frozenset({HOME, DOOR, BLOCK, GRID}),
})  # fmt: skip
"""The kinds a filter follows from. Who moves with a place is asked in every filter, and placed anew in every order."""

ORDERS: Mapping[str, Mapping[str, frozenset[str]]] = MappingProxyType({
    NAME: {PERSON: frozenset({"name"}), HOME: frozenset({"head_id", "head_name"})},
    PEOPLE: {MEMBER: frozenset({"household_id", "lives_here", "valid_to"}), HOME: frozenset({"people_count"})},
    CARE: {
        MEMBER: frozenset({"household_id", "resident_id", "valid_to"}),
        CARED: frozenset({"household_id", "resident_id", "care_group", "end_on"}),
    },
    VISITED: {VISIT: frozenset()},
})  # fmt: skip
"""The fields an order follows from beside doors. When a visit was, is looked up for its household alone."""

_OWNERS = frozenset({"household_id", "resident_id"})
"""A record that is given to another household bears on the former one too, which only the log tells."""
_NOBODY = (None, None)

_LIFE = frozenset({What.DELETE, What.RESTORE})
_TOLD = frozenset({What.CREATE, What.EDIT, What.RESOLVE}) | _LIFE
"""What an op of another sort does may go beyond the record it names."""

_LOOKED_UP = frozenset({MEMBER, PERSON, CARED, CONSENT, VISIT})
_OF_PEOPLE = _LOOKED_UP - {PERSON, VISIT}

_MOVING = frozenset({"dwelling_id", "status"})
_PLACES = frozenset({DOOR, BLOCK})

_APART = frozenset({
    "issue", "issue_step", "issue_party", "attachment", "need", "service_request", "volunteer_service", "duty_shift",
    "training_record", "post_assignment", "disclosure", "handover_request", "merchant", "export_preset",
    "ledger_columns", "audit_event", "staff",
})  # fmt: skip
"""Kinds that bear on no household's place in a list. Of those not named here one never knows."""


@dataclass
class Changed:
    """What has come. ``homes`` may have changed in what follows from ``kinds``; of ``unclear`` ones nobody knows whose.

    ``moved`` are those of ``homes`` that may have come into the list, left it or have another door; ``sorted`` are
    those that may stand elsewhere in some order, and ``lost`` the orders of which that is not known.
    """

    kinds: set[str] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)
    homes: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    sorted: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    lost: set[str] = field(default_factory=set)

    def bears_on(self, what: Order | Part) -> set[int] | None:
        """The households of which an order or a filter may say something else now; None where others may be too."""
        if isinstance(what, Order):
            return None if what.by in self.lost else self.moved | self.sorted.get(what.by, set())
        follows = follows_from(what)
        if follows & self.unclear or (what.is_of_all and (self.moved or follows & self.kinds)):
            return None
        return self.homes if follows & self.kinds else self.moved


def follows_from(part: Part) -> frozenset[str]:
    """The kinds one part of a filter follows from."""
    return FILTERS[part.value if part.name == "missing" else part.name]


def changed_since(connection: "Connection", link: int) -> Changed | None:
    """What came after a link of the journal; None where everything may be different."""
    news = journal.since(connection, link)
    if news is None:
        return None
    found, by_kind = Changed(), _by_kind(news)
    if any(_is_unknown(kind, ops) for kind, ops in by_kind.items()) or not _take_moved(connection, found, by_kind):
        return None
    for kind, ops in by_kind.items():
        if kind not in _APART | _PLACES:
            _take(connection, found, kind, ops)
    return found


def _by_kind(news: "Collection[News]") -> dict[str, list["News"]]:
    names = {kind.kind.number: kind.kind.name for kind in discover.kinds().values()}
    found: dict[str, list[News]] = defaultdict(list)
    for one in news:
        found[names.get(one.kind, "")].append(one)
    return found


def _is_unknown(kind: str, ops: "Collection[News]") -> bool:
    """Whether these may change what is told nowhere here."""
    if kind == HOME:
        return any(one.what not in {What.CREATE, What.EDIT} for one in ops)
    return kind not in _APART | _LOOKED_UP | _PLACES | {GRID}


def _take_moved(connection: "Connection", found: Changed, by_kind: "Mapping[str, Collection[News]]") -> bool:
    """Take who came, left or has another door into account; False where they are too many."""
    moved = {
        one.record for one in by_kind.get(HOME, ()) if one.what == What.CREATE or _named(HOME, one) & _MOVING
    }  # fmt: skip
    doors, blocks = ({one.record for one in by_kind.get(kind, ())} for kind in (DOOR, BLOCK))
    if doors or blocks:
        found.kinds |= {kind for kind in _PLACES if kind in by_kind}
        moved |= rows.behind(connection, doors, blocks, MOST_MOVED + 1)
    found.moved |= moved
    found.homes |= moved
    return len(moved) <= MOST_MOVED


def _named(kind: str, one: "News") -> frozenset[str]:
    specs = discover.kinds()[kind].kind.numbered
    return frozenset(specs[number].name for number in one.fields if number in specs)


def _take(connection: "Connection", found: Changed, kind: str, ops: "Collection[News]") -> None:
    """Take what came of one kind into account."""
    found.kinds.add(kind)
    if kind == GRID:
        found.unclear.add(GRID)
        return
    whose, known = _whose(connection, kind, ops)
    found.homes.update(*whose.values())
    for order, kinds in ORDERS.items():
        if kind in kinds:
            wanted = kinds[kind]
            records = {one.record for one in ops if not wanted or one.what in _LIFE or _named(kind, one) & wanted}
            if order == NAME and kind == PERSON:
                found.sorted[NAME] |= rows.led_by(connection, records)
            else:
                found.sorted[order].update(*(whose.get(record, ()) for record in records))
    if not known or any(one.what not in _TOLD for one in ops):
        _lose(found, kind)


def _whose(connection: "Connection", kind: str, ops: "Collection[News]") -> tuple[dict[int, set[int]], bool]:
    """The households records belong to, themselves or by a person, and did before; and whether that is known of all."""
    records = {one.record for one in ops}
    if kind == HOME:
        return {record: {record} for record in records}, True
    if kind == PERSON:
        return rows.lived_in(connection, records), True
    owners = rows.owners(connection, kind, records, person=kind in _OF_PEOPLE)
    past = {one.record for one in ops if one.record not in owners or _has_past(kind, one)}
    named = ever_named(
        connection, discover.kinds()[kind].kind, past, _OWNERS if kind in _OF_PEOPLE else _OWNERS - {"resident_id"}
    )
    homes = {record: {home for home in (owners.get(record, _NOBODY)[0],) if home} for record in records}
    people = {record: {one for one in (owners.get(record, _NOBODY)[1],) if one} for record in records}
    for record, fields in named.items():
        homes[record] |= fields["household_id"]
        people[record] |= fields.get("resident_id", set())
    lived = rows.lived_in(connection, set().union(*people.values()))
    found = {one: homes[one].union(*(lived.get(person, ()) for person in people[one])) for one in records}
    return found, named.keys() == past


def _has_past(kind: str, one: "News") -> bool:
    """Whether its record may have been another household's, or was taken back."""
    return one.what in _LIFE or (one.what != What.CREATE and bool(_named(kind, one) & _OWNERS))


def _lose(found: Changed, kind: str) -> None:
    found.unclear.add(kind)
    found.lost |= {order for order, kinds in ORDERS.items() if kind in kinds}
