"""What the proofs of this folder stand on: an office and a laptop, small, and how each is opened as at a start."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.paths import Folder
from gridworker.store.engine.database import Database
from gridworker.store.engine.filesafe import clear_parts
from gridworker.store.health.check import check
from gridworker.store.health.freshness import has_log
from gridworker.store.health.lives import freshen, raise_mark
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys
from gridworker.store.meta import Meta
from gridworker.store.store import Store
from tests.builders import DEK
from tests.circle import Circle
from tests.village import HandClock

OFFICE, LAPTOP, BUNDLES = "office", "laptop-1", 3
KEYS = Keys(DEK)


class Torn(AssertionError):
    """Something that had to last did not, or half of something is there."""


def require(holds: bool, what: str) -> None:
    """Raise where something does not hold."""
    if not holds:
        raise Torn(what)


@dataclass(frozen=True)
class Ground:
    """A community whose laptop has handed over ``BUNDLES`` bundles that nobody has taken in yet.

    Each says one more of the note of one ``resident``: after the second it is "2".
    """

    folder: Path
    resident: int
    bundles: tuple[str, ...]

    @staticmethod
    def make(folder: Path) -> "Ground":
        """In a new folder, all stores closed in order."""
        circle = Circle(folder)
        grid = circle.office.devices.add_grid("第一网格")
        resident = circle.family(grid).resident
        laptop = circle.enrol("周敏", grid)
        circle.round(laptop)
        for path in circle.stick.iterdir():
            path.unlink()
        bundles = []
        for number in range(1, BUNDLES + 1):
            circle.clock.move(minutes=1)
            laptop.records.save("resident", {"note": f"{number}"}, resident)
            bundles.append(laptop.exchange.pack(circle.stick).name)
        circle.close()
        for name in (OFFICE, LAPTOP):
            with opened(folder, name):
                pass
        return Ground(folder, resident, tuple(bundles))

    def copy_to(self, folder: Path) -> None:
        """The same in another folder, opened and closed there once: a copy is a life of its own."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        for name in (OFFICE, LAPTOP):
            Folder(folder / name).mark.unlink()
            with store_of(folder, name) as store, store.settings() as settings:
                settings.set("nonce", "")
            with opened(folder, name):
                pass


@contextmanager
def store_of(folder: Path, name: str) -> Iterator[Store]:
    """The store of a device alone."""
    with closing(Database(folder / name / "store.db", DEK)) as db:
        yield Store.open(db, KEYS.derive("chain"), wall=HandClock().ms)


@contextmanager
def opened(folder: Path, name: str) -> Iterator[Workspace]:
    """A device as a start opens it and as it is closed in order. Raises Torn where it is taken for a copy."""
    home = Folder(folder / name)
    there = has_log(home)
    for place in (home.outbox, home.archive):
        clear_parts(place)
    with store_of(folder, name) as store:
        verdict = freshen(store, home, KEYS, log_there=there)
        try:
            with store.cursor() as cursor:
                person = Meta(cursor).number("person")
            yield Workspace(Session(store, home, KEYS, person, now=HandClock(), profile=CHEAP), store.close)
        finally:
            raise_mark(store, home, KEYS)
    require(verdict.fresh, f"taken for a copy: {verdict.reason}")


def require_sound(workspace: Workspace) -> None:
    """Raise where the self-check finds anything serious."""
    faults = check(workspace.session.store)
    require(not faults, f"not sound: {faults}")
