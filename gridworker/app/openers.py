"""Whose passphrases open a store, as its key files say: read for the unlock page, before anything heavy is loaded."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from gridworker.paths import Folder
    from gridworker.store.keys.kdf import KdfProfile
    from gridworker.store.keys.vault import Vault


@dataclass(frozen=True, slots=True)
class Here:
    """One who has a passphrase here. ``own`` is whoever is at the keyboard."""

    slot: str
    person: int
    name: str
    own: bool = False
    with_ring: bool = False


def who_opens(folder: "Path", profile: "KdfProfile | None" = None) -> list[Here]:
    """For the unlock page: those to choose from, as the key file names them. Raises StoreProblem."""
    from gridworker.store.keys.slot_changes import owners

    return [Here(one.slot, one.person, one.name) for one in owners(vault_in(folder, profile).seen())]


def finish_cut_off(folder: "Folder") -> None:
    """Finish a change of the data key, or a backup put back, that was cut off; nothing is loaded where none was."""
    if (folder.root / ".rekey").exists():
        from gridworker.store import rekey
        from gridworker.store.engine.filesafe import refuse_no_folder

        refuse_no_folder(folder.root / ".rekey")
        rekey.finish(folder)
    if (folder.root / ".restore").exists():
        from gridworker.store.backup import moving_in
        from gridworker.store.engine.filesafe import refuse_no_folder

        refuse_no_folder(folder.root / ".restore")
        moving_in.finish(folder)


def is_set_up(folder: "Path") -> bool:
    """Whether there is a store to unlock in a folder, or one that was just being moved in when the power went.

    A part of it is enough: opening it tells what is missing, and leads to a backup. Only what a set-up left that was
    cut off before its store came is begun anew.
    """
    if (folder / ".restore" / "ready").exists() or (folder / "store.db").exists():
        return True
    is_cut_off = (folder / ".setup").exists()
    return not is_cut_off and any((folder / name).exists() for name in ("keys.json", "keys.bak.json"))


def vault_in(folder: "Path", profile: "KdfProfile | None" = None) -> "Vault":
    """The key files of a data folder. Raises StoreBusy where they are just being replaced."""
    from gridworker.paths import Folder
    from gridworker.store.keys.kdf import PRODUCTION
    from gridworker.store.keys.vault import Vault

    finish_cut_off(Folder(folder))
    return Vault(Folder(folder), profile or PRODUCTION)
