"""Two stores that can exchange ops, and a folder with key slots that open quickly."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gridworker.paths import Folder
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Vault
from gridworker.store.store import Store
from tests.builders import make_store


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Store]:
    """The office's."""
    store = make_store(tmp_path / "office")
    yield store
    store.close()


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Store]:
    """That of a worker."""
    store = make_store(tmp_path / "laptop", laptop=1)
    yield store
    store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "data")


@pytest.fixture
def vault(folder: Folder) -> Vault:
    return Vault(folder, CHEAP)
