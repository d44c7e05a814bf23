"""Wishes to be forgotten: a worker hears one at the door and asks the office, which erases or keeps (PIPL 47).

A request is a row of the audit, so it travels as these do: to the office and nowhere else. Its laptop hears of an
erasure like all others, and of nothing else that became of it; whoever asked takes it back there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.session import Session
from gridworker.app.words.called import computer_called
from gridworker.app.words.days import short_day
from gridworker.app.words.purposes import checked_keep_reason
from gridworker.domain.moments import local_day
from gridworker.errors import NotFound, Problem
from gridworker.store.log.clock import laptop_of
from gridworker.store.queries import erase_requests as rows
from gridworker.store.queries.audit import devices
from gridworker.store.queries.erase_requests import DECLINED, REQUEST, WITHDRAWN
from gridworker.store.queries.timeline import staff_names
from gridworker.store.records import get_many
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.store.concerned import Concerned
    from gridworker.store.engine.database import Connection
    from gridworker.store.queries.erase_requests import Request


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is to be forgotten, and who asked for it first, when and on which computer; twice asked is once.

    ``households``: whose files they are in, the one they live in first. ``by_itself``: nobody asked, the office's
    program found that they are one with somebody who was erased. ``here``: it was asked on this computer.
    """

    kind: str
    record: int
    whom: str
    at: str
    by: str
    device: str
    households: tuple[int, ...] = ()
    by_itself: bool = False
    here: bool = False


class AskedFor(Service):
    """Asking on a laptop, or at the office by who may not erase; the office's answer."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    @free("it says whether")
    def may_ask(self) -> bool:
        """Whether the person at the keyboard asks, as they may change people and not erase them here."""
        erases = self._session.is_office and self.may(Action.ERASE, Matter.PEOPLE)
        return self._session.can("CHANGE PEOPLE") and not erases

    @property
    @free("it says whether")
    def may_answer(self) -> bool:
        """Whether requests are decided on here, and by this person."""
        return self._session.is_office and self._session.can("ERASE PEOPLE")

    @needs(Action.READ, Matter.PEOPLE)
    def waiting(self) -> list[Asked]:
        """What was asked and is not answered yet, the oldest first; on a laptop what was asked there."""
        with self._session.store.db.read() as connection:
            found = _by_whom(rows.unanswered(connection))
            return self._told(connection, found, rows.homes(connection, found)) if found else []

    @needs(Action.READ, Matter.PEOPLE)
    def of(self, household: int) -> list[Asked]:
        """Those of a household's file."""
        with self._session.store.db.read() as connection:
            found = _by_whom(rows.unanswered(connection))
            homes = rows.homes(connection, found) if found else {}
            here = {one: requests for one, requests in found.items() if household in homes[one]}
            return self._told(connection, here, homes) if here else []

    @needs(Action.CHANGE, Matter.PEOPLE)
    def ask(self, kind: str, record: int) -> None:
        """Put on record that somebody wishes to be forgotten. Raises NotFound, Problem where that is nobody."""
        from gridworker.store.concerned import is_personal

        spec = discover.kinds()[kind].kind if kind in discover.kinds() else None
        if spec is None:
            raise NotFound("There is no kind of record called {kind}.", kind=kind)
        if not is_personal(kind) or spec.everywhere:
            raise Problem("Only what is about residents can be erased. Delete the record instead.")
        self._session.require_writer()
        with self._session.store.db.read() as connection:
            if not rows.is_known(connection, kind, record):
                raise NotFound("This record is not here.")
        self._session.note(REQUEST, kind=kind, record=record)

    @needs(Action.ERASE, Matter.PEOPLE)
    def keep(self, kind: str, record: int, why: str) -> None:
        """At the office: what is known of them stays, for a reason of ``keep_reasons``. They may ask again.

        Raises NotFound where nobody asked, Problem where no reason is given.
        """
        if not self._session.is_office:
            raise Problem("Only the office can say so.")
        self._answer(DECLINED, kind, record, checked_keep_reason(why))

    @needs(Action.CHANGE, Matter.PEOPLE)
    def take_back(self, kind: str, record: int) -> None:
        """On the computer it was asked on: they do not wish it any more, or the office said no."""
        self._answer(WITHDRAWN, kind, record)

    def _answer(self, action: str, kind: str, record: int, why: str | None = None) -> None:
        """A row for each request, for it names the one it answers."""
        self._session.require_writer()
        with self._session.store.db.read() as connection:
            asked = [one for one in rows.unanswered(connection) if one.about == (kind, record)]
        if action == WITHDRAWN:
            asked = [one for one in asked if not one.by_itself and laptop_of(one.id) == self._session.laptop]
        if not asked:
            raise NotFound("Nobody asked that this be erased, or it was answered.")
        with self._session.together():
            for one in asked:
                self._session.note(action, kind=kind, record=record, purpose=why, detail=str(one.id))

    def _told(
        self,
        connection: "Connection",
        found: "dict[Concerned, Request]",
        homes: "dict[Concerned, list[int]]",
    ) -> list[Asked]:
        staff = staff_names(connection, {one.staff for one in found.values() if one.staff})
        labels = dict(devices(connection).values())
        named = {
            kind: get_many(connection, kind, [one.record for one in found if one.kind == kind])
            for kind in {one.kind for one in found}
        }

        def whom(one: "Concerned") -> str:
            kind, values = discover.kinds()[one.kind], named[one.kind].get(one.record)
            called = kind.caption(values) if values else ""
            return called or gettext("{kind} {name}").format(kind=kind.kind.title, name=one.record)

        return [
            Asked(
                one.kind, one.record, whom(one), first.at, staff.get(first.staff or 0, ""),
                computer_called(laptop_of(first.id), labels.get(laptop_of(first.id), "")),
                tuple(homes[one]), first.by_itself, not first.by_itself and laptop_of(first.id) == self._session.laptop,
            )
            for one, first in found.items()
        ]  # fmt: skip


def asked_words(session: Session, one: Asked) -> str:
    """A request in a sentence: at the office with the computer it was made on, on a laptop as what was done."""
    if one.by_itself:
        words = gettext("{whom} is one with somebody who was erased. Are they to be forgotten too?")
        return words.format(whom=one.whom)
    if session.is_office:
        words = gettext("{whom} wishes to be forgotten. {name} asked on {day} ({device}).")
    else:
        words = gettext("{whom} wishes to be forgotten. {name} asked the office on {day}.")
    day = short_day(local_day(one.at), session.today()) if one.at else ""
    return words.format(whom=one.whom, name=one.by, day=day, device=one.device)


def asked_about(session: Session, one: Asked) -> str:
    """Who asked, when and on which computer, as a line under the name."""
    if one.by_itself:
        return gettext("One with somebody who was erased")
    day = short_day(local_day(one.at), session.today()) if one.at else ""
    return gettext(" · ").join(filter(None, (one.by, day, one.device)))


def _by_whom(requests: "Sequence[Request]") -> "dict[Concerned, Request]":
    """The first of each; what a person asked counts before what the office asked by itself."""
    found: dict[Concerned, Request] = {}
    for one in sorted(requests, key=lambda one: one.by_itself):
        found.setdefault(one.about, one)
    return dict(sorted(found.items(), key=lambda item: item[1].id))
