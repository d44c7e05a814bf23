"""Making a laptop's store from the kit the office gave out."""

from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.access.new_store import Blueprint, left_as_it_was, make_store, require_empty

if TYPE_CHECKING:
    from gridworker.store.keys.kdf import KdfProfile


def check_code(code: str) -> None:
    """Look whether a one-time code was typed as codes are made. Raises Problem naming the group that cannot be."""
    from gridworker.sync.format.code import Code

    Code.read(code)


def check_kit(kit: Path, code: str) -> None:
    """Look whether a file is a device kit that this code opens, before anything is made of it.

    Raises Problem for a file that cannot be read or a slip in the code, BundleProblem for another file or code.
    """
    from gridworker.sync.enrolment.enrol import open_kit
    from gridworker.sync.files.files import load_bundle
    from gridworker.sync.format.code import Code

    open_kit(load_bundle(kit), Code.read(code))


def enrol(kit: Path, code: str, folder: Path, passphrase: str, *, profile: "KdfProfile | None" = None) -> None:
    """Make the store in an empty folder.

    Raises StoreMissing where there is one already, NotForUs for a wrong code or a file that is no kit, DiskFull.
    """
    from gridworker.sync.enrolment.enrol import fill, identity_of, open_kit
    from gridworker.sync.files.files import load_bundle
    from gridworker.sync.format.code import Code

    require_empty(folder)
    opened = open_kit(load_bundle(kit), Code.read(code))
    kit_ = opened.kit
    blueprint = Blueprint(
        identity_of(opened), kit_.recovery.recipient, lambda store: fill(store, opened), escrow=kit_.escrow
    )
    with left_as_it_was(folder):
        make_store(folder, passphrase, blueprint, profile=profile)
