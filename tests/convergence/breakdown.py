"""Run by test_breakdown: a device is killed, or its disk is full, in the midst of its work.

Usage: breakdown.py TEMPLATE FOLDER WORK HOW ROUNDS SEED. WORK is merge (the office takes a bundle in), pack (a laptop
packs one) or receipt (a laptop takes its reply in); HOW is kill or full. Each round: the device stands as a copy in
FOLDER, is broken off at a random moment or size, and is looked at: it is sound, and the work is done or not begun;
then it is done again, and after a bundle each way laptop and office agree. Prints how often it was done and how often
not; exits 1 else.
"""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event

from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull
from tests.circle import Circle, phones
from tests.collecting import only_new_collected
from tests.convergence.ground import OFFICE
from tests.disk.killed import LONGER, SHORTER

LAPTOP, BEFORE, PHONE, NEW = "laptop-1", "before", "13800000777", 40
PAGE, STEPS, FULL = 4096, 128, 3
ROOMY = 64 * 2**20
MOUNT = ["mount", "-t", "tmpfs", "-o", f"size={ROOMY}", "none"]


@dataclass
class Stage:
    """A laptop with unsent work and an office with an answer to it, to be copied for every round.

    Of the laptop there are two: as it was before it packed its bundle, for the work of packing, and as it was then.
    """

    folder: Path
    resident: int
    grids: tuple[int, ...]
    bundle: str
    reply: str
    sent: int
    """Bundles the laptop has sent before."""

    @staticmethod
    def make(template: Path, folder: Path) -> "Stage":
        """From a community: an edit and new people at the laptop, an edit at the office."""
        for name in (OFFICE, LAPTOP):
            shutil.copytree(template / name, folder / name)
        circle = Circle(folder)
        laptop = circle.open(LAPTOP)
        resident = laptop.records.page("resident")[0].id
        laptop.records.save("resident", {"phones": PHONE}, resident)
        for _ in range(NEW):
            laptop.records.save("resident", {"name": "王小明", "status": "in_place"})
        circle.office.records.save("resident", {"note": "office"}, resident)
        reply = circle.office.exchange.pack(circle.stick, 1).name
        grids = tuple(laptop.session.grids())
        shutil.copytree(folder / LAPTOP, folder / BEFORE)
        sent = _sent(laptop)
        bundle = laptop.exchange.pack(circle.stick).name
        circle.close()
        return Stage(folder, resident, grids, bundle, reply, sent)

    def copy_to(self, folder: Path, what: str) -> None:
        """Set it up anew for some work."""
        for part in folder.iterdir():
            shutil.rmtree(part)
        for name in (OFFICE, "stick"):
            shutil.copytree(self.folder / name, folder / name)
        shutil.copytree(self.folder / (BEFORE if what == "pack" else LAPTOP), folder / LAPTOP)
        if what == "pack":
            (folder / "stick" / self.bundle).unlink()

    def work(self, what: str, circle: Circle) -> None:
        """Do it."""
        if what == "pack":
            circle.open(LAPTOP).exchange.pack(circle.stick)
        elif what == "merge":
            circle.office.exchange.merge(circle.stick / self.bundle)
        else:
            circle.open(LAPTOP).exchange.merge(circle.stick / self.reply)

    def done(self, what: str, circle: Circle) -> bool:
        """Whether it was done; exits where half of it was."""
        device = circle.office if what == "merge" else circle.opened.get(LAPTOP) or circle.open(LAPTOP)
        faults = device.care_of_store.check()
        require(not faults, f"not sound: {faults}")
        if what == "merge":
            require((phones(device, self.resident) == PHONE) == self._came(device, self.bundle), "half a merge")
            return self._came(device, self.bundle)
        if what == "receipt":
            note = device.records.show("resident", self.resident).values["note"]
            require((note == "office") == self._came(device, self.reply), "half a reply")
            return self._came(device, self.reply)
        packed = sorted((trip for trip in device.exchange.trips() if trip.outgoing), key=lambda trip: trip.n)[
            self.sent :
        ]
        for trip in packed:
            places = device.session.folder.outbox, circle.stick
            require(all((place / trip.file).exists() for place in places), "it is in the books and nowhere else")
            require(all(device.exchange.show(place / trip.file).n == trip.n for place in places), "half a bundle")
        return bool(packed)

    def finish(self, what: str, circle: Circle) -> None:
        """Whatever lies on the stick is whole, and all agree once each has handed the other a bundle.

        No more of them: another would bring what the first had left behind. A laptop that was killed with a bundle on
        the stick and not in its books numbers the next one alike, which the office confirms with the one after that.
        """
        laptop = circle.opened.get(LAPTOP) or circle.open(LAPTOP)
        for path in sorted(circle.stick.glob("01-*.gwb")):
            circle.office.exchange.merge(path)
        for _ in range(2 if what == "pack" else 1):
            circle.hand_in(laptop)
            circle.reply(laptop)
        require(circle.agrees(laptop, *self.grids), "they differ")
        require(phones(circle.office, self.resident) == PHONE, "an edit is lost")
        require(laptop.exchange.pending().records == 0, "something is unsent")
        people = [one for one in circle.office.records.page("resident") if one.values["name"] == "王小明"]
        require(len(people) == NEW, f"{NEW - len(people)} people are lost")

    @staticmethod
    def _came(device: Workspace, name: str) -> bool:
        return any(trip.file == name for trip in device.exchange.trips() if not trip.outgoing)


def _sent(laptop: Workspace) -> int:
    return sum(trip.outgoing for trip in laptop.exchange.trips())


def require(holds: bool, what: str) -> None:
    """Exit where something does not hold."""
    if not holds:
        sys.exit(what)


def in_child(do: Callable[[], None]) -> int:
    """The process that does it; it ends with 3 where the disk is full."""
    child = os.fork()
    if child == 0:
        end = 1
        try:
            do()
            end = 0
        except DiskFull:
            end = FULL
        finally:
            os._exit(end)
    return child


def kills(stage: Stage, folder: Path, what: str, rounds: int, chance: random.Random) -> list[bool]:
    """Kill it at random moments."""
    stage.copy_to(folder, what)
    circle = Circle(folder)
    stage.work(what, circle)  # once here: what it imports need not be imported by every child, and killed in that
    circle.close()
    stage.copy_to(folder, what)
    began = time.perf_counter()
    _, end = os.waitpid(in_child(lambda: stage.work(what, Circle(folder))), 0)
    takes = time.perf_counter() - began
    require(end == 0 and look(stage, folder, what), "undisturbed, it is not done")
    ends = []
    with only_new_collected():
        for _ in range(rounds):
            stage.copy_to(folder, what)
            child = in_child(lambda: stage.work(what, Circle(folder)))
            Event().wait(chance.uniform(0, takes))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            ends.append(look(stage, folder, what))
            takes *= SHORTER if ends[-1] else LONGER
    return ends


def look(stage: Stage, folder: Path, what: str) -> bool:
    """What came of a round."""
    circle = Circle(folder)
    done = stage.done(what, circle)
    stage.finish(what, circle)
    circle.close()
    return done


def sizes(rounds: int, chance: random.Random) -> list[int]:
    """Pages left, from none to more than enough."""
    return sorted(chance.sample(range(STEPS), min(rounds, STEPS)))


def fills(stage: Stage, folder: Path, what: str, rounds: int, chance: random.Random) -> list[bool]:
    """Leave so many pages on a small disk beyond what lies on it."""
    ends = []
    for free in sizes(rounds, chance):
        resize(folder, ROOMY)
        stage.copy_to(folder, what)
        stat = os.statvfs(folder)
        resize(folder, (stat.f_blocks - stat.f_bfree + free) * PAGE)
        _, end = os.waitpid(in_child(lambda: stage.work(what, Circle(folder))), 0)
        full = os.waitstatus_to_exitcode(end)
        require(full in {0, FULL}, f"{free} pages: neither done nor said to be full")
        resize(folder, ROOMY)
        ends.append(look(stage, folder, what))
        require(ends[-1] == (full == 0), f"{free} pages: said {full}, done {ends[-1]}")
    return ends


def short_files(stage: Stage, folder: Path, what: str, rounds: int, chance: random.Random) -> list[bool]:
    """Where no disk can be mounted: no file may grow beyond so many pages. Nothing is half done then either."""
    ends = []
    for pages in sizes(rounds, chance):
        stage.copy_to(folder, what)
        os.waitpid(in_child(partial(_limited, pages * PAGE, lambda: stage.work(what, Circle(folder)))), 0)
        ends.append(look(stage, folder, what))
    return ends


def _limited(most: int, do: Callable[[], None]) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    do()


def resize(folder: Path, size: int) -> None:
    """Give the disk in memory another size."""
    subprocess.run(["mount", "-o", f"remount,size={size}", str(folder)], check=True)


def main() -> None:
    """All rounds."""
    template, folder, what, how, rounds, seed = sys.argv[1:]
    chance = random.Random(int(seed))
    stage = Stage.make(Path(template), Path(folder) / "stage")
    place = Path(folder) / "round"
    place.mkdir()
    if how == "kill":
        ends = kills(stage, place, what, int(rounds), chance)
    elif subprocess.run([*MOUNT, str(place)], check=False, capture_output=True).returncode:
        ends = short_files(stage, place, what, int(rounds), chance)
    else:
        try:
            ends = fills(stage, place, what, int(rounds), chance)
        finally:
            subprocess.run(["umount", str(place)], check=True)
    sys.stdout.write(f"{ends.count(True)} {ends.count(False)}\n")


if __name__ == "__main__":
    main()
