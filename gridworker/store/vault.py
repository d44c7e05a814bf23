"""The keys of a store: made once, opened by a passphrase or the office's recovery key, kept in two copies.

Importing this costs nothing, so the unlock page can ask whether there is a store; the cryptography is loaded when a
key is wanted.
"""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from gridworker.errors import Problem, StoreMissing, StoreNewer, StoreProblem, WrongPassphrase
from gridworker.paths import Folder
from gridworker.store import kdf, slots
from gridworker.store.filesafe import disk_problems, make_folder, write_durably
from gridworker.store.kdf import PRODUCTION, KdfProfile
from gridworker.store.slots import Header, Slot

Opener = Callable[[Header, Slot], bytes | None]


@dataclass(frozen=True, slots=True)
class Keys:
    """An open vault: the data key, which is the store's raw key, and the slot it came out of."""

    dek: bytes = field(repr=False)
    slot: str = ""

    def derive(self, label: str, length: int = kdf.KEY) -> bytes:
        """The key for one purpose: the journal's chain, the start mark, ... Two labels give two unrelated keys."""
        return kdf.derive(self.dek, label, length)


@dataclass(frozen=True, slots=True)
class _Copy:
    """One of the two key files as found: its header, or what is wrong with it."""

    path: Path
    data: bytes = b""
    header: Header | None = None
    fault: StoreProblem | None = None


class Vault:
    """The key files of a data folder. ``profile`` is the cost of new passphrase slots and the range accepted."""

    def __init__(self, folder: Folder, profile: KdfProfile = PRODUCTION) -> None:
        self._folder = folder
        self._profile = profile

    @property
    def exists(self) -> bool:
        """Whether there are keys in the folder."""
        return any(path.exists() for path in self._paths())

    def create(self, passphrase: str, recovery_recipient: str | None = None) -> Keys:
        """Make the keys of a new store. Keys left by a set-up that was cut off before its store are put aside."""
        if self.exists:
            if self._folder.database.exists():
                raise StoreMissing("There is a store in this folder already. Choose another folder.")
            self.put_aside()
        make_folder(self._folder.root)
        keys = Keys(secrets.token_bytes(kdf.KEY), _new_id())
        header = Header(secrets.token_hex(16), 1, ())
        header = Header(header.store, 1, (self._passphrase_slot(keys, passphrase, header, keys.slot),))
        if recovery_recipient is not None:
            header = header.with_slot(_recovery_slot(keys, recovery_recipient))
        self._write(header.signed(keys.dek))
        return keys

    def open(self, passphrase: str) -> Keys:
        """The keys, by a passphrase. Raises WrongPassphrase, StoreMissing, StoreDamaged or StoreNewer."""
        keys = self._open(
            slots.PASSPHRASE, lambda header, slot: slots.open_with_passphrase(slot, passphrase, header.store)
        )
        if keys is None:
            raise WrongPassphrase("That is not the passphrase. Try again.")
        return keys

    def open_with_recovery(self, identity: str) -> Keys:
        """The keys, by the office's recovery key (AGE-SECRET-KEY-...)."""
        import pyrage

        try:
            keys = self._open(slots.RECOVERY, lambda _, slot: slots.open_with_recovery(slot, identity))
        except pyrage.IdentityError as error:
            raise WrongPassphrase(
                "This is not a recovery key. Look for the line that begins AGE-SECRET-KEY."
            ) from error
        if keys is None:
            raise WrongPassphrase("This recovery key does not belong to these data.")
        return keys

    def change_passphrase(self, keys: Keys, new: str, *, slot: str | None = None) -> None:
        """Put ``new`` in the place of the passphrase that opened ``keys``, or of the one in ``slot``.

        Keys opened by recovery change the only passphrase; where there are several, ``slot`` says whose.
        """
        header = self._genuine(keys)
        ids = [found.id for found in header.of_type(slots.PASSPHRASE)]
        wanted = slot or (keys.slot if keys.slot in ids else None) or (ids[0] if len(ids) == 1 else None)
        if wanted not in ids or wanted is None:
            raise ValueError("which passphrase?")
        changed = header.with_slot(self._passphrase_slot(keys, new, header, wanted))
        self._write(changed.signed(keys.dek))

    def add_recovery(self, keys: Keys, recipient: str) -> None:
        """Let the holder of another recovery key open the store; adding one that is there already changes nothing."""
        header = self._genuine(keys)
        if all(slot.body["recipient"] != recipient for slot in header.of_type(slots.RECOVERY)):
            self._write(header.with_slot(_recovery_slot(keys, recipient)).signed(keys.dek))

    def file(self, keys: Keys) -> bytes:
        """The key file as it is now, for a backup."""
        return self._genuine(keys).to_bytes()

    def store(self, keys: Keys) -> str:
        """The random name of the store, which its backups bear."""
        return self._genuine(keys).store

    def generation(self, keys: Keys) -> int:
        """How new the slots in the folder are; 0 where there are none that belong to ``keys``."""
        try:
            return self._genuine(keys).generation
        except StoreProblem:
            return 0

    def _paths(self) -> tuple[Path, Path]:
        return self._folder.keys, self._folder.keys_copy

    def _passphrase_slot(self, keys: Keys, passphrase: str, header: Header, slot: str) -> Slot:
        return slots.seal_with_passphrase(keys.dek, passphrase, self._profile, id=slot, store=header.store)

    def _open(self, kind: str, opener: Opener) -> Keys | None:
        """The keys from the newest copy that opens, which then replaces the other; None where no slot opened."""
        copies = self._copies()
        altered = False
        for header in _newest_first(copies):
            keys = _opened(header, kind, opener)
            if keys is None:
                continue
            if not header.genuine(keys.dek):
                altered = True
            elif _outdated(header, copies, keys):
                return None
            else:
                self._repair(copies, header)
                return keys
        if altered:
            raise slots.damaged()
        return None

    def _copies(self) -> list[_Copy]:
        """Both files. Raises the first fault where neither can be used, a newer format before any other."""
        copies = [self._copy(path) for path in self._paths()]
        if all(copy.fault is not None for copy in copies):
            raise min((copy.fault for copy in copies if copy.fault is not None), key=_weight)
        return copies

    def _copy(self, path: Path) -> _Copy:
        if not path.exists():
            missing = StoreMissing("There is no store in this folder. Choose another folder, or set one up first.")
            return _Copy(path, fault=missing)
        try:
            with disk_problems(path), path.open("rb") as file:
                data = file.read(slots.MAX_SIZE + 1)
            return _Copy(path, data, slots.read(data, self._profile))
        except StoreProblem as fault:
            return _Copy(path, fault=fault)

    def _genuine(self, keys: Keys) -> Header:
        """The key file as it is now, for changing it."""
        for header in _newest_first(self._copies()):
            if header.genuine(keys.dek):
                return header
        raise slots.damaged()

    def _repair(self, copies: list[_Copy], header: Header) -> None:
        """Make both copies the one that opened. A disk that is full or read-only does not keep anybody out."""
        data = header.to_bytes()
        for copy in copies:
            if copy.data != data and not isinstance(copy.fault, StoreNewer):
                with suppress(StoreProblem):
                    write_durably(copy.path, data)

    def _write(self, header: Header) -> None:
        for path in self._paths():
            write_durably(path, header.to_bytes())

    def put_aside(self) -> None:
        """Give keys without their store another name: the store may only have been moved, and opens with no others."""
        token = secrets.token_hex(4)
        for path in self._paths():
            if path.exists():
                with disk_problems(path):
                    path.rename(path.with_suffix(f".{token}.json"))


def _newest_first(copies: list[_Copy]) -> list[Header]:
    """The different headers among the copies: where both are the same nothing is derived twice."""
    headers = [copy.header for copy in copies if copy.header is not None]
    different = [header for n, header in enumerate(headers) if header not in headers[:n]]
    return sorted(different, key=lambda header: -header.generation)


def _weight(fault: StoreProblem) -> int:
    """Which of two faults to tell: one copy missing and the other damaged is damage."""
    return 0 if isinstance(fault, StoreNewer) else 2 if isinstance(fault, StoreMissing) else 1


def _outdated(header: Header, copies: list[_Copy], keys: Keys) -> bool:
    """Whether a later key file is genuine: then what opened is a passphrase that has been changed since."""
    later = (copy.header for copy in copies if copy.header is not None and copy.header.generation > header.generation)
    return any(other.genuine(keys.dek) for other in later)


def _opened(header: Header, kind: str, opener: Opener) -> Keys | None:
    for slot in header.of_type(kind):
        dek = opener(header, slot)
        if dek is not None:
            return Keys(dek, slot.id)
    return None


def _recovery_slot(keys: Keys, recipient: str) -> Slot:
    import pyrage

    try:
        return slots.seal_to_recovery(keys.dek, recipient, id=_new_id())
    except pyrage.RecipientError as error:
        raise Problem("This is not the public part of a recovery key. It begins with age1.") from error


def _new_id() -> str:
    return secrets.token_hex(8)
