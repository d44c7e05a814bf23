"""What a reading costs, counted in steps of the engine: no clock is asked."""

from collections.abc import Callable

from gridworker.store.log.log import Cursor


def steps_of(cursor: Cursor, read: Callable[[], object]) -> int:
    """How many steps the engine takes while something is read with this cursor."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    connection = cursor.connection  # type: ignore[attr-defined]  # the driver's
    connection.set_progress_handler(count, 1)
    try:
        read()
    finally:
        connection.set_progress_handler(None, 1)
    return taken
