"""Whether the log of this store still is what was written; where it is not, that is put on record for the office.

Nothing keeps somebody who has the key of a store from writing into its file. But every link of the journal is a code
over all before it, so the next look notices; and the row that says so travels like any other (sync.md 8), whatever the
one who did it does afterwards.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.engine.database import Connection
    from gridworker.store.health.check import Fault
    from gridworker.store.intake.transaction import Commit

ACT = "log_fault"
LOOKED = "log_looked"
"""In meta: up to which link of the journal was looked before a bundle."""
SAID = "log_fault_said"
"""In meta: what was put on record last, so that the same is not told every day."""


def look_before_packing(session: "Session") -> None:
    """On a laptop: look at what was written since the last bundle. The office does so once a day."""
    from gridworker.store.health.check import since
    from gridworker.store.meta import Meta

    if session.is_office:
        return
    with session.store.cursor() as cursor:
        looked = Meta(cursor).number(LOOKED)
    faults, newest = since(session.store, looked)
    put_on_record(session, faults)
    with session.store.settings() as settings:
        settings.set(LOOKED, newest)


def put_on_record(session: "Session", faults: "Sequence[Fault]") -> None:
    """Put on record what a look at the log found, how much and where; not twice the same, nor where only is read."""
    from gridworker.store.engine.database import raw_cursor
    from gridworker.store.meta import Meta
    from gridworker.store.tables.changes import Act

    wrong = [fault for fault in faults if fault.serious and fault.where != "index"]
    detail = " ".join(sorted({fault.where for fault in wrong}))
    said = f"{len(wrong)} {detail}" if wrong else ""
    with session.store.cursor() as cursor:
        before = Meta(cursor).text(SAID)
    if not wrong or said == before or session.read_only:
        return

    def beside(connection: "Connection", _commit: "Commit") -> None:
        Meta(raw_cursor(connection)).set(SAID, said)

    session.store.write([], Act.note(ACT, session.who, count=len(wrong), detail=detail), beside)
