"""How the window looks and is used on this computer: language, text size, lock, keys, where it stood, who came last.

Known before a store is open.

A small JSON file outside the data folder; it holds nothing about anybody.
"""

import json
import os
import re
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from gridworker import text
from gridworker.gui.locking.idle import DEFAULT_MINUTES, LEAST_MINUTES, MOST_MINUTES
from gridworker.gui.look.fonts import SCALES
from gridworker.paths import settings_file
from gridworker.plainfile import read_plain

_MODES = ("automatic", "light", "dark")
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

    @classmethod
    def load(cls, path: Path | None = None) -> "Preferences":
        """Read them; a missing or broken file gives the defaults."""
        path = path or settings_file()
        try:
            found = json.loads(read_plain(path))
        except (OSError, ValueError, RecursionError):
            found = None
        found = found if isinstance(found, dict) else {}
        known = {one.name for one in fields(cls)} - {"path"}
        chosen = cls(**{name: value for name, value in found.items() if name in known}, path=path)
        chosen.language = chosen.language if chosen.language in text.LANGUAGES else text.system_language()
        chosen.scale = chosen.scale if chosen.scale in SCALES else 1.0
        chosen.last, chosen.parked = str(chosen.last), _moment(chosen.parked)
        chosen.mode = chosen.mode if chosen.mode in _MODES else "automatic"
        chosen._mend_habits()
        return chosen

    def _mend_habits(self) -> None:
        minutes = self.lock_minutes if type(self.lock_minutes) is int else DEFAULT_MINUTES
        self.lock_minutes = max(LEAST_MINUTES, min(minutes, MOST_MINUTES))
        self.letters, self.reveal_once = bool(self.letters), bool(self.reveal_once)
        self.midway = self.midway is True
        self.place = self.place if _HEX.fullmatch(str(self.place)) else ""

    def save(self) -> None:
        """Write them; a disk that cannot take them is no reason to stop anybody, and leaves those that were there."""
        if self.path is None:
            return
        kept = {name: value for name, value in asdict(self).items() if name != "path"}
        part = self.path.with_suffix(".part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            with part.open("x", encoding="utf-8") as file:
                file.write(json.dumps(kept))
                file.flush()
                os.fsync(file.fileno())  # a name that is on the disk before its content would be an empty file
            part.replace(self.path)
        except OSError:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _moment(written: object) -> str:
    """A moment as it was written; what is none is left out."""
    try:
        moment = datetime.fromisoformat(str(written))
    except ValueError:
        return ""
    return str(written) if moment.tzinfo is not None else ""
