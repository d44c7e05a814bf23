"""Making one of two records that turned out to be the same person or household: one act, that one undo takes back.

What stands in one alone is kept; lists and notes keep both; where the two differ the newer value counts, and the other
stays in the history of the one that stays: it is written there for a moment (``_beneath``). So with a care file, a
membership and a door that then stand there twice. Whatever named the one that goes names the other afterwards.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from gridworker.app.exchange.joining_sides import Open
from gridworker.app.exchange.keep_both import keep_both
from gridworker.domain.codes import HEAD
from gridworker.errors import Problem
from gridworker.record import Type, Value
from gridworker.store.history import histories
from gridworker.store.joined import Moved
from gridworker.store.queries.person import visits_naming
from gridworker.store.queries.referring import references
from gridworker.store.records import get_many, kind_named, page
from gridworker.store.tables.changes import Change, Side

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.engine.database import Connection
    from gridworker.store.history import Event

OTHER_RELATION = "80"
_BESIDE = {
    "resident": (("id_number", "id_last4", "id_hash"), ("birth_date", "birth_year"), ("status", "status_date")),
    "household": (("head_id", "head_name"), ("status", "status_date")),
}
"""Fields that belong together: they are taken from one side, that with the first of them where only one has it."""
_OWN = frozenset({"head_id", "head_name", "dwelling_id", "household_no"})
"""Of a household: the other's count only where there are none."""
_PLACES = frozenset({"resident", "household", "dwelling", "building"})
"""What joining itself sees to: a field that names one of them is no value of its own."""

Values = Mapping[str, Value]


class Joining:
    """What is to be written, gathered record by record."""

    def __init__(
        self,
        session: "Session",
        connection: "Connection",
        once: Collection[int] = (),
        met: Mapping[int, Sequence[int]] = MappingProxyType({}),
    ) -> None:
        """``once``: households that were joined before, and may be back without those who were met there.

        ``met``: by people who go visits that name them, beside those to their own households (queries.person.met_on).
        """
        self._session = session
        self._once = once
        self._met = met
        self._connection = connection
        self._edits: dict[tuple[str, int], dict[str, Value]] = {}
        self._gone: dict[tuple[str, int], None] = {}
        self._into: dict[tuple[str, int], int] = {}
        self._beneath: dict[tuple[str, int], dict[str, tuple[Value, Value]]] = {}
        """By record and field: what stands there, and what only the history is to tell."""
        self._open = Open(connection)
        self.moved: list[Moved] = []
        """What named a record that goes, and by which field."""

    def join(self, kind: str, keep: int, gone: int) -> None:
        """Make one of two records.

        Raises Problem where one of them is not here any more, or has a conflict: its other side would go unseen.
        """
        found = self._after(kind, (keep, gone))
        if len(found) < 2:
            raise Problem("One of the two is not on the books any more. Look at the list again.")
        if self._open.waits(keep, gone):
            raise Problem("Two people changed one of the two differently. Settle that conflict first, then merge them.")
        self._gone[kind, gone] = None
        self._edit(kind, keep, self._together(kind, (keep, found[keep]), (gone, found[gone])))
        self.move(kind, keep, gone)
        if kind == "household":
            self._let_door_go(found[keep], found[gone], gone)

    def join_again(self, kind: str, keep: int, gone: int) -> bool:
        """Take over what was written since in a record that had gone; not where a person has to decide first."""
        found = self._after(kind, (keep, gone))
        if len(found) < 2 or self._open.waits(keep, gone, besides=gone):
            return False
        self._gone[kind, gone] = None
        self._edit(kind, keep, self._together(kind, (keep, found[keep]), (gone, found[gone])))
        return True

    @property
    def into(self) -> Mapping[tuple[str, int], int]:
        """By kind and number, which goes into which: of the records joined, and of the doors they leave."""
        return self._into

    @property
    def folded(self) -> set[tuple[str, int]]:
        """Of what named a record that goes, what goes itself, for what it would say then stands there already."""
        return {(one.kind, one.record) for one in self.moved} & self._gone.keys() - self._into.keys()

    def move(self, kind: str, keep: int, gone: int) -> None:
        """What names the one names the other."""
        self._into[kind, gone] = keep
        for one in references(self._connection, kind, (gone,)):
            if not self._open.holds(one.record, one.field):  # its sides are written anew, see changes
                self._edit(one.kind, one.record, {one.field: keep})
                self.moved.append(Moved(one.kind, one.record, one.field, (kind, gone), keep))
        if kind == "resident":
            self._move_met(keep, gone)

    def changes(self) -> list[Change]:
        """All of it, with what would then stand there twice taken out."""
        for (kind, _), values in self._edits.items():
            specs = kind_named(kind).kind.specs
            values.update({name: self._into.get((specs[name].ref or "", _id(value)), value) for name, value in
                           values.items()})  # fmt: skip
        self._one_membership_each()
        self._one_care_each()
        sides = list(self._sides())
        edits = [
            self._change(kind, record, values)
            for (kind, record), values in self._edits.items()
            if (values or (kind, record) in self._beneath) and (kind, record) not in self._gone
        ]
        gone = [Change(*one, alive=False, into=self._into.get(one, 0)) for one in self._gone]
        return edits + sides + gone

    def _sides(self) -> Iterator[Change]:
        """Conflicts with a side that names one that goes."""
        for change, moved in self._open.rewritten(self._into):
            if (change.kind, change.record) not in self._gone:
                self.moved += moved
                yield change

    def _change(self, kind: str, record: int, values: Values) -> Change:
        """With what the history is to tell: written first, and what counts after it."""
        specs, under = kind_named(kind).kind.specs, self._beneath.get((kind, record), {})
        kept = {name: values.get(name, stands) for name, (stands, _) in under.items()}
        told = {name: other for name, (_, other) in under.items() if other != kept[name]}
        again = {specs[name].number: (Side(kept[name]),) for name in told}
        return Change(kind, record, {**values, **told}, again=again)

    def _edit(self, kind: str, record: int, values: Values) -> None:
        self._edits.setdefault((kind, record), {}).update(values)

    def _after(self, kind: str, records: Iterable[int]) -> dict[int, dict[str, Value]]:
        """Records as they will be, without those that go."""
        found = get_many(self._connection, kind, sorted(set(records)))
        return {
            record: {**values, **self._edits.get((kind, record), {})}
            for record, values in found.items()
            if (kind, record) not in self._gone
        }

    def _move_met(self, keep: int, gone: int) -> None:
        """Who was there on a visit is a list of people in one field.

        A late visit names somebody who is a member no more, and may be to a household that went as well.
        """
        moved = {record for kind, record in self._edits if kind == "visit"}  # to a household that goes too
        naming = visits_naming(self._connection, gone, (keep, gone), self._once)
        for visit, values in self._after("visit", {*naming, *moved, *self._met.get(gone, ())}).items():
            before = str(values["met"]).split()
            if str(gone) not in before or self._open.holds(visit, "met"):
                continue
            people = [str(keep) if one == str(gone) else one for one in before]
            self.moved.append(Moved("visit", visit, "met", ("resident", gone), keep, beside=str(keep) in before))
            self._edit("visit", visit, {"met": " ".join(dict.fromkeys(people))})

    def _let_door_go(self, kept: Values, other: Values, gone: int) -> None:
        """The same door may be on the books twice; the one nobody is behind any more goes too."""
        door = other["dwelling_id"]
        if not isinstance(door, int) or door == kept["dwelling_id"] or kept["dwelling_id"] is None:
            return
        if [one.record for one in references(self._connection, "dwelling", (door,))] == [gone]:
            stays = _id(kept["dwelling_id"])
            found = self._after("dwelling", (stays, door))
            if len(found) == 2:
                self._fold("dwelling", (stays, found[stays]), (door, found[door]))
            if ("dwelling", door) in self._gone:
                self._into["dwelling", door] = stays

    # ----------------------------------------------------------------------------------------------------- values

    def _fold(self, kind: str, keep: tuple[int, Values], gone: tuple[int, Values]) -> None:
        """Let go of one that stands there twice; both stay where a conflict of either waits for a person."""
        if self._open.waits(keep[0], gone[0]):
            return
        self._gone[kind, gone[0]] = None
        self._edit(kind, keep[0], self._together(kind, keep, gone))

    def _together(self, kind: str, keep: tuple[int, Values], gone: tuple[int, Values]) -> dict[str, Value]:
        """What the record that stays takes over from the other; what it does not is noted for its history."""
        with self._session.store.cursor() as cursor:
            told = histories(cursor, (keep[0], gone[0]))
        found: dict[str, Value] = {}
        for fields in _groups(kind):
            mine, theirs = ([values[name] for name in fields] for _, values in (keep, gone))
            if mine == theirs or not any(one is not None for one in theirs):
                continue
            newer = _moment(told[gone[0]], fields) > _moment(told[keep[0]], fields)
            if kind not in _BESIDE or (kind == "household" and not _OWN.isdisjoint(fields)):
                newer = False
            taken = self._taken(kind, fields, (mine, theirs), newer=newer)
            found |= taken
            if not taken:
                self._note(kind, keep[0], zip(fields, mine, theirs, strict=True))
        return found

    def _note(self, kind: str, keep: int, fields: Iterable[tuple[str, Value, Value]]) -> None:
        specs = kind_named(kind).kind.specs
        for name, mine, theirs in fields:
            if theirs is not None and theirs != mine and specs[name].ref not in _PLACES:
                self._beneath.setdefault((kind, keep), {})[name] = mine, theirs
                self._edit(kind, keep, {})

    def _taken(
        self, kind: str, fields: Sequence[str], sides: tuple[list[Value], list[Value]], *, newer: bool
    ) -> dict[str, Value]:
        mine, theirs = sides
        both = self._both(kind, fields[0], (mine[0], theirs[0])) if len(fields) == 1 else None
        if both is not None:
            return {fields[0]: both}
        if (mine[0] is None) != (theirs[0] is None):
            newer = mine[0] is None
        return dict(zip(fields, theirs, strict=True)) if newer else {}

    def _both(self, kind: str, field: str, values: tuple[Value, Value]) -> Value:
        """What keeps both, of lists and notes; None of all else, and where both have no room."""
        spec = kind_named(kind).kind.specs[field]
        if None in values:
            return None
        if field == "tags":
            return " ".join(dict.fromkeys(word for value in values for word in str(value).split()))
        if spec.type not in {Type.NOTE, Type.CODES, Type.PHONES}:
            return None
        try:
            return keep_both(kind, field, values)
        except Problem:
            return None

    # ----------------------------------------------------------------------------------------------------- twice

    def _one_membership_each(self) -> None:
        """Somebody belongs to a household once, and it has one head."""
        moved = {record for kind, record in self._edits if kind == "household_member"}
        before = get_many(self._connection, "household_member", moved)
        homes = {values["household_id"] for values in self._after("household_member", moved).values()}
        homes |= {values["household_id"] for values in before.values()}
        for home in homes:
            rows = page(self._connection, "household_member", where={"household_id": home})
            moved |= {record for record, _ in rows}
        heads = self._after("household", [home for home in homes if isinstance(home, int)])
        by_home: dict[tuple[Value, Value], list[int]] = {}
        after = {record: values for record, values in self._after("household_member", moved).items()
                 if values["valid_to"] is None}  # fmt: skip
        for record, values in after.items():
            by_home.setdefault((values["household_id"], values["resident_id"]), []).append(record)
        for (home, resident), same in by_home.items():
            stays = min(same, key=lambda record: (("household_member", record) in self._edits, record))
            for record in same:
                if record != stays:
                    self._fold("household_member", (stays, after[stays]), (record, after[record]))
            if len(same) > 1 or ("household_member", stays) in self._edits:
                self._name_head(heads.get(_id(home), {}).get("head_id"), resident, (stays, after[stays]))

    def _name_head(self, head: Value, resident: Value, member: tuple[int, Values]) -> None:
        record, values = member
        if head is None or self._open.holds(record, "relation"):
            return
        if head == resident and values["relation"] != HEAD:
            self._edit("household_member", record, {"relation": HEAD})
        elif head != resident and values["relation"] == HEAD:
            self._edit("household_member", record, {"relation": OTHER_RELATION})

    def _one_care_each(self) -> None:
        """A care file that both had is one."""
        moved = {record for kind, record in self._edits if kind == "care_membership"}
        for values in self._after("care_membership", moved).values():
            whose = "household_id" if values["resident_id"] is None else "resident_id"
            rows = page(self._connection, "care_membership", where={whose: values[whose]})
            moved |= {record for record, _ in rows}
        seen: dict[tuple[Value, ...], int] = {}
        after = self._after("care_membership", moved)
        for record in sorted(after, key=lambda record: (("care_membership", record) in self._edits, record)):
            values = after[record]
            about = (values["resident_id"], values["household_id"], values["care_group"], values["living_arrangement"])
            if values["end_on"] is None and about in seen:
                self._fold("care_membership", (seen[about], after[seen[about]]), (record, values))
                if ("care_membership", record) in self._gone:
                    self.hand_contacts_on(seen[about], record)
            elif values["end_on"] is None:
                seen[about] = record

    def hand_contacts_on(self, keep: int, gone: int) -> None:
        """Whom a care file that goes, or went, named for an emergency, the one that stays names."""
        for one in references(self._connection, "care_membership", (gone,)):
            if not self._open.holds(one.record, one.field):
                self._edit(one.kind, one.record, {one.field: keep})
                self.moved.append(Moved(one.kind, one.record, one.field, ("care_membership", gone), keep))


def _groups(kind: str) -> list[tuple[str, ...]]:
    beside = _BESIDE.get(kind, ())
    grouped = {name for fields in beside for name in fields}
    return [*beside, *((name,) for name in kind_named(kind).kind.specs if name not in grouped)]


def _moment(events: "Sequence[Event]", fields: Sequence[str]) -> int:
    """When what stands in some fields was written last."""
    written = [event.clk for event in events for one in event.changes if one.field in fields and one.current]
    return max(written, default=0)


def _id(value: Value) -> int:
    return value if isinstance(value, int) else 0
