"""Rules the office sets for everybody. They stand in the community's record, so every laptop has them with a bundle."""

from typing import TYPE_CHECKING

from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.errors import NotFound, Problem
from gridworker.store.changes import Change
from gridworker.store.records import page

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.record import Value

EXPORT_CAP = 1000
"""So many people a laptop exports without the office's code, where the office sets no other number: about one grid."""

_MOST = 1_000_000


class OfficeRules(Service):
    """Reading them anywhere; changing them at the office."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    @needs(Action.READ, Matter.RULES)
    def export_cap(self) -> int:
        """How many people a laptop may export without the office's code."""
        _, known = self._community()
        cap = known.get("export_cap")
        return cap if isinstance(cap, int) and 0 <= cap <= _MOST else EXPORT_CAP

    @needs(Action.CHANGE, Matter.RULES)
    def set_export_cap(self, people: int) -> None:
        """Change it for everybody, from their next bundle on. Raises Problem."""
        if not 0 <= people <= _MOST:
            raise Problem("A number from 0 to {most} is needed.", most=_MOST)
        if not self._session.is_office:
            raise Problem("The office sets this for everybody.")
        community, _ = self._community()
        if not community:
            raise NotFound("This record is not here.")
        self._session.write([Change("community", community, {"export_cap": people})], "settings", detail="export_cap")

    def _community(self) -> "tuple[int, dict[str, Value]]":
        with self._session.store.db.read() as connection:
            found = page(connection, "community", limit=1)
        return found[0] if found else (0, {})
