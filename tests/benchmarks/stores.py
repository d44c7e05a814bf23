"""Stores to measure with: a laptop with 100,000 invented residents, made once and kept under ``build/``."""

import hashlib
import shutil
from pathlib import Path

from gridworker.app.demo import fill
from gridworker.app.new_store import Blueprint, make_store
from gridworker.app.opening import open_with_keys
from gridworker.app.records import Records
from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.paths import Folder
from gridworker.store.changes import Act, Change
from gridworker.store.kdf import CHEAP
from gridworker.store.meta import FIELD_ROLE, Identity
from gridworker.store.records import kind_named
from gridworker.store.store import Store
from gridworker.store.vault import Keys, Vault
from gridworker.sync.keys import DeviceKeys, new_recovery

PASSPHRASE = "only for measuring"
PEOPLE = 100_000
BUILD = Path(__file__).parents[2] / "build" / "bench"


def large_laptop(people: int = PEOPLE) -> Path:
    """The data folder of a laptop with so many residents in three grids."""
    folder = BUILD / f"laptop-{people}-{_kinds()}"
    if not Folder(folder).database.exists():
        shutil.rmtree(folder, ignore_errors=True)
        recovery = new_recovery()
        identity = Identity(FIELD_ROLE, "420202005002", 1, 0, 1)
        blueprint = Blueprint(identity, recovery.public.recipient, _fill_laptop)
        make_store(folder, PASSPHRASE, blueprint, profile=CHEAP)
        workspace = open_workspace(folder)
        grids = workspace.session.grids()
        fill(workspace.session, grids, people=people, seed=1)
        workspace.session.store.db.checkpoint()
        workspace.close()
    return folder


def _kinds() -> str:
    """Stands for the set of kinds: a store made with another one is made anew."""
    declared = [(kind.number, tuple(kind.specs)) for kind in Records.kinds()]
    return hashlib.sha256(repr(declared).encode()).hexdigest()[:12]


def _fill_laptop(store: Store) -> None:
    worker, device = store.new_id(), store.new_id()
    changes = [
        _new("staff", worker, name="周敏", role="grid_worker", active=1),
        _new("community", store.new_id(), code="420202005002", name="师院社区"),
        _new("device", device, number=1, staff_id=worker, state="active"),
    ]
    for name in ("第一网格", "第二网格", "第三网格"):
        grid = store.new_id()
        changes += [_new("grid", grid, name=name), _new("device_grid", store.new_id(), device_id=device, grid_id=grid)]
    store.write(changes, Act("create", worker))
    keys = DeviceKeys.generate()
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
    return Workspace(*open_with_keys(Folder(folder), keys_of(folder)))


def session_of(folder: Path) -> Session:
    """Its session."""
    return open_workspace(folder).session
