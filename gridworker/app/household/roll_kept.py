"""What was read of all households, as it is kept beside the books for the next start: numbers, and nothing in words.

Each piece stands by itself: the ids, an order and its beginning, a byte for each household and filter, what the coming
days do. A small index says of each of which link of the journal and of which day it speaks, and by which households it
counts. It is believed where that link is here still with the same code, and where program, rules and tables are those
it was made by.
"""

import hashlib
import sys
from array import array
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgpack

from gridworker import __version__
from gridworker.app.few_bytes import packed, packed_numbers, unpacked, unpacked_numbers
from gridworker.app.household.filter import Part
from gridworker.app.household.order import Order
from gridworker.app.household.roll_homes import PLACE, Homes
from gridworker.app.household.roll_news import FILTERS, ORDERS
from gridworker.app.long_sort import ID
from gridworker.store.engine.diskspace import BALLAST, ROOM_FOR_BALLAST, free_bytes
from gridworker.store.queries import household_filters, household_news, household_orders
from gridworker.store.worked_out import WorkedOut

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection, Database

VERSION = 4
"""Of the form, and of what orders and filters say where no statement tells it: raised with either."""

ROOM = ROOM_FOR_BALLAST * BALLAST
"""Bytes of the disk that have to be free."""

HEAD = 120
"""So many at the beginning of an order are kept by themselves too: three pages of the list."""

_INDEX, _IDS, _COMING = "households", "ids", "coming"


class Standing(NamedTuple):
    """Of when a piece speaks, and by which households it counts: so many, of a code."""

    link: int
    day: date
    size: int
    code: bytes


class Coming(NamedTuple):
    """What days do by themselves until one of them; by the books as they stood at a link."""

    link: int
    day: date
    until: date
    entries: list[tuple[str, bool, str, int]]

    def between(self, kinds: frozenset[str], since: date, day: date) -> set[int]:
        """The households of which some kinds may say something else on a day than on one before."""
        low, high = since.isoformat(), day.isoformat()
        return {
            home
            for kind, last, at, home in self.entries
            if kind in kinds and (low <= at < high if last else low < at <= high)
        }


class Kept:
    """The pieces that are kept, as a connection sees them. ``rule``: see ``rule_of``."""

    def __init__(self, connection: "Connection", rule: bytes) -> None:
        self._books = WorkedOut(connection)
        self._index = _read_index(self._books, rule)

    def standing(self, what: Order | Part) -> Standing | None:
        """Of when a piece speaks; None where it is not kept."""
        return self._standing(_name(what))

    def homes_standing(self) -> Standing | None:
        """The same of who was in the list."""
        return self._standing(_IDS)

    def homes(self) -> Homes | None:
        """Who was in the list."""
        body, told = self._body(_IDS)
        if body is None:
            return None
        ids = unpacked_numbers(body, ID)
        gone = ids[told["size"] :]
        del ids[told["size"] :]
        return Homes(ids, told["read"], gone, told["told_by"])

    def piece(self, what: Order | Part, homes: Homes) -> "tuple[array[int] | bytearray, Standing] | None":
        """An order, or a byte for each household; None where it is not kept, or counts by other households."""
        standing = self.standing(what)
        if standing is None or standing.size > len(homes) or standing.code != code_of(homes, standing.size):
            return None
        body, _ = self._body(_name(what))
        if body is None:
            return None
        if isinstance(what, Part):
            return bytearray(unpacked(body)), standing
        return unpacked_numbers(body, PLACE), standing

    def head(self, order: Order) -> "tuple[array[int], Standing] | None":
        """The ids an order begins with, ``HEAD`` of them or all there are; None where they are not kept."""
        name = _name(order)
        standing = self._standing(name)
        body = self._books.kept(_of_head(name)) if standing is not None else None
        if standing is None or body is None or _code(body) != self._index[name]["head"]:
            return None
        return unpacked_numbers(body, ID), standing

    def coming(self) -> Coming | None:
        """What the coming days do."""
        body, told = self._body(_COMING)
        if body is None:
            return None
        entries = [(kind, last, at, home) for kind, last, at, home in msgpack.unpackb(unpacked(body))]
        return Coming(told["link"], date.fromisoformat(told["day"]), date.fromisoformat(told["until"]), entries)

    def _body(self, name: str) -> tuple[bytes | None, dict[str, Any]]:
        told = self._index.get(name)
        if not told or not self._is_here(told):
            return None, {}
        body = self._books.kept(f"{_INDEX} {name}")
        return (body, told) if body is not None and _code(body) == told["body"] else (None, {})

    def _standing(self, name: str) -> Standing | None:
        told = self._index.get(name)
        return _standing(told) if told and self._is_here(told) else None

    def _is_here(self, told: Mapping[str, Any]) -> bool:
        """Whether the link it speaks of is that of this journal: one that was written anew has another code."""
        return bool(self._books.link_code(told["link"]) == told["mac"])


class Keeping:
    """Keeps pieces, each in a short transaction that nobody who has read the books has to hear of.

    Where the disk is nearly full nothing is kept, and what is asked says so: the room is for what people write.
    """

    def __init__(self, db: "Database", folder: Path) -> None:
        self._db, self._folder = db, folder

    def keep_homes(self, ids: "array[int]", homes: Homes, standing: Standing) -> bool:
        """Who is in the list, and then who has left it. What counts by others than these is not believed any more."""
        return self._keep(_IDS, packed_numbers(ids), {**_told(standing), "read": homes.read, "told_by": homes.code})

    def keep(
        self, what: Order | Part, body: "array[int] | bytes | None", standing: Standing, head: "array[int] | None"
    ) -> bool:
        """An order, with the ids it begins with, or a filter, which has none.

        Without a body what is kept of it speaks of a later link or day as well.
        """
        if body is not None:
            body = packed_numbers(body) if isinstance(body, array) else packed(body)
        return self._keep(_name(what), body, _told(standing), packed_numbers(head) if head else b"")

    def keep_coming(self, coming: Coming) -> None:
        """What the coming days do."""
        told = {"link": coming.link, "day": coming.day.isoformat(), "until": coming.until.isoformat()}
        self._keep(_COMING, packed(msgpack.packb(coming.entries)), told)

    def _keep(self, name: str, body: bytes | None, told: dict[str, Any], head: bytes = b"") -> bool:
        if free_bytes(self._folder) < ROOM:
            return False
        with self._db.write(unheard=True) as connection:
            books, rule = WorkedOut(connection), rule_of(connection)
            index, mac = _read_index(books, rule), books.link_code(told["link"])
            if mac is None or (body is None and name not in index):
                return False
            codes = {"body": _code(body), "head": _code(head)} if body is not None else _codes(index[name])
            if body is not None:
                books.keep(f"{_INDEX} {name}", body)
                if head:
                    books.keep(_of_head(name), head)
            index[name] = {**told, "mac": mac, **codes}
            books.keep(_INDEX, msgpack.packb({"rule": rule, "pieces": index}))
            return True


def code_of(homes: Homes, size: int) -> bytes:
    """What the first so many households are told by. Of the many that were read first it is worked out once."""
    return hashlib.sha256(homes.code + homes.ids[homes.read : max(size, homes.read)].tobytes()).digest()[:16]


def _standing(told: Mapping[str, Any]) -> Standing:
    return Standing(told["link"], date.fromisoformat(told["day"]), told["size"], told["code"])


def _told(standing: Standing) -> dict[str, Any]:
    return {**standing._asdict(), "day": standing.day.isoformat()}


def _read_index(books: WorkedOut, rule: bytes) -> dict[str, dict[str, Any]]:
    kept = books.kept(_INDEX)
    found = msgpack.unpackb(kept) if kept else {}
    return dict(found["pieces"]) if found and found["rule"] == rule else {}


def rule_of(connection: "Connection") -> bytes:
    """What pieces follow from beside the books. It stays the same as long as a store is open."""
    return hashlib.sha256(_own_rule() + WorkedOut(connection).rules().encode()).digest()[:16]


@cache
def _own_rule() -> bytes:
    modules = (household_filters, household_orders, household_news)
    statements = [value for one in modules for name, value in sorted(vars(one).items()) if _is_statement(name, value)]
    follows = [sorted((name, *sorted(kinds)) for name, kinds in table.items()) for table in (FILTERS, ORDERS)]
    return hashlib.sha256(repr((VERSION, __version__, sys.byteorder, statements, follows)).encode()).digest()


def _is_statement(name: str, value: object) -> bool:
    return name.strip("_").isupper() and isinstance(value, str | Mapping)


def _code(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()[:16]


def _codes(told: Mapping[str, Any]) -> dict[str, bytes]:
    return {name: told[name] for name in ("body", "head")}


def _of_head(name: str) -> str:
    return f"{_INDEX} {name} head"


def _name(what: Order | Part) -> str:
    return " ".join(map(str, (type(what).__name__, *what)))
