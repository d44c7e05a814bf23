"""Who is in a community, and what people were told there: which ops are on which disk, what each edit had in sight."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.errors import Problem
from gridworker.store.joined import JOINED
from gridworker.store.log.clock import device_of, laptop_of
from gridworker.store.log.journal import Journal
from gridworker.store.log.log import Log
from gridworker.store.log.op import OpRow, What, unpack_edits
from gridworker.store.scope.scope import grids_of, in_scope
from gridworker.store.streams import Exchange
from gridworker.store.tables.changes import NOTE
from gridworker.sync.departing import EVICT
from gridworker.sync.judging.judge import FORK
from tests.circle import Circle, head
from tests.convergence.ground import OFFICE, Disk, Kept, Letter, Template
from tests.village import WEDNESDAY, HandClock

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace
    from gridworker.store.intake.transaction import Commit

AUDIT = discover.kinds()["audit_event"].kind.number
EARLIEST, LATEST = datetime(2016, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)
"""Where a wrong clock may stand: an empty battery, a slip of a finger."""


class Told:
    """Who is there below ``folder``, and what they were told."""

    def __init__(self, template: Template, folder: Path) -> None:
        shutil.copytree(template.folder, folder)
        self.grids, self.families = template.grids, template.families
        names = [OFFICE, *sorted(path.name for path in folder.glob("laptop-*"))]
        self.circle = Circle(folder, clocks={name: HandClock(WEDNESDAY + timedelta(days=1)) for name in names})
        self.disks: dict[str, Disk] = {}
        self.mail: list[Letter] = []
        self.lost: list[Letter] = []
        self.taken: list[Letter] = []
        self.copies = {name: [Kept(folder / f"copy-{name}-0", Disk(), finds=False)] for name in names}
        self.backups: dict[str, list[Kept]] = {}
        """The verified backups of a device, oldest first."""
        self.let_go = 0
        """How often laptops removed what left their grids: from then on no older state of the office will do."""
        self.photos: dict[int, bytes] = {}
        """Every attachment that was acknowledged, and what it shows."""
        self.pictures: set[bytes] = set()
        """All that was ever attached: of two under one id the other is told here alone."""
        self.safe: set[int] = set()
        """Those that a laptop let go of, for the office has them for good."""
        self.safe_since = 0
        """Of which copy on the office may be put back without asking backups: files were let go for this one."""
        self.wiped = False
        """Whether an office that was set back erased somebody, and the newer backups with that."""
        self._kept = count(1)
        self.written: dict[int, OpRow] = {}
        """Every op that a device wrote, as it was when the first did who gave it this clk."""
        self.unnoticed = False
        """Whether laptops are copied and nothing tells."""
        self.clashing: set[int] = set()
        """Clks that two gave out, each for something else: copies of one laptop that nobody noticed."""
        self.anew: dict[OpRow, list[int]] = {}
        """By what an op is that yielded its clk to another: what each life of the office wrote anew; 0: refused."""
        self._lived: dict[int, list[int]] = {}
        self.sight: dict[tuple[int, int, int], frozenset[int]] = {}
        """By (record, field, clk of an edit): ops on that field which its author had in sight."""
        for name in names:
            self._join(name, self.device(name) if name in self.circle.opened else self.circle.open(name))
        self._founded = {self.number(name): head(self.device(name))[0] for name in names}
        """Ends of the journals, by laptop, when the community was set up."""

    # -------------------------------------------------------------------------------------------------- who is there

    @property
    def names(self) -> list[str]:
        """All devices in use, the office first."""
        return list(self.disks)

    @property
    def laptops(self) -> list[str]:
        """All but the office."""
        return [name for name in self.disks if name != OFFICE]

    def device(self, name: str) -> "Workspace":
        """An open device."""
        return self.circle.opened[name]

    def number(self, name: str) -> int:
        """The number of a laptop; two that were copied from each other have the same. 0 is the office."""
        return self.device(name).session.store.identity.laptop

    def close(self) -> None:
        """Close everything and remove it."""
        self.circle.close()
        shutil.rmtree(self.circle.folder)

    def _join(self, name: str, device: "Workspace", disk: Disk | None = None) -> None:
        self.disks[name] = disk or Disk()
        device.subscribe(lambda commit: self._acknowledge(name, commit))

    # ------------------------------------------------------------------------------------------- what people are told

    def _acknowledge(self, name: str, commit: "Commit") -> None:
        """Keep what a commit wrote, and what it had in sight."""
        store = self.device(name).session.store
        with store.cursor() as cursor:
            link = Journal(cursor, store.chain_key).link(commit.batch)
        self.let_go += link is not None and link.act.removeprefix(NOTE) == EVICT
        rows = {row.clk: row for row in ops_of(self.device(name))}
        for clk in link.op_clks if link else ():
            row = rows[clk]
            # Of two copies of one life each takes in what the other wrote, and has all that is there then in sight.
            own = device_of(clk) == store.identity.device and link is not None and link.act != "merge"
            if own or name == OFFICE:
                self.disks[name].acknowledged[clk] = row
            if own and self.written.setdefault(clk, row)._replace(author=row.author) != row:
                self.clashing.add(clk)
            if own and row.what not in {What.CREATE, What.VERDICT} and link and link.act != "verdict":
                act = link.act.removeprefix(NOTE)
                anew = {other for other in link.op_clks if act == JOINED and rows[other].what == What.RESOLVE}
                later = {other for other in link.op_clks if other > clk or act == "undo"}
                self._look(row, rows, later | anew)

    def _note_own(self, name: str) -> None:
        """Everything a device wrote itself is acknowledged, what it put on record at its last packing too."""
        own = {row.clk: row for row in ops_of(self.device(name)) if laptop_of(row.clk) == self.number(name)}
        self.disks[name].acknowledged = own | self.disks[name].acknowledged

    def note_yielded(self) -> None:
        """Keep what the office has written anew, for it may be set back."""
        with self.device(OFFICE).session.store.cursor() as cursor:
            yielded = [op for op in Exchange(cursor).ruled() if op.reason == FORK]
        for op in yielded:
            written = self.anew.setdefault(OpRow(*op[:4], 0, op.vals), [])
            if written[-1:] != [op.written or 0]:
                written.append(op.written or 0)

    def _look(self, row: OpRow, rows: dict[int, OpRow], beside: set[int]) -> None:
        """``beside``: what was written by the same act and is not in sight.

        That is what comes after: where two are made one, what the history is to tell is written before what counts. And
        an undo that opens a conflict again writes its sides at once, and none has another in sight; so do two that are
        made one with the sides of a conflict that names the one that goes.
        """
        for edit in unpack_edits(row.record, row.vals):
            self.sight[row.record, edit.field, row.clk] = frozenset(
                other.clk
                for other in rows.values()
                if other.record == row.record and other.clk not in {row.clk, *beside} and _says(other, edit.field)
            )

    # --------------------------------------------------------------------------------------------------------- clocks

    def jump(self, name: str, step: timedelta) -> None:
        """Set a device's clock wrong, or right again."""
        clock = self.circle.clocks[name]
        clock.at = min(max(clock.at + step, EARLIEST), LATEST)

    def tick(self, name: str) -> None:
        """A minute passes for a device."""
        self.jump(name, timedelta(minutes=1))

    # -------------------------------------------------------------------------------------------------------- records

    def editable(self, name: str, kind: str) -> list[int]:
        """Records of a kind that a person at a device may change: on a laptop those of its grids."""
        device = self.device(name)
        found = [one.id for one in device.records.page(kind)]
        return found if name == OFFICE else [one for one in found if one in self.scope(name)]

    def asides(self) -> set[int]:
        """Ops the office has set aside."""
        with self.device(OFFICE).session.store.cursor() as cursor:
            return {op.clk for op in Exchange(cursor).aside()}

    def deleted(self, name: str) -> list[tuple[str, int]]:
        """(kind, record) of what a device holds and does not show."""
        device = self.device(name)
        made = {row.record: row.kind for row in ops_of(device) if row.what in {What.DELETE, What.RESTORE}}
        names = {number: record.kind.name for number, record in discover.by_number().items()}
        store = device.session.store
        return [(names[kind], record) for record, kind in made.items() if store.get(names[kind], record) is None]

    def scope(self, name: str) -> set[int]:
        """Records that belong on a laptop, as it sees it itself."""
        store = self.device(name).session.store
        with store.db.read() as connection:
            return in_scope(connection, grids_of(connection, store.identity.laptop), store.identity.laptop)

    def undo(self, name: str) -> None:
        """Take back the last act of whoever sits there; not what the community was set up with."""
        session = self.device(name).session
        with session.store.cursor() as cursor:
            last = Journal(cursor, session.store.chain_key).last_act_of(session.who)
        if last and last.no > self._founded[self.number(name)]:
            self.act(name, lambda at: at.records.undo())
        if name == OFFICE:  # nobody packs for a laptop that is not in use
            for laptop in [one for one in self.device(name).devices.laptops() if one.state != "active"]:
                self.device(name).devices.readmit(laptop.number)

    def office_scope(self, name: str) -> set[int]:
        """Records that belong on a laptop, as the office sees it."""
        with self.device(OFFICE).session.store.db.read() as connection:
            return in_scope(connection, grids_of(connection, self.number(name)), self.number(name))

    def act(self, name: str, what: Callable[["Workspace"], object]) -> bool:
        """What a person does at a device. They are told where it cannot be done; then nothing was."""
        self.tick(name)
        try:
            what(self.device(name))
        except Problem:
            return False
        return True


def ops_of(device: "Workspace") -> list[OpRow]:
    """Everything in a device's log, by clk."""
    with device.session.store.cursor() as cursor:
        return [row for rows in Log(cursor).ops() for row in rows]


def _says(row: OpRow, number: int) -> bool:
    """Whether an op gives a field a value; a creation gives one to every field."""
    return row.what == What.CREATE or any(edit.field == number for edit in unpack_edits(row.record, row.vals))


def is_audit(row: OpRow) -> bool:
    """Whether an op only puts on record what was done."""
    return row.kind == AUDIT
