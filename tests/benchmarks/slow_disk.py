"""A durable save where a sync takes as long as on a plain disk: run by safekeeping.py with the recorder preloaded.

Usage: slow_disk.py FOLDER STORE MILLISECONDS. Prints the ratio of a save to a bare one-row transaction.
"""

import sys
from contextlib import closing
from pathlib import Path

from gridworker.store.engine.database import Database
from gridworker.store.store import Store
from tests.benchmarks.figures import ratio
from tests.benchmarks.safekeeping import saving
from tests.benchmarks.stores import keys_of
from tests.disk.shim import Recorder


def main() -> None:
    """Both are slowed down alike."""
    folder, milliseconds = Path(sys.argv[2]), int(sys.argv[3])
    keys = keys_of(folder)
    with closing(Store.open(Database(folder / "store.db", keys.dek), keys.derive("chain"))) as store:
        Recorder().slow(milliseconds)
        saved = saving(store, keys.dek, folder)
    sys.stdout.write(f"{ratio(saved.others, saved.bares)}\n")


if __name__ == "__main__":
    main()
