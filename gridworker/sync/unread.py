"""Bundles that did not check, remembered so that their sender is told and sends again (sync.md 4).

Kept in a file beside the store: what nobody vouches for changes nothing in the store, and a file's name is a hint only.
The sender believes it no further than to say so; the next bundle covers what was in it anyway.

Numbers begin anew with each life of the office. One noted in a former life stands for no bundle of this one: it goes as
soon as anything came in this life that covers all before it, or a later bundle of that number would pass for unread.
"""

import json
from contextlib import suppress
from typing import NamedTuple

from gridworker.errors import StoreProblem
from gridworker.paths import Folder
from gridworker.store.engine.filesafe import PRIVATE_FILE, write_durably

MOST = 64
"""Numbers kept in all, the newest: anybody can name files as they like."""


class _Noted(NamedTuple):
    """A bundle by its sender and number. ``office``: the life that noted it; -1 where an older version did."""

    device: int
    n: int
    office: int = -1


class Unread:
    """The file."""

    def __init__(self, folder: Folder) -> None:
        self._path = folder.unread

    def of(self, device: int) -> tuple[int, ...]:
        """Numbers of a device's bundles that did not check and that no later one covered, lowest first."""
        return tuple(sorted({one.n for one in self._read() if one.device == device}))

    def note(self, device: int, n: int, office: int) -> None:
        """Remember one. ``office`` is the life in which this office noted it."""
        noted = _Noted(device, n, office)
        self._write([*(one for one in self._read() if one[:2] != noted[:2]), noted][-MOST:])

    def forget(self, device: int, upto: int, office: int) -> None:
        """A bundle of the device came in that covers all up to this number; it was for this life of the office."""
        found = self._read()
        left = [one for one in found if one.device != device or (one.n > upto and one.office == office)]
        if left != found:
            self._write(left)

    def _read(self) -> list[_Noted]:
        try:
            listed = json.loads(self._path.read_text("utf-8"))
            return [_Noted(*map(int, one)) for one in listed]
        except (OSError, ValueError, TypeError):
            return []

    def _write(self, noted: list[_Noted]) -> None:
        with suppress(StoreProblem):  # it only spares the sender a question
            write_durably(self._path, json.dumps(noted).encode(), mode=PRIVATE_FILE)
