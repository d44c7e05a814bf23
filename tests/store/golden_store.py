"""A store as today's version writes it, to be kept: ``python -m tests.store.golden_store tests/data/stores/format-N``.

Made once for each format, when the format is released, and never again: later versions have to open it.
"""

import sys
from pathlib import Path

from gridworker.app.access.new_store import Blueprint, make_store
from gridworker.app.workspace import Workspace
from gridworker.paths import Folder
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.log import sheaves
from gridworker.store.meta import OFFICE_ROLE, Identity
from gridworker.store.store import Store
from gridworker.store.tables.changes import Act
from gridworker.sync.format.keys import DeviceKeys
from tests.builders import COMMUNITY, new

PASSPHRASE = "梧桐 面条 火车 春天"


def fill(store: Store) -> None:
    """An office with its clerk."""
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
        settings.set("recovery_keys", DeviceKeys.generate().public.pack())
        settings.set("person", clerk)


def main() -> None:
    """Make it."""
    folder = Path(sys.argv[1])
    sheaves.FEWEST = 1  # a store this small has the values of its creations in sheaves as well
    recovery = DeviceKeys.generate().public.recipient
    make_store(folder, PASSPHRASE, Blueprint(Identity(OFFICE_ROLE, COMMUNITY, 0, 0), recovery, fill), profile=CHEAP)
    office = Workspace.open(folder, PASSPHRASE, profile=CHEAP)
    office.devices.add_grid("第一网格")
    person = office.records.save("resident", {"name": "陈桂芳", "status": "in_place", "note": "住三楼"}).id
    office.records.save("resident", {"name": "陈桂香"}, person)
    office.records.save("resident", {"name": "王小明", "status": "in_place"})
    office.close()
    for name in (Folder(folder).ballast, Folder(folder).mark, Folder(folder).lock):
        name.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
