"""Forgetting a person: what goes, what a clerk has to look at, and doing it (sync.md 9, PIPL 47)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.app.forgetting import Forgetting, forget
from gridworker.app.gate import Action, Matter, free, needs
from gridworker.app.rights.mentioned import Mentioned, Rewording, Way, places, usual, wish_of
from gridworker.errors import Denied, NotFound, Problem

if TYPE_CHECKING:
    from gridworker.app.household.asked import AskedFor
    from gridworker.app.rights.consents import Consents
    from gridworker.store.concerned import Concerned
    from gridworker.store.mentions import Report


@dataclass(frozen=True, slots=True)
class Going:
    """A record that goes: its kind in words, and what it is called while it still is."""

    kind: str
    record: int
    title: str
    caption: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure would do. ``fields`` are the names of single fields, empty for everything.

    ``drafts``: how many hold the name and lose it with the person.
    """

    going: tuple[Going, ...]
    mentioned: tuple[Mentioned, ...]
    fields: tuple[str, ...] = ()
    drafts: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, and the names of files a person has to see to: what lies on sticks and in backups elsewhere."""

    preview: Preview
    replaced: int
    removed: int
    elsewhere: tuple[str, ...]
    backups: int = 0


class Erasing(Forgetting):
    """Erasing, at the office; asking for it, on a laptop."""

    @property
    @free("a service of its own")
    def consents(self) -> "Consents":
        """What people agreed to, and what a no lets go of."""
        from gridworker.app.rights.consents import Consents

        return Consents(self._session, self._copies)

    @property
    @free("a service of its own")
    def asked(self) -> "AskedFor":
        """Who wishes to be forgotten, and the answers to that."""
        from gridworker.app.household.asked import AskedFor

        return AskedFor(self._session)

    @needs(Action.READ, Matter.PEOPLE)
    def member(self, membership: int) -> int:
        """The resident of a membership. Raises NotFound."""
        values = self._session.store.get("household_member", membership)
        resident = values["resident_id"] if values else None
        if not isinstance(resident, int):
            raise NotFound("This record is not here.")
        return resident

    @needs(Action.READ, Matter.PEOPLE)
    def preview(self, kind: str, record: int, fields: Sequence[str] = (), report: "Report | None" = None) -> Preview:
        """What would go and where else the person is named, now and before; nothing is changed.

        The whole log is gone through: ``report`` is told how far that is. Raises NotFound, Problem.
        """
        return self._preview(kind, record, fields, report)[0]

    @needs(Action.ERASE, Matter.PEOPLE)
    def erase(
        self,
        kind: str,
        record: int,
        fields: Sequence[str] = (),
        rewordings: Sequence[Rewording] | None = (),
        report: "Report | None" = None,
    ) -> Outcome:
        """Erase, for good: here at once, everywhere else with the next bundles. Nobody can undo it.

        ``rewordings``: what is done in the same act to texts of others that name the person; None for the usual.
        ``report`` is told how far the data and the backups are that are written anew: it stops nothing.
        Raises Denied on a laptop, NotFound, Invalid, Problem (one of the texts is another by now), StoreBusy, DiskFull,
        StoreProblem. What a full disk cuts off is taken up again before the next bundle.
        """
        from gridworker.store.tables.changes import Act
        from gridworker.store.wish import Wish

        self._require_office()
        preview, words = self._preview(kind, record, fields)
        if rewordings is None:
            rewordings = usual(preview.mentioned)
        named = tuple(fields) or None
        wishes = [Wish(one.kind, one.record, named, gone=named is None) for one in preview.going]
        act = Act.note("erase", self._session.who, kind=kind, record=record, count=len(wishes) + len(rewordings))
        wishes += [wish_of(one, words) for one in rewordings]
        files = forget(self._session, self._copies, wishes, act, report)
        return Outcome(_left(preview, rewordings), files.replaced, files.removed, files.elsewhere, files.backups)

    @needs(Action.ERASE, Matter.PEOPLE)
    def clear(
        self,
        kind: str,
        record: int,
        rewordings: Sequence[Rewording] | None = None,
        report: "Report | None" = None,
    ) -> Outcome:
        """Only what is done to texts that name somebody, as one act; the person stays. Raises what ``erase`` does."""
        from gridworker.store.tables.changes import Act

        self._require_office()
        preview, words = self._preview(kind, record, ())
        if rewordings is None:
            rewordings = usual(preview.mentioned)
        act = Act.note("erase", self._session.who, kind=kind, record=record, count=len(rewordings))
        files = forget(self._session, self._copies, [wish_of(one, words) for one in rewordings], act, report)
        left = replace(_left(preview, rewordings), going=())
        return Outcome(left, files.replaced, files.removed, files.elsewhere, files.backups)

    @needs(Action.CHANGE, Matter.PEOPLE)
    def ask_for(self, kind: str, record: int) -> None:
        """On a laptop: put on record that somebody wishes to be forgotten; the office sees it with the next bundle."""
        self.asked.ask(kind, record)

    def _preview(
        self, kind: str, record: int, fields: Sequence[str], report: "Report | None" = None
    ) -> tuple[Preview, set[str]]:
        from gridworker.store.concerned import about, names_of
        from gridworker.store.drafts import naming
        from gridworker.store.mentions import mentions
        from gridworker.store.queries.erase_requests import may_be_erased

        self._require_personal(kind, fields)
        with self._session.store.db.read() as connection:
            if not may_be_erased(connection, kind, record):
                raise NotFound("There is no record {id} of kind “{kind}” here.", id=record, kind=kind)
            concerned = about(connection, kind, record) if not fields else about(connection, kind, record)[:1]
            words = names_of(connection, concerned[:1])
            found = mentions(connection, words, concerned, report) if not fields else []
            drafts = naming(connection, words) if not fields else 0
        going = tuple(map(self._going, concerned))
        return Preview(going, tuple(places(self._session, kind, found, words)), tuple(fields), drafts), words

    def _require_office(self) -> None:
        if not self._session.is_office:
            raise Denied("Only the office can erase. Ask it to.")
        self._session.require_writer()

    def _require_personal(self, kind: str, fields: Sequence[str]) -> None:
        from gridworker.store.concerned import is_personal
        from gridworker.store.records import kind_named

        specs = kind_named(kind).kind.specs
        unknown = [name for name in fields if name not in specs]
        if unknown:
            raise NotFound("There is no field called {field}.", field=", ".join(unknown))
        if not is_personal(kind) or kind_named(kind).kind.everywhere:
            raise Problem("Only what is about residents can be erased. Delete the record instead.")

    def _going(self, one: "Concerned") -> Going:
        record = discover.kinds()[one.kind]
        values = self._session.store.get(one.kind, one.record)
        return Going(one.kind, one.record, str(record.kind.title), record.caption(values) if values else "")


def _left(preview: Preview, rewordings: Sequence[Rewording]) -> Preview:
    """The same with the places alone that nothing was done about."""
    done = {(one.kind, one.record, one.field) for one in rewordings if one.way is not Way.LEAVE}
    left = (one for one in preview.mentioned if not one.ways or (one.kind, one.record, one.field) not in done)
    return replace(preview, mentioned=tuple(left))
