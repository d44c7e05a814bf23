"""A way on where a store does not open: the newest backup that is whole, and what putting it back would mean.

Asked from the unlock page, so there is no session: a passphrase opens the backup by the backup's own slots. A backup
that is damaged, or that the passphrase does not open, is passed over for the one before it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.session import LOCAL, utc_now
from gridworker.app.staff import attempts
from gridworker.app.words.days import near_moments
from gridworker.errors import StoreDamaged, StoreMissing, StoreNewer, StoreProblem, WrongPassphrase
from gridworker.paths import Folder
from gridworker.text import gettext, sentences

if TYPE_CHECKING:
    from gridworker.app.backup.restoring import Restoring
    from gridworker.store.keys.kdf import KdfProfile


@dataclass(frozen=True, slots=True)
class WayBack:
    """A backup that was checked through, when it was made, and what is newer than it, in lines.

    ``lacks``: whether it may lack something, which the next bundles bring.
    """

    restoring: "Restoring"
    at: datetime
    newer: tuple[str, ...]
    lacks: bool = True


def newest_whole(
    folder: Path, passphrase: str, place: Path | None = None, *, profile: "KdfProfile | None" = None
) -> WayBack | None:
    """The newest whole backup of this store in a place, or in the data folder; None where none lies there.

    Takes as long as reading it through. Raises StoreProblem where the place itself cannot be read, and where backups
    lie there and none of them can be put back: it says which, and why not. A passphrase that opens none of them counts
    like one at the unlock page, once: raises TooSoon.
    """
    from gridworker.app.backup.backups import moment_of
    from gridworker.app.backup.restoring import Restoring, newer_lines
    from gridworker.store.backup.manifest import Named
    from gridworker.store.backup.place import finished, nameless

    at = Folder(folder)
    attempts.require_waited(at)
    where, store = place or at.backups, _store_of(at, profile)
    passed, wrong = defaultdict[str, list[datetime]](list), False
    for named, path in reversed(finished(where, store)):
        try:
            restoring = Restoring(path, folder, passphrase, profile=profile)
            restoring.verify()
            found = restoring.preview()
        except StoreProblem as fault:
            passed[_why(fault)].append(moment_of(named.at))
            wrong = wrong or isinstance(fault, WrongPassphrase)
            continue
        return WayBack(restoring, moment_of(named.at), tuple(newer_lines(None, found)), found.lacks)
    for path in nameless(where) if store is not None else ():
        if (bare := Named.parse(path.name)) is not None:
            passed[_why(StoreDamaged(""))].append(moment_of(bare.at))
    if wrong:
        attempts.note_wrong(at, utc_now(), attempts.of_all(at, profile))
    if passed:
        raise _none_whole(passed)
    return None


def _why(fault: StoreProblem) -> str:
    """Why a backup was passed over, as a sentence that names all for which that is so."""
    if isinstance(fault, WrongPassphrase):
        return gettext("Not opened by this passphrase: {moments}.")
    if isinstance(fault, StoreDamaged | StoreMissing):
        return gettext("Damaged: {moments}.")
    if isinstance(fault, StoreNewer):
        return gettext("Made by a newer Gridworker: {moments}.")
    return gettext("Could not be read: {moments}.")


def _none_whole(passed: Mapping[str, Sequence[datetime]]) -> StoreProblem:
    today = utc_now().astimezone(LOCAL).date()
    reasons = (why.format(moments=near_moments(sorted(all_, reverse=True), today)) for why, all_ in passed.items())
    return StoreProblem(
        "Backups that lie here: {count}. None of them can be put back. {reasons}",
        count=sum(map(len, passed.values())),
        reasons=sentences(*reasons),
    )


def _store_of(folder: Folder, profile: "KdfProfile | None") -> str | None:
    """The random name of the store that was here; None where the key files do not say: then any that opens will do."""
    from gridworker.store.keys.kdf import PRODUCTION
    from gridworker.store.keys.vault import Vault

    try:
        return Vault(folder, profile or PRODUCTION).seen().store
    except StoreProblem:
        return None
