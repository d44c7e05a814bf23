"""The keys of a store: made once, opened by a passphrase or with the office's help, kept in two copies.

What changes the slots later is in ``slot_changes.py``.

Importing this costs nothing, so the unlock page can ask whether there is a store; the cryptography is loaded when a
key is wanted.
"""

import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from gridworker.errors import Problem, StoreMissing, StoreNewer, StoreProblem, WrongPassphrase
from gridworker.paths import Folder
from gridworker.plainfile import open_plain
from gridworker.store.engine.filesafe import disk_problems, make_folder, refuse_other, write_durably
from gridworker.store.keys import kdf, key_ring, sealing, slots
from gridworker.store.keys.kdf import PRODUCTION, KdfProfile
from gridworker.store.keys.slots import Header, Slot

Opener = Callable[[Header, Slot], bytes | None]
Noted = Callable[[], object]
"""Puts a change of the slots on record, before it is made."""


def not_noted() -> None:
    """Of what is nobody's act."""


@dataclass(frozen=True, slots=True)
class Keys:
    """An open vault: the data key, which is the store's raw key, the slot it came out of, and whose that is.

    ``person`` is a record of staff; 0 where the slot names nobody. ``changed``: with these keys the slots were changed
    while no store was open, and whoever did it puts that on record.
    """

    dek: bytes = field(repr=False)
    slot: str = ""
    person: int = 0
    changed: bool = field(default=False, compare=False)

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
        keys, store = Keys(secrets.token_bytes(kdf.KEY), new_id()), secrets.token_hex(16)
        own = sealing.seal_with_passphrase(keys.dek, passphrase, self._profile, id=keys.slot, store=store)
        header = Header(store, 1, (own,))
        if recovery_recipient is not None:
            header = header.with_slot(recovery_slot(keys, recovery_recipient))
        self._write(header.signed(keys.dek))
        return keys

    def open(self, passphrase: str, slot: str | None = None) -> Keys:
        """The keys, by a passphrase: of whoever has it, or only by the one in ``slot``.

        Raises WrongPassphrase, StoreMissing, StoreDamaged, StoreNewer; StoreProblem where a slot needs a key ring and
        there is none, and no other slot opened.
        """
        without: list[StoreProblem] = []

        def opener(header: Header, found: Slot) -> bytes | None:
            if slot not in (None, found.id):
                return None
            try:
                secret = key_ring.secret_of(found.body["ring"]) if found.type == slots.WITH_KEYRING else b""
            except StoreProblem as fault:
                without.append(fault)
                return None
            return sealing.open_with_passphrase(found, passphrase, header.store, secret)

        keys = self._open(slots.PERSONAL, opener)
        if keys is None and without:
            raise without[0]
        if keys is None:
            raise WrongPassphrase("That is not the passphrase: try again.")
        return keys

    def open_with_recovery(self, identity: str) -> Keys:
        """The keys, by the office's recovery key (AGE-SECRET-KEY-...)."""
        import pyrage

        try:
            keys = self._open((slots.RECOVERY,), lambda _, slot: sealing.open_with_recovery(slot, identity))
        except pyrage.IdentityError as error:
            raise WrongPassphrase(
                "This is not a recovery key. Look for the line that begins AGE-SECRET-KEY."
            ) from error
        if keys is None:
            raise WrongPassphrase("This recovery key does not belong to these data.")
        return keys

    def open_with_answer(self, slot: str, opener: Opener) -> Keys:
        """The keys, by what the office answered (see reset.py). Raises WrongPassphrase, StoreDamaged."""
        keys = self._open((slots.ESCROW,), lambda header, found: opener(header, found) if found.id == slot else None)
        if keys is None:
            raise WrongPassphrase("This answer does not fit. Compare it with what the office has, or ask anew.")
        return keys

    def seen(self) -> Header:
        """The key file as it is found, for showing: nobody has vouched for it yet. Raises what ``open`` raises."""
        return _newest_first(self._copies())[0]

    def header(self, keys: Keys) -> Header:
        """The key file as it is now, for changing it. Raises StoreDamaged where it is not ours."""
        for header in _newest_first(self._copies()):
            if header.genuine(keys.dek):
                return header
        raise slots.damaged()

    def replace(self, keys: Keys, header: Header, noted: Noted = not_noted) -> None:
        """Write other slots, one copy after the other: cut off anywhere, the old or the new ones open the store.

        ``noted`` is called once nothing but the disk can refuse it. Raises DiskFull, StoreProblem where the first was
        not written; by that one they count, and what keeps the other from being written is for the next opening.
        Never writes slots that a lost key ring would make useless.
        """
        if not header.of_type(slots.PASSPHRASE, slots.RECOVERY):
            raise Problem("A key ring alone must not hold the key: keep one passphrase, or add the recovery key first.")
        noted()
        data, (first, other) = header.signed(keys.dek).to_bytes(), self._paths()
        write_durably(first, data)
        with suppress(StoreProblem):
            write_durably(other, data)

    @property
    def profile(self) -> KdfProfile:
        """The cost of new passphrase slots."""
        return self._profile

    def file(self, keys: Keys) -> bytes:
        """The key file as it is now, for a backup."""
        return self.header(keys).to_bytes()

    def store(self, keys: Keys) -> str:
        """The random name of the store, which its backups bear."""
        return self.header(keys).store

    def generation(self, keys: Keys) -> int:
        """How new the slots in the folder are; 0 where there are none that belong to ``keys``."""
        try:
            return self.header(keys).generation
        except StoreProblem:
            return 0

    def _paths(self) -> tuple[Path, Path]:
        return self._folder.keys, self._folder.keys_copy

    def _open(self, kinds: Sequence[str], opener: Opener) -> Keys | None:
        """The keys from the newest copy that opens, which then replaces the other; None where no slot opened.

        Somebody may have put in a key file of other data, or of a former data key. Whoever knows its passphrase opens
        it, and it is genuine: only the store tells that it is not the one, and the other copy may be the last that is.
        """
        copies = self._copies()
        altered, others = False, None
        for header in _newest_first(copies):
            keys = _opened(header, kinds, opener)
            if keys is None:
                continue
            if not header.genuine(keys.dek):
                altered = True
            elif _outdated(header, copies, keys):
                return None
            elif _disputed(copies, keys) and not self._fits(keys):
                others = others or keys
            else:
                self._repair(copies, header)
                return keys
        if altered and others is None:
            raise slots.damaged()
        return others

    def _fits(self, keys: Keys) -> bool:
        from gridworker.store.engine.pages import fits

        return fits(self._folder.database, keys.dek)

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
            refuse_other(path)
            with disk_problems(path), open_plain(path) as file:
                data = file.read(slots.MAX_SIZE + 1)
            return _Copy(path, data, slots.read(data, self._profile))
        except StoreProblem as fault:
            return _Copy(path, fault=fault)

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


def _disputed(copies: list[_Copy], keys: Keys) -> bool:
    """Whether one of the key files is in form and nothing that a holder of this data key wrote."""
    return any(copy.header is not None and not copy.header.genuine(keys.dek) for copy in copies)


def _opened(header: Header, kinds: Sequence[str], opener: Opener) -> Keys | None:
    for slot in header.of_type(*kinds):
        dek = opener(header, slot)
        if dek is not None:
            return Keys(dek, slot.id, slot.person)
    return None


def recovery_slot(keys: Keys, recipient: str) -> Slot:
    """A slot for a recovery key. Raises Problem where ``recipient`` is none."""
    import pyrage

    try:
        return sealing.seal_to_recovery(keys.dek, recipient, id=new_id())
    except pyrage.RecipientError as error:
        raise Problem("This is not the public part of a recovery key. It begins with age1.") from error


def new_id() -> str:
    """The id of a new slot."""
    return secrets.token_hex(8)
