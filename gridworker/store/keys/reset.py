"""A forgotten passphrase, replaced with the office's help: what is remembered while its answer is on the way.

The new passphrase is chosen before the office is asked. The number that hides the question (``blind``, see escrow.py)
lies in ``reset.json`` sealed under it, so whoever takes the laptop in between and hears the answer too still opens
nothing. When the answer came, the passphrase takes its place, the slot is sealed to the office anew, and the file goes:
the same answer opens nothing any more, whatever copy of the file there is.

    {"format": 1, "escrow": id, "slot": id, "kdf": ..., "nonce": base64, "sealed": base64}
"""

import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from gridworker.errors import Problem, StoreProblem, WrongPassphrase
from gridworker.paths import Folder
from gridworker.plainfile import open_plain
from gridworker.store.engine.filesafe import disk_problems, write_durably
from gridworker.store.keys import escrow, sealing, slots
from gridworker.store.keys.slot_changes import SlotChanges
from gridworker.store.keys.slots import Header, Slot
from gridworker.store.keys.vault import Keys, Vault

FORMAT = 1
MAX_SIZE = 4096


@dataclass(frozen=True, slots=True)
class Question:
    """What goes to the office: which laptop asks, and a point."""

    laptop: int
    asked: bytes
    serial: int = 0
    """By which of the office's seeds it is asked."""
    person: int = 0
    """Whose passphrase was forgotten, where several people have one or had; 0 where it can be one person's only."""


@dataclass(frozen=True, slots=True)
class _Pending:
    """A question that was asked: the slot it is about, whose passphrase it is, and the hidden number, sealed."""

    escrow: str
    slot: str
    seal: Slot = field(repr=False)


class Reset:
    """One data folder whose passphrase was forgotten. No store is open."""

    def __init__(self, folder: Folder, vault: Vault) -> None:
        self._folder = folder
        self._vault = vault

    def is_possible(self) -> bool:
        """Whether the office can help: it has given this laptop a key for that, and the laptop has used it."""
        try:
            return _escrow_slot(self._vault.seen()) is not None
        except StoreProblem:
            return False

    def pending(self) -> str:
        """Whose passphrase was asked for and not answered yet, as the id of the slot; empty where none was."""
        found = self._read()
        return found.slot if found else ""

    def ask(self, passphrase: str, slot: str) -> Question:
        """Begin: the new passphrase, and whose it is to be. An earlier question is void.

        Raises Problem where the office cannot help yet, or where the passphrase opens the data as it is; DiskFull.
        """
        header = self._vault.seen()
        about = _escrow_slot(header)
        if about is None or not header.personal(slot):
            raise Problem(
                "The office cannot reset this from afar yet. At the office, its recovery sheet opens this computer."
            )
        self._refuse_used(passphrase)
        blind = escrow.new_blind()
        sealed = sealing.seal_with_passphrase(
            blind, passphrase, self._vault.profile, id=about.id, store=_name(header.store, about)
        )
        body = {"format": FORMAT, "escrow": about.id, "slot": slot, **sealed.body}
        write_durably(self._folder.reset, json.dumps(body, indent=1, sort_keys=True).encode())
        return _question(header, about, slot, blind)

    def again(self, passphrase: str) -> Question:
        """The question that was asked, once more. Raises WrongPassphrase where it was begun with another one."""
        header, pending = self._vault.seen(), self._require_pending()
        about = _escrow_slot(header, pending.escrow)
        if about is None:
            raise _nothing_asked()
        return _question(header, about, pending.slot, _blind(header, about, pending, passphrase))

    def finish(self, passphrase: str, answered: bytes) -> Keys:
        """Put the new passphrase in its place, with the office's answer.

        Raises WrongPassphrase where the passphrase is not the one it was begun with, or the answer is to another
        question; DiskFull, StoreProblem: then it can be tried again.
        """
        pending = self._require_pending()
        wrong: list[WrongPassphrase] = []

        def opener(header: Header, slot: Slot) -> bytes | None:
            try:
                blind = _blind(header, slot, pending, passphrase)
            except WrongPassphrase as fault:
                wrong.append(fault)
                return None
            return escrow.open_with_answer(slot, blind, answered, header.store)

        try:
            keys = self._vault.open_with_answer(pending.escrow, opener)
        except WrongPassphrase as fault:
            raise (wrong[0] if wrong else fault) from None
        return self._replaced(keys, passphrase, pending.slot)

    def recover(self, identity: str, passphrase: str, slot: str) -> Keys:
        """The same with the office's recovery key instead of its answer. Raises WrongPassphrase, DiskFull."""
        keys = self._vault.open_with_recovery(identity)
        if not self._vault.header(keys).personal(slot):
            raise _nothing_asked()
        return self._replaced(keys, passphrase, slot)

    def forget(self) -> None:
        """Let an unanswered question go."""
        with disk_problems(self._folder.reset), suppress(FileNotFoundError):
            self._folder.reset.unlink()

    def void(self, slot: str) -> None:
        """Whoever unlocked has not forgotten it: their question goes, and so does one about nobody who is here now.

        Else the unlock page would tell of it for ever, and the passphrase it was begun with, by whomever, could still
        become theirs. A disk that lets nothing go keeps nobody out.
        """
        if self.pending() in {"", slot}:
            with suppress(StoreProblem):
                self.forget()

    def _replaced(self, keys: Keys, passphrase: str, slot: str) -> Keys:
        changes = SlotChanges(self._vault, keys)
        changes.change_passphrase(passphrase, slot=slot)
        header = self._vault.header(keys)
        for about in header.of_type(slots.ESCROW):
            key, serial = slots.as_bytes(about.body["key"]), int(about.body.get("serial", 0))
            changes.seal_to_office(int(about.body["laptop"]), key, serial=serial, anew=True)
        self.forget()
        [own] = header.personal(slot)
        return Keys(keys.dek, slot, own.person, changed=True)

    def _refuse_used(self, passphrase: str) -> None:
        with suppress(StoreProblem):
            self._vault.open(passphrase)
            raise Problem(
                "This passphrase opens the data already. Go back and unlock with it, or think of another one."
            )

    def _require_pending(self) -> _Pending:
        found = self._read()
        if found is None:
            raise _nothing_asked()
        return found

    def _read(self) -> _Pending | None:
        try:
            with open_plain(self._folder.reset) as file:
                body: dict[str, Any] = json.loads(file.read(MAX_SIZE))
            header = self._vault.seen()
            cost, _ = slots.kdf_of(body["kdf"])
            found = _Pending(body["escrow"], body["slot"], Slot(body["escrow"], slots.PASSPHRASE, body))
            slots.as_bytes(body["nonce"], slots.NONCE)
            slots.as_bytes(body["sealed"], slots.POINT + slots.TAG)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, StoreProblem):
            return None
        here = _escrow_slot(header, found.escrow) is not None and header.personal(found.slot)
        return found if here and body["format"] == FORMAT and self._vault.profile.accepts(cost) else None


def _blind(header: Header, about: Slot, pending: _Pending, passphrase: str) -> bytes:
    found = sealing.open_with_passphrase(pending.seal, passphrase, _name(header.store, about))
    if found is None:
        raise WrongPassphrase("This is not the new passphrase you chose when you asked the office.")
    return found


def _name(store: str, about: Slot) -> str:
    """What the hidden number is bound to: this store and this very sealing of its key."""
    return f"{store}/reset/{escrow.point_of(about).hex()}"


def _escrow_slot(header: Header, id: str = "") -> Slot | None:
    return next((slot for slot in header.of_type(slots.ESCROW) if id in ("", slot.id)), None)


def _question(header: Header, about: Slot, slot: str, blind: bytes) -> Question:
    """The question names the person: whoever changes in the file whose slot it is about has another question.

    So it does where the last of several is left: to the office the laptop is that of whom it was made for.
    """
    [own] = header.personal(slot)
    return Question(int(about.body["laptop"]), escrow.ask(about, blind), int(about.body.get("serial", 0)), own.person)


def _nothing_asked() -> Problem:
    return Problem("The office was not asked from this computer, or it was asked anew since. Begin once more.")
