"""Copies and backups of the devices of a community, and what is put back from them."""

import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gridworker.errors import NotFound
from gridworker.paths import Folder
from gridworker.store.backup import restore
from gridworker.store.backup.manifest import Named
from gridworker.store.backup.place import begin_anew
from gridworker.store.engine.machine import Volume
from gridworker.store.health import sidecar
from gridworker.store.health.lives import take_new_life
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys
from tests.builders import DEK
from tests.convergence.ground import OFFICE, Kept
from tests.convergence.told import Told, is_audit
from tests.village import HandClock

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace


LIVES = 6
"""Of an office, at most: a device has but so many."""


class Keeping(Told):
    """What is kept of the disks, and for whom."""

    def copy(self, name: str) -> None:
        """Somebody copies a device's folder. The device goes on as it was."""
        made, finds = next(self._kept), self.finds(name)
        kept = f"copy-{name}-{made}"
        self.circle.copy(name, kept)
        one = Kept(self.circle.folder / kept, self.disks[name].copy(), self.let_go, made, finds)
        self.copies.setdefault(name, []).append(one)
        self._join(name, self.circle.open(name), self.disks[name])

    def useful(self, name: str, kept: Sequence[Kept]) -> list[Kept]:
        """What may be put back: of the office nothing from before a laptop let go what a newer backup had.

        Files come out of that one, unless the office as it was then knows of no place where its backups lie.
        """
        return [one for one in kept if one.path.exists() and (name != OFFICE or self._will_do(one))]

    def _will_do(self, kept: Kept) -> bool:
        return kept.let_go == self.let_go and (kept.finds or kept.made >= self.safe_since)

    def finds(self, name: str) -> bool:
        """Whether a device knows where its backups lie."""
        return self.place(name) in self.device(name).backups.places()

    def restore(self, name: str, kept: Kept) -> None:
        """A device's disk is gone; its folder comes from a copy."""
        self.circle.close(name)
        shutil.rmtree(self.circle.folder / name)
        shutil.copytree(kept.path, self.circle.folder / name)
        self._join(name, self._reborn(name), kept.disk.copy())

    def twin(self, name: str, which: int) -> str:
        """A copy of a laptop goes to work beside it."""
        kept = self.copies[name][which]
        twin = f"twin-{len(self.names)}"
        shutil.copytree(kept.path, self.circle.folder / twin)
        self.circle.clocks[twin] = HandClock(self.circle.clocks[name].at)
        self._join(twin, self._reborn(twin), kept.disk.copy())
        return twin

    def double(self, name: str) -> str:
        """A laptop is copied as it is, and nobody notices: both go on in the same life, from the same clk."""
        twin = f"twin-{len(self.names)}"
        self.circle.copy(name, twin)
        self.circle.clocks[twin] = HandClock(self.circle.clocks[name].at)
        self._join(name, self.circle.open(name), self.disks[name])
        self._join(twin, self.circle.open(twin), self.disks[name].copy())
        return twin

    def back_up(self, name: str, *, at_home: bool = False) -> None:
        """A device makes a verified backup, elsewhere or in its own folder."""
        self.tick(name)
        self._note_own(name)
        disk, finds = self.disks[name].copy(), not at_home or self.finds(name)
        if not (at_home or self.place(name).exists()):
            with self.device(name).session.store.settings() as settings:
                begin_anew(settings, self.place(name))  # that one is gone, and this is another stick
        made = self.device(name).backups.make(None if at_home else self.place(name))
        self.backups.setdefault(name, []).append(Kept(made.path, disk, self.let_go, next(self._kept), finds))

    def place(self, name: str) -> Path:
        """Where a device's backups lie that are not in its own folder."""
        return self.circle.folder / f"backups-{name}"

    def restore_backup(self, name: str, kept: Kept, *, gone: bool) -> None:
        """A backup of a device is put back, in the place of its store or where all is ``gone`` but the backup."""
        laptop = self.number(name)
        self.circle.close(name)
        folder = Folder(self.circle.folder / name)
        if gone and not kept.path.is_relative_to(folder.root):
            shutil.rmtree(folder.root)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(restore, "take_new_life", partial(take_new_life, choose=self._chance(laptop)))
            patch.setattr(sidecar, "volume_of", lambda _: Volume())  # whether lives go in order hangs on no disk
            restore.restore(kept.path, folder, Keys(DEK), CHEAP)
        self._join(name, self.circle.open(name), kept.disk.copy())
        problems = [merged for merged in self.device(name).exchange.recover() if merged.problem is not None]
        assert not problems, f"{name}: {problems}"

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

    def may_fall(self) -> bool:
        """Whether the office may be set back once more."""
        return self.lived(OFFICE) < LIVES

    def lived(self, name: str) -> int:
        """How many lives a device was given by putting copies back."""
        return len(self._lived.get(self.number(name), ()))

    def forget(self, resident: int) -> None:
        """The office erases a resident, in its backups too; copies that somebody made by hand are thrown away.

        So are backups in a place that the office knows nothing of, because it was set back by hand: with them goes what
        it has not heard of yet. Newer ones that it knows of are made anew, of the state they were of.
        """
        before = self.disks[OFFICE].copy().acknowledged
        self.act(OFFICE, lambda at: at.erasing.erase("resident", resident))
        self.copies[OFFICE] = []
        known = {kept.path for kept in self.backups.get(OFFICE, [])}
        places = (None, self.place(OFFICE))
        listed = [one.path for place in places for one in self.device(OFFICE).backups.list(place)]
        made = [path for path in listed if path not in known]
        # That a backup was made is put on record after it.
        new = self.disks[OFFICE].acknowledged
        disk = self.disks[OFFICE].copy()
        disk.acknowledged = before | {clk: row for clk, row in new.items() if clk not in before and not is_audit(row)}
        of_before = {
            (named.chain, named.at): kept.disk for kept in self.backups.get(OFFICE, []) if (named := _named(kept))
        }
        self.backups[OFFICE] = [
            Kept(path, of_before.get((named.chain, named.at), disk), self.let_go, next(self._kept))
            for path in made
            if (named := Named.parse(path.name))
        ]
        if not any(path.is_relative_to(self.place(OFFICE)) for path in made):
            shutil.rmtree(self.place(OFFICE), ignore_errors=True)
            if self.lived(OFFICE):
                self.wiped = True
                gone = {one for one in self.safe if not self._is_there(one)}
                self.safe -= gone
                for one in self.disks.values():
                    one.photos -= gone

    def _is_there(self, attachment: int) -> bool:
        try:
            return bool(self.device(OFFICE).attachments.show(attachment))
        except NotFound:
            return False


def _named(kept: Kept) -> Named | None:
    return Named.parse(kept.path.name)
