"""Drafts: what is typed and not yet saved, kept field by field inside the encrypted store.

A draft is this device's own and no record: it is not logged, does not travel and goes when the form is finished.
Several people may share the device: what stands in a form is shown to who may fill in such a form, others only that
there is one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.session import Session
from gridworker.store import drafts

if TYPE_CHECKING:
    from gridworker.store.database import Connection
    from gridworker.store.store import Beside
    from gridworker.store.transaction import Commit


_FILLS_IN = {
    "visit": (Action.CREATE, Matter.VISITS),
    "later": (Action.MASKED, Matter.PEOPLE),
    "opened": (Action.MASKED, Matter.PEOPLE),
    "report": (Action.CREATE, Matter.ISSUES),
    "issue-step": (Action.CHANGE, Matter.ISSUES),
    "need": (Action.CHANGE, Matter.ISSUES),
    "handover": (Action.CREATE, Matter.HANDOVERS),
    "preset": (Action.CHANGE, Matter.RULES),
    "building": (Action.CREATE, Matter.PLACES),
}
"""By what the name of a draft begins with: who fills in such a form. Of any other form it is whoever reads people."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One unfinished form: its name (like ``visit:912527358865506304``), its fields, when it was last kept."""

    name: str
    fields: Mapping[str, Any]
    kept_at: datetime


class Drafts(Service):
    """Keeping and finding unfinished forms."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @needs(Action.MASKED, Matter.PEOPLE)
    def keep(self, name: str, fields: Mapping[str, Any]) -> datetime:
        """Store the fields of a form as they stand; durable when this returns. Returns when it was kept."""
        self._session.require_writer()
        now = self._session.now()
        body = self.packed(fields)
        with self._session.store.db.write() as connection:
            drafts.put(connection, name, body, now)
        return now

    @staticmethod
    @free("a way of writing")
    def packed(fields: Mapping[str, Any]) -> bytes:
        """Fields as they are stored, for who keeps a draft inside a transaction of its own."""
        return json.dumps(dict(fields), ensure_ascii=False).encode()

    @needs(Action.MASKED, Matter.PEOPLE)
    def get(self, name: str) -> Draft | None:
        """The draft of a form, or None."""
        return next((draft for draft in self.all(name) if draft.name == name), None)

    @needs(Action.MASKED, Matter.PEOPLE)
    def all(self, prefix: str = "") -> list[Draft]:
        """All drafts whose name starts with ``prefix``, newest first; without fields for who does not fill them in."""
        with self._session.store.db.read() as connection:
            found = drafts.find(connection, prefix)
        return [Draft(name, json.loads(body) if self._fills_in(name) else {}, kept_at) for name, body, kept_at in found]

    def _fills_in(self, name: str) -> bool:
        form, _, about = name.partition(":")
        if form == "record":
            return self.may(Action.CHANGE, self.matter(about.partition(":")[0]))
        return self.may(*_FILLS_IN.get(form, (Action.READ, Matter.PEOPLE)))

    @needs(Action.MASKED, Matter.PEOPLE)
    def drop(self, name: str) -> None:
        """Forget a draft: the form was finished or thrown away."""
        self._session.require_writer()
        with self._session.store.db.write() as connection:
            drafts.drop(connection, name)


def dropping(name: str) -> "Beside | None":
    """What forgets a draft in the very transaction that saves what became of it; None for no draft."""
    if not name:
        return None

    def drop(connection: "Connection", _commit: "Commit") -> None:
        drafts.drop(connection, name)

    return drop
