"""What had followed a record that was one with another goes back to whom it named, as far as that is parted again.

A field that is in conflict stays so: of its sides those go back that had followed, as they had followed side by side.
Nobody decides anything by that, and who does later is asked about the two that there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from gridworker.app.exchange.joining_sides import Open
from gridworker.store.engine.database import raw_cursor
from gridworker.store.followed import Followed
from gridworker.store.joined import Moved
from gridworker.store.queries.referring import living
from gridworker.store.records import get_many, kind_named
from gridworker.store.tables.changes import Change, Side, each_once

if TYPE_CHECKING:
    from gridworker.record import Value
    from gridworker.store.engine.database import Connection

Into = Mapping[tuple[str, int], int]


def way(into: Into, kind: str, record: int) -> list[int]:
    """A record, and those into which it went one after the other."""
    found = [record]
    while (kind, found[-1]) in into and len(found) <= len(into):
        found.append(into[kind, found[-1]])
    return found


class Parting:
    """What names one that it would not follow to any more. ``returned`` are those that come back beside.

    ``folded`` are those that went by following: what they said stood there already.
    """

    def __init__(
        self,
        connection: "Connection",
        into: Into,
        returned: set[tuple[str, int]],
        folded: set[tuple[str, int]],
    ) -> None:
        self._connection = connection
        self._into = into
        self._returned = returned
        self._folded = folded
        self.unfolded: dict[tuple[str, int], None] = {}
        """Of these what comes back, with whom it named."""
        self._open = Open(connection)
        self._followed = Followed(raw_cursor(connection))
        self._back: dict[tuple[str, int], dict[str, list[Value]]] = {}
        """What fields say then, of those in conflict each side."""
        self.parted: list[Moved] = []
        """What goes back."""
        self.on_the_way: list[Moved] = []
        """Of these what does not go all the way back, and would where another act is undone too."""
        self.renamed: dict[Moved, Moved] = {}
        """What named another before, now that the act which had said whom is taken back, by what was remembered."""

    def changes(self, moved: Iterable[Moved]) -> list[Change]:
        """With whom they named before."""
        together: dict[tuple[str, int, str, int], list[tuple[Moved, int]]] = defaultdict(list)
        for one in map(self._as_it_stands, moved):
            kind, named = one.named
            target = way(self._into, kind, named)[-1]
            if target != one.now and not self._is_here(kind, target):
                target = one.now
            together[one.kind, one.record, one.field, one.now].append((one, target))
        for alike in together.values():
            if any(target != one.now for one, target in alike):
                self._part(alike)
        self._put_relations_back(together.values())
        back = [Change(kind, record, alive=True) for kind, record in self.unfolded]
        return [*back, *(self._change(kind, record, fields) for (kind, record), fields in self._back.items() if fields)]

    def _as_it_stands(self, one: Moved) -> Moved:
        """Whom it had named may have been said by an act that is taken back since."""
        named = None if one.field == "met" else self._followed.before(one.kind, one.record, one.field)
        if not isinstance(named, int) or named == one.named[1]:
            return one
        self.renamed[one] = one._replace(named=(one.named[0], named))
        return self.renamed[one]

    def _put_relations_back(self, together: "Iterable[Sequence[tuple[Moved, int]]]") -> None:
        """How somebody is related to the head had followed with the household; with it, it goes back."""
        partly = {(one.kind, one.record) for alike in together for one, target in alike if target != one.named[1]}
        for (kind, record), fields in self._back.items():
            if kind == "household_member" and fields and (kind, record) not in partly:
                relation = self._followed.before(kind, record, "relation")
                if relation is not None:
                    fields["relation"] = [relation]

    def _change(self, kind: str, record: int, fields: "Mapping[str, Sequence[Value]]") -> Change:
        """One value is an edit; several, and what was in conflict, are sides that are written anew."""
        specs, alone = kind_named(kind).kind.specs, {
            field: sides[0] for field, sides in fields.items()
            if len(sides) == 1 and not self._open.holds(record, field)
        }  # fmt: skip
        again = {specs[field].number: tuple(map(Side, sides)) for field, sides in fields.items() if field not in alone}
        return Change(kind, record, alone, again=again)

    def _is_here(self, kind: str, record: int) -> bool:
        return (kind, record) in self._returned or bool(living(self._connection, kind, (record,)))

    def _part(self, alike: Sequence[tuple[Moved, int]]) -> None:
        """Those of one field that name the same since, each with whom it is to name."""
        one = alike[0][0]
        values = get_many(self._connection, one.kind, (one.record,)).get(one.record)
        if values is None:
            if (one.kind, one.record) in self._folded:
                self.unfolded[one.kind, one.record] = None
                self.parted += [moved for moved, _ in alike]
            return
        fields = self._back.setdefault((one.kind, one.record), {})
        said = fields.get(one.field) or self._open.sides(one.record, one.field) or [values[one.field]]
        followed, own = self._beside(one)
        back = each_once(
            each
            for value in said
            for each in (*([value] if value in own else []), *_put_back(alike, value, stays=value in own - followed))
        )
        if back == each_once(said):  # it says something else since
            self.parted += [moved for moved, target in alike if target == moved.named[1]]
            return
        fields[one.field] = back
        self.parted += [moved for moved, _ in alike]
        there = {word for value in said for word in str(value or "").split()}
        if not _stood(alike) and not _name(own, one.now):
            there.discard(str(one.now))
        there.update(str(target) for moved, target in alike if target == moved.named[1])
        for moved, target in alike:
            if target != moved.named[1]:
                self.on_the_way.append(moved._replace(now=target, beside=str(target) in there))
                there.add(str(target))

    def _beside(self, one: Moved) -> "tuple[set[Value], set[Value]]":
        """What followed, and what laptops said of their own beside it: that stays as they said it.

        The two may say the same for as long as two records are one; then nobody was asked, and will be now. Where
        nothing that followed stands any more, what does was said when they were one, and goes back.
        """
        followed, own = map(set, self._followed.side_by_side(one.kind, one.record, one.field))
        return (followed, own) if _name(followed, one.now) else (followed, set())


def _name(values: "Iterable[Value]", record: int) -> bool:
    """Whether one of some values, or a list of people, names a record."""
    return any(str(record) in str(value or "").split() for value in values)


def _stood(alike: Sequence[tuple[Moved, int]]) -> bool:
    """Whether whom they name now stood there already, in a list of people or beside them in a conflict."""
    return all(one.beside for one, _ in alike)


def _put_back(alike: Sequence[tuple[Moved, int]], value: "Value", *, stays: bool) -> "list[Value]":
    """What a field says with people or a household put back; as it is where it says something else since.

    In a list of people stays who stood there already, and whom others still go by. So it does of the sides of what was
    a conflict until all of them named the same. ``stays``: it did not follow.
    """
    if stays:
        return [value]
    now, targets = alike[0][0].now, [target for _, target in alike]
    whole = [now, *targets] if _stood(alike) else targets
    if alike[0][0].field != "met":
        if value != now:
            return [value]
        return [*whole] if any(one.beside for one, _ in alike) else [next(one for one in targets if one != now)]
    people = str(value or "").split()
    if str(now) in people:
        place = people.index(str(now))
        people[place : place + 1] = map(str, whole)
    return [" ".join(dict.fromkeys(people)) or None]
