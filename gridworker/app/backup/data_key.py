"""Another data key for this store, where a copy of the old one may be in other hands: asked for, backed up, then done.

The store is closed while it is done, and the process that knew the old key ends afterwards.
"""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.errors import Denied
from gridworker.text import Label, gettext, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gridworker.app.backup.backups import Backups
    from gridworker.app.session import Session
    from gridworker.paths import Folder
    from gridworker.store.keys.kdf import KdfProfile
    from gridworker.store.keys.vault import Keys


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What came of it: how many backups under the old key went, and the places with others, for a person to see to."""

    backups: int
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rekeying:
    """All that is needed to do it, once the store is closed."""

    folder: "Folder"
    keys: "Keys" = field(repr=False)
    passphrase: str = field(repr=False)
    profile: "KdfProfile | None" = None

    def run(self) -> Rekeyed:
        """Do it; then make the backups anew, for those there are open by the old key. Raises what rekey raises."""
        from gridworker.app.access.opening import open_with_keys
        from gridworker.app.backup.backups import Backups
        from gridworker.app.forgetting import once_done
        from gridworker.app.openers import vault_in
        from gridworker.store.keys.kdf import KEY
        from gridworker.store.keys.resealing import resealed
        from gridworker.store.keys.vault import Keys
        from gridworker.store.rekey import rekey

        new = Keys(secrets.token_bytes(KEY), self.keys.slot, self.keys.person, changed=True)
        header = resealed(vault_in(self.folder.root, self.profile), self.keys, new, self.passphrase)
        rekey(self.folder, self.keys, new, header)
        with once_done(Label("The data have a new key. Your passphrase opens them as before.")):
            session, close = open_with_keys(self.folder, new, self.profile)
            try:
                session.note("key", detail="data-key renewed")
                return Rekeyed(*Backups(session).renew(None, self.keys))
            finally:
                close()

    def words(self) -> str:
        """Do it, and say what a person has to know and do afterwards."""
        done = self.run()
        left = [Path(name).name for name in done.elsewhere]
        return sentences(gettext("The data have a new key. Your passphrase opens them as before."), *left_words(left))


def left_words(places: "Iterable[str]") -> list[str]:
    """A sentence for each place whose backups the new key did not reach: what may be there, and what to do."""
    told = gettext("{name} may still hold copies under the old key, out of reach from here: delete them there.")
    return [told.format(name=place) for place in places]


class DataKey(Service):
    """Preparing it, in an open store."""

    def __init__(self, session: "Session", backups: "Backups") -> None:
        self._session = session
        self._backups = backups

    @needs(Action.READ, Matter.KEYS)
    def losing(self) -> tuple[str, ...]:
        """Who has a passphrase here beside the person at the keyboard: they need a new one afterwards."""
        from gridworker.app.staff.people_here import PeopleHere

        return tuple(one.name for one in PeopleHere(self._session).listed() if not one.own)

    @needs(Action.CHANGE, Matter.KEYS)
    def prepare(self, passphrase: str) -> Rekeying:
        """Check the passphrase, put it on record, make a verified backup. Then close the store and ``run`` it.

        Nobody else's passphrase opens the store then, so at the office it is for one of the community office. Raises
        Denied, WrongPassphrase, TooSoon, StoreBusy, DiskFull, StoreProblem.
        """
        from gridworker.app.last_here import people_of_slots, shuts_office_out
        from gridworker.app.openers import vault_in
        from gridworker.app.staff import attempts
        from gridworker.store.keys.slot_changes import SlotChanges

        session = self._session
        session.require_writer()
        here = set(people_of_slots(session).values())
        if shuts_office_out(session, here - {session.who}, here):
            raise Denied(
                "Your passphrase alone opens the data afterwards. So one of the community office makes the new key "
                "here."
            )
        vault = vault_in(session.folder.root, session.profile)
        own = SlotChanges(vault, session.keys).own()
        with attempts.counted(session.folder, session.now(), own):
            vault.open(passphrase, own)
        session.note("key", detail="data-key asked")
        self._backups.make()
        return Rekeying(session.folder, session.keys, passphrase, session.profile)
