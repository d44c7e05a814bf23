"""Where the files that ship with the program are: beside the source tree, or inside the installed package."""

from functools import cache
from pathlib import Path


@cache
def _root() -> Path:
    package = Path(__file__).resolve().parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"


def path(*parts: str) -> Path:
    """A shipped file or folder, e.g. ``path("theme", "tokens.json")``."""
    return _root().joinpath(*parts)
