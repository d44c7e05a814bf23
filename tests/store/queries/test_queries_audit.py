"""An office's own log: its own rows alone are read, in any of its lives, among all that its laptops handed in."""

from datetime import UTC
from pathlib import Path

from gridworker.domain.audit_event import BY_AN_OFFICE
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.clock import INCARNATION_BITS, OFFICE, device
from gridworker.store.queries import audit
from gridworker.store.queries.audit import Wanted
from gridworker.store.store import Store
from gridworker.store.tables.changes import Act, Change
from tests.builders import make_store
from tests.store.steps import steps_of

OWN = Wanted(laptop=OFFICE, actions=("search",))
LAST = (1 << INCARNATION_BITS) - 1
"""The last life of an office."""


def test_its_rows_of_every_life_and_of_no_laptop(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    own = [_noted(store, device(OFFICE, 0)), _noted(store, device(OFFICE, LAST))]
    _noted(store, device(1, 0))
    with store.db.read() as connection:
        assert [row.id for row in audit.rows(connection, OWN, UTC)] == own[::-1]
        assert audit.ids(connection, OWN, UTC) == own[::-1]
        assert [row.id for row in audit.rows(connection, OWN, UTC, before=own[1])] == own[:1]
    store.close()


def test_it_takes_no_longer_however_many_rows_came_from_laptops(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    _noted(store, device(OFFICE, 0))
    before = _steps(store)
    store.write([_row(store, device(1, 0)) for _ in range(2_000)], Act("create", 1))
    assert _steps(store) < before + 100
    store.close()


def test_the_index_is_of_as_many_lives_as_an_office_may_have() -> None:
    assert f"device < {device(1, 0)}" == BY_AN_OFFICE


def _steps(store: Store) -> int:
    with store.db.read() as connection:
        return steps_of(raw_cursor(connection), lambda: audit.rows(connection, OWN, UTC, limit=1))


def _noted(store: Store, by: int) -> int:
    row = _row(store, by)
    store.write([row], Act("create", 1))
    return row.record


def _row(store: Store, by: int) -> Change:
    values: dict[str, int | str | None] = {"at": "2026-03-18T01:42:00Z", "device": by, "action": "search"}
    return Change("audit_event", store.new_id(), values, create=True)
