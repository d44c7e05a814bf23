"""The map at the head of a folder names what is there."""

import re
from pathlib import Path

import pytest

import gridworker

HOUSE = Path(gridworker.__file__).parent


@pytest.mark.parametrize("folder", ["app", "gui", "sheets", "store", "sync"])
def test_what_the_map_of_a_folder_names_is_there(folder: str) -> None:
    named = re.findall(r"``([a-z_]+\*?)``", (HOUSE / folder / "__init__.py").read_text("utf-8"))
    there = {path.stem for path in (HOUSE / folder).iterdir()}
    assert len(named) > 10
    for name in named:
        assert any(part.startswith(name[:-1]) if name.endswith("*") else part == name for part in there), name
