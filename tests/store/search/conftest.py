"""A small store that tests fill row by row, past the log: what they ask is what the index makes of the rows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from gridworker.store.engine.database import Database
from tests.store import crowd


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """Within one transaction."""
    database = Database(tmp_path / "store.db", bytes(32), create=True)
    with database.write() as writing:
        crowd.create(writing)
        yield writing
    database.close()
