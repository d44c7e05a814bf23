"""Whom a person has handed out today: the cap is of people and not of files, so a list in slices is no way past it.

Kept are hashes of the records, not how many: the same list once more, in another form, takes nothing further out. What
the office approved is not counted. A new day by this computer's clock begins anew; the audit shows such clocks.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from gridworker.errors import Denied
from gridworker.store.meta import HANDED_OUT

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.meta import Meta

_HEX = 12


def marks(kind: str, records: "Iterable[object]") -> frozenset[str]:
    """What is kept of records, or of whatever else tells one row from another."""
    return frozenset(hashlib.sha256(f"{kind} {record}".encode()).hexdigest()[:_HEX] for record in records)


def handed_out(meta: "Meta", who: int, day: str) -> frozenset[str]:
    """What somebody has handed out on a day."""
    known = json.loads(meta.text(HANDED_OUT, "{}"))
    return frozenset(known.get(str(who), ())) if known.get("day") == day else frozenset()


def add_to(meta: "Meta", who: int, day: str, more: frozenset[str]) -> None:
    """It is handed out, in the transaction that puts it on record."""
    known = json.loads(meta.text(HANDED_OUT, "{}"))
    kept = known if known.get("day") == day else {"day": day}
    kept[str(who)] = sorted({*kept.get(str(who), ()), *more})
    meta.set(HANDED_OUT, json.dumps(kept))


def of_the_day(session: "Session", new: frozenset[str]) -> int:
    """How many it is with what the person at the keyboard handed out today."""
    from gridworker.store.meta import Meta

    with session.store.cursor() as cursor:
        return len(new | handed_out(Meta(cursor), session.who, session.today().isoformat()))


def put_to_the_day(session: "Session", meta: "Meta", new: frozenset[str]) -> None:
    """On a laptop: it is handed out, in the transaction that puts it on record. The office has no cap."""
    if not session.is_office:
        add_to(meta, session.who, session.today().isoformat(), new)


def too_many_today(cap: int, day: int) -> Denied:
    """What to say where a list alone would be within the cap."""
    return Denied(
        "Together with what was handed out today these are {day} people or entries; up to {cap} a day leave a "
        "laptop without a code from the office.",
        cap=cap, day=day,
    )  # fmt: skip
