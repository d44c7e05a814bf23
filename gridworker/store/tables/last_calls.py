"""When each household was last called on: one short row a household, read from its visits.

Today asks this of every household. Asked of the visits themselves, their index of many thousand pages is read through
and decrypted before the first line shows; this table has a few hundred. ``last_call``:

    household       the household
    at              when the last visit or attempt began
    effective       1 where that one satisfies the schedule
    follow_up_on    the day agreed on it for the next
    met_at          when the last one that satisfies the schedule began

Three triggers keep it, in the transaction that writes a visit, whoever writes it: nobody can forget to. They need
``PRAGMA recursive_triggers``, or a row that is replaced would leave without a word.
"""

from typing import TYPE_CHECKING

from gridworker.domain.visit_due import EFFECTIVE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gridworker.store.log.log import Cursor

VERSION = 1
"""Of the statements; a store with others is read anew."""

_OUTCOMES = ", ".join(f"'{outcome}'" for outcome in sorted(EFFECTIVE))
_LAST = (
    f"SELECT v.household_id, v.started_at, v.outcome IN ({_OUTCOMES}), v.follow_up_on, (SELECT max(m.started_at) "
    f"FROM visit m WHERE m.household_id = v.household_id AND m.outcome IN ({_OUTCOMES})) FROM visit v"
)
_NEWEST = "ORDER BY v.started_at DESC, v.id DESC LIMIT 1"
_COLUMNS = "household, at, effective, follow_up_on, met_at"
_TABLE = (
    "CREATE TABLE last_call (household INTEGER PRIMARY KEY, at TEXT, effective INTEGER, follow_up_on TEXT, met_at TEXT)"
)
_EVENTS = {
    "visit_made": ("INSERT", ("NEW",)),
    "visit_changed": ("UPDATE OF household_id, started_at, outcome, follow_up_on", ("OLD", "NEW")),
    "visit_gone": ("DELETE", ("OLD",)),
}


def make_anew(cursor: "Cursor") -> None:
    """The empty table and its triggers, in the place of those that are there. The visits are an empty table too."""
    cursor.execute("DROP TABLE IF EXISTS last_call")
    cursor.execute(_TABLE)
    for name, (event, rows) in _EVENTS.items():
        body = " ".join(statement for row in rows for statement in _read_anew(f"{row}.household_id"))
        cursor.execute(f"CREATE TRIGGER {name} AFTER {event} ON visit BEGIN {body} END")


def differing(cursor: "Cursor") -> list[int]:
    """Households whose row is not what their visits say."""
    cursor.execute(
        "WITH called AS (SELECT DISTINCT household_id AS household FROM visit WHERE household_id IS NOT NULL), "
        f"expected AS ({_LAST} JOIN called ON v.id = (SELECT v.id FROM visit v WHERE v.household_id = called.household "
        f"{_NEWEST})), kept AS (SELECT {_COLUMNS} FROM last_call) "
        "SELECT household_id FROM (SELECT * FROM expected EXCEPT SELECT * FROM kept) UNION "
        "SELECT household FROM (SELECT * FROM kept EXCEPT SELECT * FROM expected)"
    )
    return [row[0] for row in cursor.fetchall()]


def _read_anew(household: str) -> "Iterator[str]":
    yield f"DELETE FROM last_call WHERE household = {household};"
    yield f"INSERT INTO last_call ({_COLUMNS}) {_LAST} WHERE v.household_id = {household} {_NEWEST};"
