"""The map at the head of a folder names what is there."""

import re
from pathlib import Path

import pytest

import gridworker

HOUSE = Path(gridworker.__file__).parent


@pytest.mark.parametrize("folder", ["app", "gui", "sheets", "store", "sync"])
def test_what_the_map_of_a_folder_names_is_there(folder: str) -> None:
    named = re.findall(r"``([a-z_/]+\*?)``", (HOUSE / folder / "__init__.py").read_text("utf-8"))
    there = {path.relative_to(HOUSE / folder).with_suffix("").as_posix() for path in (HOUSE / folder).rglob("*")}
    assert len(named) > 10
    for name in named:
        assert any(part.startswith(name[:-1]) if name.endswith("*") else part == name for part in there), name


@pytest.mark.parametrize("folder", ["app", "gui", "store", "sync"])
def test_every_folder_is_on_the_map_and_says_what_it_is(folder: str) -> None:
    said = (HOUSE / folder / "__init__.py").read_text("utf-8")
    inner = [path.parent for path in (HOUSE / folder).glob("*/__init__.py")]
    assert len(inner) >= 5
    for path in inner:
        assert f"``{path.name}``" in said, path.name
        assert len((path / "__init__.py").read_text("utf-8")) > 20, path.name
