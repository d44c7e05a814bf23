"""What may be due within a few days, found without asking the rules about everybody.

At an office with 33,000 households nearly all are not due. The statements here leave those out by what the policies
say at the least, so that the rules of ``domain/visit_due.py`` are asked about few. They may let one through too many,
never one too few.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from gridworker.domain.moments import CHINA, written
from gridworker.domain.visit_due import EFFECTIVE
from gridworker.domain.visit_policy import FIRST_VISIT_DAYS, MONTHLY, QUARTERLY, TENANT, USUAL, WEEKLY, Policy
from gridworker.store.log.clock import EPOCH, MS_SHIFT
from gridworker.store.queries.belonging import belongs
from gridworker.store.queries.gathered import gathered
from gridworker.store.queries.made import made_on as made_day

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class Alike(NamedTuple):
    """Households without care whose regular visit comes up, of which the same follows: tens of thousands are few.

    ``since`` is the day from which their next visit counts: that of the last one, or on which they came on the books.
    ``visited`` is 0 where there was none yet, ``missed_on`` the day of an attempt since. ``plain`` is 1 where nothing
    else speaks of the next: no day was agreed.
    """

    rented: int
    since: str
    visited: int
    missed_on: str | None
    plain: int
    households: list[int]


class Cared(NamedTuple):
    """Households in care, or that arranged for themselves to be called on oftener, of which the same visit follows.

    ``asks`` has for each care its cadence and the day from which its next visit counts: that of the last one, or the
    first of the care. ``missed_on`` is the day of an attempt since the last visit, or None. ``plain`` is 1 where
    nothing else speaks of the next: no day was agreed last time, no tenant waits to be welcomed.
    """

    asks: tuple[tuple[str | None, str], ...]
    missed_on: str | None
    plain: int
    households: list[int]


class CalledOn(NamedTuple):
    """How a household was called on: the attempt since the last visit, the last visit at the door since a moment.

    ``plain`` is 1 where no day was agreed last time.
    """

    household: int
    missed_on: str | None
    at_the_door: str | None
    plain: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """Until when visits are looked for, by which policies."""

    today: date
    until: date
    policies: Mapping[str, Policy]

    def day(self, policy: str) -> str:
        """The last day a visit on which makes the next one due by ``until``."""
        return (self.until - timedelta(days=self.policies[policy].interval_days)).isoformat()

    def moment(self, policy: str) -> str:
        """The same as a moment: the end of that day."""
        return _end_of(self.until - timedelta(days=self.policies[policy].interval_days))

    def id(self, days: int) -> int:
        """The id of a record made at the end of the day so many days before ``until``."""
        return _id_at(self.until - timedelta(days=days - 1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


_DAY = timedelta(days=1) // timedelta(milliseconds=1)
_FIRST_DAY = EPOCH.astimezone(CHINA).date().toordinal()
_MORNING = (EPOCH - _midnight(date.fromordinal(_FIRST_DAY))) // timedelta(milliseconds=1)
"""How far into its day in China the first millisecond of the clock lies."""


def _end_of(day: date) -> str:
    return written(_midnight(day + timedelta(days=1)))


def _id_at(day: date) -> int:
    return max(int((_midnight(day) - EPOCH) / timedelta(milliseconds=1)), 0) << MS_SHIFT


def made_on(record: int) -> date:
    """The day a record came on the books; whole days are counted, since thousands are asked for at once."""
    return date.fromordinal(_FIRST_DAY + ((record >> MS_SHIFT) + _MORNING) // _DAY)


_OUTCOMES = ", ".join(f"'{outcome}'" for outcome in sorted(EFFECTIVE))
_NOT_RENTED = "coalesce(h.dwelling_id, 0) NOT IN (SELECT id FROM dwelling WHERE usage = 'rented')"
"""Asked of all doors once, not of the door of every household: the other half of the question reads them anyway."""
_CALLED = "LEFT JOIN last_call l ON l.household = h.id"
_VISITED = "date(l.met_at, '+8 hours')"
_MISSED = "CASE WHEN l.effective OR l.at <= l.met_at THEN NULL ELSE date(l.at, '+8 hours') END"
"""Of two calls in the same minute, one of which met somebody, the other is no attempt since."""
_OF_CALLS = f"h.id, h.visit_policy, {_VISITED} AS visited_on, {_MISSED} AS missed_on, l.follow_up_on IS NULL AS plain"
"""A household with how it was called on: looked up once, for to find it a second time takes as long."""
_CARED = (
    "cared AS MATERIALIZED (SELECT coalesce(c.household_id, m.household_id) AS household, c.cadence, "
    f"coalesce(c.start_on, {made_day('c')}) AS start_on FROM care_membership c "
    "LEFT JOIN household_member m ON c.household_id IS NULL AND m.resident_id = c.resident_id "
    f"AND {belongs()} WHERE c.end_on IS NULL OR c.end_on >= :today "
    f"UNION ALL SELECT o.id, o.visit_policy, {made_day('o')} FROM household o WHERE o.visit_policy IS NOT NULL)"
)
"""What asks for visits oftener than everybody is visited: each care, and what a household arranged for itself."""
_IN_FORCE = "(c.end_on IS NULL OR c.end_on >= :today)"
_IN_CARE = (
    f"EXISTS (SELECT 1 FROM care_membership c WHERE c.household_id = h.id AND {_IN_FORCE}) "
    "OR EXISTS (SELECT 1 FROM household_member m CROSS JOIN care_membership c ON c.resident_id = m.resident_id "
    f"WHERE m.household_id = h.id AND c.household_id IS NULL AND {belongs()} "
    f"AND {_IN_FORCE})"
)
_WANTED = "h.status IS NOT 'moved_out' AND coalesce(h.visit_wish, '') <> 'not_wanted'"


def _ids(text: str) -> list[int]:
    ids: list[int] = json.loads(f"[{text}]")
    return ids


def _asks(text: str) -> tuple[tuple[str | None, str], ...]:
    cares = (care.partition(" ") for care in sorted(text.split(",")))
    return tuple([(cadence or None, since) for cadence, _, since in cares])


def plain_due(connection: "Connection", ahead: Ahead) -> list[Alike]:
    """Households without care or a cadence of their own whose visit may be due by then.

    A tenant nobody has welcomed yet is among them, in care or not. Tenants are found from the rented doors: to ask
    every household for its door would take as long as everything else.
    """
    rows = gathered(
        connection,
        6,
        "WITH rented AS MATERIALIZED (SELECT id FROM dwelling WHERE usage = 'rented'), "
        f"slow AS (SELECT 0 AS rented, {_OF_CALLS} FROM household h {_CALLED} WHERE {_WANTED} "
        "AND h.id < :usual AND (l.met_at IS NULL OR l.met_at < :usual_at) "
        "AND coalesce(h.dwelling_id, 0) NOT IN (SELECT id FROM rented) "
        f"UNION ALL SELECT 1, {_OF_CALLS} FROM rented d CROSS JOIN household h ON h.dwelling_id = d.id "
        f"{_CALLED} WHERE {_WANTED} AND h.id < :first AND (l.met_at IS NULL OR l.met_at < :tenant_at)) "
        f"SELECT h.rented, max(coalesce(h.visited_on, ''), {made_day('h')}), h.visited_on IS NOT NULL, h.missed_on, "
        "h.plain, group_concat(h.id) FROM slow h WHERE NOT (h.rented AND h.visited_on IS NOT NULL AND h.id >= :tenant) "
        f"AND ((h.rented AND h.visited_on IS NULL) OR NOT (h.visit_policy IS NOT NULL OR {_IN_CARE})) "
        "GROUP BY 1, 2, 3, 4, 5",
        {
            "today": ahead.today.isoformat(),
            "first": ahead.id(FIRST_VISIT_DAYS),
            "tenant": ahead.id(ahead.policies[TENANT].interval_days),
            "usual": ahead.id(ahead.policies[USUAL].interval_days),
            "tenant_at": ahead.moment(TENANT),
            "usual_at": ahead.moment(USUAL),
        },
    )
    return [
        Alike(rented, since, visited, missed_on, plain, _ids(ids))
        for rented, since, visited, missed_on, plain, ids in rows
    ]


def care_due(connection: "Connection", ahead: Ahead) -> list[Cared]:
    """The households whose care may ask for a visit by then, those of which the same follows as one row."""
    rows = gathered(
        connection,
        4,
        f"WITH {_CARED}, due AS (SELECT h.id, {_MISSED} AS missed_on, "
        f"l.follow_up_on IS NULL AND (l.met_at IS NOT NULL OR {_NOT_RENTED}) AS plain, group_concat("
        f"coalesce(cared.cadence, '') || ' ' || max(cared.start_on, coalesce({_VISITED}, ''))) AS asks "
        f"FROM cared LEFT JOIN last_call l ON l.household = cared.household CROSS JOIN household h "
        f"ON h.id = cared.household WHERE {_WANTED} "
        "AND cared.start_on <= CASE cared.cadence WHEN 'V1' THEN :weekly WHEN 'V3' THEN :quarterly ELSE :monthly END "
        "AND (l.met_at IS NULL OR l.met_at < "
        "CASE cared.cadence WHEN 'V1' THEN :weekly_at WHEN 'V3' THEN :quarterly_at ELSE :monthly_at END) "
        "GROUP BY h.id) SELECT asks, missed_on, plain, group_concat(id) FROM due GROUP BY 1, 2, 3",
        {
            "today": ahead.today.isoformat(),
            "weekly": ahead.day(WEEKLY),
            "monthly": ahead.day(MONTHLY),
            "quarterly": ahead.day(QUARTERLY),
            "weekly_at": ahead.moment(WEEKLY),
            "monthly_at": ahead.moment(MONTHLY),
            "quarterly_at": ahead.moment(QUARTERLY),
        },
    )
    return [Cared(_asks(asks), missed_on, plain, _ids(ids)) for asks, missed_on, plain, ids in rows]


def called_on(connection: "Connection", households: Mapping[int, datetime | None]) -> list[CalledOn]:
    """Those of some households that live here; each with the moment since when visits at the door are looked for."""
    # As they lie in the file: in another order its pages are read again and again.
    since = {household: written(at) if at else None for household, at in sorted(households.items(), key=itemgetter(0))}
    rows = gathered(
        connection,
        4,
        f"SELECT h.id, {_MISSED}, CASE WHEN l.at >= w.value THEN (SELECT max(v.started_at) FROM visit v "
        f"WHERE v.household_id = h.id AND v.started_at >= w.value AND v.outcome IN ({_OUTCOMES}) "
        "AND coalesce(v.channel, 'door') = 'door') END, "
        f"l.follow_up_on IS NULL FROM json_each(?) w CROSS JOIN household h ON h.id = CAST(w.key AS INTEGER) {_CALLED} "
        "WHERE h.status IS NOT 'moved_out'",
        (json.dumps(since),),
    )
    return [CalledOn(*row) for row in rows]


def agreed_by(connection: "Connection", until: date) -> set[int]:
    """Households whose last visit or attempt agreed on a day up to ``until``."""
    rows = gathered(
        connection,
        1,
        "SELECT h.id FROM last_call l CROSS JOIN household h ON h.id = l.household "
        "WHERE l.follow_up_on <= ? AND h.status IS NOT 'moved_out'",
        (until.isoformat(),),
    )
    return {row[0] for row in rows}


def visited(connection: "Connection", monday: date) -> dict[date, int]:
    """How many households were visited, attempts left out, on each day of a week.

    A day at a time, from an index that has them by their moment: in half the time that telling each one's day takes.
    """
    week = (monday + timedelta(days=step) for step in range(7))
    return {day: count for day in week if (count := _visited_on(connection, day))}


def _visited_on(connection: "Connection", day: date) -> int:
    found = connection.exec_driver_sql(
        "SELECT count(DISTINCT household_id) FROM visit "
        f"WHERE started_at >= ? AND started_at < ? AND outcome IN ({_OUTCOMES})",
        (written(_midnight(day)), _end_of(day)),
    )
    return int(found.scalar_one())
