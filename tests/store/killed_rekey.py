"""Run by test_killed_rekey: changes of the data key killed at a random instant.

Usage: killed_rekey.py FOLDER ROUNDS SEED. Each round a child puts the store under another key and is killed at some
moment; then the store must open by its passphrase, whole, under the old key or the new one. Prints how many rounds
ended with the new one; exits 1 where it does not open or is not whole.
"""

import random
import secrets
import sys
import time
from contextlib import closing
from functools import partial
from pathlib import Path

from gridworker.paths import Folder
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.resealing import resealed
from gridworker.store.keys.vault import Keys, Vault
from gridworker.store.log.journal import Journal
from gridworker.store.meta import OFFICE_ROLE, Identity
from gridworker.store.rekey import finish, rekey
from gridworker.store.store import Store
from tests.builders import add
from tests.store.killing import killed

PASSPHRASE = "梧桐 面条 火车 春天"
PEOPLE = 6


def change(folder: Folder, keys: Keys) -> float:
    """Change the key. Returns the seconds it took."""
    start = time.perf_counter()
    new = Keys(secrets.token_bytes(32), keys.slot, keys.person)
    rekey(folder, keys, new, resealed(Vault(folder, CHEAP), keys, new, PASSPHRASE))
    return time.perf_counter() - start


def reopened(folder: Folder) -> Keys:
    """The keys, once the store is found whole."""
    finish(folder)
    keys = Vault(folder, CHEAP).open(PASSPHRASE)
    with closing(Database(folder.database, keys.dek)) as database, database.read() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM resident").scalar_one()
        cursor = raw_cursor(connection)
        if count != PEOPLE or next(Journal(cursor, keys.derive("chain")).faults(), None) is not None:
            sys.exit("the store is not whole")
    return keys


def main() -> None:
    """All rounds."""
    folder, rounds, seed = Folder(Path(sys.argv[1]) / "data"), int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    keys = Vault(folder, CHEAP).create(PASSPHRASE)
    database = Database(folder.database, keys.dek, create=True)
    with closing(Store.create(database, keys.derive("chain"), Identity(OFFICE_ROLE, "420202001001", 0, 0))) as store:
        for _ in range(PEOPLE):
            add(store, "resident")
    reach, ended = 1.2 * change(folder, keys), 0
    keys = reopened(folder)
    for _ in range(rounds):
        killed(partial(change, folder, keys), chance.uniform(0, 1) * reach)
        now = reopened(folder)
        is_new = now.dek != keys.dek
        reach *= 0.9 if is_new else 1.1  # both ends are wanted, however fast the machine
        ended += is_new
        keys = now
    sys.stdout.write(f"{ended}\n")


if __name__ == "__main__":
    main()
