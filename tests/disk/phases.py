"""What a device is in the midst of when the power goes: kinds of work, each told of step by step.

A phase does its work in ``work`` and calls ``tell`` whenever a person would have been shown that something is done.
``look`` holds what is left against how often that was: whatever was told is there, of the step under way all or
nothing, and the store is sound. It raises Torn where that does not hold.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

from gridworker.app.workspace import Workspace
from gridworker.errors import WrongPassphrase
from gridworker.paths import Folder
from gridworker.store.engine.database import raw_cursor
from gridworker.store.health.digest import digest
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Vault
from gridworker.store.log import log
from gridworker.store.meta import Meta
from gridworker.store.tables.changes import AUDIT
from gridworker.store.upgrade import reread
from tests.builders import DEK, add, edit
from tests.circle import PASSPHRASE
from tests.disk.ground import LAPTOP, OFFICE, Ground, opened, require, require_sound, store_of

Tell: TypeAlias = Callable[[], object]
Line: TypeAlias = tuple[int, ...]
"""The figures of a proof on one phase; the last is how often it was torn or wrong."""

TYPED = "老人说腿疼，下周二再去一次"


class Phase(ABC):
    """One kind of work in ``folder``, a copy of ``ground``."""

    name = ""

    def __init__(self, ground: Ground, folder: Path) -> None:
        self.ground = ground
        self.folder = folder
        ground.copy_to(folder)
        self.prepare()

    def prepare(self) -> None:  # noqa: B027 - most begin on the ground as it is
        """Before the work, with nothing to fear."""

    @abstractmethod
    def work(self, tell: Tell) -> None:
        """Do it."""

    def start(self) -> None:
        """Open and close what is left, as it is done first thing after a cut. Raises Torn, Problem."""
        for name in (LAPTOP, OFFICE):
            with opened(self.folder, name):
                pass

    @abstractmethod
    def look(self, told: int) -> None:
        """What is left of it."""

    def note_of(self, device: Workspace) -> int:
        """The note of the resident as a device has it; the device is sound."""
        require_sound(device)
        return int(str(device.records.show("resident", self.ground.resident).values["note"] or 0))


class Typing(Phase):
    """A visit is being typed, letter by letter."""

    name = "typing"

    def work(self, tell: Tell) -> None:
        with opened(self.folder, LAPTOP) as laptop:
            for end in range(1, len(TYPED) + 1):
                laptop.drafts.keep("visit:1", {"note": TYPED[:end], "outcome": "met_person"})
                tell()

    def look(self, told: int) -> None:
        with opened(self.folder, LAPTOP) as laptop:
            require_sound(laptop)
            draft = laptop.drafts.get("visit:1")
        typed = draft.fields["note"] if draft else ""
        require(typed in (TYPED[:told], TYPED[: told + 1]), f"{told} letters kept, {typed!r} there")


class Saving(Phase):
    """A form is saved and saved again; each time the note counts on, and the act stands in the audit."""

    name = "saving"
    times = 10

    def prepare(self) -> None:
        with opened(self.folder, LAPTOP) as laptop:
            self.before = self.note_of(laptop)

    def work(self, tell: Tell) -> None:
        with opened(self.folder, LAPTOP) as laptop:
            for number in range(self.before + 1, self.before + 1 + self.times):
                laptop.records.save(
                    "resident", {"note": f"{number}", "phones": f"138{number:08d}"}, self.ground.resident
                )
                tell()

    def look(self, told: int) -> None:
        with opened(self.folder, LAPTOP) as laptop:
            note = self.note_of(laptop)
            phones = laptop.records.show("resident", self.ground.resident).values["phones"]
            with laptop.session.store.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {AUDIT} WHERE action = 'edit'")
                acts = cursor.fetchone()[0]
        done = note - self.before
        require(told <= done <= told + 1, f"{told} saved, {done} there")
        require(not done or phones == f"138{note:08d}", "half a form")
        require(acts == note, f"{note} edits, {acts} of them in the audit")


class Merging(Phase):
    """The office takes bundles in, one after the other."""

    name = "merging"

    def work(self, tell: Tell) -> None:
        with opened(self.folder, OFFICE) as office:
            for name in self.ground.bundles:
                office.exchange.merge(self.folder / "stick" / name)
                tell()

    def look(self, told: int) -> None:
        with opened(self.folder, OFFICE) as office:
            note = self.note_of(office)
            came = [trip.file for trip in office.exchange.trips() if trip.file in self.ground.bundles]
        require(told <= len(came) <= told + 1, f"{told} taken in, {len(came)} there")
        require(note == len(came), f"{len(came)} came, and the note is {note}")
        for name in came:
            copy = Folder(self.folder / OFFICE).archive / name
            require(copy.read_bytes() == (self.folder / "stick" / name).read_bytes(), "the copy is not whole")


class Packing(Phase):
    """A laptop packs what it has, twice, and hands it over on a stick."""

    name = "packing"
    times = 2

    def prepare(self) -> None:
        self.outbox = Folder(self.folder / LAPTOP).outbox
        with opened(self.folder, LAPTOP) as laptop:
            self.sent = sum(trip.outgoing for trip in laptop.exchange.trips())

    def work(self, tell: Tell) -> None:
        with opened(self.folder, LAPTOP) as laptop:
            for _ in range(self.times):
                laptop.exchange.pack(self.folder / "stick")
                tell()

    def look(self, told: int) -> None:
        with opened(self.folder, LAPTOP) as laptop:
            require_sound(laptop)
            trips = [trip for trip in laptop.exchange.trips() if trip.outgoing]
            for trip in trips:
                if (self.outbox / trip.file).exists():
                    require(laptop.exchange.show(self.outbox / trip.file).n == trip.n, "not whole in the outbox")
        new = sorted(trips, key=lambda trip: trip.n)[self.sent :]
        require(told <= len(new) <= told + 1, f"{told} packed, {len(new)} there")
        for trip in new:
            require((self.outbox / trip.file).exists(), "a bundle that was packed is gone")
        handed = [path for path in (self.folder / "stick").glob("*.gwb") if path.name not in self.ground.bundles]
        require({trip.file for trip in new[:told]} <= {path.name for path in handed}, "it is not on the stick")
        with opened(self.ground.folder, OFFICE) as office:
            for path in handed:
                require(office.exchange.show(path).sender > 0, "not whole on the stick")


class BackingUp(Phase):
    """A laptop makes two backups."""

    name = "backing up"
    times = 2

    def work(self, tell: Tell) -> None:
        with opened(self.folder, LAPTOP) as laptop:
            for _ in range(self.times):
                laptop.backups.make()
                tell()

    def look(self, told: int) -> None:
        with opened(self.folder, LAPTOP) as laptop:
            require_sound(laptop)
            made = laptop.backups.list()
            for one in made:
                laptop.backups.verify(one.path)
        require(told <= len(made) <= told + 1, f"{told} made, {len(made)} there")


class ChangingPassphrase(Phase):
    """Somebody changes their passphrase, and changes it again."""

    name = "changing a passphrase"
    ways = (PASSPHRASE, "second four words here", "third four words here", "fourth four words here")

    def work(self, tell: Tell) -> None:
        with opened(self.folder, LAPTOP) as laptop:
            for old, new in pairwise(self.ways):
                laptop.people_here.change(old, new)
                tell()

    def look(self, told: int) -> None:
        with opened(self.folder, LAPTOP) as laptop:
            require_sound(laptop)
        open_it = [number for number, way in enumerate(self.ways) if self._opens(way)]
        require(open_it in ([told], [told + 1]), f"changed {told} times, and {open_it} open it")

    def _opens(self, passphrase: str) -> bool:
        try:
            return Vault(Folder(self.folder / LAPTOP), CHEAP).open(passphrase).dek == DEK
        except WrongPassphrase:
            return False


class Upgrading(Phase):
    """The tables of a laptop, written by another version, are read anew from the log, in small lots."""

    name = "upgrading"
    people, lot = 24, 9

    def prepare(self) -> None:
        reread.LOT = log.CHUNK = self.lot
        with store_of(self.folder, LAPTOP) as store:
            for number in range(self.people):
                person = add(store, "resident", name=f"王{number}")
                edit(store, "resident", person, name=f"李{number}")
        self.shown = self._shows()
        with store_of(self.folder, LAPTOP) as store, store.db.write() as connection:
            Meta(raw_cursor(connection)).set("signature", "{}")
            connection.exec_driver_sql("DELETE FROM resident")

    def work(self, tell: Tell) -> None:
        with opened(self.folder, LAPTOP):
            tell()

    def look(self, told: int) -> None:
        require(self._shows() == self.shown, "the tables are not what the log says")

    def _shows(self) -> str:
        with opened(self.folder, LAPTOP) as laptop, laptop.session.store.db.read() as connection:
            require_sound(laptop)
            return digest(connection)


PHASES: tuple[type[Phase], ...] = (
    Typing, Saving, Merging, Packing, BackingUp, ChangingPassphrase, Upgrading,
)  # fmt: skip
