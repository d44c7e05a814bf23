"""What no journal covers is held from close to start: no table is forgotten, and a change in any of them shows."""

from gridworker import discover
from gridworker.store.health import unlogged
from gridworker.store.store import Store

READ_FROM_THE_LOG = {"op", "sheaf", "batch", "head", "conflict", "awaited", "pending", "ruling", "judged", "erased",
                     "newest", "last_call", "past", "worked_out"}  # fmt: skip
"""Or the log itself; the self-check holds one against the other."""
HELD = (*unlogged._FEW, *unlogged._MANY)


def of(store: Store) -> str:
    with store.cursor() as cursor:
        return unlogged.fingerprint(cursor)[1]


def fill(store: Store, table: str) -> None:
    """A row in which every value is its own."""
    with store.db.write() as connection:
        columns = connection.exec_driver_sql(f"SELECT name, type FROM pragma_table_info('{table}')").all()
        values = tuple(
            number + 7 if kind == "INTEGER" else f"word {number}" if kind == "TEXT" else bytes([number]) * 40
            for number, (_, kind) in enumerate(columns)
        )
        connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({','.join('?' * len(values))})", values)


def test_every_table_is_held_or_read_from_the_log(office: Store) -> None:
    with office.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%'")
        there = {name for (name,) in cursor.fetchall()}
    assert there - set(discover.kinds()) - READ_FROM_THE_LOG - {"meta"} == set(HELD)


def test_another_value_in_any_column_of_any_table_shows(office: Store) -> None:
    with office.db.write() as connection:
        connection.exec_driver_sql("DELETE FROM author")
    for table in HELD:
        fill(office, table)
        seen = [of(office)]
        with office.cursor() as cursor:
            cursor.execute(f"SELECT name, type FROM pragma_table_info('{table}')")
            columns = cursor.fetchall()
        for name, kind in columns:
            value = 8_000_000_000_000_007 if kind == "INTEGER" else "word x" if kind == "TEXT" else b"x" * 40
            with office.db.write() as connection:
                connection.exec_driver_sql(f'UPDATE {table} SET "{name}" = ?', (value,))
            seen.append(of(office))
        assert len(set(seen)) == len(columns) + 1, table


def test_a_setting_shows_and_what_a_start_writes_does_not(office: Store) -> None:
    before = of(office)
    with office.settings() as settings:
        settings.set("nonce", "another")
    assert of(office) == before
    with office.settings() as settings:
        settings.set("recovery_keys", "another")
    assert of(office) != before
