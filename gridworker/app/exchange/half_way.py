"""A merge that was cut off: the power went, or the program was ended. Nothing of it is in; that is said once, after.

A file beside the store holds the names of what is being taken in for as long as that takes; where it is found later,
it was cut off. Of a file that somebody named it holds nothing: a name that somebody gave may be a person's.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, NamedTuple

from gridworker.errors import StoreProblem
from gridworker.plainfile import open_plain
from gridworker.store.engine.filesafe import write_durably
from gridworker.store.streams import Exchange
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.session import Session

NAMED = 3
"""So many bundles are named; of more it says that there are."""
_LARGEST = 1 << 20
"""Bytes of the file: the names of all files that go in together take a small part of it."""


class _Left(NamedTuple):
    """What was being taken in: names, and whether there was more."""

    names: tuple[str, ...]
    more: bool


class HalfWay:
    """The file, for one that writes to the store. What an earlier one left is kept here until it is said."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._path = session.folder.merging
        self._own = token_hex(8)
        self._left: _Left | None = None

    @contextmanager
    def marked(self, paths: Sequence[Path]) -> Iterator[None]:
        """While files are taken in. What goes wrong meanwhile is said by who takes them in, so it leaves no mark."""
        from gridworker.sync.files.files import BundleName

        self._find()
        said = [BundleName.parse(path.name) for path in paths]
        names = [str(name) for name in said if name is not None]
        told = {"by": self._own, "names": names, "more": len(names) < len(said)}
        with suppress(StoreProblem):  # of no use where the disk is full; whether the files fit shows by itself
            write_durably(self._path, json.dumps(told).encode("ascii"), sync_name=False)
        try:
            yield
        finally:
            self._remove()

    def words(self) -> str:
        """That a merge was cut off, and what to do, until it was done; empty where none was."""
        if self._session.read_only:
            return ""
        self._find()
        left = self._left
        names = self._not_in(left.names) if left else []
        if left is None or not (names or left.more):
            self._left = None
            return ""
        if not names:
            return gettext(
                "The last merge stopped half way, and no bundle was left half taken in. Merge those bundles again."
            )
        said = gettext("The last merge stopped half way, and no bundle was left half taken in. Merge again: {bundles}")
        more = ["…"] if left.more or len(names) > NAMED else []
        return said.format(bundles=gettext(", ").join([*names[:NAMED], *more]))

    def _find(self) -> None:
        """Take over what an earlier one left: nobody else writes to the store, so what is not our own was cut off."""
        found = self._read()
        if found is not None:
            self._left = found
            self._remove()

    def _read(self) -> _Left | None:
        try:
            with open_plain(self._path) as file:
                told = json.loads(file.read(_LARGEST))
            if told["by"] == self._own:
                return None
            return _Left(tuple(map(str, told["names"])), bool(told["more"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return _Left((), more=True)

    def _remove(self) -> None:
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _not_in(self, names: Sequence[str]) -> list[str]:
        with self._session.store.cursor() as cursor:
            here = {row.path for row in Exchange(cursor).bundles(outgoing=False, limit=None)}
        return [name for name in names if name not in here]
