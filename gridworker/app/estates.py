"""Whether doors are told by their estate: where there are several, each has a 3栋."""

from typing import TYPE_CHECKING

from gridworker.app.session import Session
from gridworker.store.queries import households as rows
from gridworker.store.queries import news

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection


class Estates:
    """Known to all services of a session: it is asked for every line of a list, and at every letter of a search."""

    def __init__(self, _session: Session) -> None:
        self._known: tuple[int, bool] = (-1, False)

    def several(self, connection: "Connection") -> bool:
        """Whether there are several; all buildings are asked once until the journal brings something."""
        newest = news.newest(connection)
        if self._known[0] != newest:
            self._known = newest, rows.several_estates(connection)
        return self._known[1]
