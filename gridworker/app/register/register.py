"""The plain register of the kinds that have no page of their own: rows, forms, references, histories."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from gridworker.app.gate import Action, Service, free, needs
from gridworker.app.household.verdict_words import marked, verdict_moment
from gridworker.app.household.view import MomentView
from gridworker.app.long_sort import ID, both_ways
from gridworker.app.register.records import Found, Records
from gridworker.app.register.register_kept import KeptSorts, Sorted
from gridworker.app.register.register_seats import Sorting, Values
from gridworker.app.session import Session
from gridworker.app.words import days
from gridworker.app.words.showing import erased_word, show
from gridworker.domain.address import natural_key
from gridworker.domain.masking import HIDDEN, is_masked
from gridworker.domain.moments import local_day
from gridworker.errors import NotFound, Problem
from gridworker.record import Privacy, Type
from gridworker.store.log.op import What
from gridworker.store.queries.life import dwelling_of
from gridworker.store.queries.timeline import staff_names
from gridworker.store.records import alike, ids, values_of
from gridworker.store.search import search
from gridworker.text import gettext, language

if TYPE_CHECKING:
    from gridworker.record import Kind, Spec, Value
    from gridworker.store.engine.database import Connection
    from gridworker.store.history import Event
    from gridworker.store.intake.transaction import Progress

KINDS = (
    "building", "dwelling", "merchant", "need", "service_request", "volunteer_service", "duty_shift",
    "training_record", "post_assignment", "disclosure", "grid", "community", "staff", "care_membership",
    "care_contact", "consent", "handover_request", "audit_event",
)  # fmt: skip
"""What it lists, in order."""

_COLUMNS = 4
_LEAD: Mapping[str, tuple[str, ...]] = {"building": ("building_name", "estate_name"), "need": ("title",)}
"""What a list begins with where that is not declared first: a name, not the grid or a number (ui/ux.md 1)."""
_LOT, _LOOKED = 500, 20_000
"""Records of which the captions are read at once, and in all, for one that is called as was typed."""
_NEVER_TYPED = frozenset({"id_key", "id_hash"})
"""What the program makes itself (app/id_keeping.py); whoever typed over it would part the books from their numbers."""

_NAMES_PEOPLE = frozenset({"resident", "household", "care_membership"})
"""Kinds that are called by somebody's name: not while others look on."""

_SEARCHED = frozenset({"resident", "household"})
"""Kinds that the search finds by all they are called; of others it finds those with words or doors."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record in the list: its cells in words, masked."""

    id: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Referred:
    """A record one can refer to."""

    id: int
    caption: str


class Register(Service):
    """Reading and writing goes through ``Records``; this puts it into words."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._records = Records(session)
        self._kept = KeptSorts()

    @free("it leaves out what may not be read")
    def kinds(self) -> "list[Kind]":
        """The kinds it lists here; the audit log at the office only."""
        kinds = [self._records.kind(name).kind for name in KINDS]
        return [
            kind
            for kind in kinds
            if (self._session.is_office or not kind.office_only) and self.may(Action.READ, self.matter(kind.name))
        ]

    @free("it says whether")
    def may_edit(self, kind: str) -> bool:
        """Whether this person may change records of a kind here: what all devices share is the office's to change."""
        found = self._records.kind(kind).kind
        if self._session.read_only or found.office_only or not self.may(Action.CHANGE, self.matter(kind)):
            return False
        return self._session.is_office or not found.everywhere

    @free("fields of a form")
    def columns(self, kind: str) -> list["Spec"]:
        """The fields a list shows: what a record is known by, then the first few that say something."""
        specs, lead = self._records.kind(kind).kind.specs, _LEAD.get(kind, ())
        told = (spec for spec in specs.values() if spec.type not in {Type.NOTE, Type.MARKS} and spec.name not in lead)
        return [*(specs[name] for name in lead), *told][:_COLUMNS]

    @needs(Action.READ, of="kind")
    def entries(self, kind: str, after: int = 0, limit: int = 100, *, sharing: bool = False) -> list[Entry]:
        """The next records of a kind above an id."""
        return self._entries(kind, self._records.page(kind, after=after, limit=limit), sharing=sharing)

    @free("fields of a list")
    def sortable(self, kind: str) -> frozenset[str]:
        """The columns a list can be sorted by: what a reference says stands in another record."""
        return frozenset(
            spec.name for spec in self.columns(kind) if spec.type is not Type.REF and spec.privacy is Privacy.INTERNAL
        )

    @needs(Action.READ, of="kind")
    def order(self, kind: str, field: str = "", *, down: bool = False) -> "array[int]":
        """A snapshot of all records of a kind sorted by a field: numbers by size, texts by the numbers in them.

        Records without a value are last either way. Without a field they stand as they came on the books. Raises
        NotFound.
        """
        if field and field not in self.sortable(kind):
            raise NotFound("There is no field called {field}.", field=field)
        wanted = Sorted(kind, field, down, language())
        with self._session.store.db.read() as connection:
            known = self._kept.get(connection, wanted, partial(self._seating, connection, wanted))
            if known is not None:
                return known
            both = self._read_both_ways(connection, kind, field)
            for turned in (not down, down):  # what is asked for is kept the longer
                self._kept.keep(connection, wanted._replace(down=turned), both[turned])
            return both[down]

    def _seating(self, connection: "Connection", wanted: Sorted) -> tuple[Values, Sorting]:
        """What tells where a record belongs in an order."""
        values = partial(values_of, connection, wanted.kind, wanted.field)
        return values, Sorting(self._sort_key(wanted.kind, wanted.field), wanted.down)

    def _sort_key(self, kind: str, field: str) -> "Callable[[Value], tuple[object, ...]]":
        spec = self._records.kind(kind).kind.specs[field]
        return cache(lambda value: natural_key(show(spec, value) if spec.codes is not None else str(value)))

    @needs(Action.READ, of="kind")
    def look_ahead(self, kind: str) -> Callable[..., None]:
        """What reads every order of a kind in another thread while nobody asks, so that whoever does has it at once.

        It tells after each field how far it is; what that raises stops it.
        """
        fields = sorted(self.sortable(kind))

        def work(told: "Progress | None" = None) -> None:
            with suppress(Problem):  # what stopped it stops the reading of the page too, or is over
                for number, field in enumerate(fields, start=1):
                    self.order(kind, field)
                    for down in (False, True):
                        self._kept.keep_beside(self._session, Sorted(kind, field, down, language()))
                    if told is not None:
                        told(number / len(fields))

        return work

    def _read_both_ways(self, connection: "Connection", kind: str, field: str) -> "tuple[array[int], array[int]]":
        """An order, and the same turned round: read once for both. Without a field there is one order only."""
        if not field:
            whole = array(ID, chain.from_iterable(ids(connection, kind)))
            return whole, whole
        key = self._sort_key(kind, field)
        known: dict[tuple[object, ...], array[int]] = defaultdict(lambda: array(ID))
        without = array(ID)
        for lot in alike(connection, kind, field):
            here: dict[tuple[object, ...], list[int]] = defaultdict(list)
            for value, found in lot:
                if value is None:
                    without.extend(found)
                else:
                    here[key(value)] += found
            for one, found in here.items():
                known[one].extend(sorted(found))  # 1 and 01 are two values of one number
        up, turned = both_ways(known)
        return up + without, turned + without

    @needs(Action.READ, of="kind")
    def entries_of(self, kind: str, ids: Sequence[int], *, sharing: bool = False) -> list[Entry]:
        """Some records of a kind, in the order given; those gone meanwhile are left out."""
        return self._entries(kind, self._records.several(kind, ids).values(), sharing=sharing)

    @needs(Action.READ, of="kind")
    def form(self, kind: str, id_: int | None) -> "tuple[list[Spec], dict[str, Value]]":
        """The fields of a form and what stands in them. Numbers of people are not among them: they have their page.

        What pages mask and stands in it in clear is put on record first; who may not see it so finds it masked.
        """
        specs = [spec for spec in self._records.kind(kind).kind.specs.values() if _is_typed(spec)]
        values = dict(self._records.show(kind, id_).values) if id_ is not None else {}
        shown = [spec.name for spec in specs if values.get(spec.name) and is_masked(spec)]
        if shown and not self._session.read_only and self.may(Action.REVEAL, self.matter(kind)):
            self._session.note("reveal", kind=kind, record=id_, detail=" ".join(shown))
        return specs, {spec.name: values.get(spec.name) for spec in specs}

    @free("it hides what may not be read")
    def shown(self, spec: "Spec", value: "Value", *, sharing: bool = False) -> str:
        """A value in words: references by what they are called, what is sensitive hidden."""
        return self._shown(spec, value, self._called(spec, [value]), sharing=sharing)

    @needs(Action.READ, of="kind")
    def caption(self, kind: str, id_: int) -> str:
        """What a record is called; its number where it is gone or has no name."""
        return self._captions(kind, [id_])[id_]

    def _entries(self, kind: str, found: Collection[Found], *, sharing: bool) -> list[Entry]:
        """Records as a list shows them; what a column refers to is read for all of them at once."""
        specs = self.columns(kind)
        called = {spec.name: self._called(spec, [one.values[spec.name] for one in found]) for spec in specs}
        return [
            Entry(
                one.id,
                tuple(self._shown(spec, one.values[spec.name], called[spec.name], sharing=sharing) for spec in specs),
            )
            for one in found
        ]

    def _called(self, spec: "Spec", values: "Iterable[Value]") -> Mapping[int, str]:
        """What the records are called that a field refers to, where they may be read."""
        if spec.type is not Type.REF or not spec.ref or not self.may(Action.READ, self.matter(spec.ref)):
            return {}
        return self._captions(spec.ref, {value for value in values if isinstance(value, int)})

    def _shown(self, spec: "Spec", value: "Value", called: Mapping[int, str], *, sharing: bool) -> str:
        if value is None:
            return ""
        if spec.privacy is Privacy.SENSITIVE or (sharing and spec.privacy is Privacy.PERSONAL):
            return HIDDEN
        if spec.type is Type.REF and spec.ref and isinstance(value, int):
            return HIDDEN if sharing and spec.ref in _NAMES_PEOPLE else called.get(value, HIDDEN)
        return show(spec, value)

    def _captions(self, kind: str, ids: Collection[int]) -> dict[int, str]:
        """What records are called, each by its number where it is gone or has no name."""
        known = self._records.several(kind, ids)
        found = {id_: known[id_].caption or str(id_) if id_ in known else str(id_) for id_ in ids}
        if kind == "care_membership":
            return self._of_whom(known, found)
        within = {"household": ("head_id", "resident"), "dwelling": ("building_id", "building")}.get(kind)
        if within is None:
            return found
        field, ref = within
        wanted = {id_: value for id_, one in known.items() if isinstance(value := one.values[field], int)}
        names = self._captions(ref, set(wanted.values()))
        for id_, other in wanted.items():
            found[id_] = names[other] if kind == "household" else f"{names[other]} {found[id_]}"
        return found

    def _of_whom(self, cares: Mapping[int, Found], groups: Mapping[int, str]) -> dict[int, str]:
        """Care files with whose they are before the group: that alone is the same of many."""
        found = dict(groups)
        for field, ref in (("household_id", "household"), ("resident_id", "resident")):  # a person's is theirs
            wanted = {id_: value for id_, one in cares.items() if isinstance(value := one.values[field], int)}
            names = self._captions(ref, set(wanted.values())) if self.may(Action.READ, self.matter(ref)) else {}
            for id_, other in wanted.items():
                if other in names:
                    found[id_] = gettext("{name} · {group}").format(name=names[other], group=groups[id_])
        return found

    @needs(Action.READ, of="kind")
    def find(self, kind: str, text: str, limit: int) -> list[Referred]:
        """The records of a kind that match what is typed; whom a number belongs to is asked in the search box alone."""
        meant = self._meant(kind, text, 4 * limit) if text else ()
        others = self._called_so(kind, text) if kind not in _SEARCHED else ()
        found = list(islice(_once(chain(meant, others)), limit))
        captions = self._captions(kind, found)
        return [Referred(id_, captions[id_]) for id_ in found]

    def _meant(self, kind: str, text: str, most: int) -> Sequence[int]:
        """Records that the search box would show for a text; the households of those, or the doors of these."""
        with self._session.store.db.read() as connection:
            hits = search.find(connection, text, limit=most, shows=search.by_no_number)
            if kind == "household":
                return [hit.household_id for hit in hits if hit.household_id]
            homes = [hit.household_id for hit in hits if hit.household_id and hit.kind in _SEARCHED]
            doors = dwelling_of(connection, homes) if kind == "dwelling" else []
        return [*(hit.id for hit in hits if hit.kind == kind), *doors]

    def _called_so(self, kind: str, text: str) -> Iterator[int]:
        """Records with the text in what they are called, read as far as they are asked for."""
        last, left = 0, _LOOKED
        while left > 0 and (lot := self._records.page(kind, after=last, limit=_LOT)):
            for id_, caption in self._captions(kind, [one.id for one in lot]).items():
                if text.lower() in caption.lower():
                    yield id_
            last, left = lot[-1].id, left - len(lot)

    @needs(Action.READ, of="kind")
    def history(self, kind: str, id_: int, *, sharing: bool = False) -> tuple[MomentView, ...]:
        """What happened to a record, newest first."""
        events = self._records.history(kind, id_)
        with self._session.store.db.read() as connection:
            names = staff_names(connection, {event.who for event in events})
        return tuple(
            marked(view, event)
            for event in events
            for view in self._told(kind, event, names.get(event.who, ""), sharing=sharing)
        )

    def _told(self, kind: str, event: "Event", who: str, *, sharing: bool) -> Iterator[MomentView]:
        day = days.short_day(local_day(event.at), self._session.today())
        right = gettext("{day} · {name}").format(day=day, name=who) if who else day
        if event.what == What.VERDICT:
            yield verdict_moment(event, right)
            return
        if event.what == What.CREATE:
            yield MomentView(("created", event.clk, ""), "change", "file", gettext("Put on the books"), right)
            return
        specs = self._records.kind(kind).kind.specs
        for change in event.changes:
            spec = specs.get(change.field)
            key = ("change", event.clk, change.field)
            if change.field == "alive":
                gone = gettext("Brought back") if change.after else gettext("Removed")
                yield MomentView(key, "change", "change", gone, right)
            elif spec is not None and event.what == What.ERASE:
                yield MomentView(key, "change", "change", gettext("{field} erased").format(field=spec.label), right)
            elif spec is not None:
                title = gettext("{field} changed").format(field=spec.label)
                before = change.before[-1] if change.before else None
                pair = (
                    erased_word() if before is None and change.lost else self.shown(spec, before, sharing=sharing),
                    erased_word() if change.erased else self.shown(spec, change.after, sharing=sharing),
                )
                yield MomentView(key, "change", "change", title, right, "", pair)


def _is_typed(spec: "Spec") -> bool:
    """Whether a form of the register offers a field."""
    return spec.type is not Type.ID_NUMBER and spec.name not in _NEVER_TYPED


def _once(ids: Iterable[int]) -> Iterator[int]:
    """Each of them once, in their order, read as far as they are asked for."""
    seen = set[int]()
    for id_ in ids:
        if id_ not in seen:
            seen.add(id_)
            yield id_
