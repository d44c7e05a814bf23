"""Forgetting a person: what goes, what a clerk has to look at, and doing it (sync.md 9, PIPL 47)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.app.forgetting import Forgetting, forget
from gridworker.app.gate import Action, Matter, needs
from gridworker.errors import Denied, NotFound, Problem

if TYPE_CHECKING:
    from gridworker.store.concerned import Concerned, Mention


@dataclass(frozen=True, slots=True)
class Going:
    """A record that goes: its kind in words, and what it is called while it still is."""

    kind: str
    record: int
    title: str
    caption: str


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A field of another record where the person is named; ``excerpt`` is empty where it only refers to them."""

    kind: str
    record: int
    title: str
    field: str
    label: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure would do. ``fields`` are the names of single fields, empty for everything."""

    going: tuple[Going, ...]
    mentioned: tuple[Mentioned, ...]
    fields: tuple[str, ...] = ()


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

    @needs(Action.READ, Matter.PEOPLE)
    def member(self, membership: int) -> int:
        """The resident of a membership. Raises NotFound."""
        values = self._session.store.get("household_member", membership)
        resident = values["resident_id"] if values else None
        if not isinstance(resident, int):
            raise NotFound("This record is not here.")
        return resident

    @needs(Action.READ, Matter.PEOPLE)
    def preview(self, kind: str, record: int, fields: Sequence[str] = ()) -> Preview:
        """What would go and where else the person is named; nothing is changed. Raises NotFound, Problem."""
        from gridworker.store.concerned import about, mentions, names_of

        self._require_personal(kind, fields)
        with self._session.store.db.read() as connection:
            concerned = about(connection, kind, record) if not fields else about(connection, kind, record)[:1]
            words = names_of(connection, concerned[:1])
            found = mentions(connection, words, concerned) if not fields else []
        going = tuple(map(self._going, concerned))
        return Preview(going, tuple(map(_mentioned, found)), tuple(fields))

    @needs(Action.ERASE, Matter.PEOPLE)
    def erase(self, kind: str, record: int, fields: Sequence[str] = ()) -> Outcome:
        """Erase, for good: here at once, everywhere else with the next bundles. Nobody can undo it.

        Raises Denied on a laptop, NotFound, StoreBusy, DiskFull, StoreProblem. What a full disk cuts off is taken up
        again before the next bundle.
        """
        from gridworker.store.changes import Act
        from gridworker.store.erasure import Wish

        if not self._session.is_office:
            raise Denied("Only the office can erase. Ask it to.")
        self._session.require_writer()
        preview = self.preview(kind, record, fields)
        named = tuple(fields) or None
        wishes = [Wish(one.kind, one.record, named, gone=named is None) for one in preview.going]
        act = Act.note("erase", self._session.who, kind=kind, record=record, count=len(wishes))
        files = forget(self._session, self._copies, wishes, act)
        return Outcome(preview, files.replaced, files.removed, files.elsewhere, files.backups)

    @needs(Action.ERASE, Matter.PEOPLE)
    def reword(self, kind: str, record: int, field: str, text: str) -> None:
        """Write a text anew where somebody was named, and erase what stood there: an edit alone keeps the old one."""
        from gridworker.store.changes import Act
        from gridworker.store.erasure import Wish
        from gridworker.store.records import kind_named

        if not self.is_allowed:
            raise Denied("Only the office can erase. Ask it to.")
        self._session.require_writer()
        self._require_personal(kind, [field])
        values = kind_named(kind).checked({field: text}, partial=True)
        wish = Wish(kind, record, (field,), gone=False, instead=values)
        forget(self._session, None, [wish], Act.note("erase", self._session.who, kind=kind, record=record))

    @needs(Action.CHANGE, Matter.PEOPLE)
    def ask_for(self, kind: str, record: int) -> None:
        """On a laptop: put on record that somebody wishes to be forgotten; the office sees it with the next bundle."""
        self._require_personal(kind, ())
        self._session.require_writer()
        self._session.note("erase_request", kind=kind, record=record)

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


def _mentioned(one: "Mention") -> Mentioned:
    kind = discover.kinds()[one.kind].kind
    label = str(kind.specs[one.field].label)
    return Mentioned(one.kind, one.record, str(kind.title), one.field, label, one.excerpt)
