"""Making the office's store: the community, the clerk, the keys, the recovery key."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.session import utc_now
from gridworker.errors import StoreMissing
from gridworker.paths import Folder

if TYPE_CHECKING:
    from gridworker.store.kdf import KdfProfile
    from gridworker.store.store import Store


@dataclass(frozen=True, slots=True)
class Founding:
    """What the office's first form says. ``divisions`` is the CSV of real places; None is the one that ships."""

    community_code: str
    office_name: str
    clerk: str
    divisions: Path | None = None


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """The office's recovery key, sealed under a code that is shown once and printed: nothing here is kept readable.

    ``sealed`` opens with Debian's ``age`` and ``code`` as its passphrase.
    """

    sealed: bytes
    code: str
    recipient: str

    def __repr__(self) -> str:
        return "RecoverySheet(...)"


def found_office(
    folder: Path, passphrase: str, founding: Founding, *, profile: "KdfProfile | None" = None
) -> RecoverySheet:
    """Make an office's store in an empty folder.

    Raises StoreMissing where there is one already, NotFound for an unknown community code, DiskFull.
    """
    from gridworker.app.places import divisions
    from gridworker.store.database import Database
    from gridworker.store.diskspace import Ballast
    from gridworker.store.kdf import PRODUCTION
    from gridworker.store.meta import OFFICE_ROLE, Identity
    from gridworker.store.store import Store
    from gridworker.store.vault import Vault
    from gridworker.sync.code import Code
    from gridworker.sync.keys import DeviceKeys, new_recovery, seal_recovery

    place = divisions(founding.divisions).community(founding.community_code)
    where = Folder(folder)
    if where.database.exists() or where.keys.exists():
        raise StoreMissing("There is a store in this folder already. Choose another folder.")
    recovery, code = new_recovery(), Code.new()
    sheet = RecoverySheet(seal_recovery(recovery, code), code.text, recovery.public.recipient)
    keys = Vault(where, profile or PRODUCTION).create(passphrase, sheet.recipient)
    db = Database(where.database, keys.dek, create=True, ballast=Ballast(where.ballast))
    store = Store.create(db, keys.derive("chain"), Identity(OFFICE_ROLE, founding.community_code, 0, 0))
    try:
        with store.settings() as settings:
            settings.set_secret("device_keys", DeviceKeys.generate().pack())
            settings.set("recovery_keys", recovery.public.pack())
        _write_first_records(store, founding, place)
    finally:
        store.close()
    return sheet


def _write_first_records(store: "Store", founding: Founding, place: "dict[str, str]") -> None:
    from gridworker.store.changes import Act, Change
    from gridworker.store.records import kind_named

    staff, office, device = store.new_id(), store.new_id(), store.new_id()

    def new(kind: str, id_: int, values: "dict[str, object]") -> Change:
        return Change(kind, id_, kind_named(kind).checked(values), create=True)

    changes: list[Change] = [
        new("staff", staff, {"name": founding.clerk, "role": "office", "active": True}),
        new("community", office, {**place, "office_name": founding.office_name}),
        new("device", device, {"number": 0, "label": founding.office_name, "staff_id": staff, "state": "active",
                               "issued_on": utc_now().date()}),
    ]  # fmt: skip
    store.write(changes, Act("create", staff))
    with store.settings() as settings:
        settings.set("person", staff)


def write_recovery(sheet: RecoverySheet, path: Path) -> None:
    """Write the sealed recovery key to a file. Raises DiskFull, StoreProblem."""
    from gridworker.store.filesafe import write_durably

    write_durably(path, sheet.sealed)
