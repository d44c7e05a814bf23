"""No privilege escalation: nobody gives an account more rights than they have themselves.

The rule is domain.md 7.5: the administrator keeps accounts and sees no residents. Accounts of the community office are
made, given up and brought back by that office alone, so an administrator can neither become the office nor leave none.
Raising the role of an account that exists takes the office too. A new account of any other role is plain
administration: its passphrase takes a second person (app/staff/vouching.py).

Checked inside the transaction that would write the change, whichever way it comes, like last_office.py. Bundles are not
checked here: sync/judging/judge.py says what they may change.
"""

from collections.abc import Sequence

from gridworker.domain.rights import rises
from gridworker.errors import Denied
from gridworker.store.last_office import LEAD
from gridworker.store.log.log import Cursor, id_list
from gridworker.store.tables.changes import Change


def refuse_escalation(cursor: Cursor, changes: Sequence[Change], who: int) -> None:
    """Raise Denied where ``who`` would let somebody do more than they may."""
    touched = [change for change in changes if change.kind == "staff"]
    if not touched:
        return
    known = _roles(cursor, {who, *(change.record for change in touched)})
    actor = known.get(who, (None, 1))
    if who not in known and all(change.create for change in touched):
        return  # a store that is being set up
    role = _counts(*actor)
    for change in touched:
        _refuse(change, known.get(change.record), role, themselves=change.record == who)


def _refuse(
    change: Change, before: tuple[str | None, int | None] | None, role: str | None, *, themselves: bool
) -> None:
    was = _counts(*before) if before else None
    if role != LEAD and change.alive and before is None and not change.create:
        raise Denied("Somebody of the community office brings accounts back.")
    outcome = dict(change.outcomes())
    stored = before or (None, 1)
    becomes = _counts(outcome.get("role", stored[0]), outcome.get("active", stored[1]))
    becomes = None if change.alive is False else becomes
    if role != LEAD and was != becomes and LEAD in (was, becomes) and not themselves:
        raise Denied("Accounts of the community office are made and changed by one of the office alone.")
    if not change.create and becomes and rises(role, becomes) and rises(was, becomes):
        if themselves:
            raise Denied("Nobody gives themselves a role that may do more. Somebody else of the office does.")
        raise Denied(
            "This role may do more than yours, and somebody who is here already gets it from one of the community "
            "office alone. Ask them, or add a new account."
        )


def _roles(cursor: Cursor, people: set[int]) -> dict[int, tuple[str | None, int | None]]:
    cursor.execute(
        "SELECT id, role, active FROM staff WHERE id IN (SELECT value FROM json_each(?))", (id_list(people),)
    )
    return {id_: (role, active) for id_, role, active in cursor.fetchall()}


def _counts(role: object, active: object) -> str | None:
    """The role of who is at work; None for who is not."""
    return str(role) if role and active != 0 else None
