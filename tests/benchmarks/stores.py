"""Stores to measure with: a laptop with 100,000 invented residents, made once and kept under ``build/``."""

import hashlib
import shutil
from pathlib import Path

from gridworker.app.access.new_store import Blueprint, make_store
from gridworker.app.access.opening import open_with_keys
from gridworker.app.demo.demo import HISTORY, before, fill
from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.paths import Folder
from gridworker.store.engine.database import raw_cursor
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys, Vault
from gridworker.store.log.log import Log
from gridworker.store.meta import FIELD_ROLE, OFFICE_ROLE, Identity
from gridworker.store.records import kind_named
from gridworker.store.store import Store
from gridworker.store.streams import Exchange, PeerKey
from gridworker.store.tables.changes import Act, Change
from gridworker.store.upgrade.tables import signature
from gridworker.sync.format.keys import DeviceKeys, new_recovery

PASSPHRASE = "only for measuring"
COMMUNITY = "420202005002"
LAPTOP = 1 << 6
LAPTOP_SECRET = "AGE-SECRET-KEY-1MWE3G7WZMZVK6VN7HQ70EJ8936Y9G92MEP0LT3Z9PXW588FCS9VQRFNQC8"
PEOPLE = 100_000
BUILD = Path(__file__).parents[2] / "build" / "bench"


def large_laptop(people: int = PEOPLE) -> Path:
    """The data folder of a laptop with so many residents in three grids."""
    return _large("laptop", Identity(FIELD_ROLE, COMMUNITY, 1, 0, 1), people)


def large_office(people: int = PEOPLE) -> Path:
    """The data folder of an office that has enrolled such a laptop and knows its keys, see ``laptop_keys``."""
    return _large("office", Identity(OFFICE_ROLE, COMMUNITY, 0, 0), people)


def laptop_keys() -> DeviceKeys:
    """The keys of laptop 1, the same in every run."""
    return DeviceKeys.of_recovery(LAPTOP_SECRET)


def _large(name: str, identity: Identity, people: int) -> Path:
    folder = BUILD / f"{name}-{people}-{made_with()}"
    if not Folder(folder).database.exists():
        shutil.rmtree(folder, ignore_errors=True)
        recovery = new_recovery()
        blueprint = Blueprint(identity, recovery.public.recipient, _fill, wall=before)
        make_store(folder, PASSPHRASE, blueprint, profile=CHEAP)
        workspace = Workspace(*open_with_keys(Folder(folder), keys_of(folder), CHEAP, wall=before))
        grids = workspace.session.grids()
        fill(workspace.session, grids, people=people, seed=1)
        _hand_in(workspace.session.store)
        workspace.care_of_store.tidy_index(lambda: True)  # as after the first minute and a half in which nobody works
        workspace.session.store.db.checkpoint()
        workspace.close()
    read_through(folder)
    return folder


def read_through(folder: Path) -> None:
    """Read the store's file once, so that the system holds it: machines that many share let go of it soon.

    What a disk takes beside that differs a hundredfold from one to the other; what is measured is the program.
    """
    with Folder(folder).database.open("rb") as file:
        while file.read(1 << 20):
            pass


def _hand_in(store: Store) -> None:
    """The office has confirmed all of it, as nearly all is that a laptop holds."""
    with store.db.write() as connection:
        cursor = raw_cursor(connection)
        Exchange(cursor).raise_marks(list(Log(cursor).newest().items()))


def made_with() -> str:
    """Stands for what the tables follow from: a store made with other ones, or of another age, is made anew."""
    return hashlib.sha256(repr((signature(), HISTORY)).encode()).hexdigest()[:12]


def _fill(store: Store) -> None:
    worker, device = store.new_id(), store.new_id()
    role = "grid_worker" if store.identity.role == FIELD_ROLE else "office"
    changes = [
        _new("staff", worker, name="周敏", role=role, active=1),
        _new("community", store.new_id(), code=COMMUNITY, name="师院社区"),
        _new("device", device, number=1, staff_id=worker, state="active"),
    ]
    for name in ("第一网格", "第二网格", "第三网格"):
        grid = store.new_id()
        changes += [_new("grid", grid, name=name), _new("device_grid", store.new_id(), device_id=device, grid_id=grid)]
    store.write(changes, Act("create", worker))
    keys = DeviceKeys.generate()
    with store.db.write() as connection:
        pinned = PeerKey(LAPTOP, 1, laptop_keys().public.pack(), "active", 0)
        Exchange(raw_cursor(connection)).pin(pinned)
    with store.settings() as settings:
        settings.set_secret("device_keys", keys.pack())
        settings.set_secret("kit_secret", b"0" * 16)
        settings.set("recovery_keys", new_recovery().public.pack())
        settings.set("office_keys", DeviceKeys.generate().public.pack())
        settings.set("person", worker)


def _new(kind: str, id_: int, **values: object) -> Change:
    return Change(kind, id_, kind_named(kind).checked(values), create=True)


def keys_of(folder: Path) -> Keys:
    """The keys of a store made here."""
    return Vault(Folder(folder), CHEAP).open(PASSPHRASE)


def open_workspace(folder: Path) -> Workspace:
    """A workspace on a store made here."""
    return Workspace(*open_with_keys(Folder(folder), keys_of(folder), profile=CHEAP))


def session_of(folder: Path) -> Session:
    """Its session."""
    return open_workspace(folder).session
