"""Opening a store of another version: it is refused before anything of it is touched."""

import json
from pathlib import Path

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import StoreNewer
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.meta import Meta
from tests.circle import PASSPHRASE, Circle


def test_a_newer_store_is_left_as_it_is_and_no_backup_is_made_of_it(circle: Circle) -> None:
    """By an older program: it says which one opens it, and neither reads anything anew nor offers another way."""
    session = circle.office.session
    with session.store.cursor() as cursor:
        signature = json.loads(Meta(cursor).text("signature"))
    with session.store.settings() as settings:
        settings.set("signature", json.dumps({**signature, "known": [*signature["known"], [9999, 1]]}))
        settings.set("version", "9.9.9")
    folder = session.folder
    circle.close("office")
    before = contents(folder.root)
    with pytest.raises(StoreNewer, match=r"Gridworker 9\.9\.9 .* Install the newer one"):
        Workspace.open(folder.root, PASSPHRASE, profile=CHEAP)
    assert contents(folder.root) == before


def contents(root: Path) -> dict[str, bytes]:
    """Every file of a data folder but the count of wrong passphrases and the lock."""
    found = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return {name: data for name, data in found.items() if "lock" not in name and not name.endswith("-shm")}
