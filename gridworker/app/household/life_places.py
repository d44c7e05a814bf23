"""Doors and households to choose from in a form, called so that one can tell them apart: door, and who lives there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from gridworker.app.session import Session
from gridworker.domain.address import door_label
from gridworker.domain.masking import share_name
from gridworker.store.queries import life as rows
from gridworker.store.search import search
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.store.search.search import Hit


class Chosen(NamedTuple):
    """A record to choose."""

    id: int
    caption: str


class LifePlaces:
    """Answers what a reference editor asks."""

    def __init__(self, session: Session, *, sharing: bool = False) -> None:
        self._session = session
        self._sharing = sharing

    def find(self, kind: str, text: str, limit: int) -> list[Chosen]:
        """Doors (``dwelling``) or households that match what is typed: a door, a name, pinyin."""
        with self._session.store.db.read() as connection:
            hits = search.find(connection, text, limit=4 * limit, shows=search.by_no_number)
            homes = list(dict.fromkeys(hit.household_id for hit in hits if _is_home(hit) and hit.household_id))
            if kind == "household":
                return self._homes(rows.homes(connection, homes))[:limit]
            empty = [hit.id for hit in hits if hit.kind == "dwelling"]
            doors = dict.fromkeys((*empty, *rows.dwelling_of(connection, homes)))
            return self._doors(rows.doors(connection, doors))[:limit]

    def caption(self, kind: str, id_: int) -> str:
        """What a door or a household is called."""
        with self._session.store.db.read() as connection:
            if kind == "household":
                found = self._homes(rows.homes(connection, [id_]))
            else:
                found = self._doors(rows.doors(connection, [id_]))
        return found[0].caption if found else str(id_)

    def _homes(self, found: "Sequence[tuple[int, rows.DoorRow]]") -> list[Chosen]:
        return [Chosen(household, self._words(door, door.heads or gettext("No name yet"))) for household, door in found]

    def _doors(self, found: "Sequence[rows.DoorRow]") -> list[Chosen]:
        return [Chosen(door.dwelling, self._words(door, door.heads or gettext("Nobody recorded"))) for door in found]

    def _words(self, door: "rows.DoorRow", heads: str) -> str:
        who = share_name(heads) if self._sharing and door.heads else heads
        place = door_label(door.building or "", door.unit, door.room) if door.building else ""
        return gettext(" · ").join(filter(None, (door.estate, place, who)))


def _is_home(hit: "Hit") -> bool:
    return hit.kind in {"resident", "household"}
