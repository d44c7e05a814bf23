"""A file that a comment or docstring of the program names is there: renaming one leaves no dead pointer."""

import re
from pathlib import Path

import gridworker

HOUSE = Path(gridworker.__file__).parent
TOP = HOUSE.parent


def test_files_named_in_the_program_are_there() -> None:
    there = [
        "/" + path.relative_to(TOP).as_posix()
        for part in (HOUSE, TOP / "tests", TOP / ".ci")
        for path in part.rglob("*.py")
    ]
    named = {
        (path.relative_to(TOP).as_posix(), name)
        for path in HOUSE.rglob("*.py")
        for name in re.findall(r"[\w/.]*\w+\.py\b", path.read_text("utf-8"))
    }
    assert len(named) > 20
    assert sorted(one for one in named if not any(path.endswith("/" + one[1].lstrip("/")) for path in there)) == []
