"""The office's recovery sheet: trusted only once it was tried, with what is on the paper and what is on the stick."""

from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.errors import Denied, Problem

if TYPE_CHECKING:
    from gridworker.app.session import Session

MAX_FILE = 64 * 1024
_TESTED = "recovery_tested"


class RecoveryTest(Service):
    """At the office: whether the sheet was tried, and trying it."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    @free("it says whether")
    def is_due(self) -> bool:
        """Whether the sheet of this office was never tried. A sample has none to try."""
        from gridworker.store.meta import Meta

        if not self._session.is_office or self._session.is_sample:
            return False
        with self._session.store.cursor() as cursor:
            return not Meta(cursor).number(_TESTED)

    @needs(Action.READ, Matter.KEYS)
    def fingerprint(self) -> str:
        """What the recovery key is called, on the sheet too."""
        from gridworker.store.meta import Meta
        from gridworker.sync.keys import PublicKeys

        with self._session.store.cursor() as cursor:
            return PublicKeys.parse(Meta(cursor).blob("recovery_keys") or b"").fingerprint

    @needs(Action.CHANGE, Matter.KEYS)
    def test(self, sealed: Path, code: str) -> None:
        """Open the recovery slot with the file and the code as they are kept; on record.

        Raises Denied on a laptop, Problem for a slip in the code or an unreadable file, NotForUs where the code does
        not open the file, WrongPassphrase where it is the sheet of another office; StoreBusy.
        """
        from gridworker.app.openers import vault_in

        if not self._session.is_office:
            raise Denied("Only the office does this.")
        self._session.require_writer()
        vault = vault_in(self._session.folder.root, self._session.profile)
        keys = vault.open_with_recovery(opened_sheet(sealed, code))
        if keys.dek != self._session.keys.dek:
            raise Problem("This recovery key does not belong to these data.")
        self._session.note("key", detail="recovery tested")
        with self._session.store.settings() as settings:
            settings.set(_TESTED, 1)


def opened_sheet(sealed: Path, code: str) -> str:
    """The recovery key, from its file and the code on the sheet. Raises Problem, NotForUs."""
    from gridworker.sync.code import Code
    from gridworker.sync.keys import open_recovery

    typed = Code.read(code)
    try:
        with sealed.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as fault:
        raise Problem("The key file cannot be read. Is the stick plugged in?") from fault
    return open_recovery(data, typed).secret
