"""What orders and filters of the list of households follow from, and which households what has come bears on."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.app.household.filter import Part
from gridworker.app.household.order import CARE, NAME, PEOPLE, VISITED
from gridworker.store.log.op import What
from gridworker.store.queries import household_news as rows
from gridworker.store.queries import news as journal

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.queries.news import News

HOME, MEMBER, PERSON, CARED, CONSENT, VISIT = (
    "household", "household_member", "resident", "care_membership", "consent", "visit",
)  # fmt: skip

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
    "door": frozenset({HOME}),
    "number": frozenset({HOME}),
})  # fmt: skip
"""The kinds a filter follows from. What is done to a place may move households in every order: then all is dropped."""

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
"""A record that is given to another household bears on the former one too, which is told nowhere."""

_LOOKED_UP = frozenset({MEMBER, PERSON, CARED, CONSENT, VISIT})
_OF_PEOPLE = _LOOKED_UP - {PERSON, VISIT}

_MOVING = frozenset({"dwelling_id", "status"})

_APART = frozenset({
    "issue", "issue_step", "issue_party", "attachment", "need", "service_request", "volunteer_service", "duty_shift",
    "training_record", "post_assignment", "disclosure", "handover_request", "merchant", "export_preset",
    "ledger_columns", "audit_event", "staff",
})  # fmt: skip
"""Kinds that bear on no household's place in a list. Of those not named here one never knows."""


@dataclass
class Changed:
    """What has come. ``homes`` may have changed in what follows from ``kinds``; of ``unclear`` ones nobody knows whose.

    ``orders`` are not what they were; ``visited`` are those of ``homes`` that a visit was to.
    """

    kinds: set[str] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)
    homes: set[int] = field(default_factory=set)
    visited: set[int] = field(default_factory=set)
    orders: set[str] = field(default_factory=set)


def follows_from(part: Part) -> frozenset[str]:
    """The kinds one part of a filter follows from."""
    return FILTERS[part.value if part.name == "missing" else part.name]


def changed_since(connection: "Connection", link: int) -> Changed | None:
    """What came after a link of the journal; None where everything may be different."""
    news = journal.since(connection, link)
    if news is None:
        return None
    found, by_kind = Changed(), _by_kind(news)
    if any(_moves(kind, ops) for kind, ops in by_kind.items()):
        return None
    for kind, ops in by_kind.items():
        if kind not in _APART:
            _take(connection, found, kind, ops)
    return found


def _by_kind(news: "Collection[News]") -> dict[str, list["News"]]:
    names = {kind.kind.number: kind.kind.name for kind in discover.kinds().values()}
    found: dict[str, list[News]] = defaultdict(list)
    for one in news:
        found[names.get(one.kind, "")].append(one)
    return found


def _moves(kind: str, ops: "Collection[News]") -> bool:
    """Whether these may change who is in the list at all, or whose door is where."""
    if kind != HOME:
        return kind not in _APART and kind not in _LOOKED_UP
    return any(one.what != What.EDIT or _named(kind, one) & _MOVING for one in ops)


def _named(kind: str, one: "News") -> frozenset[str]:
    specs = discover.kinds()[kind].kind.numbered
    return frozenset(specs[number].name for number in one.fields if number in specs)


def _take(connection: "Connection", found: Changed, kind: str, ops: "Collection[News]") -> None:
    """Take what came of one kind into account."""
    found.kinds.add(kind)
    named = {name for one in ops for name in _named(kind, one)}
    found.orders |= {order for order, kinds in ORDERS.items() if named & kinds.get(kind, frozenset())}
    records = {one.record for one in ops}
    if kind == HOME:
        found.homes |= records
    elif kind == PERSON:
        found.homes |= rows.lived_in(connection, records)
        if not rows.any_leads(connection, records):
            found.orders.discard(NAME)
    else:
        _take_owned(connection, found, kind, records)
    given_away = any(one.what == What.EDIT and _named(kind, one) & _OWNERS for one in ops)
    if given_away or any(one.what not in {What.CREATE, What.EDIT} for one in ops):
        _lose(found, kind)


def _take_owned(connection: "Connection", found: Changed, kind: str, records: Collection[int]) -> None:
    """The households that records of a kind belong to, themselves or by a person of theirs."""
    owners = rows.owners(connection, kind, records, person=kind in _OF_PEOPLE)
    homes = {home for home, _ in owners.values() if home is not None}
    homes |= rows.lived_in(connection, {person for _, person in owners.values() if person is not None})
    found.homes |= homes
    if kind == VISIT:
        found.visited |= homes
    if len(owners) < len(records):  # it is gone again, or its creation has not come
        _lose(found, kind)


def _lose(found: Changed, kind: str) -> None:
    found.unclear.add(kind)
    found.orders |= {order for order, kinds in ORDERS.items() if kind in kinds}
