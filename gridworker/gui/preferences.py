"""How the window looks and is used on this computer: language, text size, lock, keys, where it stood, who came last.

Known before a store is open.

A small JSON file outside the data folder; it holds nothing about anybody. Several windows may share it.
"""

import json
import os
import re
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from gridworker import text
from gridworker.gui.locking.idle import DEFAULT_MINUTES, LEAST_MINUTES, MOST_MINUTES
from gridworker.gui.look.fonts import SCALES
from gridworker.paths import settings_file
from gridworker.plainfile import read_plain

_MODES = ("automatic", "light", "dark")
_CHOSEN = ("language", "scale", "mode", "lock_minutes", "letters", "reveal_once")
_HEX = re.compile("[0-9a-f]*")


@dataclass(slots=True)
class Preferences:
    """What was chosen; a value that is not understood falls back to the default."""

    language: str = ""
    scale: float = 1.0
    mode: str = "automatic"
    lock_minutes: int = DEFAULT_MINUTES
    letters: bool = True
    """Single letters are keys."""
    reveal_once: bool = False
    """A masked number is shown for ten seconds at one press instead of while it is held."""
    place: str = ""
    """Where the window stood and how large, as Qt writes it, in hexadecimal digits."""
    path: Path | None = None
    last: str = ""
    """The key slot that was opened last here: a random number, to offer its owner first where several share it."""
    parked: str = ""
    """When a visit was kept that is half written, as the store of ``last`` was closed; empty for none."""
    midway: bool = False
    """Whether that visit was on screen as the window was locked."""
    _kept: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What of these is in the file, as it was read or written here last."""

    @classmethod
    def load(cls, path: Path | None = None) -> "Preferences":
        """Read them; a missing or broken file gives the defaults."""
        path = path or settings_file()
        chosen = cls(**_written(path), path=path)
        chosen.language = chosen.language if chosen.language in text.LANGUAGES else text.system_language()
        chosen.scale = chosen.scale if chosen.scale in SCALES else 1.0
        chosen.last, chosen.parked = str(chosen.last), _moment(chosen.parked)
        chosen.mode = chosen.mode if chosen.mode in _MODES else "automatic"
        chosen._mend_habits()
        chosen._kept = chosen._values()
        return chosen

    def _mend_habits(self) -> None:
        minutes = self.lock_minutes if type(self.lock_minutes) is int else DEFAULT_MINUTES
        self.lock_minutes = max(LEAST_MINUTES, min(minutes, MOST_MINUTES))
        self.letters, self.reveal_once = bool(self.letters), bool(self.reveal_once)
        self.midway = self.midway is True
        self.place = self.place if _HEX.fullmatch(str(self.place)) else ""

    def take(self, chosen: "Preferences") -> None:
        """Take over what a person chose; where the window stood and who came last stay."""
        for name in _CHOSEN:
            setattr(self, name, getattr(chosen, name))

    def save(self) -> bool:
        """Write what was changed here, and say whether it could be kept: another window may have changed other things.

        A disk that cannot take it is no reason to stop anybody, and leaves what was there: the next time has it again.
        """
        if self.path is None:
            return True
        own = self._values()
        changed = {name: value for name, value in own.items() if name not in self._kept or self._kept[name] != value}
        there = _written(self.path) if self._kept else {}
        part = self.path.with_suffix(".part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            with part.open("x", encoding="utf-8") as file:
                file.write(json.dumps({**own, **there, **changed}))
                file.flush()
                os.fsync(file.fileno())  # a name that is on the disk before its content would be an empty file
            part.replace(self.path)
        except OSError:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            return False
        self._kept = own
        return True

    def _values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _NAMES}


_NAMES = tuple(one.name for one in fields(Preferences) if one.init and one.name != "path")


def _written(path: Path) -> dict[str, Any]:
    """What the file says of what is known here; nothing where it is missing or broken."""
    try:
        found = json.loads(read_plain(path))
    except (OSError, ValueError, RecursionError):
        return {}
    return {name: found[name] for name in _NAMES if name in found} if isinstance(found, dict) else {}


def _moment(written: object) -> str:
    """A moment as it was written; what is none is left out."""
    try:
        moment = datetime.fromisoformat(str(written))
    except ValueError:
        return ""
    return str(written) if moment.tzinfo is not None else ""
