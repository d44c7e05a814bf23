"""The whole circle without a display: office, roster, two kits, work on both laptops, bundles both ways, agreement.

Each step checks its own outcome and says what it found; the tour stops at the first that fails.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.access.enrolment import enrol
from gridworker.app.access.founding import Founding, found_office, write_recovery
from gridworker.app.demo.people import Family, Invented
from gridworker.app.issue.report import IssueDraft, report_changes
from gridworker.app.workspace import Workspace
from gridworker.domain.moments import written
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change

if TYPE_CHECKING:
    from gridworker.store.keys.kdf import KdfProfile

PASSPHRASE = "once around the whole circle"
COMMUNITY, OFFICE, CLERK = "420202005002", "师院社区办公室", "刘芳"
NORTH, SOUTH = "北网格", "南网格"
WORKERS = (("周敏", (NORTH,)), ("赵海", (NORTH, SOUTH)))
FAMILIES = 24
SEX = {"1": "男", "2": "女"}
RELATIONS = {"02": "户主", "10": "配偶", "20": "子", "30": "女", "40": "孙子", "50": "母亲"}
HEADERS = ("姓名", "性别", "身份证号", "与户主关系", "联系电话", "楼栋", "单元", "室", "人员类别", "备注")


class StepFailed(Exception):
    """A step did not end as it must; the text says what was found."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was taken: what it is, how it ended, how long it took."""

    name: str
    ok: bool
    detail: str
    seconds: float


@dataclass
class Circle:
    """The stores of one tour. ``folder`` is empty at the start; ``profile`` is the cost of the passphrase slots."""

    folder: Path
    profile: "KdfProfile | None" = None
    opened: dict[str, Workspace] = field(default_factory=dict)

    @property
    def office(self) -> Workspace:
        """The office's workspace."""
        return self.opened["office"]

    @property
    def laptops(self) -> list[Workspace]:
        """The laptops' workspaces."""
        return [self.opened[name] for name in ("laptop-1", "laptop-2")]

    def open(self, name: str) -> Workspace:
        """Open one store by the name of its folder."""
        self.opened[name] = Workspace.open(self.folder / name, PASSPHRASE, profile=self.profile)
        return self.opened[name]

    def close(self) -> None:
        """Close all stores."""
        for workspace in self.opened.values():
            workspace.close()
        self.opened.clear()

    def run(self) -> Iterator[Step]:
        """Take the steps one after the other; ends after the first that fails."""
        for name, take in _STEPS:
            start = time.perf_counter()
            try:
                detail, ok = take(self), True
            except StepFailed as failed:
                detail, ok = str(failed), False
            yield Step(name, ok, detail, time.perf_counter() - start)
            if not ok:
                return


def _require(holds: object, found: str) -> None:
    if not holds:
        raise StepFailed(found)


def _found(circle: Circle) -> str:
    sheet = found_office(
        circle.folder / "office", PASSPHRASE, Founding(COMMUNITY, OFFICE, CLERK), profile=circle.profile
    )
    write_recovery(sheet, circle.folder / "recovery.age")
    office = circle.open("office")
    for name in (NORTH, SOUTH):
        office.devices.add_grid(name)
    _require(len(office.devices.grids()) == 2, "the grids are not there")
    return OFFICE


def _import(circle: Circle) -> str:
    from gridworker.sheets.write import Table, write_table

    counts = 0
    for number, name in enumerate((NORTH, SOUTH), start=1):
        ledger = circle.folder / f"ledger-{number}.xlsx"
        rows = _ledger(number, circle)
        write_table(ledger, Table("居民台账", HEADERS, rows))
        grid = circle.office.devices.grid(name)
        preview = circle.office.rosters.preview(ledger, grid)
        _require(preview.counts["new"] == len(rows), f"{dict(preview.counts)} of {len(rows)} rows")
        imported = circle.office.rosters.save(preview)
        if number == 1:
            circle.office.rosters.undo(imported)
            _require(not circle.office.rosters.neutral(grid)["residents"], "the undone import left somebody behind")
            circle.office.rosters.save(circle.office.rosters.preview(ledger, grid))
        again = circle.office.rosters.preview(ledger, grid)
        _require(again.counts["same"] == len(rows), f"read again: {dict(again.counts)}")
        counts += len(rows)
    return f"{counts} residents"


def _ledger(number: int, circle: Circle) -> list[list[str | int | None]]:
    families = Invented(number, circle.office.session.today()).families()
    rows: list[list[str | int | None]] = []
    for at in range(FAMILIES):
        family: Family = next(families)
        for person in family.people:
            door = [str(number), str(at % 2 + 1), f"{at // 4 + 1}{at % 4 // 2 + 1:02d}"]
            rows.append([
                person.name, SEX[person.sex], person.id_number, RELATIONS[person.relation], person.phone, *door,
                person.tags, None,
            ])  # fmt: skip
    return rows


def _enrol(circle: Circle) -> str:
    for number, (worker, grids) in enumerate(WORKERS, start=1):
        kit = circle.folder / f"kit-{number}.gwk"
        code = circle.folder / f"code-{number}.txt"
        circle.office.devices.issue_kit(worker, [circle.office.devices.grid(name) for name in grids], kit, code)
        name = f"laptop-{number}"
        enrol(kit, code.read_text(), circle.folder / name, PASSPHRASE, profile=circle.profile)
        held = circle.open(name).records.page("household", limit=1000)
        _require(len(held) == FAMILIES * len(grids), f"{name} holds {len(held)} households")
    return " ".join(worker for worker, _ in WORKERS)


def _work(circle: Circle) -> str:
    """Two visits and an issue on each laptop, and one telephone number changed differently on both."""
    shared = _shared_resident(circle)
    for number, laptop in enumerate(circle.laptops, start=1):
        households = laptop.records.page("household", limit=2)
        for found in households:
            _visit(laptop, found.id)
        issue = IssueDraft("楼道堆物，过道堵了", "C", household_id=households[0].id, summary="二楼转角堆了纸箱。")
        laptop.session.write(report_changes(laptop.session, issue, responded=True), "create")
        laptop.records.save("resident", {"phones": f"1380000010{number}"}, shared)
    return "4 visits, 2 issues, 1 number changed twice"


def _write_down_again(laptop: Workspace, household: int, whose: int) -> None:
    """Somebody of one household once more in another one, a little otherwise."""
    head = int(str(laptop.records.show("household", whose).values["head_id"]))
    known = laptop.records.show("resident", head).values
    kept = {name: known[name] for name in ("name", "sex", "birth_date", "phones")}
    again = laptop.records.save("resident", {**kept, "status": "in_place", "note": "周末住在这里，平时住单位。"}).id
    laptop.records.save("household_member", {"household_id": household, "resident_id": again, "relation": "80"})


def _shared_resident(circle: Circle) -> int:
    first = circle.laptops[0].records.page("household", limit=1)[0]
    return int(str(first.values["head_id"]))


def _visit(laptop: Workspace, household: int) -> None:
    now = laptop.session.now()
    values = {
        "visit_no": f"T{household % 100000}", "household_id": household, "visitor_id": laptop.session.who,
        "started_at": written(now - timedelta(minutes=10)), "ended_at": written(now), "channel": "door",
        "visit_kind": "routine", "outcome": "met_person", "home_checks": "gas=ok power=ok",
        "situation_note": "在家，都好。", "follow_up_on": laptop.session.today() + timedelta(days=30),
    }  # fmt: skip
    checked = kind_named("visit").checked(values)
    laptop.session.write([Change("visit", laptop.session.new_id(), checked, create=True)], "create")


def _hand_over(circle: Circle) -> str:
    for laptop in circle.laptops:
        bundle = laptop.exchange.pack(circle.folder)
        _require(circle.office.exchange.show(bundle).ops, "the bundle is empty")
        merged = circle.office.exchange.merge(bundle)
        _require(merged.trip and not merged.trip.aside, f"{merged.trip and merged.trip.aside} ops set aside")
        _require(circle.office.exchange.merge(bundle).again, "the same bundle went in twice")
    conflicts = circle.office.merge.conflicts()
    _require(len(conflicts) == 1, f"{len(conflicts)} conflicts instead of 1")
    return "2 bundles, 1 conflict"


def _settle(circle: Circle) -> str:
    conflict = circle.office.merge.conflicts()[0]
    kept = conflict.fields[0].sides[0].value
    circle.office.merge.resolve(conflict.kind, conflict.record, {conflict.fields[0].name: kept})
    _require(not circle.office.merge.conflicts(), "the conflict is still there")
    history = circle.office.records.history(conflict.kind, conflict.record)
    values = {change.after for event in history for change in event.changes if change.field == conflict.fields[0].name}
    _require({side.value for side in conflict.fields[0].sides} <= values, "the losing value is not in the history")
    return conflict.fields[0].label


def _reply(circle: Circle) -> str:
    for number, laptop in enumerate(circle.laptops, start=1):
        reply = circle.office.exchange.pack(circle.folder, number)
        laptop.exchange.merge(reply)
        sent = [trip for trip in laptop.exchange.trips() if trip.outgoing]
        _require(all(trip.state == "confirmed" for trip in sent), f"laptop {number} has no receipt")
    return "2 replies, 2 receipts"


def _agree(circle: Circle) -> str:
    digests = []
    for number, (_, grids) in enumerate(WORKERS, start=1):
        for grid in grids:
            ours = circle.office.care_of_store.digest(grid)
            theirs = circle.opened[f"laptop-{number}"].care_of_store.digest(grid)
            _require(ours == theirs, f"{grid}: the office and laptop {number} differ")
            digests.append(ours[:12])
    return " ".join(digests)


def _check(circle: Circle) -> str:
    for name, workspace in circle.opened.items():
        faults = [fault.sentence for fault in workspace.care_of_store.check()]
        _require(not faults, f"{name}: {'; '.join(faults)}")
    return f"{len(circle.opened)} stores"


_STEPS: tuple[tuple[str, Callable[[Circle], str]], ...] = (
    ("office", _found), ("roster", _import), ("kits", _enrol), ("work", _work), ("bundles", _hand_over),
    ("conflict", _settle), ("replies", _reply), ("digests", _agree), ("check", _check),
)  # fmt: skip


def enliven(office: Workspace, laptop: Workspace, folder: Path) -> Path:
    """Let something happen between a sample office and laptop, for the pictures. Returns a ledger to look at.

    Afterwards two bundles are merged, two conflicts and somebody who is on the books twice wait, and there is something
    to hand over.
    """
    homes = laptop.records.page("household", limit=4)
    for number, home in enumerate(homes):
        _visit(laptop, home.id)
        head = int(str(home.values["head_id"]))
        if number < 2:  # two people whose numbers both ends change
            laptop.records.save("resident", {"phones": f"1380000012{number}", "note": "上门问的，换了号码。"}, head)
            office.records.save("resident", {"phones": f"1380000021{number}", "note": "本人来办公室改的。"}, head)
    office.exchange.merge(laptop.exchange.pack(folder))
    _write_down_again(laptop, homes[3].id, homes[2].id)
    office.exchange.merge(laptop.exchange.pack(folder))
    for home in homes:
        _visit(laptop, home.id)
    ledger = folder / "ledger.xlsx"
    from gridworker.sheets.write import Table, write_table

    rows = [
        [person.name, SEX[person.sex], person.id_number, RELATIONS[person.relation], person.phone, "12", "1",
         f"{at // 2 + 1}{at % 2 + 1:02d}", person.tags, None]
        for at, family in zip(range(14), Invented(99, office.session.today()).families(), strict=False)
        for person in family.people
    ]  # fmt: skip
    rows[3][2] = f"{str(rows[3][2])[:-1]}{'1' if str(rows[3][2]).endswith('0') else '0'}"
    write_table(ledger, Table("居民台账", HEADERS, rows))
    return ledger
