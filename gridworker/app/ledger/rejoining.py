"""What a laptop hands out that goes on from a backup or a copy: no ledger, before the office has answered it.

Who was erased since, or took a consent back, may still be in it, and the office alone knows. Bundles always go.
"""

from typing import TYPE_CHECKING

from gridworker.errors import Denied

if TYPE_CHECKING:
    from gridworker.app.session import Session


def require_rejoined(session: "Session") -> None:
    """Raise Denied where the office has confirmed nothing of the life that this laptop lives. The first one may."""
    from gridworker.store.streams import Exchange

    own = session.store.identity
    if own.is_office or own.incarnation == 0:
        return
    with session.store.cursor() as cursor:
        confirmed = own.device in Exchange(cursor).marks()
    if not confirmed:
        raise Denied(
            "This laptop goes on from a backup or a copy, and the office has not answered it since: somebody who was "
            "erased meanwhile may still be in it. Hand a bundle over and take the answer in, then write the ledger out."
        )
