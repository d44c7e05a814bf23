"""The key file: slots that each hold the data key sealed in another way, and a code over all of them.

    {"format": 1, "needs": "0.1", "store": hex, "generation": n, "slots": [...], "mac": base64}

    slot "passphrase": kdf (name, time, memory, lanes, salt), nonce, sealed
    slot "recovery":   recipient, sealed (age to the office's recovery key)

A slot has an id and a type and no name: who it belongs to is known inside the encrypted store only. Slots of a type
this version does not know are kept. ``generation`` tells which of two copies is the newer one.
"""

import hmac
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gridworker.errors import StoreDamaged, StoreNewer
from gridworker.store.kdf import KEY, SALT, KdfProfile, derive, stretch

FORMAT = 1
NEEDS = "0.1"
"""The first version of the program that reads FORMAT."""

PASSPHRASE = "passphrase"
RECOVERY = "recovery"

MAX_SIZE = 64 * 1024
MAX_BRACKETS = 300
"""What is nested deeper than the interpreter goes would be a crash when it is written again."""
MAX_GENERATION = 2**53
NONCE = 12
TAG = 16


@dataclass(frozen=True, slots=True)
class Slot:
    """The data key sealed in one way. ``body`` is what its type needs, checked when it was read."""

    id: str
    type: str
    body: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The slot as it stands in the file."""
        return {"id": self.id, "type": self.type, **self.body}


@dataclass(frozen=True, slots=True)
class Header:
    """The whole key file, read and checked in form; only the data key can tell whether it is genuine."""

    store: str
    generation: int
    slots: tuple[Slot, ...]
    mac: bytes = b""

    def signed(self, dek: bytes) -> "Header":
        """The same with its code under the data key."""
        return replace(self, mac=self._mac(dek))

    def genuine(self, dek: bytes) -> bool:
        """Whether all of it was written by a holder of the data key."""
        return hmac.compare_digest(self.mac, self._mac(dek))

    def with_slot(self, slot: Slot) -> "Header":
        """The next generation, with ``slot`` added or in the place of the one with its id."""
        kept = [slot if other.id == slot.id else other for other in self.slots]
        if slot not in kept:
            kept.append(slot)
        return replace(self, generation=self.generation + 1, slots=tuple(kept), mac=b"")

    def of_type(self, kind: str) -> list[Slot]:
        """The slots of one type, in order."""
        return [slot for slot in self.slots if slot.type == kind]

    def to_bytes(self) -> bytes:
        """The file."""
        return json.dumps({**self._body(), "mac": _text(self.mac)}, indent=1, sort_keys=True).encode()

    def _body(self) -> dict[str, Any]:
        return {
            "format": FORMAT, "needs": NEEDS, "store": self.store, "generation": self.generation,
            "slots": [slot.as_json() for slot in self.slots],
        }  # fmt: skip

    def _mac(self, dek: bytes) -> bytes:
        body = json.dumps(self._body(), sort_keys=True, separators=(",", ":")).encode()
        return hmac.digest(derive(dek, "slots"), body, "sha256")


def read(data: bytes, profile: KdfProfile) -> Header:
    """A key file in memory. Raises StoreDamaged on anything that is not in form, StoreNewer on a later format.

    The cost parameters of every slot are checked here, against ``profile``, before anything is derived.
    """
    if len(data) > MAX_SIZE or data.count(b"[") + data.count(b"{") > MAX_BRACKETS:
        raise damaged()
    try:
        found = json.loads(data)
        _refuse_newer(found)
        header = _header(found, profile)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise damaged() from error
    return header


def damaged() -> StoreDamaged:
    """The sentence for key files of which neither copy can be used."""
    return StoreDamaged(
        "The key files are damaged, so the data cannot be opened. The data themselves are untouched. Put back "
        "keys.json from a backup of this folder."
    )


def seal_with_passphrase(dek: bytes, passphrase: str, profile: KdfProfile, *, id: str, store: str) -> Slot:
    """A passphrase slot for ``dek``."""
    import secrets

    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    salt, nonce = secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
    kdf = {
        "name": "argon2id",
        "time": profile.time,
        "memory": profile.memory,
        "lanes": profile.lanes,
        "salt": _text(salt),
    }
    key = derive(stretch(passphrase, salt, profile), "slot passphrase")
    sealed = ChaCha20Poly1305(key).encrypt(nonce, dek, _bound(store, id, PASSPHRASE))
    return Slot(id, PASSPHRASE, {"kdf": kdf, "nonce": _text(nonce), "sealed": _text(sealed)})


def open_with_passphrase(slot: Slot, passphrase: str, store: str) -> bytes | None:
    """The data key, or None where the passphrase is another one. Takes as long as the slot's cost says."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    profile, salt = _kdf(slot.body["kdf"])
    key = derive(stretch(passphrase, salt, profile), "slot passphrase")
    try:
        return ChaCha20Poly1305(key).decrypt(
            _bytes(slot.body["nonce"]), _bytes(slot.body["sealed"]), _bound(store, slot.id, PASSPHRASE)
        )
    except InvalidTag:
        return None


def seal_to_recovery(dek: bytes, recipient: str, *, id: str) -> Slot:
    """A slot that the holder of the office's recovery key opens."""
    import pyrage

    sealed = pyrage.encrypt(dek, [pyrage.x25519.Recipient.from_str(recipient)])
    return Slot(id, RECOVERY, {"recipient": recipient, "sealed": _text(sealed)})


def open_with_recovery(slot: Slot, identity: str) -> bytes | None:
    """The data key, or None where the slot is for another key. ``identity`` is the key or the text of its file.

    Raises pyrage.IdentityError where there is no key in it.
    """
    import pyrage

    lines = (line.strip() for line in identity.splitlines())
    key = pyrage.x25519.Identity.from_str(next((line for line in lines if line.startswith("AGE-SECRET-KEY-")), ""))
    try:
        dek = pyrage.decrypt(_bytes(slot.body["sealed"]), [key])
    except pyrage.DecryptError:
        return None
    return dek if len(dek) == KEY else None


def _bound(store: str, id: str, kind: str) -> bytes:
    """What a sealed key is bound to, so that a slot cannot be carried into another file."""
    return f"gridworker/{store}/{id}/{kind}".encode()


def _refuse_newer(found: Any) -> None:
    if _number(found["format"], FORMAT, 10**6) == FORMAT:
        return
    if not re.fullmatch(r"\d{1,4}(\.\d{1,4}){1,2}", found["needs"]):
        raise ValueError("no version")
    raise StoreNewer(
        "These data were written by a newer Gridworker. Install version {version} or later on this computer.",
        version=found["needs"],
    )


def _header(found: Any, profile: KdfProfile) -> Header:
    slots = tuple(_slot(slot, profile) for slot in found["slots"])
    if len({slot.id for slot in slots}) != len(slots):
        raise ValueError("two slots of one id")
    if found.keys() != {"format", "needs", "store", "generation", "slots", "mac"} or found["needs"] != NEEDS:
        raise ValueError("other keys than ours")
    generation = _number(found["generation"], 1, MAX_GENERATION)
    return Header(_hex(found["store"]), generation, slots, _bytes(found["mac"], 32))


def _slot(found: Any, profile: KdfProfile) -> Slot:
    if not isinstance(found, dict):
        raise TypeError("not a slot")
    slot = Slot(_hex(found.pop("id")), _word(found.pop("type")), found)
    if slot.type == PASSPHRASE:
        cost, _ = _kdf(found["kdf"])
        if not profile.accepts(cost):
            raise ValueError("absurd cost")
        _bytes(found["nonce"], NONCE)
        _bytes(found["sealed"], KEY + TAG)
    elif slot.type == RECOVERY:
        _word(found["recipient"])
        _bytes(found["sealed"])
    return slot


def _kdf(found: Any) -> tuple[KdfProfile, bytes]:
    if found["name"] != "argon2id":
        raise ValueError("unknown derivation")
    cost = KdfProfile(*(_number(found[name], 1, 2**32) for name in ("time", "memory", "lanes")))
    return cost, _bytes(found["salt"], SALT)


def _number(value: object, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError("not a number in range")
    return value


def _hex(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{8,64}", value):
        raise ValueError("not hexadecimal")
    return value


def _word(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9+]{1,100}", value):
        raise ValueError("not a word")
    return value


def _bytes(value: object, length: int | None = None) -> bytes:
    if not isinstance(value, str):
        raise TypeError("not base64")
    data = b64decode(value, validate=True)
    if length is not None and len(data) != length:
        raise ValueError("wrong length")
    return data


def _text(data: bytes) -> str:
    return b64encode(data).decode()
