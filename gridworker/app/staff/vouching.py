"""A second person's passphrase: what somebody needs who gives another one a passphrase for more than they may do.

Whoever knows a passphrase is that person to the store. So an administrator, who sees nobody in clear, could make an
account of the office and unlock as it; and a worker could be an office clerk on a shared laptop. Giving such a
passphrase takes one who has a passphrase here, may give them out, and may do all that the role may (domain.md 7.5).
"""

from typing import TYPE_CHECKING

from gridworker.app.openers import vault_in
from gridworker.app.staff import attempts
from gridworker.domain.rights import Action, Matter, may, rises
from gridworker.errors import Denied, WrongPassphrase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gridworker.app.session import Session
    from gridworker.record import Value


def role_of(person: "dict[str, Value] | None") -> str | None:
    """The role of a record of staff; None of who is not at work."""
    found = person or {}
    return None if found.get("active") == 0 else str(found.get("role") or "") or None


def needs_second(session: "Session", person: int) -> bool:
    """Whether the person at the keyboard needs a second one to give this one a passphrase."""
    return rises(session.role, role_of(session.store.get("staff", person)))


def vouched(session: "Session", person: int, witness: str, here: "Iterable[tuple[str, int]]") -> int:
    """Who vouched for a passphrase of ``person``, a record of staff; 0 where nobody needs to.

    ``witness`` is the second person's passphrase, ``here`` are (slot, person) of all who have one. Raises Denied where
    nobody here could, or it is missing; WrongPassphrase, TooSoon: it counts like one at the unlock page.
    """
    role = role_of(session.store.get("staff", person))
    if not rises(session.role, role):
        return 0
    able = {slot: other for slot, other in here if other != session.who and _can(session, other, role)}
    if not able:
        raise _nobody(session)
    if not witness:
        raise Denied(
            "This role may do more than yours. One who may do as much, and unlocks this computer too, types their own "
            "passphrase beside it."
        )
    vault = vault_in(session.folder.root, session.profile)
    with attempts.guessed(session.folder, session.now(), able):
        for slot, other in able.items():
            try:
                vault.open(witness, slot)
            except WrongPassphrase:
                continue
            attempts.end_row(session.folder, slot)
            return other
        raise WrongPassphrase("That is not the passphrase of anybody here who may do as much as this role.")


def _nobody(session: "Session") -> Denied:
    if session.is_office:
        return Denied(
            "This role may do more than yours, and nobody of the community office unlocks this computer. The recovery "
            "sheet of the office lets one of them in again, on the unlock page."
        )
    return Denied(
        "This role may do more than yours, and nobody who may do as much unlocks this laptop. Let the office make its "
        "device bundle in their name: they can add you then."
    )


def _can(session: "Session", other: int, role: str | None) -> bool:
    own = role_of(session.store.get("staff", other))
    return may(own, Action.CHANGE, Matter.KEYS) and not rises(own, role)
