"""An office and its laptops for tests: real stores, real bundles, no key derivation, and a clock the test moves."""

import hashlib
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.paths import Folder
from gridworker.record import Value
from gridworker.store.engine.database import Database
from gridworker.store.health.lives import take_new_life
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.sealing import seal_with_passphrase
from gridworker.store.keys.slots import Header
from gridworker.store.keys.vault import Keys
from gridworker.store.log.journal import Journal
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_create, pack_edits
from gridworker.store.meta import OFFICE_ROLE, Identity
from gridworker.store.records import kind_named
from gridworker.store.store import Incoming, Store
from gridworker.store.tables.changes import Act, Change
from gridworker.sync.enrolment.enrol import fill, identity_of, open_kit
from gridworker.sync.format.code import Code
from gridworker.sync.format.keys import DeviceKeys
from tests.builders import DEK, new
from tests.village import HandClock

COMMUNITY = "420204001006"
RECOVERY = DeviceKeys.generate()
PASSPHRASE = "梧桐 面条 火车 春天"


@dataclass
class Circle:
    """``office`` and what it enrols. Everything lies below ``folder``; ``stick`` is where bundles are carried.

    Where a folder holds an office already, that one is opened. ``clocks`` are of devices whose clock goes its own way.
    """

    folder: Path
    clock: HandClock = field(default_factory=HandClock)
    clocks: dict[str, HandClock] = field(default_factory=dict)
    opened: dict[str, Workspace] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stick.mkdir(parents=True, exist_ok=True)
        if (self.folder / "office").exists():
            self.open("office")
        else:
            self._found(Folder(self.folder / "office"))

    def _found(self, folder: Folder) -> None:
        keys = Keys(DEK)
        database = Database(folder.database, DEK, create=True)
        store = Store.create(
            database, keys.derive("chain"), Identity(OFFICE_ROLE, COMMUNITY, 0, 0), wall=self.clock_of("office").ms
        )
        clerk = store.new_id()
        store.write(
            [
                new(store, "staff", clerk, name="刘芳", role="office", active=True),
                new(store, "community", name="花湖社区", code=COMMUNITY, office_name="花湖社区办公室"),
            ],
            Act("create", clerk),
        )
        with store.settings() as settings:
            settings.set_secret("device_keys", DeviceKeys.generate().pack())
            settings.set("recovery_keys", RECOVERY.public.pack())
            settings.set("person", clerk)
        self._hold("office", store, clerk)

    def clock_of(self, name: str) -> HandClock:
        """The wall clock of a device."""
        return self.clocks.get(name, self.clock)

    @property
    def stick(self) -> Path:
        """Where bundles are written to and taken from."""
        return self.folder / "stick"

    @property
    def office(self) -> Workspace:
        """The office's window."""
        return self.opened["office"]

    def enrol(self, worker: str, *grids: int) -> Workspace:
        """A laptop for a worker, set up from its kit."""
        kit = self.stick / f"{worker}-{len(self.opened)}.gwk"
        issued = self.office.devices.issue_kit(worker, grids, kit)
        return self.set_up(kit, issued.code, f"laptop-{issued.laptop}")

    def set_up(self, kit: Path, code: str, name: str) -> Workspace:
        """A laptop from a kit."""
        opened = open_kit(kit.read_bytes(), Code.read(code))
        database = Database(Folder(self.folder / name).database, DEK, create=True)
        store = Store.create(database, Keys(DEK).derive("chain"), identity_of(opened), wall=self.clock_of(name).ms)
        fill(store, opened)
        return self._hold(name, store, opened.kit.worker)

    def copy(self, name: str, to: str) -> None:
        """Keep the data folder of a device as it is now; the device stays closed."""
        self.close(name)
        shutil.copytree(self.folder / name, self.folder / to)

    def restore(self, name: str, copy: str) -> Workspace:
        """Put a copy in the place of a device's folder and open it: a new life."""
        self.close(name)
        shutil.rmtree(self.folder / name)
        shutil.copytree(self.folder / copy, self.folder / name)
        opened = self.open(name)
        take_new_life(opened.session.store)
        return opened

    def open(self, name: str) -> Workspace:
        """Open a device again."""
        database = Database(Folder(self.folder / name).database, DEK)
        store = Store.open(database, Keys(DEK).derive("chain"), wall=self.clock_of(name).ms)
        with store.settings() as settings:
            person = settings.number("person")
        return self._hold(name, store, person)

    def close(self, name: str = "") -> None:
        """Close one device, or all."""
        for known in [name] if name else list(self.opened):
            if known in self.opened:
                self.opened.pop(known).session.store.close()

    def hand_in(self, laptop: Workspace) -> Path:
        """Pack at a laptop and merge at the office. Returns the file."""
        path = laptop.exchange.pack(self.stick)
        self.office.exchange.merge(path)
        return path

    def reply(self, laptop: Workspace) -> Path:
        """Pack at the office and take in at a laptop. Returns the file."""
        path = self.office.exchange.pack(self.stick, laptop.session.store.identity.laptop)
        laptop.exchange.merge(path)
        return path

    def round(self, *laptops: Workspace) -> None:
        """Everybody hands in, then everybody gets a reply, and the receipts go back."""
        for step in (self.hand_in, self.reply, self.hand_in):
            for laptop in laptops:
                self.clock.move(minutes=1)
                step(laptop)

    def agrees(self, laptop: Workspace, *grids: int) -> bool:
        """Whether office and laptop hold the same of some grids."""
        return all(
            self.office.care_of_store.digest(str(grid)) == laptop.care_of_store.digest(str(grid)) for grid in grids
        )

    def family(self, grid: int, room: str = "101", name: str = "陈建国", phones: str = "13800000142") -> "Family":
        """A household in a grid, written at the office."""
        save = self.office.records.save
        building = save("building", {"grid_id": grid, "building_name": "3"}).id
        dwelling = save("dwelling", {"building_id": building, "unit_no": "1", "room_no": room}).id
        resident = save("resident", {"name": name, "status": "in_place", "phones": phones}).id
        household = save("household", {"dwelling_id": dwelling, "head_id": resident, "status": "active"}).id
        member = save("household_member", {"household_id": household, "resident_id": resident, "relation": "02"}).id
        return Family(building, dwelling, household, resident, member)

    def _hold(self, name: str, store: Store, who: int) -> Workspace:
        folder = Folder(self.folder / name)
        write_keys(folder)
        clock = self.clock_of(name)
        session = Session(store, folder, Keys(DEK), who, now=clock, steady=clock.steady, profile=CHEAP)
        self.opened[name] = Workspace(session, store.close)
        return self.opened[name]


def write_keys(folder: Folder, passphrase: str = PASSPHRASE) -> None:
    """Key files that ``passphrase`` opens, where there are none."""
    if not folder.keys.exists():
        store = hashlib.sha256(folder.root.name.encode()).hexdigest()[:32]
        slot = seal_with_passphrase(DEK, passphrase, CHEAP, id="51075107", store=store)
        header = Header(store, 1, (slot,)).signed(DEK)
        for path in (folder.keys, folder.keys_copy):
            path.write_bytes(header.to_bytes())


@dataclass(frozen=True)
class Family:
    """Ids of a household and what belongs to it."""

    building: int
    dwelling: int
    household: int
    resident: int
    member: int


def made_visit(workspace: Workspace, household: int, **more: Value) -> int:
    """A visit written on a device."""
    values = {
        "household_id": household, "started_at": "2026-03-18T01:00:00Z", "visitor_id": workspace.session.who,
        "channel": "door", "outcome": "met_person", "visit_kind": "routine", "backdated_reason": "补记", **more,
    }  # fmt: skip
    return workspace.records.save("visit", values).id


def write_ahead(workspace: Workspace, resident: int) -> None:
    """Write as a newer version would: a record of a kind, and a field and a code, that this one does not know."""
    store, kind = workspace.session.store, kind_named("resident").kind
    made, edit = store.new_id(), store.new_id()
    code = next(spec.number for spec in kind.specs.values() if spec.name == "status")
    vals = pack_edits(resident, [Edit(999, "new", (resident,)), Edit(code, "orbiting", (resident,))])
    rows = [
        OpRow(made, 9999, made, What.CREATE, 0, pack_create({1: "new"})),
        OpRow(edit, kind.number, resident, What.EDIT, 0, vals),
    ]
    who = workspace.session.who
    store.apply(Incoming(rows, [Author(who, store.identity.scope)], Act("edit", who)))


def phones(workspace: Workspace, resident: int) -> object:
    """The phone field of a resident as a device has it."""
    return workspace.records.show("resident", resident).values["phones"]


def head(workspace: Workspace) -> tuple[int, bytes]:
    """The end of a store's journal: the same where nothing was changed."""
    store = workspace.session.store
    with store.cursor() as cursor:
        return Journal(cursor, store.chain_key).last()


def is_as_before(workspace: Workspace, before: tuple[int, bytes]) -> bool:
    """Whether nothing came upon that end of its journal but notes of backups: one is made before a large bundle."""
    with workspace.session.store.cursor() as cursor:
        journal = Journal(cursor, workspace.session.store.chain_key)
        end = journal.link(before[0])
        return (
            end is not None and end.mac == before[1] and {one.act for one in journal.links(end.no)} <= {"note:backup"}
        )


def delete(workspace: Workspace, kind: str, id_: int) -> None:
    """Delete a record though others rest on it: as a bundle, an older version or an undo brings it."""
    workspace.session.write([Change(kind, id_, alive=False)], "delete")
