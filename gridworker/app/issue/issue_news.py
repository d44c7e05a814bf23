"""Which issues may stand otherwise by what the journal brought: they and their steps, and those of doors that moved."""

from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.store.log.op import What
from gridworker.store.queries import household_news, news
from gridworker.store.queries import issues as rows
from gridworker.store.queries.ever_named import ever_named

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.queries.news import News

MOST = 2_000
"""Of more issues all are read anew."""

_WHERE = {"household": "dwelling_id", "dwelling": "building_id"}
"""What says in which building an issue is, beside itself."""

_SAID = ("household", "household_member", "resident", "dwelling", "building")
"""What an issue's door and the name of who stands for its household follow from."""

_CLOCKS = "clock_correction"
"""Such a record may show other values of many others (store/intake/choosing.py)."""

_PLAIN = frozenset({What.CREATE, What.EDIT, What.DELETE, What.RESTORE, What.RESOLVE})
"""What an op of another sort does may go beyond the record it names."""


def changed_since(connection: "Connection", link: int) -> set[int] | None:
    """The issues that may stand otherwise than at a link of the journal; None where that is not known, or are many."""
    came = news.since(connection, link)
    if came is None:
        return None
    names = {number: kind.kind.name for number, kind in discover.by_number().items()}
    by_kind: defaultdict[str, list[News]] = defaultdict(list)
    for one in came:
        by_kind[names.get(one.kind, "")].append(one)
    asked = [by_kind[kind] for kind in ("issue", "issue_step", "household", "dwelling")]
    if by_kind[""] or any(one.what not in _PLAIN for ops in asked for one in ops):
        return None
    issues, steps = ({one.record for one in by_kind[kind]} for kind in ("issue", "issue_step"))
    homes, doors = (_moved(by_kind[kind], kind, field) for kind, field in _WHERE.items())
    stepped = _stepped(connection, steps)
    behind = household_news.behind(connection, doors, (), MOST + 1)
    if stepped is None or len(behind) > MOST:
        return None
    found = issues | stepped | rows.at_homes(connection, homes | behind)
    return found if len(found) <= MOST else None


def said_otherwise_since(connection: "Connection", link: int) -> set[int] | None:
    """The issues that may also say something else: by who is the head of a household, by names of people and places.

    None where that is not known, or are many.
    """
    issues, came = changed_since(connection, link), news.since(connection, link)
    if issues is None or came is None:
        return None
    kinds = discover.kinds()
    by_kind = {kind: [one for one in came if one.kind == kinds[kind].kind.number] for kind in (*_SAID, _CLOCKS)}
    if by_kind[_CLOCKS] or any(one.what not in _PLAIN for ops in by_kind.values() for one in ops):
        return None
    homes, members, people, doors, blocks = ({one.record for one in by_kind[kind]} for kind in _SAID)
    named = ever_named(connection, kinds["household_member"].kind, members, {"household_id"}) if members else {}
    behind = household_news.behind(connection, doors, blocks, MOST + 1)
    if named.keys() != members or len(behind) > MOST:
        return None
    homes |= behind.union(*(fields["household_id"] for fields in named.values()))
    homes |= household_news.led_by(connection, people).union(*household_news.lived_in(connection, people).values())
    return issues | rows.at_homes(connection, homes) | rows.in_buildings(connection, blocks)


def _moved(ops: "Collection[News]", kind: str, field: str) -> set[int]:
    """Those that came or went, or of which a field is another."""
    number = discover.kinds()[kind].kind.specs[field].number
    return {one.record for one in ops if one.what != What.EDIT or number in one.fields}


def _stepped(connection: "Connection", steps: Collection[int]) -> set[int] | None:
    """The issues that steps are of, or ever were; None where that is not known."""
    if not steps:
        return set()
    named = ever_named(connection, discover.kinds()["issue_step"].kind, steps, {"issue_id"})
    if named.keys() != set(steps):
        return None
    return {issue for fields in named.values() for issue in fields["issue_id"]}
