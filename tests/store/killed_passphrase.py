"""Run by test_killed_passphrase: changes of a passphrase killed at a random instant.

Usage: killed_passphrase.py FOLDER ROUNDS SEED. Each round a child changes the passphrase and is killed at some moment;
then exactly one of the old and the new one must open, with the same data key. Prints how many rounds ended with the new
one; exits 1 where none opens, or both.
"""

import random
import sys
import time
from functools import partial
from pathlib import Path

from gridworker.errors import WrongPassphrase
from gridworker.paths import Folder
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.slot_changes import SlotChanges
from gridworker.store.keys.vault import Keys, Vault
from tests.store.killing import killed


def opened(folder: Folder, passphrase: str) -> Keys | None:
    """The keys by a passphrase, or None."""
    try:
        return Vault(folder, CHEAP).open(passphrase)
    except WrongPassphrase:
        return None


def change(folder: Folder, keys: Keys, new: str) -> float:
    """Change it. Returns the seconds it took."""
    start = time.perf_counter()
    SlotChanges(Vault(folder, CHEAP), keys).change_passphrase(new)
    return time.perf_counter() - start


def main() -> None:
    """All rounds."""
    folder, rounds, seed = Folder(Path(sys.argv[1]) / "data"), int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    now, ended = "passphrase number 0", 0
    keys = Vault(folder, CHEAP).create(now)
    reach = 1.4 * change(folder, keys, now)
    for number in range(1, rounds + 1):
        new = f"passphrase number {number}"
        killed(partial(change, folder, keys, new), chance.uniform(0, 1) * reach)
        ways = {way: found for way in (now, new) if (found := opened(folder, way)) is not None}
        if len(ways) != 1 or next(iter(ways.values())).dek != keys.dek:
            sys.exit(f"round {number}: {len(ways)} passphrases open")
        reach *= 0.9 if new in ways else 1.15  # both ends are wanted, however fast the machine
        ended += new in ways
        now = next(iter(ways))
    sys.stdout.write(f"{ended}\n")


if __name__ == "__main__":
    main()
