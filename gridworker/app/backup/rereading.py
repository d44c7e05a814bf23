"""Old backups read through once more, one a day: a disk rots where nobody looks, and a list reads only what they say.

What was found stays with the list, and one that is bad is none of the three that are always kept.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.store.meta import Meta

READ = "backups_read"
"""Name of the setting: {path: [day it was read through last, whether it was whole then]}."""

Read: TypeAlias = Mapping[str, tuple[str, bool]]


def read_through(settings: "Meta") -> Read:
    """The day each backup was read through last, and whether it was whole, by its path."""
    return {path: (str(day), bool(whole)) for path, (day, whole) in json.loads(settings.text(READ, "{}")).items()}


def remember_read(settings: "Meta", path: Path, day: str, *, whole: bool) -> None:
    """It was read through. Those that were thinned out since are forgotten."""
    known = {name: said for name, said in read_through(settings).items() if Path(name).is_dir()}
    settings.set(READ, json.dumps({**known, str(path): (day, whole)}, ensure_ascii=False))


class Listed(Protocol):
    """A backup as far as its turn goes."""

    @property
    def path(self) -> Path:
        """Where it is."""

    @property
    def serial(self) -> int:
        """Those made later have more."""


_L = TypeVar("_L", bound=Listed)


def whose_turn(read: Read, backups: Sequence[_L], day: str) -> _L | None:
    """The one read longest ago; of those never read again the oldest. None where one was read that day already."""
    if any(last == day for last, _ in read.values()):
        return None
    return min(backups, key=lambda one: (read.get(str(one.path), ("", True))[0], one.serial), default=None)


def fault_words(read: Read) -> str:
    """What to say of those that were found bad; empty where all that were read again are whole."""
    bad = [Path(path).name for path, (_, whole) in read.items() if not whole and Path(path).is_dir()]
    if not bad:
        return ""
    return gettext("A backup was read through again and is damaged: {name}. Make a new one now.").format(name=bad[-1])
