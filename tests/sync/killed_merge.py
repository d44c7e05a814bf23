"""Run by test_post: an office merges a bundle and is killed at a random instant; all of it is there, or nothing; and
the photo that came with it is whole in the end.

Usage: killed_merge.py FOLDER BUNDLE ROUNDS SEED. The office's folder is copied for each round. Exits 1 on a half merge.
"""

import os
import random
import shutil
import signal
import sys
from pathlib import Path
from threading import Event

from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.paths import Folder
from gridworker.store.engine.database import Database
from gridworker.store.health.check import check
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys
from gridworker.store.meta import Meta
from gridworker.store.store import Store

DEK = bytes(range(32))


def opened(folder: Path) -> Workspace:
    """An office without a passphrase."""
    store = Store.open(Database(Folder(folder).database, DEK), Keys(DEK).derive("chain"))
    with store.cursor() as cursor:
        clerk = Meta(cursor).number("person")
    return Workspace(Session(store, Folder(folder), Keys(DEK), clerk, profile=CHEAP), store.close)


def one_round(folder: Path, bundle: Path, wait: float) -> int:
    """Merge in a child that is killed after ``wait`` seconds; the number of bundles that are in afterwards."""
    child = os.fork()
    if child == 0:
        opened(folder).exchange.merge(bundle)
        os._exit(0)
    Event().wait(wait)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    office = opened(folder)
    faults, trips = check(office.session.store), office.exchange.trips()
    with office.session.store.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM resident WHERE phones = '13800000777'")
        changed = cursor.fetchone()[0]
    office.close()
    if faults or (changed > 0) != bool(trips):
        sys.exit(f"half a merge: {changed} changed, {len(trips)} bundles, {faults}")
    again = opened(folder)
    again.exchange.merge(bundle)
    again.attachments.tidy()
    for view in again.attachments.all():
        again.attachments.show(view.id)  # raises where it is not here, whole
    again.close()
    return len(trips)


def main() -> None:
    """All rounds."""
    source, bundle, rounds, seed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    chance = random.Random(seed)
    for number in range(rounds):
        folder = source.with_name(f"killed-{number}")
        shutil.copytree(source, folder)
        one_round(folder, bundle, chance.uniform(0.02, 0.35))


if __name__ == "__main__":
    main()
