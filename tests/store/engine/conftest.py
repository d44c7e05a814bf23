"""A file for the engine alone, without a store in it."""

from pathlib import Path

import pytest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where it will be; its folder is not there yet."""
    return tmp_path / "data" / "store.db"
