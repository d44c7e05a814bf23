"""Taking an act back is a write like any other: for who may write what it touched.

One's own act needs the right to write something of it still, for whoever left, or does other work by now, has lost it.
That of somebody else needs the right to write all of it. A bundle is taken back by who may exchange them
(exchange/bundles_back.py).
"""

from typing import TYPE_CHECKING

from gridworker.domain.rights import Action, Matter, matter_of, refusal

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.undo import Reach, Undone

_DECIDED = frozenset({"same", "resolve"})
"""Acts that decide between two: taken back by who may decide."""
_WRITING = (Action.CREATE, Action.CHANGE, Action.DELETE)


def undo_batch(session: "Session", no: int) -> "Undone":
    """Take an act back by its number in the journal, and tell of it. Raises StoreBusy, Denied, NotFound, Problem."""
    from gridworker.store import undo

    session.require_writer()
    _require_right(session, no)
    undone = undo.undo_batch(session.store, no, session.who)
    session.announce(undone.commit)
    return undone


def undo_last(session: "Session") -> "Undone":
    """The same of the last act of whoever is at the keyboard."""
    from gridworker.store import undo
    from gridworker.store.log.journal import Journal

    session.require_writer()
    with session.store.cursor() as cursor:
        link = Journal(cursor, session.store.chain_key).last_act_of(session.who)
    if link is not None:
        _require_right(session, link.no)
    undone = undo.undo_last(session.store, session.who)
    session.announce(undone.commit)
    return undone


def _require_right(session: "Session", no: int) -> None:
    from gridworker.store.undo import reach_of

    reach = reach_of(session.store, no)
    if reach is None or reach.from_bundle:
        return
    decided = _decided(reach, at_office=session.is_office)
    if decided is not None and not session.may(Action.DECIDE, decided):
        raise refusal(session.role, Action.DECIDE, decided)
    matters = sorted({matter_of(kind) for kind in reach.kinds})
    closed = [matter for matter in matters if not any(session.may(action, matter) for action in _WRITING)]
    if closed and (len(closed) == len(matters) or reach.who != session.who):
        raise refusal(session.role, Action.CHANGE, closed[0])


def _decided(reach: "Reach", *, at_office: bool) -> Matter | None:
    """What an act decided; None for one that only writes. A request is written once, and answered by the office."""
    if reach.act in _DECIDED:
        return Matter.CONFLICTS
    answers = at_office and reach.act == "edit" and any(matter_of(kind) is Matter.HANDOVERS for kind in reach.kinds)
    return Matter.HANDOVERS if answers else None
