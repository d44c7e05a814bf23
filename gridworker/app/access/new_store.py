"""Making a store so that it is there whole or not at all: a set-up that is cut off leaves nothing half-made behind."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.errors import StoreMissing
from gridworker.paths import Folder

if TYPE_CHECKING:
    from gridworker.store.keys.kdf import KdfProfile
    from gridworker.store.log.clock import Wall
    from gridworker.store.meta import Identity
    from gridworker.store.store import Store

STAGING = ".setup"


def require_empty(folder: Path) -> None:
    """Raise StoreMissing where a store is in the folder already."""
    if Folder(folder).database.exists():
        raise StoreMissing("There is a store in this folder already. Choose another folder.")


@contextmanager
def left_as_it_was(folder: Path) -> Iterator[None]:
    """Folders that are made for a store are taken away again where it does not come about and nothing is in them."""
    from gridworker.store.engine.filesafe import disk_problems

    with disk_problems(folder):
        missing = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        yield
    except BaseException:
        for place in missing:
            with suppress(OSError):
                place.rmdir()
        raise


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A store to be made: whose it is, what fills it, and who opens it beside the passphrase."""

    identity: "Identity"
    recovery_recipient: str
    fill: "Callable[[Store], None]"
    escrow: bytes | None = None
    """The point by which the office helps out a forgotten passphrase."""
    wall: "Wall | None" = None
    """Another clock than this computer's."""


def make_store(folder: Path, passphrase: str, blueprint: Blueprint, *, profile: "KdfProfile | None" = None) -> None:
    """Make keys and store in a folder of their own beside where they belong, fill it, then move them there.

    The store moves last: where it is, everything is. Raises StoreMissing, DiskFull, what ``blueprint.fill`` raises.
    """
    from gridworker.store.engine.database import Database
    from gridworker.store.engine.filesafe import clear_folder, disk_problems, make_folder
    from gridworker.store.engine.moved import bring_all_in
    from gridworker.store.keys.kdf import PRODUCTION
    from gridworker.store.keys.slot_changes import SlotChanges
    from gridworker.store.keys.vault import Vault
    from gridworker.store.log.clock import wall_ms
    from gridworker.store.store import Store

    require_empty(folder)
    target, staging = Folder(folder), Folder(folder / STAGING)
    clear_folder(staging.root)
    make_folder(folder)  # first, so that trouble names the folder that was chosen
    make_folder(staging.root)
    try:
        keys = Vault(staging, profile or PRODUCTION).create(passphrase, blueprint.recovery_recipient)
        db = Database(staging.database, keys.dek, create=True)
        store = Store.create(db, keys.derive("chain"), blueprint.identity, wall=blueprint.wall or wall_ms)
        try:
            blueprint.fill(store)
            with store.settings() as settings:
                person = settings.number("person")
            bring_all_in(db)
        finally:
            store.close()
        changes = SlotChanges(Vault(staging, profile or PRODUCTION), keys)
        changes.belongs_to(person)
        if blueprint.escrow is not None:
            changes.seal_to_office(blueprint.identity.laptop, blueprint.escrow)
        Vault(target).put_aside()
        _put_log_aside(target)
        with disk_problems(folder):
            _move_in(staging, target)
    finally:
        shutil.rmtree(staging.root, ignore_errors=True)


def _move_in(staging: Folder, target: Folder) -> None:
    """All of it or, where the disk fails, nothing: what was made beside it, as the recovery sheet, goes then too."""
    from gridworker.store.engine.filesafe import fsync_folder

    moved: list[tuple[Path, Path]] = []
    try:
        for made, place in (
            (staging.keys, target.keys), (staging.keys_copy, target.keys_copy), (staging.database, target.database)
        ):  # fmt: skip
            made.replace(place)
            moved.append((place, made))
        fsync_folder(target.root)
    except OSError:
        for place, made in reversed(moved):
            with suppress(OSError):
                place.replace(made)
        raise


def _put_log_aside(target: Folder) -> None:
    """Rename the write-ahead log of a store that was moved away: the new store would take its pages for its own."""
    from gridworker.store.engine.filesafe import disk_problems

    for ending in ("-wal", "-shm"):
        stray = target.database.with_name(target.database.name + ending)
        with disk_problems(stray):
            if stray.exists():
                stray.rename(stray.with_name(f"store.{secrets.token_hex(4)}.db{ending}"))
