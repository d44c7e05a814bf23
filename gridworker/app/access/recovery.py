"""The office's recovery sheet: trusted only once it was tried, with what is on the paper and what is on the stick.

A new one is made beside the one in force and takes its place when it is tried: then the old one opens this store no
more, and the laptops hear of it with their next reply.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.errors import Denied, Problem
from gridworker.plainfile import open_plain
from gridworker.text import Label

if TYPE_CHECKING:
    from gridworker.app.access.founding import RecoverySheet
    from gridworker.app.forgetting import Copies
    from gridworker.app.session import Session
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.keys.vault import Vault
    from gridworker.sync.format.keys import DeviceKeys

MAX_FILE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying a sheet. ``renewed``: it was the new one, and is in force from now on.

    ``elsewhere`` names the places whose backups the old sheet still opens, for a person to see to.
    """

    renewed: bool = False
    backups: int = 0
    elsewhere: tuple[str, ...] = ()


class RecoveryTest(Service):
    """At the office: whether the sheet was tried, trying it, and making another one."""

    def __init__(self, session: "Session", copies: "Copies | None" = None) -> None:
        self._session = session
        self._copies = copies

    @free("it says whether")
    def is_due(self) -> bool:
        """Whether the sheet of this office was never tried. A sample has none to try."""
        from gridworker.store.meta import Meta
        from gridworker.sync.format.recovering import TESTED

        if not self._session.is_office or self._session.is_sample:
            return False
        with self._session.store.cursor() as cursor:
            return not Meta(cursor).number(TESTED)

    @needs(Action.READ, Matter.KEYS)
    def fingerprint(self) -> str:
        """What the recovery key is called, on the sheet too."""
        from gridworker.store.meta import Meta
        from gridworker.sync.format.recovering import current

        with self._session.store.cursor() as cursor:
            return current(Meta(cursor)).keys.fingerprint

    @needs(Action.READ, Matter.KEYS)
    def waiting(self) -> str:
        """What a new key is called that was made and not tried yet; empty where there is none."""
        from gridworker.store.meta import Meta
        from gridworker.sync.format.recovering import proposed

        with self._session.store.cursor() as cursor:
            found = proposed(Meta(cursor))
        return found.fingerprint if found else ""

    @needs(Action.EXPORT, Matter.KEYS)
    def renew(self, write_to: Path | None = None) -> "RecoverySheet":
        """Make another sheet; on record. The one in force stays so until the new one was tried.

        ``write_to``: where its sealed key is written. Raises Denied on a laptop, Problem where there is a file,
        StoreBusy, DiskFull, StoreProblem; an earlier one that was not tried is void.
        """
        from gridworker.app.access.founding import RecoverySheet, write_recovery
        from gridworker.store.engine.database import raw_cursor
        from gridworker.store.meta import Meta
        from gridworker.store.tables.changes import Act
        from gridworker.sync.format.code import Code
        from gridworker.sync.format.keys import new_recovery, seal_recovery
        from gridworker.sync.format.recovering import propose

        self._require_office()
        made, code = new_recovery(), Code.new()
        public = made.public
        sheet = RecoverySheet(seal_recovery(made, code), code.text, public.recipient, public.fingerprint, public.words)
        if write_to is not None:
            write_recovery(sheet, write_to)

        def beside(connection: "Connection", _commit: "Commit") -> None:
            propose(Meta(raw_cursor(connection)), public)

        self._session.store.write([], Act.note("key", self._session.who, detail="recovery made"), beside)
        return sheet

    @needs(Action.CHANGE, Matter.KEYS)
    def test(self, sealed: Path, code: str) -> Tried:
        """Try a sheet with the file and the code as they are kept; on record. A new one is in force from then on.

        Raises Denied on a laptop, Problem for a slip in the code or an unreadable file, NotForUs where the code does
        not open the file, WrongPassphrase where it is the sheet of another office, or an old one; StoreBusy.
        """
        from gridworker.store.meta import Meta
        from gridworker.sync.format.recovering import TESTED, proposed

        self._require_office()
        keys = opened_keys(sealed, code)
        with self._session.store.cursor() as cursor:
            waiting = proposed(Meta(cursor))
        if keys.public == waiting:
            return self._trust(keys)
        if self._vault().open_with_recovery(keys.secret).dek != self._session.keys.dek:
            raise Problem("This recovery key does not belong to these data.")
        self._session.change_setting(TESTED, 1, "key", detail="recovery tested")
        return Tried()

    def _trust(self, keys: "DeviceKeys") -> Tried:
        """First what the store says, then its slots: cut off between the two, the next opening goes on with them."""
        from gridworker.app.access.slots_settled import settle_recovery
        from gridworker.app.forgetting import once_done
        from gridworker.app.staff.slot_rollback import note_slot_rollback
        from gridworker.store.engine.database import raw_cursor
        from gridworker.store.keys.slot_changes import SlotChanges
        from gridworker.store.meta import STALE, Meta
        from gridworker.store.tables.changes import Act
        from gridworker.sync.format.recovering import trust

        self.require(Action.EXPORT, Matter.KEYS)

        def beside(connection: "Connection", commit: "Commit") -> None:
            meta = Meta(raw_cursor(connection))
            trust(meta, keys.public)
            meta.set(STALE, commit.batch)

        self._session.store.write([], Act.note("key", self._session.who, detail="recovery renewed"), beside)
        with once_done(Label("The new sheet is in force.")):
            settle_recovery(self._session, SlotChanges(self._vault(), self._session.keys))
            note_slot_rollback(self._session, self._vault())
            backups, elsewhere = self._copies.renew() if self._copies else (0, ())
        return Tried(True, backups, elsewhere)

    def _require_office(self) -> None:
        if not self._session.is_office:
            raise Denied("Only the office does this.")
        self._session.require_writer()

    def _vault(self) -> "Vault":
        from gridworker.app.openers import vault_in

        return vault_in(self._session.folder.root, self._session.profile)


def opened_sheet(sealed: Path, code: str) -> str:
    """The secret of the recovery key, from its file and the code on the sheet. Raises Problem, NotForUs."""
    return opened_keys(sealed, code).secret


def opened_keys(sealed: Path, code: str) -> "DeviceKeys":
    """All of the recovery key. Raises Problem, NotForUs."""
    from gridworker.sync.format.code import Code
    from gridworker.sync.format.keys import open_recovery

    typed = Code.read(code)
    try:
        with open_plain(sealed) as file:
            data = file.read(MAX_FILE + 1)
    except OSError as fault:
        raise Problem("The key file cannot be read. Is the stick plugged in?") from fault
    return open_recovery(data, typed)
