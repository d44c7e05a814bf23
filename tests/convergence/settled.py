"""What must hold when everybody has met the office often enough. Each check raises AssertionError saying where."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.app.attachment.file_check import PART
from gridworker.errors import NotFound
from gridworker.record import Value
from gridworker.store.history import Event, histories
from gridworker.store.log.clock import OFFICE as OFFICE_NUMBER
from gridworker.store.log.clock import laptop_of
from gridworker.store.log.heads import heads_of
from gridworker.store.log.log import Log
from gridworker.store.log.op import OpRow, What, unpack_create, unpack_edits
from tests.convergence.community import Community
from tests.convergence.forgotten import require_forgotten
from tests.convergence.ground import OFFICE
from tests.convergence.joins import require_joined
from tests.convergence.photos import known_photos, missed, require_photos
from tests.convergence.told import ops_of
from tests.oracle import World, bare, world

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace


@dataclass(frozen=True)
class View:
    """What a device holds, and what follows from it by the definition of the merge rule."""

    ops: dict[int, OpRow]
    world: World

    @staticmethod
    def of(community: Community, name: str) -> "View":
        """Of a device."""
        ops = {row.clk: row for row in ops_of(community.device(name))}
        return View(ops, world(ops.values(), _understood))

    def only(self, record: int, other: "View") -> list[OpRow]:
        """Ops on a record that another has not."""
        return [row for clk, row in self.ops.items() if row.record == record and clk not in other.ops]


Views = dict[str, View]


def require_settled(community: Community) -> None:
    """All of it."""
    views = {name: View.of(community, name) for name in community.names}
    for check in CHECKS:
        check(community, views)


def require_agreement(community: Community, views: Views) -> None:
    """Office and laptops show the same, grid by grid."""
    office = community.device(OFFICE)
    digests = {grid: _digest(office, grid) for grid, _ in office.devices.grids()}
    for name in community.laptops:
        device = community.device(name)
        for grid in digests.keys() & set(device.session.grids()):
            agrees = _digest(device, grid) == digests[grid]
            assert agrees, f"{name} differs: {_apart(views, name, community.office_scope(name))}"


def require_soundness(community: Community, views: Views) -> None:
    """The self-check finds nothing: journal, log, tables against the log.

    But that a photo is missed which went with the disk it was on: the backup was made while the files were away.
    """
    for name in views:
        faults = community.device(name).care_of_store.check()
        if not missed(community.device(name)) & known_photos(community):
            faults = [fault for fault in faults if fault.where != PART]
        assert not faults, f"{name}: {faults}"


def require_definition(community: Community, views: Views) -> None:
    """Heads, conflicts and tables are what the merge rule gives for the log, computed from scratch."""
    for name, view in views.items():
        with community.device(name).session.store.cursor() as cursor:
            packed = Log(cursor).heads({record for record, _ in view.world.heads})
            cursor.execute("SELECT record, field FROM conflict")
            conflicts = set(cursor.fetchall())
        for (record, number), clks in view.world.heads.items():
            stored = heads_of(packed.get(record, {}), record, number)
            assert stored == sorted(clks), f"{name}: heads of field {number} of {record}"
        assert conflicts == view.world.conflicts, f"{name}: conflicts"
        for kind, rows in _tables(community, name).items():
            assert rows == _expected(view, kind), f"{name}: table of kind {kind}"


def require_nothing_lost(community: Community, views: Views) -> None:
    """What was acknowledged on a disk still in use is at the office, unchanged, in the log or set aside.

    Or it was written anew, for its clk is another's: by any life of the office, for the one before it may have told
    laptops. What the office refused to write anew it has seen.
    """
    view, aside = views[OFFICE], community.asides()
    there = {_left(row, view) for row in view.ops.values()}
    anew = {_left(row, view): clks for row, clks in community.anew.items()}
    for name, disk in community.disks.items():
        for clk, row in disk.acknowledged.items():
            what = _left(row, view)
            written = anew.get(what, [])
            if what not in there and clk not in aside and written[-1:] != [0]:
                assert not view.ops.keys().isdisjoint(written), f"of {name} is lost: {row}"


def require_history(community: Community, views: Views) -> None:
    """Every op in the log is found in the history of its record with every value it gave, refused by the office or not.

    But not one that nobody built on, all of whose values were erased by somebody it did not know of; and not one that
    is about another record of that number, of another kind: that one the office has refused.
    """
    names = {number: record.kind.name for number, record in discover.by_number().items()}
    for name, view in views.items():
        by_record: dict[tuple[int, int], set[int]] = {}
        held = {row.record for row in view.ops.values() if not _is_told_anywhere(row, view)}
        for row in view.ops.values():
            if row.record in held:  # of any other it came that somebody is forgotten, or what became of an op on it
                by_record.setdefault((row.kind, row.record), set()).add(row.clk)
        for (kind, record), clks in by_record.items():
            made = view.ops.get(record)
            if made is not None and made.what == What.CREATE and made.kind != kind:
                refused = {clk for clk in clks if view.ops[clk].what != What.VERDICT}
                assert refused <= view.world.judged, f"{name}: {refused} are of another kind than {record}"
            elif len(clks) > 1:
                told_of = _history(community.device(name), names[kind], record, is_made=made is not None)
                events = {event.clk: event for event in told_of}
                left_out = [view.ops[clk] for clk in clks - events.keys() if not _is_unknowing(view.ops[clk], view)]
                assert events.keys() <= clks, f"{name}: history of {record}"
                assert not left_out, f"{name}: history of {record} lacks {left_out}"
                for clk, event in events.items():
                    told = {change.field: change.after for change in event.changes}
                    given = _given(view.ops[clk])
                    assert given.items() <= told.items(), f"{name}: history of {record} tells {told}, not {given}"


def _history(device: "Workspace", kind: str, record: int, *, is_made: bool) -> list[Event]:
    """As a page shows it; what was written on one whose creation went with the disks it was on no page shows."""
    if is_made:
        return device.records.history(kind, record)
    with device.session.store.cursor() as cursor:
        return histories(cursor, [record]).get(record, [])


def require_sight(community: Community, views: Views) -> None:
    """An edit made with another in sight has won over it, wherever both are.

    But not where it stands on one that the office refused, or that was on lost disks alone: nothing says any more what
    that one stood on. Nor where it yielded its clk to what a copy of its writer only put on record.
    """
    somewhere = _somewhere(community, views)
    for name, view in views.items():
        for (record, number, clk), seen in community.sight.items():
            stands = seen <= somewhere and view.world.judged.isdisjoint({clk, *seen})
            is_here = clk in view.ops and view.ops[clk].record == record
            if is_here and stands and clk not in community.clashing:
                left = view.world.heads.get((record, number), frozenset()) & seen - community.clashing
                assert not left, f"{name}: {clk} had {sorted(left)} in sight"


def require_nobody_waits(community: Community, views: Views) -> None:
    """No op names one that is somewhere and never comes, nothing is aside, and the office has confirmed everything.

    Of an op whose writer and whose reader both lost their disks nothing is left to come; and what yielded its clk to
    another lives on under a new one.
    """
    assert not community.asides()
    rows = (*(disk.acknowledged for disk in community.disks.values()), *(view.ops for view in views.values()))
    somewhere = {(row.clk, row.record) for ops in rows for row in ops.values()}
    somewhere -= {(row.clk, row.record) for row in community.anew}
    for name, view in views.items():
        scope = {record for record, _ in view.world.heads} if name == OFFICE else community.scope(name)
        waiting = {place for place in view.world.awaited if place[1] in scope and place[:2] in somewhere}
        assert not waiting, f"{name} waits for {sorted(waiting)}"
        if name != OFFICE:
            assert not community.device(name).exchange.pending().records, f"{name} has unsent work"


CHECKS: tuple[Callable[[Community, Views], None], ...] = (
    require_agreement,
    require_soundness,
    require_definition,
    require_nothing_lost,
    require_history,
    require_sight,
    require_nobody_waits,
    require_photos,
    require_joined,
    lambda community, views: require_forgotten(community, {name: view.ops for name, view in views.items()}),
)


def _somewhere(community: Community, views: Views) -> set[int]:
    """Ops on disks that are still in use."""
    return set[int]().union(
        *(disk.acknowledged for disk in community.disks.values()), *(view.ops for view in views.values())
    )


def _digest(device: "Workspace", grid: int) -> str:
    """Over what a device shows of a grid; empty where it does not know the grid, which no other is."""
    try:
        return device.care_of_store.digest(str(grid))
    except NotFound:
        return ""


def _apart(views: Views, name: str, scope: set[int]) -> dict[int, tuple[list[OpRow], list[OpRow]]]:
    """Records that a laptop shows and the office does not show so, or not: the ops each has and the other has not."""
    office, laptop = views[OFFICE], views[name]
    return {
        record: (office.only(record, laptop), laptop.only(record, office))
        for record in scope
        if office.world.rows.get(record) != laptop.world.rows.get(record)
    }


def _is_told_anywhere(row: OpRow, view: View) -> bool:
    """Whether an op goes to a laptop wherever its record is: an erasure, a verdict, what stands for an op accepted."""
    if row.what in {What.ERASE, What.VERDICT}:
        return True
    is_edit = row.what != What.CREATE and laptop_of(row.clk) == OFFICE_NUMBER
    named = {clk for edit in unpack_edits(row.record, row.vals) for clk in edit.over} if is_edit else set[int]()
    return not view.world.judged.isdisjoint(named)


def _is_unknowing(row: OpRow, view: View) -> bool:
    """Whether each field an op sets was erased by somebody it did not know of: it replaced nothing, and nobody it."""
    erased = view.world.erased
    edits = unpack_edits(row.record, row.vals) if row.what in {What.EDIT, What.RESOLVE} else ()
    return bool(edits) and all(
        edit.value is None and not erased.get((row.record, edit.field), set()) <= set(edit.over) for edit in edits
    )


def _given(row: OpRow) -> dict[str, Value]:
    """The values an op gives, by name of the field."""
    if row.what == What.VERDICT:
        return {}
    numbered = discover.by_number()[row.kind].kind.numbered
    values = (
        unpack_create(row.vals)
        if row.what == What.CREATE
        else {edit.field: edit.value for edit in unpack_edits(row.record, row.vals)}
    )
    return {numbered[number].name: value for number, value in values.items() if number in numbered}


def _left(row: OpRow, view: View) -> OpRow:
    """What may be left of an op where its values were erased."""
    erased = any(record == row.record for record, _ in view.world.erased) and row.what != What.VERDICT
    return row._replace(author=0, vals=bare(row, view.world.erased) if erased else row.vals)


def _understood(kind: int, number: int, value: Value) -> bool:
    known = discover.by_number().get(kind)
    spec = known.kind.numbered.get(number) if known else None
    return value is None if spec is None else spec.understands(value)


def _tables(community: Community, name: str) -> dict[int, dict[int, dict[int, Value]]]:
    """By kind and record: values by field."""
    device = community.device(name)
    return {
        number: {
            one.id: {record.kind.specs[field].number: value for field, value in one.values.items()}
            for one in device.records.page(record.kind.name, limit=100_000)
        }
        for number, record in discover.by_number().items()
    }


def _expected(view: View, kind: int) -> dict[int, dict[int, Value]]:
    numbers = discover.by_number()[kind].kind.numbered
    return {
        record: {number: row.get(number) for number in numbers}
        for record, row in view.world.rows.items()
        if view.ops[record].kind == kind
    }
