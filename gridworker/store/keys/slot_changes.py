"""What is done to the slots of an open store: passphrases changed, people added and removed, the office's help set up.

Every change writes both key files, each synced, renamed and its folder synced (``Vault.replace``). ``noted`` puts it on
record just before, when it can no longer be refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gridworker.errors import Problem
from gridworker.store.keys import escrow, key_ring, sealing, slots
from gridworker.store.keys.slots import Header, Slot
from gridworker.store.keys.vault import Keys, Noted, Vault, new_id, not_noted, recovery_slot


@dataclass(frozen=True, slots=True)
class Owner:
    """One who opens this store by a passphrase. ``name`` is empty where only one does."""

    slot: str
    person: int
    name: str
    with_ring: bool = False


def owners(header: Header) -> list[Owner]:
    """Whose passphrases open a store, in the order in which they came."""
    return [Owner(slot.id, slot.person, slot.name, slot.type == slots.WITH_KEYRING) for slot in header.personal()]


class SlotChanges:
    """The slots of a store whose ``keys`` are open."""

    def __init__(self, vault: Vault, keys: Keys) -> None:
        self._vault = vault
        self._keys = keys

    def owners(self) -> list[Owner]:
        """Whose passphrases open the store."""
        return owners(self._vault.header(self._keys))

    def own(self) -> str:
        """The slot of whoever opened the store; the only one where something else opened it."""
        found = self._vault.header(self._keys).personal()
        if len(found) == 1 or not found:
            return found[0].id if found else ""
        return next((slot.id for slot in found if slot.id == self._keys.slot), "")

    def change_passphrase(
        self, new: str, *, slot: str | None = None, with_ring: bool = False, noted: Noted = not_noted
    ) -> None:
        """Put ``new`` in the place of the passphrase that opened the store, or of the one in ``slot``.

        Keys opened otherwise change the only passphrase; where there are several, ``slot`` says whose. Raises Problem
        where somebody else here has that passphrase, StoreProblem where there is no key ring.
        """
        header = self._vault.header(self._keys)
        wanted = slot or self.own()
        before = header.personal(wanted)
        if not wanted or not before:
            raise ValueError("which passphrase?")
        self._refuse_shared(header, new, wanted)
        changed = self._sealed(header, new, wanted, with_ring=with_ring).of(before[0].person, before[0].name)
        self._vault.replace(self._keys, header.with_slot(changed), noted)
        if "ring" in before[0].body:
            key_ring.forget(before[0].body["ring"])

    def belongs_to(self, person: int) -> None:
        """Write down whose the only passphrase is, without a name."""
        header = self._vault.header(self._keys)
        [own] = header.personal()
        if own.person != person:
            self._vault.replace(self._keys, header.with_slot(own.of(person)))

    def give_to(self, slot: str, person: int) -> None:
        """Make a passphrase that of another person, who has none."""
        header = self._vault.header(self._keys)
        [own] = header.personal(slot)
        self._vault.replace(self._keys, header.with_slot(own.of(person, own.name)))

    def add(self, person: int, passphrase: str, names: dict[int, str], noted: Noted = not_noted) -> str:
        """A slot for one more person; from now on all are named, as in ``names``. Returns its id.

        Raises Problem where they have one, or where somebody here has that passphrase.
        """
        header = self._vault.header(self._keys)
        if any(slot.person == person for slot in header.personal()):
            raise Problem("{name} has a passphrase here already.", name=names[person])
        self._refuse_shared(header, passphrase, "")
        slot = self._sealed(header, passphrase, new_id(), with_ring=False).of(person)
        self._vault.replace(self._keys, _named(header.with_slot(slot), names), noted)
        return slot.id

    def remove(self, slot: str, noted: Noted = not_noted) -> None:
        """Take a person's passphrase away. Raises Problem for the last one, and for the one that is at work."""
        header = self._vault.header(self._keys)
        gone = header.personal(slot)
        if not gone:
            raise Problem("Nobody has this passphrase any more.")
        if len(header.personal()) == 1:
            raise Problem("This is the last passphrase of these data; it stays.")
        if slot == self._keys.slot:
            raise Problem("You are working with this passphrase yourself. Somebody else can take it away.")
        left = header.without(slot)
        self._vault.replace(self._keys, _named(left, {one.person: one.name for one in left.personal()}), noted)
        if "ring" in gone[0].body:
            key_ring.forget(gone[0].body["ring"])

    def name_all(self, names: dict[int, str]) -> None:
        """Bring the names on the unlock page up to what people are called now."""
        header = self._vault.header(self._keys)
        wanted = _named(header, names)
        if wanted.slots != header.slots:
            self._vault.replace(self._keys, wanted)

    def recovery(self) -> tuple[int, str, bytes]:
        """The recovery key that opens the store and was made anew last: its number, age recipient and signing key.

        Number 0, and nothing else, where it is the one the store was made with.
        """
        found = self._vault.header(self._keys).of_type(slots.RECOVERY)
        last = max((slot.body for slot in found), key=_serial, default={})
        if not _serial(last):
            return 0, "", b""
        return _serial(last), last["recipient"], slots.as_bytes(last["signing"])

    def set_recovery(self, serial: int, recipient: str, signing: bytes) -> None:
        """Let one recovery key open the store, by its number, and no other any more."""
        header = self._vault.header(self._keys)
        before = header.of_type(slots.RECOVERY)
        about = {"serial": serial, "signing": slots.as_text(signing)}
        if [(slot.body["recipient"], _serial(slot.body)) for slot in before] == [(recipient, serial)]:
            return
        made = recovery_slot(self._keys, recipient)
        kept = tuple(other for other in header.slots if other not in before)
        slot = replace(made, body={**made.body, **about})
        self._vault.replace(self._keys, replace(header, slots=kept).with_slot(slot))

    def seal_to_office(self, laptop: int, key: bytes, *, serial: int = 0, anew: bool = False) -> bool:
        """Let the office help out a forgotten passphrase; ``anew`` also where it can already. Returns whether written.

        ``serial`` is the number of the office's seed. A key that is no point of the curve changes nothing.
        """
        header = self._vault.header(self._keys)
        before = header.of_type(slots.ESCROW)
        wanted = {"laptop": laptop, "key": slots.as_text(key), "serial": serial}
        if not anew and any({**{"serial": 0}, **slot.body}.items() >= wanted.items() for slot in before):
            return False
        try:
            slot = escrow.seal_to_escrow(self._keys.dek, key, laptop, id=new_id(), store=header.store)
        except ValueError:
            return False
        if serial:
            slot = replace(slot, body={**slot.body, "serial": serial})
        kept = tuple(other for other in header.slots if other not in before)
        self._vault.replace(self._keys, replace(header, slots=kept).with_slot(slot))
        return True

    def _sealed(self, header: Header, passphrase: str, id: str, *, with_ring: bool) -> Slot:
        lock = sealing.Lock(passphrase, key_ring.keep_new() if with_ring else None)
        return sealing.seal_with(self._keys.dek, lock, self._vault.profile, id=id, store=header.store)

    def _refuse_shared(self, header: Header, passphrase: str, own: str) -> None:
        """Two people with one passphrase could not be told apart; whoever has the files can try it out anyhow."""
        for slot in header.personal():
            if slot.id != own and self._opens(passphrase, slot.id):
                raise Problem("Somebody here has this passphrase already. Think of another one.")

    def _opens(self, passphrase: str, slot: str) -> bool:
        try:
            self._vault.open(passphrase, slot)
        except Problem:
            return False
        return True


def _named(header: Header, names: dict[int, str]) -> Header:
    """The same with names on the personal slots where there are several, and with none where there is one."""
    several = len(header.personal()) > 1
    named = tuple(
        slot.of(slot.person, _short(names.get(slot.person, slot.name)) if several else "")
        if slot.type in slots.PERSONAL
        else slot
        for slot in header.slots
    )
    changed = named != header.slots
    generation = header.generation + 1 if changed else header.generation
    return replace(header, slots=named, generation=generation, mac=b"") if changed else header


def _serial(body: Mapping[str, Any]) -> int:
    return int(body.get("serial", 0))


def _short(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable())[: slots.MAX_NAME]
