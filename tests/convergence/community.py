"""A community as it is lived in: an office and laptops on real stores, bundles on their way, copies kept of folders.

The steps here know nothing of hypothesis: the machine draws them, tests of the test and soaks call them. ``Community``
keeps beside the stores what people were told: which ops were acknowledged on which disk, and what each edit had in
sight. ``settle`` exchanges until nothing moves; ``require_settled`` is what must hold then.
"""

import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gridworker import discover
from gridworker.errors import Problem
from gridworker.paths import Folder
from gridworker.store import restore
from gridworker.store.batch import Journal
from gridworker.store.clock import device_of, laptop_of
from gridworker.store.kdf import CHEAP
from gridworker.store.lives import take_new_life
from gridworker.store.op import OpRow, What, unpack_edits
from gridworker.store.scope import grids_of, in_scope
from gridworker.store.streams import Exchange
from gridworker.store.vault import Keys
from tests.builders import DEK
from tests.circle import Circle, head
from tests.convergence.ground import OFFICE, Disk, Letter, Template
from tests.village import WEDNESDAY, HandClock

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace
    from gridworker.store.transaction import Commit

AUDIT = discover.kinds()["audit_event"].kind.number
ROUNDS = 8
"""Everybody meets the office that often at most until nothing moves any more."""
EARLIEST, LATEST = datetime(2016, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)
"""Where a wrong clock may stand: an empty battery, a slip of a finger."""


class Community:
    """One life of a community, below ``folder``."""

    def __init__(self, template: Template, folder: Path) -> None:
        shutil.copytree(template.folder, folder)
        self.grids, self.families = template.grids, template.families
        names = [OFFICE, *sorted(path.name for path in folder.glob("laptop-*"))]
        self.circle = Circle(folder, clocks={name: HandClock(WEDNESDAY + timedelta(days=1)) for name in names})
        self.disks: dict[str, Disk] = {}
        self.mail: list[Letter] = []
        self.lost: list[Letter] = []
        self.taken: list[Letter] = []
        self.copies: dict[str, list[tuple[str, Disk]]] = {name: [(f"copy-{name}-0", Disk())] for name in names}
        self.backups: dict[str, tuple[Path, Disk]] = {}
        """The newest verified backup of a device."""
        self._kept = count(1)
        self.written: dict[int, OpRow] = {}
        """Every op that was acknowledged, as it was."""
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
        rows = {row.clk: row for row in ops_of(self.device(name))}
        for clk in link.op_clks if link else ():
            row = rows[clk]
            own = device_of(clk) == store.identity.device
            if own or name == OFFICE:
                self.disks[name].acknowledged.add(clk)
                self.written[clk] = row
            if own and row.what not in {What.CREATE, What.VERDICT} and link and link.act != "verdict":
                self._look(row, rows)

    def _note_own(self, name: str) -> None:
        """Everything a device wrote itself is acknowledged, what it put on record at its last packing too."""
        own = {row.clk: row for row in ops_of(self.device(name)) if laptop_of(row.clk) == self.number(name)}
        self.disks[name].acknowledged.update(own)
        self.written.update((clk, row) for clk, row in own.items() if clk not in self.written)

    def _look(self, row: OpRow, rows: dict[int, OpRow]) -> None:
        for edit in unpack_edits(row.record, row.vals):
            self.sight[row.record, edit.field, row.clk] = frozenset(
                other.clk
                for other in rows.values()
                if other.record == row.record and other.clk != row.clk and _says(other, edit.field)
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

    def judge(self, which: int, *, accept: bool) -> None:
        """The office rules on one of the changes set aside; what cannot be accepted as it stands it refuses."""
        waiting = self.device(OFFICE).asides.waiting()
        one = waiting[which % len(waiting)]
        if not (accept and self.act(OFFICE, lambda at: at.asides.accept([one.id]))):
            self.act(OFFICE, lambda at: at.asides.refuse([one.id]))

    def forget(self, resident: int) -> None:
        """The office erases a resident, in its backups too; copies that somebody made by hand are thrown away."""
        before = self.disks[OFFICE].copy().acknowledged
        self.act(OFFICE, lambda at: at.erasing.erase("resident", resident))
        self.copies[OFFICE] = []
        if OFFICE in self.backups:
            newest = self.device(OFFICE).backups.list(self.backups[OFFICE][0].parent)[0]
            new = self.disks[OFFICE].acknowledged - before
            # That a backup was made is put on record after it.
            disk = Disk(before | {clk for clk in new if not _is_audit(self.written[clk])})
            self.backups[OFFICE] = newest.path, disk

    # -------------------------------------------------------------------------------------------------------- carrying

    def pack(self, name: str, laptop: int = 0) -> Letter:
        """Pack at a laptop, or at the office for a laptop. The bundle is on its way then."""
        self.tick(name)
        self._note_own(name)
        letter = Letter(self.device(name).exchange.pack(self.circle.stick, laptop), laptop)
        self.mail.append(letter)
        return letter

    def deliver(self, letter: Letter, name: str) -> None:
        """A bundle is taken in; it stays on the stick, and may be taken in again."""
        self.tick(name)
        if letter in self.mail:
            self.mail.remove(letter)
            self.taken.append(letter)
        self.device(name).exchange.merge(letter.path)

    def readers(self, letter: Letter) -> list[str]:
        """The devices a bundle is for: a laptop and its twins read each other's."""
        return [name for name in self.names if self.number(name) == letter.to]

    def lose(self, letter: Letter) -> None:
        """A bundle is lost, and found when nobody looks for it any more."""
        self.mail.remove(letter)
        self.lost.append(letter)

    def exchange(self, name: str) -> None:
        """A laptop hands in and takes its reply home."""
        self.deliver(self.pack(name), OFFICE)
        self.deliver(self.pack(OFFICE, self.number(name)), name)

    # ---------------------------------------------------------------------------------------------------------- copies

    def copy(self, name: str) -> None:
        """Somebody copies a device's folder. The device goes on as it was."""
        kept = f"copy-{name}-{next(self._kept)}"
        self.circle.copy(name, kept)
        self.copies.setdefault(name, []).append((kept, self.disks[name].copy()))
        self._join(name, self.circle.open(name), self.disks[name])

    def restore(self, name: str, which: int) -> None:
        """A device's disk is gone; its folder comes from a copy."""
        kept, disk = self.copies[name][which]
        self.circle.close(name)
        shutil.rmtree(self.circle.folder / name)
        shutil.copytree(self.circle.folder / kept, self.circle.folder / name)
        self._join(name, self._reborn(name), disk.copy())

    def twin(self, name: str, which: int) -> str:
        """A copy of a laptop goes to work beside it."""
        kept, disk = self.copies[name][which]
        twin = f"twin-{len(self.names)}"
        shutil.copytree(self.circle.folder / kept, self.circle.folder / twin)
        self.circle.clocks[twin] = HandClock(self.circle.clocks[name].at)
        self._join(twin, self._reborn(twin), disk.copy())
        return twin

    def back_up(self, name: str) -> None:
        """A device makes a verified backup. Of the office, nobody puts back anything older from then on."""
        self.tick(name)
        self._note_own(name)
        disk = self.disks[name].copy()
        made = self.device(name).backups.make(self.circle.folder / f"backups-{name}")
        self.backups[name] = made.path, disk
        if name == OFFICE:
            self.copies[OFFICE] = []

    def restore_backup(self, name: str, *, gone: bool) -> None:
        """The newest backup of a device is put back, in the place of its store or where all is ``gone``."""
        backup, disk = self.backups[name]
        laptop = self.number(name)
        self.circle.close(name)
        folder = Folder(self.circle.folder / name)
        if gone:
            shutil.rmtree(folder.root)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(restore, "take_new_life", partial(take_new_life, choose=self._chance(laptop)))
            restore.restore(backup, folder, Keys(DEK), CHEAP)
        self._join(name, self.circle.open(name), disk.copy())
        assert all(merged.problem is None for merged in self.device(name).exchange.recover())

    def _reborn(self, name: str) -> "Workspace":
        device = self.circle.open(name)
        take_new_life(device.session.store, self._chance(device.session.store.identity.laptop))
        return device

    def _chance(self, laptop: int) -> Callable[[Sequence[int]], int]:
        """As good as by chance, and the same in every run: no life is chosen twice."""
        lived = self._lived.setdefault(laptop, [])

        def choose(free: Sequence[int]) -> int:
            lived.append(next(one for one in free if one not in lived))
            return lived[-1]

        return choose

    def lived(self, name: str) -> int:
        """How many lives a device was given by putting copies back."""
        return len(self._lived.get(self.number(name), ()))

    # -------------------------------------------------------------------------------------------------------- settling

    def settle(self) -> None:
        """Everybody meets the office until nothing moves; late mail arrives, the office rules on what is aside."""
        self._meet()
        late, self.mail, self.lost = [*self.mail, *self.lost], [], []
        for letter in late:
            for name in self.readers(letter):
                self.deliver(letter, name)
        self._meet()
        while waiting := len(self.asides()):
            self.judge(0, accept=bool(waiting % 2))
            assert len(self.asides()) < waiting
        self.back_up(OFFICE)
        self._meet()
        for name in self.laptops:
            self.deliver(self.pack(name), OFFICE)  # what was put on record at the last reply

    def _meet(self) -> None:
        for _ in range(ROUNDS):
            before = self._marks()
            for name in self.laptops:
                self.exchange(name)
            if self._marks() == before and not any(map(self._unsent, self.laptops)):
                return
        after = self._marks()
        moved = {name: set(after[name]) ^ set(before[name]) for name in self.names}
        unsent = {name: self._unsent(name) for name in self.laptops}
        raise AssertionError(f"still moving after {ROUNDS} rounds: {moved}, unsent {unsent}")

    def _unsent(self, name: str) -> int:
        return self.device(name).exchange.pending().records

    def _marks(self) -> dict[str, list[int]]:
        """Changes as long as anything moves. Each exchange is put on record, so audit rows do not count."""
        return {name: [row.clk for row in ops_of(self.device(name)) if not _is_audit(row)] for name in self.names}


def ops_of(device: "Workspace") -> list[OpRow]:
    """Everything in a device's log, by clk."""
    with device.session.store.cursor() as cursor:
        cursor.execute("SELECT clk, kind, record, what, author, vals FROM op ORDER BY clk")
        return list(map(OpRow._make, cursor.fetchall()))


def _says(row: OpRow, number: int) -> bool:
    """Whether an op gives a field a value; a creation gives one to every field."""
    return row.what == What.CREATE or any(edit.field == number for edit in unpack_edits(row.record, row.vals))


def _is_audit(row: OpRow) -> bool:
    return row.kind == AUDIT
