"""The public keys a store knows, for people to compare and for other programs to check with; and its own, sealed.

A bundle is an age file with an Ed25519 signature inside, so an auditor needs no Gridworker to open one: only a key.
Giving a secret key out is the office's decision, sealed with a one-time code and put on record.
"""

from dataclasses import dataclass
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.files.keeping_files import keep_all, keep_all_but
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.errors import Denied, NotFound, Problem

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.sync.format.keys import PublicKeys

OFFICE, RECOVERY, SELF = "office", "recovery", "self"

_PUBLIC = b"-----BEGIN PUBLIC KEY-----"


@dataclass(frozen=True, slots=True)
class KnownKey:
    """Public keys: whose (self, office, recovery, or a laptop's number), and the forms in which they are compared.

    ``recipient`` is what age encrypts to, ``signing_pem`` what openssl checks signatures with.
    """

    whose: str
    fingerprint: str
    words: tuple[str, ...]
    recipient: str
    signing_pem: str
    state: str = "active"


class KeyRing(Service):
    """The keys of one store."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    @needs(Action.READ, Matter.KEYS)
    def known(self) -> list[KnownKey]:
        """This device's keys, the office's, the recovery key's; at the office those of every laptop too."""
        from gridworker.store.meta import Meta
        from gridworker.store.streams import Exchange
        from gridworker.sync.format.keys import DeviceKeys, PublicKeys

        with self._session.store.cursor() as cursor:
            meta = Meta(cursor)
            own = DeviceKeys.parse(meta.secret("device_keys") or b"").public
            office, recovery = meta.blob("office_keys"), meta.blob("recovery_keys")
            pinned = Exchange(cursor).pinned()
        found = [_known(SELF, own), _known(OFFICE, PublicKeys.parse(office) if office else own)]
        if recovery:
            found.append(_known(RECOVERY, PublicKeys.parse(recovery)))
        latest = {(key.laptop, key.keys): key for key in pinned}
        found += [_known(str(key.laptop), PublicKeys.parse(key.keys), key.state) for key in latest.values()]
        return found

    @needs(Action.READ, Matter.KEYS)
    def key(self, whose: str) -> KnownKey:
        """One of them. Raises NotFound."""
        wanted = whose.lstrip("0") or whose
        for known in self.known():
            if known.whose == wanted:
                return known
        raise NotFound("No key of “{name}” is known here.", name=whose)

    @needs(Action.READ, Matter.KEYS)
    def export_public(self, whose: str, path: Path) -> None:
        """Write the signing key as PEM, for openssl. Raises NotFound, DiskFull, StoreProblem."""
        from gridworker.store.engine.filesafe import write_durably

        keep_all_but(path, _PUBLIC)
        write_durably(path, self.key(whose).signing_pem.encode())

    @needs(Action.EXPORT, Matter.KEYS)
    def export_secret(self, path: Path, code_file: Path) -> None:
        """Write the office's age identity, sealed with a one-time code that goes to a file of its own.

        Raises Denied on a laptop (what it was sent opens with the recovery key), DiskFull, StoreProblem.
        """
        from gridworker.store.engine.filesafe import written_together
        from gridworker.store.meta import Meta
        from gridworker.sync.format.code import Code
        from gridworker.sync.format.keys import DeviceKeys, seal_identity

        if not self._session.is_office:
            raise Denied("Only the office gives its key out.")
        self._session.require_writer()
        with self._session.store.cursor() as cursor:
            keys = DeviceKeys.parse(Meta(cursor).secret("device_keys") or b"")
        if realpath(code_file) == realpath(path):
            raise Problem("The key and its code cannot be one file. Name another one for the code.")
        code = Code.new()
        keep_all(code_file)
        keep_all(path)
        with written_together() as write, self._session.store.together():
            self._session.note("key", detail="export")
            write(code_file, f"{code.text}\n".encode())
            write(path, seal_identity(keys, code))


def _known(whose: str, keys: "PublicKeys", state: str = "active") -> KnownKey:
    return KnownKey(whose, keys.fingerprint, keys.words, keys.recipient, keys.signing_pem(), state)
