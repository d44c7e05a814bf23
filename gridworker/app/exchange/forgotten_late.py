"""At the office, after each bundle: what came late about somebody who is forgotten is forgotten too."""

from typing import TYPE_CHECKING

from gridworker.store.meta import LATE_LOOKED, Meta
from gridworker.store.tables.changes import Act
from gridworker.store.wish import Wish

if TYPE_CHECKING:
    from gridworker.app.session import Session


def forget_late(session: "Session") -> bool:
    """Erase it. Returns whether there was any: then the files are to be gone through. Raises DiskFull."""
    from gridworker.store.erasure.erasure import erase
    from gridworker.store.erasure.late import late_after
    from gridworker.store.health import sidecar

    with session.store.cursor() as cursor:
        since = Meta(cursor).number(LATE_LOOKED)
    with session.store.db.read() as connection:
        late = late_after(connection, since)
    if late.upto in {None, since} or session.read_only:
        return False
    if late.going:
        act = Act.note("erase", session.who, count=len(late.going))
        session.announce(erase(session.store, [Wish(one.kind, one.record) for one in late.going], act))
        sidecar.keep(session.store, session.folder, session.keys)
    with session.store.settings() as settings:
        settings.set(LATE_LOOKED, late.upto)
    return bool(late.going)
