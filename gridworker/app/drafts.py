"""Drafts: what is typed and not yet saved, kept field by field inside the encrypted store.

A draft is this device's own and no record: it is not logged, does not travel and goes when the form is finished.
Several people may share the device. A draft is that of who began it, and stays until they come back: a colleague is
told that there is one and whose, begins their own beside it, and neither reads nor finishes it. Whoever keeps the
accounts hands it on, on record. What is of nobody in particular - a visit put off, drafts of an older version - shows
what stands in it to who may fill in such a form.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.session import Session
from gridworker.domain.rights import may, refusal
from gridworker.errors import NotFound, Problem
from gridworker.store import drafts

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.store import Beside


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


@dataclass(frozen=True, slots=True)
class Begun:
    """That a colleague began a form here: which one, who, and when it was last kept; nothing of what stands in it."""

    name: str
    who: int
    called: str
    kept_at: datetime

    @property
    def form(self) -> str:
        """What the form is about, in words: a visit, an issue; not whose."""
        from gridworker.store.records import kind_named

        form, _, about = self.name.partition(":")
        kind = about.partition(":")[0] if form == "record" else _ABOUT.get(form, "")
        return str(kind_named(kind).kind.title) if kind else form


_ABOUT = {
    "visit": "visit", "report": "issue", "issue-step": "issue_step", "need": "need", "preset": "export_preset",
    "handover": "handover_request", "answer": "handover_request", "building": "building", "household": "household",
    "life": "household", "person": "resident", "member": "resident", "consent": "consent", "care": "care_membership",
    "contact": "care_contact",
}  # fmt: skip
"""By what the name of a draft begins with: the kind of record that comes of it."""

_OF_THE_DEVICE = frozenset({"later", "opened"})
"""What is no form and holds for whoever sits here."""


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
            drafts.put(connection, name, body, now, self.owner(name))
        return now

    @free("who is at the keyboard")
    def owner(self, name: str) -> int:
        """Whose a draft is that is kept now; 0 for what is of nobody in particular."""
        return 0 if name.partition(":")[0] in _OF_THE_DEVICE else self._session.who

    @staticmethod
    @free("a way of writing")
    def packed(fields: Mapping[str, Any]) -> bytes:
        """Fields as they are stored, for who keeps a draft inside a transaction of its own."""
        return json.dumps(dict(fields), ensure_ascii=False).encode()

    @needs(Action.MASKED, Matter.PEOPLE)
    def get(self, name: str) -> Draft | None:
        """One's own draft of a form, or that of nobody in particular; None where there is neither."""
        with self._session.store.db.read() as connection:
            found = drafts.own(connection, name, self._session.who)
        return self._told(found) if found else None

    @needs(Action.MASKED, Matter.PEOPLE)
    def all(self, prefix: str = "") -> list[Draft]:
        """One's own drafts whose name starts with ``prefix``, newest first, and those of nobody in particular.

        Without fields for who does not fill in such a form.
        """
        with self._session.store.db.read() as connection:
            found = [one for one in drafts.find(connection, prefix) if one.who in (0, self._session.who)]
        own = {one.name for one in found if one.who}
        return [self._told(one) for one in found if one.who or one.name not in own]

    def _told(self, one: drafts.Kept) -> Draft:
        return Draft(one.name, json.loads(one.body) if self._fills_in(one.name) else {}, one.at)

    @needs(Action.MASKED, Matter.PEOPLE)
    def of_others(self, prefix: str = "") -> list[Begun]:
        """What colleagues began on this device and did not finish, newest first."""
        with self._session.store.db.read() as connection:
            found = [one for one in drafts.find(connection, prefix) if one.who not in (0, self._session.who)]
        return [Begun(one.name, one.who, self._called(one.who), one.at) for one in found]

    @needs(Action.CHANGE, Matter.STAFF)
    def hand_on(self, name: str, giver: int, to: int) -> None:
        """Give what somebody began to somebody else, of the staff at work, who goes on with it; on record.

        Raises NotFound where there is no such draft or person, Denied where their role fills in no such form, Problem
        where they began one of their own.
        """
        self._session.require_writer()
        if (self._session.store.get("staff", to) or {"active": 0}).get("active") == 0:
            raise NotFound("This record is not here.")
        role, (action, matter) = self._role(to), self._filling_in(name)
        if not may(role, action, matter):
            raise refusal(role, action, matter)

        def give(connection: "Connection", _commit: "Commit") -> None:
            begun = {one.who for one in drafts.find(connection, name) if one.name == name}
            if giver not in begun or not giver:
                raise NotFound("There is no such draft here any more.")
            if to in begun or not drafts.hand_on(connection, name, giver, to):
                raise Problem("{name} has begun one of their own. Let them finish or discard it first.",
                              name=self._called(to))  # fmt: skip

        self._session.note("edit", give, kind="staff", record=giver, detail="draft handed-on")

    @needs(Action.CHANGE, Matter.STAFF)
    def heirs(self, name: str, giver: int) -> list[tuple[int, str]]:
        """Who can go on with what somebody began, (id, name): with a passphrase here, and a role that fills it in.

        Not who began one of their own: they finish or discard that first.
        """
        from gridworker.app.staff.people_here import PeopleHere

        with self._session.store.db.read() as connection:
            begun = {one.who for one in drafts.find(connection, name) if one.name == name}
        deed = self._filling_in(name)
        here = [(one.person, one.name) for one in PeopleHere(self._session).listed()]
        return [
            (person, called)
            for person, called in here
            if person not in {giver, *begun} and may(self._role(person), *deed)
        ]

    @needs(Action.READ, Matter.STAFF)
    def somebody(self, name: str) -> int:
        """One of the staff, at work or gone, by name or number. Raises NotFound."""
        from gridworker.app.staff.namesakes import one_meant
        from gridworker.store.queries.issues import staff_names

        with self._session.store.db.read() as connection:
            return one_meant(name, staff_names(connection))

    def _called(self, person: int) -> str:
        return str((self._session.store.get("staff", person) or {}).get("name") or "")

    def _role(self, person: int) -> str | None:
        """What somebody is here; None for who is not at work any more."""
        staff = self._session.store.get("staff", person) or {"active": 0}
        return None if staff.get("active") == 0 else str(staff.get("role") or "") or None

    def _fills_in(self, name: str) -> bool:
        return self.may(*self._filling_in(name))

    def _filling_in(self, name: str) -> tuple[Action, Matter]:
        """What somebody must be allowed who fills in such a form."""
        form, _, about = name.partition(":")
        if form == "record":
            return Action.CHANGE, self.matter(about.partition(":")[0])
        return _FILLS_IN.get(form, (Action.READ, Matter.PEOPLE))

    @needs(Action.MASKED, Matter.PEOPLE)
    def drop(self, name: str) -> None:
        """Forget a draft: the form was finished or thrown away."""
        self._session.require_writer()
        with self._session.store.db.write() as connection:
            drafts.drop(connection, name, self.owner(name))


def dropping(name: str, who: int) -> "Beside | None":
    """What forgets somebody's draft in the very transaction that saves what became of it; None for no draft."""
    if not name:
        return None

    def drop(connection: "Connection", _commit: "Commit") -> None:
        drafts.drop(connection, name, who)

    return drop
