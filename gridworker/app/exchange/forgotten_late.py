"""At the office, after each bundle: what came late about somebody who is forgotten is forgotten too, or asked about."""

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


def ask_for_joined(session: "Session") -> None:
    """Of who is one with somebody erased it is put on record, once, that a person decides. Raises DiskFull.

    An office that was put back to before it made two one, and erased the one that went, hears of that act again from a
    laptop: the other may bear the name of who was erased, and nobody would ask whether they are to go too.
    """
    from gridworker.store.queries.erase_requests import BY_ITSELF, REQUEST, to_be_asked

    if session.read_only:
        return
    with session.store.db.read() as connection:
        found = to_be_asked(connection)
    for one in found:
        session.note(REQUEST, kind=one.kind, record=one.record, detail=BY_ITSELF)
