"""Stores without a passphrase, open in a session whose clock is moved by hand."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.paths import Folder
from gridworker.store.engine.database import Database
from gridworker.store.keys.vault import Keys
from gridworker.store.meta import FIELD_ROLE, OFFICE_ROLE, Identity
from gridworker.store.records import kind_named
from gridworker.store.store import Store
from gridworker.store.tables.changes import Act, Change
from gridworker.sync.format.keys import DeviceKeys
from tests.village import HandClock, Village

DEK = bytes(range(32))
COMMUNITY = "420204001006"

_DUTY = {FIELD_ROLE: "grid_worker", OFFICE_ROLE: "office"}

Opener = Callable[..., Session]


@pytest.fixture
def clock() -> HandClock:
    """Wednesday, 18 March 2026, 09:42 here."""
    return HandClock()


def made(
    folder: Folder,
    clock: HandClock,
    *,
    role: str = FIELD_ROLE,
    laptop: int = 1,
    person: str = "周敏",
    duty: str = "",
) -> Session:
    """A new store in a folder, open; whoever asks closes its store."""
    keys = Keys(DEK)
    database = Database(folder.database, keys.dek, create=True)
    store = Store.create(database, keys.derive("chain"), Identity(role, COMMUNITY, laptop, 0), wall=clock.ms)
    who = store.new_id()
    values = kind_named("staff").checked({"name": person, "role": duty or _DUTY[role], "active": True})
    store.write([Change("staff", who, values, create=True)], Act("create", who))
    with store.settings() as settings:
        settings.set("person", who)
        keys_of_device = DeviceKeys.generate()
        settings.set_secret("device_keys", keys_of_device.pack())
        settings.set("recovery_keys", keys_of_device.public.pack())
    return Session(store, folder, keys, who, now=clock, steady=clock.steady)


@pytest.fixture
def open_store(tmp_path: Path, clock: HandClock) -> Iterator[Opener]:
    """Makes stores: ``open_store("laptop-1", role="field", laptop=1)``."""
    opened: list[Session] = []

    def make(
        name: str = "laptop-1", *, role: str = FIELD_ROLE, laptop: int = 1, person: str = "周敏", duty: str = ""
    ) -> Session:
        opened.append(made(Folder(tmp_path / name), clock, role=role, laptop=laptop, person=person, duty=duty))
        return opened[-1]

    yield make
    for session in opened:
        session.store.close()


@pytest.fixture
def session(open_store: Opener) -> Session:
    """A grid worker's laptop, number 1, of 周敏."""
    return open_store()


@pytest.fixture
def workspace(session: Session) -> Workspace:
    """What a window on that laptop holds."""
    return Workspace(session, lambda: None)


@pytest.fixture
def office(open_store: Opener) -> Workspace:
    """What a window at the office holds."""
    return Workspace(open_store("office", role=OFFICE_ROLE, laptop=0, person="刘芳"), lambda: None)


@pytest.fixture
def village(session: Session) -> Village:
    """The laptop's community."""
    return Village(session)
