"""No privilege escalation: nobody gives an account more rights than they have themselves.

The rule is domain.md 7.5: the administrator keeps accounts and sees no residents. Accounts of the community office are
made, given up and brought back by that office alone, so an administrator can neither become the office nor leave none.
Nor are they called something else by another: the name is how the log says whose act it was, whether at work or gone.
Raising the role of an account that exists takes the office too. A new account of any other role is plain
administration: its passphrase takes a second person (app/staff/vouching.py).

Checked inside the transaction that would write the change, whichever way it comes, like last_office.py. Bundles are not
checked here: sync/judging/judge.py says what they may change.
"""

from collections.abc import Sequence
from typing import NamedTuple

from gridworker.domain.rights import rises
from gridworker.errors import Denied
from gridworker.store.last_office import LEAD
from gridworker.store.log.log import Cursor, id_list
from gridworker.store.tables.changes import Change


class _Account(NamedTuple):
    """What is known of somebody of the staff before a change."""

    role: str | None
    active: int | None
    name: str | None


_NOBODY = _Account(None, 1, None)


def refuse_escalation(cursor: Cursor, changes: Sequence[Change], who: int) -> None:
    """Raise Denied where ``who`` would let somebody do more than they may."""
    touched = [change for change in changes if change.kind == "staff"]
    if not touched:
        return
    known = _accounts(cursor, {who, *(change.record for change in touched)})
    actor = known.get(who, _NOBODY)
    if who not in known and all(change.create for change in touched):
        return  # a store that is being set up
    role = _counts(actor.role, actor.active)
    for change in touched:
        _refuse(change, known.get(change.record), role, themselves=change.record == who)


def _refuse(change: Change, before: _Account | None, role: str | None, *, themselves: bool) -> None:
    stored = before or _NOBODY
    was = _counts(stored.role, stored.active)
    if role != LEAD and change.alive and before is None and not change.create:
        raise Denied("Somebody of the community office brings accounts back.")
    outcome = dict(change.outcomes())
    becomes = _counts(outcome.get("role", stored.role), outcome.get("active", stored.active))
    becomes = None if change.alive is False else becomes
    if role != LEAD and was != becomes and LEAD in (was, becomes) and not themselves:
        raise _office_alone()
    if role != LEAD and stored.role == LEAD and outcome.get("name", stored.name) != stored.name and not themselves:
        raise _office_alone()
    if not change.create and becomes and rises(role, becomes) and rises(was, becomes):
        if themselves:
            raise Denied("Nobody gives themselves a role that may do more. Somebody else of the office does.")
        raise Denied(
            "This role may do more than yours, and somebody who is here already gets it from one of the community "
            "office alone. Ask them, or add a new account."
        )


def _office_alone() -> Denied:
    return Denied("Accounts of the community office are made and changed by one of the office alone.")


def _accounts(cursor: Cursor, people: set[int]) -> dict[int, _Account]:
    cursor.execute(
        "SELECT id, role, active, name FROM staff WHERE id IN (SELECT value FROM json_each(?))", (id_list(people),)
    )
    return {id_: _Account(*account) for id_, *account in cursor.fetchall()}


def _counts(role: object, active: object) -> str | None:
    """The role of who is at work; None for who is not."""
    return str(role) if role and active != 0 else None
