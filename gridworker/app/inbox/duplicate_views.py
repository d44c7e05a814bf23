"""A pair that may be one person or household, as a clerk compares it: facts, fields side by side, what it will be."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridworker.app.estates import Estates
from gridworker.app.search.alike import sounds
from gridworker.app.words.days import near_moment
from gridworker.app.words.showing import show
from gridworker.domain import likeness
from gridworker.domain.address import door_label
from gridworker.domain.codes import RELATION
from gridworker.domain.identity import age_on
from gridworker.domain.likeness import WORDS, Fact, Known
from gridworker.domain.masking import mask_in_text
from gridworker.store.engine.database import raw_cursor
from gridworker.store.history import histories
from gridworker.store.queries.called import called
from gridworker.store.queries.written_heads import behind_one_door
from gridworker.store.records import get_many, kind_named, page
from gridworker.store.search import alike as search_alike
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.record import Spec, Value
    from gridworker.store.engine.database import Connection

_FIELDS = {
    "resident": ("name", "sex", "birth_date", "birth_year", "id_number", "id_last4", "phones", "resident_kind",
                 "registered_elsewhere", "status", "status_date", "tags", "note"),
    "household": ("residence_status", "living_arrangement", "contact_phone", "contact_preference",
                  "visit_wish", "access_need", "status", "people_count", "head_name", "booklet_no", "visit_policy",
                  "remark"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Twins:
    """Two people who may be one, the elder record first; ``homes`` where they live apart on the books.

    ``kind`` "household": two households instead, ``people`` those of them that are one too.
    """

    both: tuple[int, int]
    facts: tuple[Fact, ...]
    homes: tuple[int, int] | None
    at_one_door: bool
    bundle: str = ""
    kind: str = "resident"
    people: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Copy:
    """One of the two: whose it is, where, and who wrote it down when."""

    record: int
    name: str
    about: str
    made: str


@dataclass(frozen=True, slots=True)
class Line:
    """A field of both, as pages show it (masked)."""

    label: str
    one: str
    other: str
    same: bool
    """Whether they agree: of what is masked the values do, not only what is shown of them."""
    covered: str = ""
    """The field, where there is something here that pages mask: to see it in clear is a reveal."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records of a kind that may be one, the elder first."""

    kind: str
    one: Copy
    other: Copy
    facts: tuple[str, ...]
    lines: tuple[Line, ...]
    result: str
    people: tuple[tuple[int, int], ...] = ()
    heads: tuple[str, str] | None = None
    """Of households, by name, where they are and stay two people."""


def twins(connection: "Connection", resident: int) -> Iterator[Twins]:
    """Who on the books may be a person, by the index."""
    own = next(iter(search_alike.people(connection, (resident,))), None)
    if own is None:
        return
    phones = frozenset((own.phones or "").split())
    number = own.id_number or own.id_end or ""  # of a number that is kept by its hash the index knows the end
    rows = search_alike.alike(connection, own.name, number, phones=phones, building=own.building)
    for row in rows:
        if row.resident != resident:
            low, high = sorted((own, row), key=lambda one: one.resident)
            found = twins_of(low, high)
            if found is not None:
                yield found


def twins_of(low: search_alike.AlikeRow, high: search_alike.AlikeRow) -> Twins | None:
    """Two people, the elder record first, if they may be one."""
    one, other = _known(low), _known(high)
    facts = _facts(low, high, likeness.facts(one, other))
    if not likeness.is_likely(facts, one, other):
        return None
    apart = low.household is not None and high.household is not None and low.household != high.household
    homes = (low.household or 0, high.household or 0) if apart else None
    return Twins((low.resident, high.resident), facts, homes, Fact.DOOR in facts)


def written_heads(connection: "Connection", households: Collection[int]) -> Iterator[Twins]:
    """Households behind one door whose heads are called the same, where one of them is no more than a name."""
    for one in behind_one_door(connection, households):
        same = one.head == one.other_head
        if same or likeness.sounds_alike(sounds(one.head), sounds(one.other_head)):
            both = (min(one.one, one.other), max(one.one, one.other))
            yield Twins(both, (Fact.NAME if same else Fact.SOUND, Fact.DOOR), both, at_one_door=True, kind="household")


def told(session: "Session", connection: "Connection", twins: Twins) -> Pair | None:
    """A pair in words; None where one of the two is gone."""
    both = twins.both if twins.kind == "resident" or twins.homes is None else twins.homes
    found = get_many(connection, twins.kind, both)
    if len(found) < 2:
        return None
    tell = _Telling(session, connection, twins.kind)
    one, other = (tell.copy(record, found[record]) for record in both)
    own = {record: tell.beside(record) for record in both}
    lines = [line for line in (*tell.fields(found, both), *_beside(own, both)) if line.one or line.other]
    facts = tuple(str(WORDS[fact]) for fact in twins.facts)
    if twins.kind == "household" and twins.people:
        count = len(twins.people)
        words = ngettext("{count} person may be the same", "{count} people may be the same", count)
        facts = (str(WORDS[Fact.DOOR]), words.format(count=count))
    heads = tell.heads({record: found[record] for record in both}, twins) if twins.kind == "household" else None
    return Pair(twins.kind, one, other, facts, tuple(lines), tell.result(one, own, both), twins.people, heads)


class _Telling:
    """What is told of records of a kind."""

    def __init__(self, session: "Session", connection: "Connection", kind: str) -> None:
        self._session = session
        self._connection = connection
        self._kind = kind

    def copy(self, record: int, values: "Mapping[str, Value]") -> Copy:
        """Whose a record is, and who made it."""
        home = self._homes(record)
        name = str(values.get("name") or "")
        if self._kind == "household":
            name = self._head(record)
        born, year = values.get("birth_date"), values.get("birth_year")
        age = age_on(self._session.today(), str(born) if born else None, year if isinstance(year, int) else None)
        years = gettext("{age} y").format(age=age) if age is not None else ""
        about = gettext(" · ").join(filter(None, (years, *home[:2])))
        return Copy(record, name or gettext("(no name)"), about, self._made(record))

    def fields(self, found: "Mapping[int, Mapping[str, Value]]", both: Sequence[int]) -> Iterator[Line]:
        """Fields that one of the two has."""
        specs = kind_named(self._kind).kind.specs
        for name in _FIELDS[self._kind]:
            values = [found[record].get(name) for record in both]
            if any(value is not None for value in values) and not (name == "id_last4" and found[both[0]]["id_number"]):
                one, other = (_shown(specs[name], value) for value in values)
                covered = name if (one, other) != tuple(clear_words(specs[name], value) for value in values) else ""
                yield Line(str(specs[name].label), one, other, values[0] == values[1], covered)

    def beside(self, record: int) -> dict[str, str]:
        """What stands in other records: where somebody lives and as what, or who lives there."""
        if self._kind == "resident":
            return {gettext("Lives at"): gettext("; ").join(self._homes(record))}
        people = page(self._connection, "household_member", where={"household_id": record})
        here = {values["resident_id"] for _, values in people if values["valid_to"] is None}
        names = get_many(self._connection, "resident", [one for one in here if isinstance(one, int)])
        words = gettext(", ").join(str(values["name"] or "") for _, values in sorted(names.items()))
        return {gettext("Door"): gettext("; ").join(self._homes(record)), gettext("Who belongs to it"): words}

    def result(self, one: Copy, own: "Mapping[int, Mapping[str, str]]", both: Sequence[int]) -> str:
        """In words what it will be."""
        first, second = (own[record] for record in both)
        if self._kind == "resident":
            key = gettext("Lives at")
            homes = gettext("; ").join(filter(None, dict.fromkeys((first[key], second[key]))))
            words = gettext(
                "Afterwards {name} is one person: {homes}. Where the two differ the newer counts; lists and notes keep "
                "both. The rest stays in the history."
            )
            return words.format(name=one.name, homes=homes or "…")
        return gettext(
            "Afterwards this is one household with the people, visits and issues of both. Where the two differ the "
            "newer counts; lists and notes keep both. The rest stays in the history."
        )

    def heads(self, found: "Mapping[int, Mapping[str, Value]]", twins: Twins) -> tuple[str, str] | None:
        """The heads of two households where they stay two people: that of the one that goes is head no more."""
        one, other = (found[record].get("head_id") for record in found)
        if one is None or other is None or one == other or {(one, other), (other, one)} & {*twins.people}:
            return None
        first, second = (self._head(record) for record in found)
        return first, second

    def _homes(self, record: int) -> list[str]:
        if self._kind == "household":
            return [self._door(record)]
        rows = page(self._connection, "household_member", where={"resident_id": record})
        found = []
        for _, values in rows:
            home = values["household_id"]
            if isinstance(home, int) and values["valid_to"] is None:
                relation = RELATION.label(str(values["relation"])) if values["relation"] else ""
                found.append(gettext(", ").join(filter(None, (self._door(home), relation))))
        return found

    def _door(self, household: int) -> str:
        rows = called(self._connection, (household,))
        if not rows or not rows[0].building:
            return ""
        several = self._session.shared(Estates).several(self._connection)
        label = door_label(rows[0].building, rows[0].unit, rows[0].room)
        return " ".join(filter(None, (rows[0].estate if several else "", label)))

    def _head(self, household: int) -> str:
        rows = called(self._connection, (household,))
        return str(rows[0].head or "") if rows else ""

    def _made(self, record: int) -> str:
        """When it was written down, and by whom."""
        events = histories(raw_cursor(self._connection), (record,)).get(record, [])
        if not events:
            return ""
        who = get_many(self._connection, "staff", (events[-1].who,)).get(events[-1].who, {})
        moment = near_moment(events[-1].at, self._session.today())
        return gettext("Written down {moment}, {who}").format(moment=moment, who=who.get("name") or "…")


def _beside(own: "Mapping[int, Mapping[str, str]]", both: Sequence[int]) -> Iterator[Line]:
    one, other = (own[record] for record in both)
    yield from (Line(label, words, other[label], words == other[label]) for label, words in one.items())


def _shown(spec: "Spec", value: "Value") -> str:
    """As the card shows a value: of a day of birth the year alone, and no number that stands in a text."""
    if value is None:
        return ""
    if spec.name == "birth_date":
        return f"{str(value)[:4]}-**-**"
    return mask_in_text(show(spec, value))


def clear_words(spec: "Spec", value: "Value") -> str:
    """A value in clear; the look is put on record by who asks (Duplicates.reveal)."""
    return "" if value is None else show(spec, value, masked=False)


def _known(row: search_alike.AlikeRow) -> Known:
    return Known(
        row.name, sounds(row.name), row.birth_date or "", row.birth_year, frozenset((row.phones or "").split()),
        row.id_number or "", row.id_end or "", row.household, row.dwelling, row.building,
    )  # fmt: skip


def _facts(one: search_alike.AlikeRow, other: search_alike.AlikeRow, found: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """With what only rows tell: a number kept by its hash, a door that is on the books twice."""
    facts = set(found)
    if one.id_hash and one.id_hash == other.id_hash:
        facts = (facts - {Fact.ID_END}) | {Fact.ID_NUMBER}
    door = (one.building, one.unit, one.room)
    if Fact.BUILDING in facts and one.room and door == (other.building, other.unit, other.room):
        facts = (facts - {Fact.BUILDING}) | {Fact.DOOR}
    return tuple(sorted(facts, key=list(Fact).index))
