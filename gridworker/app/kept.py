"""One thing that was worked out from the books, kept beside them (``store.worked_out``) with all that tells its age.

It speaks of a link of the journal, and is believed where that link is here still with the same code, and where program,
rules and tables are those it was made by. What came since is for whoever asks to look at.
"""

import hashlib
import sys
from typing import TYPE_CHECKING, NamedTuple

import msgpack

from gridworker import __version__
from gridworker.app.few_bytes import packed, unpacked
from gridworker.store.engine.diskspace import BALLAST, ROOM_FOR_BALLAST, free_bytes
from gridworker.store.worked_out import WorkedOut

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.engine.database import Connection

ROOM = ROOM_FOR_BALLAST * BALLAST
"""Bytes of the disk that have to be free: the room is for what people write."""

_FORM = 2
"""Of how any of it is kept: raised with that."""

LAG = 100
"""After so many links it is kept anew."""


class Kept(NamedTuple):
    """What is kept, as of a link of the journal."""

    link: int
    body: bytes


def read_kept(connection: "Connection", name: str, rules: object) -> Kept | None:
    """What is kept under a name by these rules; None where there is nothing to believe."""
    books = WorkedOut(connection)
    found = books.kept(name)
    if found is None:
        return None
    rule, link, mac, body = msgpack.unpackb(found)
    return Kept(link, unpacked(body)) if rule == _rule(books, rules) and books.link_code(link) == mac else None


def keep(session: "Session", name: str, rules: object, kept: Kept) -> bool:
    """Keep it, in a short transaction that nobody who has read the books has to hear of; whether it is kept."""
    if session.read_only or free_bytes(session.folder.root) < ROOM:
        return False
    with session.store.db.write(unheard=True) as connection:
        books = WorkedOut(connection)
        mac = books.link_code(kept.link)
        if mac is None:
            return False
        books.keep(name, msgpack.packb((_rule(books, rules), kept.link, mac, packed(kept.body))))
        return True


def _rule(books: WorkedOut, rules: object) -> bytes:
    return hashlib.sha256(repr((__version__, _FORM, sys.byteorder, rules, books.rules())).encode()).digest()[:16]
