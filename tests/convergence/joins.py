"""Two who are one: the office joins people and households, parts them again, and remembers of others that they differ.

Laptops that have not heard of it go on with both.
"""

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from gridworker import discover
from gridworker.app.inbox.duplicate_views import Copy, Pair
from gridworker.app.workspace import Workspace
from gridworker.record import ALIVE
from gridworker.store.engine.database import raw_cursor
from gridworker.store.joined import in_circles, joined
from gridworker.store.log.clock import OFFICE as OFFICE_NUMBER
from gridworker.store.log.clock import laptop_of
from gridworker.store.log.op import What, into_in, unpack_all
from gridworker.store.queries.referring import living, references
from tests.circle import made_visit
from tests.convergence.community import Community
from tests.convergence.concern import NUMBERS, Concern
from tests.convergence.ground import OFFICE

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from tests.convergence.settled import View, Views

KINDS = st.sampled_from(("resident", "household"))
CARE = ("C1", "C3")


class Joins(Concern):
    """Rules for what is on the books twice."""

    @rule(which=NUMBERS, other=NUMBERS, kind=KINDS)
    def join(self, which: int, other: int, kind: str) -> None:
        """Any two: what a clerk is asked about hangs on names, what becomes of them does not."""
        pair = self._two(kind, which, other)
        if pair:
            self.community.act(OFFICE, lambda at: at.merge.duplicates.same(pair, pair.one.record))

    @rule(who=NUMBERS, which=NUMBERS, other=NUMBERS)
    def join_from_under(self, who: int, which: int, other: int) -> None:
        """A laptop goes on with a household and its people that the office has joined with another."""
        name = self.some_laptop(who)
        pair = self._two("household", other, which)
        if pair and pair.other.record in self.community.editable(name, "household"):
            gone = pair.other.record
            met = " ".join(map(str, _people(self.community.device(name), gone)))
            self.community.act(OFFICE, lambda at: at.merge.duplicates.same(pair, pair.one.record))
            self.community.act(name, lambda at: made_visit(at, gone, met=met or None))
            self.community.act(name, lambda at: at.records.save("household", {"remark": "还是两家"}, gone))
            door = self.community.device(name).records.show("household", gone).values["dwelling_id"]
            self.community.act(name, lambda at: at.records.save("household", {"dwelling_id": door, "status": "active"}))
            self.community.exchange(name)

    @precondition(lambda self: self.community.may_fall())
    @rule(who=NUMBERS, which=NUMBERS, other=NUMBERS, kind=KINDS, round_again=st.booleans())
    def join_before_the_office_falls(self, who: int, which: int, other: int, kind: str, round_again: bool) -> None:
        """The office is put back to before it; one laptop has heard of it. The clerk may decide otherwise now."""
        pair = self._two(kind, which, other)
        if pair is None:
            return
        self.community.copy(OFFICE)
        self.community.act(OFFICE, lambda at: at.merge.duplicates.same(pair, pair.one.record))
        self.community.exchange(self.some_laptop(who))
        copies = self.community.useful(OFFICE, self.community.copies[OFFICE])
        if copies:
            self.community.restore(OFFICE, copies[-1])
        if round_again:
            turned = Pair(pair.kind, pair.other, pair.one, (), (), "", tuple(both[::-1] for both in pair.people))
            self.community.act(OFFICE, lambda at: at.merge.duplicates.same(turned, turned.one.record))

    @rule(which=NUMBERS)
    def part(self, which: int) -> None:
        """The office takes back that two are one, whatever happened since."""
        acts = sorted(_acts(self.community.device(OFFICE)))
        if acts:
            self.community.act(OFFICE, lambda at: at.records.undo_batch(acts[which % len(acts)]))

    @rule(which=NUMBERS, other=NUMBERS, kind=KINDS, again=st.booleans())
    def tell_apart(self, which: int, other: int, kind: str, again: bool) -> None:
        pair = self._two(kind, which, other)
        if pair:
            duplicates = self.community.device(OFFICE).merge.duplicates
            self.community.act(OFFICE, lambda _: duplicates.ask_again(pair) if again else duplicates.apart(pair))

    @rule(who=NUMBERS, which=NUMBERS)
    def visit_somebody(self, who: int, which: int) -> None:
        name = self.someone(who)
        household = self.one_of(name, "household", which)
        if household:
            guest = self.one_of(name, "resident", which // 3)
            people = [*_people(self.community.device(name), household), *([guest] if guest and which % 2 else [])]
            met = " ".join(map(str, dict.fromkeys(people)))
            self.community.act(name, lambda at: made_visit(at, household, met=met or None))

    @rule(who=NUMBERS, which=NUMBERS, group=st.sampled_from(CARE))
    def look_after(self, who: int, which: int, group: str) -> None:
        name = self.someone(who)
        resident = self.one_of(name, "resident", which)
        if resident:
            about = {"resident_id": resident, "care_group": group, "basis": "own_request"}
            values = {**about, "start_on": "2026-03-01", "review_on": "2026-06-01"}
            self.community.act(name, lambda at: at.records.save("care_membership", values))

    def _two(self, kind: str, which: int, other: int) -> Pair | None:
        """Two records of a kind at the office; of two households those of their people that come in the same place."""
        keep, gone = self.one_of(OFFICE, kind, which), self.one_of(OFFICE, kind, other)
        if keep is None or gone is None or keep == gone:
            return None
        office = self.community.device(OFFICE)
        people = zip(_people(office, keep), _people(office, gone), strict=False) if kind == "household" else ()
        apart, met = list[tuple[int, int]](), set[int]()
        for both in people:
            if both[0] != both[1] and met.isdisjoint(both):
                apart.append(both)
                met.update(both)
        return Pair(kind, Copy(keep, "", "", ""), Copy(gone, "", "", ""), (), (), "", tuple(apart))


def require_joined(community: Community, views: "Views") -> None:
    """Nothing at the office names what went into another that is still there, in whatever way.

    It knows so of all of which its log says so, also where it heard of it from laptops after it was restored.
    """
    with community.device(OFFICE).session.store.db.read() as connection:
        known = joined(raw_cursor(connection))
        unknown = _told_by(views[OFFICE]) - known.keys() - _undone(connection)
        assert not unknown, f"the office has not heard of {sorted(unknown)}"
        assert not in_circles(known), f"none is left of {sorted(in_circles(known))}"
        for (kind, gone), keep in known.items():
            if living(connection, kind, [keep]):
                left = list(references(connection, kind, [gone]))
                assert not left, f"{kind} {gone} went into {keep}: {left}"
                if kind == "resident":
                    rows = connection.exec_driver_sql("SELECT id, met FROM visit WHERE met IS NOT NULL").all()
                    met = [visit for visit, people in rows if str(gone) in people.split()]
                    assert not met, f"{gone} went into {keep}, and was met by {met}"


def _told_by(view: "View") -> set[tuple[str, int]]:
    """By kind and number the records of which the last word in a log is that they are one with another."""
    kinds = {record.kind.number: name for name, record in discover.kinds().items()}
    found = set[tuple[str, int]]()
    for (record, field), clks in view.world.heads.items():
        rows = [view.ops[clk] for clk in clks if field == ALIVE]
        deletions = [row for row in rows if row.what == What.DELETE and laptop_of(row.clk) == OFFICE_NUMBER]
        if len(rows) == len(deletions) and any(into_in(*unpack_all([row.vals])) for row in deletions):
            found.add((kinds[deletions[0].kind], record))
    return found


def _undone(connection: "Connection") -> set[tuple[str, int]]:
    """Those that stay away though the act was undone, and those that are here for what was written about them since."""
    cursor = raw_cursor(connection)
    cursor.execute("SELECT name, value FROM setting WHERE name LIKE 'joined:%'")
    found = set[tuple[str, int]]()
    for name, told in cursor.fetchall():
        _, kind, record = name.split(":")
        cursor.execute("SELECT 1 FROM batch WHERE undoes = ?", (int(told.split()[1]),))
        if cursor.fetchone() or living(connection, kind, [int(record)]):
            found.add((kind, int(record)))
    return found


def _acts(office: Workspace) -> set[int]:
    """By which acts two became one, as the office remembers it, taken back or not."""
    with office.session.store.cursor() as cursor:
        cursor.execute("SELECT value FROM setting WHERE name LIKE 'joined:%'")
        return {int(told.split()[1]) for (told,) in cursor.fetchall()} - {0}


def _people(at: Workspace, household: int) -> list[int]:
    """Of a household, each once."""
    rows = at.records.page("household_member", where={"household_id": household})
    return list(dict.fromkeys(int(str(one.values["resident_id"])) for one in rows if not one.values["valid_to"]))
