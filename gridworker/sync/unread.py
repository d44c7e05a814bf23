"""Bundles that did not check, remembered so that their sender is told and sends again (sync.md 4).

Kept in a file beside the store: what nobody vouches for changes nothing in the store, and a file's name is a hint only.
The sender believes it no further than to say so; the next bundle covers what was in it anyway.
"""

import json
from contextlib import suppress

from gridworker.errors import StoreProblem
from gridworker.paths import Folder
from gridworker.store.engine.filesafe import PRIVATE_FILE, write_durably

MOST = 64
"""Numbers kept in all, the newest: anybody can name files as they like."""


class Unread:
    """The file."""

    def __init__(self, folder: Folder) -> None:
        self._path = folder.unread

    def of(self, device: int) -> tuple[int, ...]:
        """Numbers of a device's bundles that did not check and that no later one covered, lowest first."""
        return tuple(sorted(n for sender, n in self._read() if sender == device))

    def note(self, device: int, n: int) -> None:
        """Remember one."""
        self._write([*(pair for pair in self._read() if pair != (device, n)), (device, n)][-MOST:])

    def forget(self, device: int, upto: int) -> None:
        """A bundle of the device came in that covers all up to this number."""
        found = self._read()
        left = [(sender, n) for sender, n in found if sender != device or n > upto]
        if left != found:
            self._write(left)

    def _read(self) -> list[tuple[int, int]]:
        try:
            listed = json.loads(self._path.read_text("utf-8"))
            return [(int(device), int(n)) for device, n in listed]
        except (OSError, ValueError, TypeError):
            return []

    def _write(self, pairs: list[tuple[int, int]]) -> None:
        with suppress(StoreProblem):  # it only spares the sender a question
            write_durably(self._path, json.dumps(pairs).encode(), mode=PRIVATE_FILE)
