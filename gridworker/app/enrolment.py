"""Making a laptop's store from the kit the office gave out."""

from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.errors import StoreMissing
from gridworker.paths import Folder

if TYPE_CHECKING:
    from gridworker.store.kdf import KdfProfile


def enrol(kit: Path, code: str, folder: Path, passphrase: str, *, profile: "KdfProfile | None" = None) -> None:
    """Make the store in an empty folder.

    Raises StoreMissing where there is one already, NotForUs for a wrong code or a file that is no kit, DiskFull.
    """
    from gridworker.store.database import Database
    from gridworker.store.diskspace import Ballast
    from gridworker.store.kdf import PRODUCTION
    from gridworker.store.store import Store
    from gridworker.store.vault import Vault
    from gridworker.sync.code import Code
    from gridworker.sync.enrol import fill, identity_of, open_kit
    from gridworker.sync.files import load_bundle

    where = Folder(folder)
    if where.database.exists() or where.keys.exists():
        raise StoreMissing("There is a store in this folder already. Choose another folder.")
    opened = open_kit(load_bundle(kit), Code.read(code))
    keys = Vault(where, profile or PRODUCTION).create(passphrase, opened.kit.recovery.recipient)
    db = Database(where.database, keys.dek, create=True, ballast=Ballast(where.ballast))
    store = Store.create(db, keys.derive("chain"), identity_of(opened))
    try:
        fill(store, opened)
    finally:
        store.close()
