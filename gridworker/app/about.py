"""What this program is made of: its version, those of its parts, and under which licence each may be used."""

import platform
import re
import sys
from dataclasses import dataclass
from importlib import metadata

_SYSTEM = re.compile(r"sys_platform == [\"'](\w+)")
_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_UNTOLD = {
    "pyrage": "MIT",
    "sqlcipher3": "Zlib AND BSD-3-Clause",
    "pyside6-essentials": "LGPL-3.0-only",
    "python-stdnum": "LGPL-2.1-or-later",
}
"""Licences that a part does not state where it should, or the one of several that is made use of."""


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A part of the program."""

    name: str
    version: str
    licence: str


def ingredients() -> list[Ingredient]:
    """Gridworker itself first, then Python, then the libraries by name."""
    from gridworker import __version__
    from gridworker.store.engine.database import ENGINE

    names = sorted({match.group() for match in map(_NAME.match, _required()) if match}, key=str.lower)
    own = Ingredient("Gridworker", __version__, "Apache-2.0")
    python = Ingredient("Python", platform.python_version(), "PSF-2.0")
    engine = Ingredient("SQLite", ENGINE, "blessing")
    return [own, python, engine, *(_ingredient(name) for name in names)]


def _required() -> list[str]:
    try:
        found = metadata.requires("gridworker") or []
    except metadata.PackageNotFoundError:  # run from a folder that was never installed
        return []
    return [line for line in found if "extra ==" not in line and not _is_for_others(line)]


def _is_for_others(line: str) -> bool:
    """Whether a library is needed on another system than this one alone."""
    system = _SYSTEM.search(line)
    return system is not None and system[1] != sys.platform


def _ingredient(name: str) -> Ingredient:
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return Ingredient(name, "", _UNTOLD.get(name, ""))
    stated = (told[key] for key in ("License-Expression", "License") if key in told)
    return Ingredient(name, told["Version"], _UNTOLD.get(name) or next(stated, ""))
