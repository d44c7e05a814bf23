"""For which erasure the places with backups were gone through, and what lay there then.

A place is a path, and several sticks may have it by turns: one that comes back from a drawer has backups that nobody
has gone through yet. So their names are remembered beside it, and what has another name makes the place due again.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from gridworker.app.backup.remaking import Remaking
from gridworker.app.session import Session

_KEPT = 100
"""Names remembered of one place; a place has twelve backups at most."""


class Renewed:
    """The marks of one store. ``store_id`` is what its backups bear."""

    def __init__(self, session: Session, remaking: Remaking, store_id: str) -> None:
        self._session, self._remaking, self._id = session, remaking, store_id

    @property
    def link(self) -> int:
        """Backups that end before this link of the journal have to go; 0 where none has to."""
        return self._said()[0]

    def left(self, places: Sequence[Path]) -> tuple[Path, ...]:
        """Those of some places that are to be gone through; all where nothing says for what."""
        link, marks = self._said()
        return tuple(place for place in places if link == 0 or not self._is_through(place, link, marks))

    def is_stale(self, places: Sequence[Path]) -> bool:
        """Whether in one of some places within reach something is older than what had to go out of all of them."""
        return self.link > 0 and any(self._remaking.any_before(place, self.link) for place in self.left(places))

    def remember(self, place: Path) -> None:
        """Write down that a place was gone through, where it is so."""
        from gridworker.store.meta import RENEWED

        link, marks = self._said()
        if link == 0 or self._is_through(place, link, marks) or self._remaking.any_before(place, link):
            return
        of, names = _mark(marks, self._name(place))
        known = [*(names if of == link else ()), *self._lying(place)]
        with self._session.store.settings() as settings:
            said = [link, list(dict.fromkeys(known))[-_KEPT:]]
            settings.set(RENEWED, json.dumps({**marks, self._name(place): said}))

    def _is_through(self, place: Path, link: int, marks: dict[str, object]) -> bool:
        of, names = _mark(marks, self._name(place))
        return of == link and set(self._lying(place)) <= set(names)

    def _lying(self, place: Path) -> list[str]:
        from gridworker.store.backup.place import finished

        return [str(named) for named, _ in finished(place, self._id)]

    def _said(self) -> tuple[int, dict[str, object]]:
        from gridworker.store.meta import RENEWED, STALE, Meta

        with self._session.store.cursor() as cursor:
            return Meta(cursor).number(STALE), json.loads(Meta(cursor).text(RENEWED, "{}"))

    def _name(self, place: Path) -> str:
        """A data folder may be moved as a whole; a place that is away is known by its path."""
        return "" if place == self._session.folder.backups else str(place)


def _mark(marks: dict[str, object], name: str) -> tuple[int, list[str]]:
    """The link a place was gone through for, and the names; a store of an earlier program remembers no names."""
    found = marks.get(name, 0)
    return (int(found[0]), list(found[1])) if isinstance(found, list) else (int(str(found)), [])
