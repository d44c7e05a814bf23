"""How much of an ID number is kept: all of it, or by the office's rule the last four and a keyed hash (domain.md 7.2).

The hash tells whether two numbers are one, so that the next ledger finds its people again and a number that is typed
finds who has it; nobody reads a number out of it. Its key is the community's own, made when the office first lays the
rule down, and travels with the community's record: every laptop makes the same hash. It is made of the 18-digit form.
"""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridworker.domain.community import is_key
from gridworker.domain.identity import last_four, upgraded
from gridworker.domain.masking import mask_id
from gridworker.store.conflicts import contested
from gridworker.store.engine.database import raw_cursor
from gridworker.store.erasure.erasure import ever_held
from gridworker.store.queries import register
from gridworker.store.records import get_many, kind_named, page
from gridworker.store.tables.changes import Change, Side, each_once
from gridworker.store.tables.creations import NewRecords

if TYPE_CHECKING:
    from gridworker.record import Value
    from gridworker.store.engine.database import Connection
    from gridworker.store.store import Store

PERSON = "resident"
OF_NUMBER = frozenset({"id_number", "id_hash"})
"""The two ways in which a number is kept; one of them is emptied where the other is filled."""
_INSTEAD = ("id_last4", "id_hash")
"""What is kept in the place of a number."""
_LENGTH = 32


@dataclass(frozen=True, slots=True)
class IdKeeping:
    """The rule in force. ``key`` is empty where it never was."""

    short: bool = False
    key: bytes = b""

    @staticmethod
    def load(store: "Store") -> "IdKeeping":
        """The rule of the community."""
        with store.db.read() as connection:
            found = page(connection, "community", limit=1)
        values: Mapping[str, Value] = found[0][1] if found else {}
        said = str(values.get("id_key") or "")
        key = bytes.fromhex(said) if is_key(said) else b""  # what came in a bundle was checked by nobody
        return IdKeeping(bool(values.get("short_ids")) and bool(key), key)

    def hashed(self, number: str) -> str:
        """The keyed hash of a number; empty where there is no key."""
        if not self.key:
            return ""
        return hmac.digest(self.key, upgraded(number).encode(), hashlib.sha256).hex()[:_LENGTH]

    def kept(self, values: "Mapping[str, Value]") -> "Mapping[str, Value]":
        """Values of a resident as they may be kept. A number kept in full again needs no hash."""
        number = str(values.get("id_number") or "") if self.key else ""
        if not number:
            return values
        if not self.short:
            return {**values, "id_hash": None}
        return {**values, "id_number": None, "id_last4": last_four(number), "id_hash": self.hashed(number)}

    def same(self, values: "Mapping[str, Value]", number: str) -> bool:
        """Whether a resident has this number, however it is kept."""
        kept, hashed = values.get("id_number"), values.get("id_hash")
        return bool(kept and upgraded(str(kept)) == upgraded(number)) or bool(hashed and hashed == self.hashed(number))


def shortened(store: "Store", keeping: IdKeeping) -> list[Change]:
    """What shortens every number that is in the books in full.

    It is erased: an edit alone would leave it in the log, from where an undo or a history brings it back. Where two
    numbers stand against each other, what is kept of them does so afterwards.
    """
    with store.db.read() as connection:
        known, open_ones = register.id_numbers(connection), _in_conflict(connection)
        values = get_many(connection, PERSON, open_ones)
    alone = [_shortening(one, keeping.kept({"id_number": number})) for one, number in known if one not in open_ones]
    return alone + [
        _side_by_side(resident, values[resident], sides, keeping)
        for resident, sides in open_ones.items()
        if resident in values and any(sides.get("id_number", [values[resident]["id_number"]]))
    ]


def _in_conflict(connection: "Connection") -> "dict[int, dict[str, list[Value]]]":
    """By resident and field what stands against each other of their number, the one that is shown last."""
    found: dict[int, dict[str, list[Value]]] = defaultdict(dict)
    for one in contested(raw_cursor(connection)):
        if one.kind == PERSON and one.field in {"id_number", *_INSTEAD}:
            found[one.record][one.field] = [side.value for side in one.sides]
    return found


def _side_by_side(
    resident: int, values: "Mapping[str, Value]", sides: "Mapping[str, Sequence[Value]]", keeping: IdKeeping
) -> Change:
    """Shortens a number of which a person has to say what is right, and leaves that to them."""
    kept = [keeping.kept({"id_number": number}) if number else values
            for number in sides.get("id_number", [values["id_number"]])]  # fmt: skip
    specs = kind_named(PERSON).kind.specs
    again = {
        specs[name].number: tuple(map(Side, each_once([*sides.get(name, ()), *(one[name] for one in kept)])))
        for name in _INSTEAD
    }
    return _shortening(resident, {})._replace(again=again)


def left_behind(store: "Store", short: Sequence[Change]) -> list[Change]:
    """What erases the numbers that only the log still holds: replaced ones, and those of people who were deleted."""
    with store.cursor() as cursor:
        held = ever_held(cursor, kind_named(PERSON).kind, "id_number")
    return [_shortening(resident, {}) for resident in sorted(held.difference(change.record for change in short))]


def _shortening(resident: int, kept: "Mapping[str, Value]") -> Change:
    number = kind_named(PERSON).kind.specs["id_number"].number
    instead = {name: value for name, value in kept.items() if name != "id_number"}
    return Change(PERSON, resident, instead, erase=frozenset({number}))


def number_shown(values: "Mapping[str, Value]") -> str:
    """The ID number of a resident, masked; empty where none is kept."""
    if values.get("id_number"):
        return mask_id(str(values["id_number"]))
    return f"****{values['id_last4']}" if values.get("id_last4") else ""


def as_kept(store: "Store", changes: Sequence[Change]) -> Sequence[Change]:
    """Changes as the rule lets them be written; looked at only where one of them brings a number."""
    if not any(_brings(change) for change in changes):
        return changes
    keeping = IdKeeping.load(store)
    return [_changed(change, keeping) for change in changes] if keeping.key else changes


def new_as_kept(store: "Store", new: "NewRecords") -> "NewRecords":
    """The same of records that are to be made."""
    if not new.names(PERSON, "id_number"):
        return new
    keeping = IdKeeping.load(store)
    if not keeping.short:
        return new
    kept = NewRecords.of(_changed(change, keeping) for change in new.changes())
    kept.reached = new.reached
    return kept


def _brings(change: Change) -> bool:
    return change.kind == PERSON and bool(change.values.get("id_number"))


def _changed(change: Change, keeping: IdKeeping) -> Change:
    if not _brings(change):
        return change
    kept = keeping.kept(change.values)
    if change.create:
        kept = {name: value for name, value in kept.items() if value is not None}
    return change._replace(values=kept)
