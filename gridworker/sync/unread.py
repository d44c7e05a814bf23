"""Files that did not check, remembered so that people and their sender are told and it is sent again (sync.md 4).

Kept in a file beside the store: what nobody vouches for changes nothing in the store, and a file's name is a hint only.
The sender believes it no further than to say so; the next bundle covers what was in it anyway. Of a file whose name
does not say whose it is, nothing is kept but when it came: a name that somebody gave may be a person's.

Numbers begin anew with each life of the office. One noted in a former life stands for no bundle of this one: it goes as
soon as anything came in this life that covers all before it, or a later bundle of that number would pass for unread.
"""

import json
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from gridworker.errors import StoreProblem
from gridworker.paths import Folder
from gridworker.plainfile import read_plain
from gridworker.store.engine.filesafe import PRIVATE_FILE, write_durably
from gridworker.store.log.clock import INCARNATION_BITS, OFFICE
from gridworker.store.meta import Identity
from gridworker.store.streams import Exchange
from gridworker.sync.files.files import BundleName
from gridworker.sync.format.header import kept_header
from gridworker.sync.summary import Summary

MOST = 64
"""Numbers kept in all, the newest: anybody can name files as they like."""

AHEAD = 8
"""How far above the highest number that came another may be and still be waited for: a month of handing over twice a
week of which nothing came. What says more is another office's, or no bundle, and might stay named for ever.
"""


class Noted(NamedTuple):
    """A bundle by its sender and number. ``office``: the life that noted it; -1 where an older version did.

    ``at``: when the file came, ms since EPOCH by this computer's clock; 0 where an older version noted it.
    """

    device: int
    n: int
    office: int = -1
    at: int = 0

    def is_covered(self, sender: int, n: int, office: int) -> bool:
        """Whether bundle ``n`` of ``sender``, before which nothing lies open, brought what was in it."""
        if self.device >> INCARNATION_BITS != sender >> INCARNATION_BITS:
            return False
        if sender >> INCARNATION_BITS == OFFICE:  # its numbers begin anew with each of its lives
            return self.device < sender or (self.device == sender and self.n <= n)
        # A new life of a laptop goes on counting where the one it was copied from was.
        return self.office != office or self.n < n or (self.n == n and self.device == sender)


class Nameless(NamedTuple):
    """When the last file came of which nobody can say whose it is; laptops (0: the office) of which all came since."""

    at: int
    since: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    noted: tuple[Noted, ...] = ()
    nameless: Nameless | None = None


class Unread:
    """The file."""

    def __init__(self, folder: Folder) -> None:
        self._path = folder.unread

    def of(self, device: int) -> tuple[int, ...]:
        """Numbers of a device's bundles that did not check and that no later one covered, lowest first."""
        return tuple(sorted({one.n for one in self._read().noted if one.device == device}))

    def all(self) -> tuple[Noted, ...]:
        """All that did not check and that no later one covered."""
        return self._read().noted

    def nameless(self, senders: Collection[int]) -> Nameless | None:
        """The last file that nobody can say the sender of, until all came from each of ``senders`` since, if any."""
        found = self._read().nameless
        return None if found is None or (found.since and set(senders) <= set(found.since)) else found

    def note(self, device: int, n: int, office: int, at: int = 0) -> None:
        """Remember one. ``office`` is the life in which this office noted it, ``at`` when it came."""
        kept, noted = self._read(), Noted(device, n, office, at)
        left = [*(one for one in kept.noted if one[:2] != noted[:2]), noted]
        self._write(_Kept(tuple(left[-MOST:]), kept.nameless))

    def note_nameless(self, at: int) -> None:
        """Remember that one came of which nobody can say whose it is."""
        self._write(_Kept(self._read().noted, Nameless(at)))

    def forget(self, device: int, upto: int, office: int) -> None:
        """A bundle of the device came in that covers all up to this number; it was for this life of the office."""
        found = self._read()
        left = tuple(one for one in found.noted if not one.is_covered(device, upto, office))
        nameless, laptop = found.nameless, device >> INCARNATION_BITS
        if nameless is not None and laptop not in nameless.since:
            nameless = nameless._replace(since=(*nameless.since, laptop))
        if (left, nameless) != (found.noted, found.nameless):
            self._write(_Kept(left, nameless))

    def came(self, device: int, n: int, office: int) -> None:
        """A bundle came in whole after all, though something before it lies open."""
        found = self._read()
        left = tuple(one for one in found.noted if one[:3] != (device, n, office))
        if left != found.noted:
            self._write(_Kept(left, found.nameless))

    def _read(self) -> _Kept:
        try:
            found = json.loads(read_plain(self._path))
            listed = found if isinstance(found, list) else found["noted"]  # a list alone: of an older version
            lone = None if isinstance(found, list) else found["nameless"]
            nameless = None if lone is None else Nameless(int(lone[0]), tuple(map(int, lone[1])))
            return _Kept(tuple(Noted(*map(int, one)) for one in listed), nameless)
        except (OSError, ValueError, TypeError, LookupError, OverflowError, RecursionError):
            return _Kept()

    def _write(self, kept: _Kept) -> None:
        body = {"noted": kept.noted, "nameless": kept.nameless}
        with suppress(StoreProblem):  # it only spares the sender a question
            write_durably(self._path, json.dumps(body).encode(), mode=PRIVATE_FILE)


class Place(Enum):
    """What a file that cannot be opened is to this computer, as far as its name tells.

    AWAITED: it may be one of those that come next. COVERED: what was in it is here. ELSEWHERE: nothing of that name is
    waited for here. NAMELESS: it is not named as a bundle.
    """

    AWAITED = auto()
    COVERED = auto()
    ELSEWHERE = auto()
    NAMELESS = auto()


def place_of(exchange: Exchange, said: BundleName | None, own: Identity) -> Place:
    """The same by what is in the books of this computer."""
    if said is None:
        return Place.NAMELESS
    if not _is_sender(exchange, said, own):
        return Place.ELSEWHERE
    if _is_covered(exchange, said, own):
        return Place.COVERED
    return Place.AWAITED if _is_within_reach(exchange, said, own) else Place.ELSEWHERE


def _is_sender(exchange: Exchange, said: BundleName, own: Identity) -> bool:
    """Whether a bundle of that name may be for this computer: from the office, or from a laptop that was enrolled."""
    laptop = said.device >> INCARNATION_BITS
    if not own.is_office:
        return laptop == OFFICE
    return laptop != OFFICE and bool(exchange.pinned(laptop) or exchange.kit(laptop))


def _is_within_reach(exchange: Exchange, said: BundleName, own: Identity) -> bool:
    """Whether a bundle of that name may be among the next of its sender, or among those before."""
    return said.n <= _highest(exchange, said, own) + AHEAD


def _highest(exchange: Exchange, said: BundleName, own: Identity) -> int:
    """The highest number that came of a sender: to this life of the office, or to a former one until any came to it."""
    if not own.is_office:
        return exchange.stream(said.device).got_n
    laptop = said.device >> INCARNATION_BITS
    rows = exchange.bundles(peer=laptop, outgoing=False)
    came = [row.n for row in rows if kept_header(row.header).recipient == own.device]
    return max(came, default=exchange.stream(laptop).got_n)


def _is_covered(exchange: Exchange, said: BundleName, own: Identity) -> bool:
    """Whether a bundle of that name is in the books, or what was in it is."""
    noted = Noted(said.device, said.n, own.device)
    for row in exchange.bundles(peer=said.device >> INCARNATION_BITS if own.is_office else None, outgoing=False):
        header = kept_header(row.header)
        if row.path == str(said):
            return True
        if own.is_office and header.recipient != own.device:
            continue
        if not Summary.parse(row.summary).gap and noted.is_covered(header.sender, row.n, own.device):
            return True
    return False
