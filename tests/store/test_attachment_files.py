"""The folder of sealed files: what is read is what was put in, or nobody gets it."""

from pathlib import Path

import pytest

from gridworker.errors import StoreDamaged
from gridworker.paths import Folder
from gridworker.store.attachment_files import Cabinet


def test_another_file_than_the_one_that_is_named_is_damage(tmp_path: Path) -> None:
    """It opens by its own key, as where two rows were swapped; what it holds is not what was asked for."""
    cabinet = Cabinet(Folder(tmp_path))
    wanted, other = (cabinet.put(content) for content in (b"door", b"stairs"))
    swapped = wanted._replace(path=other.path, key=other.key)
    for read in (cabinet.read, cabinet.sealed_hash):
        with pytest.raises(StoreDamaged):
            read(swapped)
    assert cabinet.read(wanted) == b"door"
