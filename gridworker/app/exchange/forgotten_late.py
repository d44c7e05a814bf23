"""At the office, after each bundle: what came late about somebody who is forgotten is forgotten too, or asked about."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gridworker.app.exchange.trips import trip_of
from gridworker.app.exchange.views import Merged
from gridworker.store.engine.database import raw_cursor
from gridworker.store.meta import LATE_LOOKED, Meta
from gridworker.store.streams import Exchange as Tables
from gridworker.store.tables.changes import Act
from gridworker.store.wish import Wish

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.engine.database import Connection


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
        wishes, gone = [Wish(one.kind, one.record) for one in late.going], {one.record for one in late.going}

        def count_anew(connection: "Connection", _commit: object) -> None:
            _count_without(session, connection, since, gone)

        session.announce(erase(session.store, wishes, act, count_anew))
        sidecar.keep(session.store, session.folder, session.keys)
    with session.store.settings() as settings:
        settings.set(LATE_LOOKED, late.upto)
    return bool(late.going)


def _count_without(session: "Session", connection: "Connection", since: int, gone: Collection[int]) -> None:
    """What a bundle is told to have brought is what is kept of it."""
    from gridworker.sync.counts import without_forgotten

    cursor = raw_cursor(connection)
    tables = Tables(cursor)
    came = tables.bundles_since(since)
    tables.save_bundles(list(without_forgotten(cursor, session.store.chain_key, came, gone)))


def as_counted(session: "Session", results: "Sequence[Merged]") -> "list[Merged]":
    """The same, by what is counted of each bundle now that it is known who is forgotten."""
    found = []
    with session.store.cursor() as cursor:
        tables = Tables(cursor)
        for one in results:
            row = tables.bundle(bytes.fromhex(one.trip.hash)) if one.trip else None
            if one.trip and row:
                now = trip_of(row, session)
                one = replace(
                    one, trip=replace(one.trip, counts=now.counts, erased=now.erased, forgotten=now.forgotten)
                )
            found.append(one)
    return found


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
