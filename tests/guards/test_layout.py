"""The top of the repository holds what it always holds; what the program needs at run time comes along in the wheel."""

import tomllib
from pathlib import Path

from gridworker import resources

TOP = Path(__file__).parents[2]
FIXED = {"CHANGELOG.md", "LICENSE", "Makefile", "README.md", "gridworker", "pyproject.toml", "resources", "tests"}
BUILT = {"build", "dist", "gridworker.egg-info"}


def test_top_level_is_the_fixed_one() -> None:
    assert {path.name for path in TOP.iterdir() if not path.name.startswith(".")} - BUILT == FIXED


def test_resources_are_packed_where_they_are_looked_for() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))
    packed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert packed == {"resources": "gridworker/_resources"}
    assert resources.path("locale") == TOP / "resources" / "locale"


def test_pyside_stays_below_the_release_that_aborts() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))
    assert "PySide6-Essentials>=6.8,<6.12" in project["project"]["dependencies"]
