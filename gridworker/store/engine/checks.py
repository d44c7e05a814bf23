"""A check of all pages by the engine, which can be stopped on its way."""

from collections.abc import Callable
from typing import TypeAlias

import sqlcipher3.dbapi2 as driver

Still: TypeAlias = Callable[[], object] | None
"""Asked now and then while something takes long; it raises where nobody wants it any more."""

PAGE_SIZE = 4096
"""Bytes of a page of the file."""

ASKED_EVERY = 1_000_000
"""Steps of the engine after which a check can be stopped: some hundredths of a second."""


def named_by(connection: driver.Connection, pragma: str, still: Still = None) -> list[str]:
    """What a check of the engine names as wrong, in its words. Raises what ``still`` raises, and the driver's errors.

    A connection is good for one: a bad page makes every later answer of it wrong.
    """
    stopped: list[BaseException] = []

    def ask() -> int:
        try:
            if still is not None:
                still()
        except BaseException as reason:  # noqa: BLE001 - the engine stops first, then it is raised again
            stopped.append(reason)
        return len(stopped)

    try:
        connection.set_progress_handler(ask if still is not None else None, ASKED_EVERY)
        rows = connection.execute(f"PRAGMA {pragma}").fetchall()
    except driver.Error:
        if stopped:
            raise stopped[0] from None
        raise
    return [str(row[0]) for row in rows if row[0] != "ok"]
