"""Exports above the cap: asked for on a laptop, approved at the office, checked offline, good for one export."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gridworker.app.files.code_files import code_in
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.errors import Denied, NotFound, Problem
from gridworker.text import gettext

if TYPE_CHECKING:
    from pathlib import Path

    from gridworker.app.session import Session
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.meta import Meta
    from gridworker.sync.enrolment.approval import Ask
    from gridworker.sync.format.keys import DeviceKeys, PublicKeys

PENDING = "export_asks"
"""What this laptop has asked for and not used yet, kept in the store's own values: {"life": ..., "asks": [...]}.

A store that was set back may have used it since, so what another life of it asked for is void.
"""

_KEPT = 8
_LONGEST = 400
"""Bytes of a file with an answer, which has twenty-six groups."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An ask as the office sees it: which laptop and whose, which grid (empty: all), how many, under-14s or not."""

    laptop: int
    worker: str
    grid: str
    count: int
    minors: bool


def read_answer_file(path: "Path") -> str:
    """The text of a file with the office's answer. Raises Problem where it cannot be one."""
    text = code_in(path, _LONGEST)
    if text is None or not text.isascii():
        raise Problem("This file holds no answer of the office to an export.")
    return text.strip()


class Approvals(Service):
    """Both ends."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    @needs(Action.EXPORT, Matter.PEOPLE)
    def ask(self, grid: int | None, count: int, *, minors: bool = False) -> str:
        """On a laptop: the code that asks for an export, to be told to the office. Put on record."""
        from gridworker.store.engine.database import raw_cursor
        from gridworker.store.meta import Meta
        from gridworker.store.tables.changes import Act
        from gridworker.sync.enrolment.approval import MOST, Ask

        self._session.require_writer()
        if self._session.is_office:
            raise Problem("The office needs no code.")
        if count > MOST:
            raise Problem("One code covers {most} people at most.", most=MOST)
        ask = Ask.new(self._session.laptop, grid, count, minors=minors)

        def beside(connection: "Connection", _commit: "Commit") -> None:
            meta = Meta(raw_cursor(connection))
            _keep(meta, [*_pending(meta), ask][-_KEPT:])

        act = Act.note("approval_asked", self._session.who, kind="grid", record=grid, count=count)
        self._session.store.write([], act, beside)
        return ask.text

    @needs(Action.APPROVE, Matter.PEOPLE)
    def asked(self, typed: str) -> Asked:
        """At the office: what a code asks for. Raises Problem, NotFound."""
        from gridworker.app.exchange.devices import Devices
        from gridworker.sync.enrolment.approval import Ask, tag_of

        ask = Ask.read(typed)
        laptop = next((one for one in Devices(self._session).laptops() if one.number == ask.laptop), None)
        if laptop is None or laptop.state != "active":
            raise NotFound("There is no laptop {name}.", name=ask.laptop)
        grids = dict(Devices(self._session).grids())
        named = next((name for id_, name in grids.items() if tag_of(id_) == ask.tag), None)
        if named is None and ask.tag != tag_of(None):
            raise NotFound("The code asks for a grid that is not known here.")
        return Asked(ask.laptop, laptop.worker, named or "", ask.count, ask.minors)

    @needs(Action.APPROVE, Matter.PEOPLE)
    def approve(self, typed: str) -> str:
        """At the office: the code that approves what ``typed`` asks for. On record first. Raises Problem, NotFound."""
        from gridworker.sync.enrolment.approval import Ask, answer

        if not self._session.is_office:
            raise Denied("Only the office approves an export.")
        asked, ask = self.asked(typed), Ask.read(typed)
        code = answer(ask, self._own(), self._laptop(ask.laptop))
        detail = f"laptop-{asked.laptop:02d}" + (" minors" if asked.minors else "")
        self._session.note("approval", kind="grid", record=self._grid(asked.grid), count=asked.count, detail=detail)
        return code

    @needs(Action.EXPORT, Matter.PEOPLE)
    def covering(self, typed: str, grid: int | None, count: int, *, minors: bool) -> "Ask":
        """On a laptop: the ask that a code approves and that covers an export. Raises Denied, Problem for a slip."""
        from gridworker.store.meta import Meta
        from gridworker.sync.enrolment.approval import approves
        from gridworker.sync.format.keys import PublicKeys

        with self._session.store.cursor() as cursor:
            waiting, office = _pending(Meta(cursor)), Meta(cursor).blob("office_keys")
        if office is None:
            raise _of_none_here()
        own, peer = self._own(), PublicKeys.parse(office)
        approved = [ask for ask in waiting if approves(typed, ask, own, peer)]
        if not approved:
            raise _of_none_here()
        ask = approved[0]
        if not ask.covers(grid, count, minors=minors):
            raise self._of_another(ask, without_minors=ask.covers(grid, count, minors=False))
        return ask

    def _of_another(self, ask: "Ask", *, without_minors: bool) -> Denied:
        """Why not, for who stands there with the office's code and does not know what was asked for."""
        from gridworker.sync.enrolment.approval import tag_of

        if without_minors:
            return Denied(
                "This code does not approve this export: it is for one in which of under-14s only relation and year "
                "stand. Choose that, or ask for another code."
            )
        held = self._session.grids()
        names = [(self._session.store.get("grid", one) or {}).get("name") for one in held if tag_of(one) == ask.tag]
        grid = gettext("All grids") if ask.tag == tag_of(None) else str(next(iter(names), "?"))
        return Denied(
            "This code does not approve this export: it is for up to {count} people, {grid}. Choose that, or ask for "
            "another code.",
            count=ask.count, grid=grid,
        )  # fmt: skip

    def _own(self) -> "DeviceKeys":
        from gridworker.store.meta import Meta
        from gridworker.sync.format.keys import DeviceKeys

        with self._session.store.cursor() as cursor:
            return DeviceKeys.parse(Meta(cursor).secret("device_keys") or b"")

    def _laptop(self, number: int) -> "PublicKeys":
        from gridworker.store.streams import Exchange
        from gridworker.sync.format.keys import PublicKeys

        with self._session.store.cursor() as cursor:
            keys = [key for key in Exchange(cursor).pinned(number) if key.state == "active"]
        if not keys:
            raise NotFound("Laptop {number} has handed nothing in yet. Take in a bundle of it first.", number=number)
        return PublicKeys.parse(keys[-1].keys)

    def _grid(self, name: str) -> int | None:
        from gridworker.app.exchange.devices import Devices

        return Devices(self._session).grid(name) if name else None


def _of_none_here() -> Denied:
    return Denied(
        "This code does not approve this export: it is for another computer, or was used already. Ask for another one."
    )


def use_up(meta: "Meta", ask: "Ask") -> None:
    """An ask was used, in the transaction that puts the export on record. Raises Denied where it was used meanwhile."""
    waiting = _pending(meta)
    if ask not in waiting:
        raise _of_none_here()
    _keep(meta, [one for one in waiting if one != ask])


def put_back(meta: "Meta", ask: "Ask") -> None:
    """An ask whose export could not be written."""
    _keep(meta, [*_pending(meta), ask][-_KEPT:])


def _pending(meta: "Meta") -> "list[Ask]":
    from gridworker.store.meta import Identity
    from gridworker.sync.enrolment.approval import Ask

    said = json.loads(meta.text(PENDING) or "[]")
    found: dict[str, Any] = {"life": 0, "asks": said} if isinstance(said, list) else said  # as it was written before
    here = found["life"] == Identity.load(meta).incarnation
    return [Ask.parse(bytes.fromhex(one)) for one in found["asks"]] if here else []


def _keep(meta: "Meta", asks: "list[Ask]") -> None:
    from gridworker.store.meta import Identity

    life = Identity.load(meta).incarnation
    meta.set(PENDING, json.dumps({"life": life, "asks": [ask.pack().hex() for ask in asks]}))
