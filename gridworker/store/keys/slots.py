"""The key file: slots that each hold the data key sealed in another way, and a code over all of them.

    {"format": 1, "needs": "0.1", "store": hex, "generation": n, "slots": [...], "mac": base64}

    slot "passphrase":         kdf (name, time, memory, lanes, salt), nonce, sealed; person, name
    slot "passphrase+keyring": the same and ring: the entry of the system's key ring that is needed beside it
    slot "recovery":           recipient, sealed (age to the office's recovery key); of one made anew serial and signing
    slot "escrow":             laptop, key, point, nonce, sealed (to the office's key for this laptop, see escrow.py);
                               of one made anew its serial

``person`` is a record of staff. ``name`` is there only where several people have a slot, for the unlock page to ask who
it is; a store of one person names nobody. Slots of a type this version does not know are kept. ``generation`` tells
which of two copies is the newer one.
"""

import hmac
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gridworker.errors import StoreDamaged, StoreNewer
from gridworker.store.keys.kdf import KEY, SALT, KdfProfile, derive
from gridworker.store.log.clock import MAX_LAPTOP

FORMAT = 1
NEEDS = "0.1"
"""The first version of the program that reads FORMAT."""

PASSPHRASE = "passphrase"
WITH_KEYRING = "passphrase+keyring"
RECOVERY = "recovery"
ESCROW = "escrow"
PERSONAL = (PASSPHRASE, WITH_KEYRING)
"""What a person types a passphrase for."""

MAX_SIZE = 64 * 1024
MAX_BRACKETS = 300
"""What is nested deeper than the interpreter goes would be a crash when it is written again."""
MAX_GENERATION = 2**53
MAX_NAME = 50
MAX_PERSON = 2**63 - 1
MAX_SERIAL = 63
"""How often a key of the office may be made anew."""
SIGNING = 32
POINT = 32
"""Bytes of a point of escrow.py."""
NONCE = 12
TAG = 16


@dataclass(frozen=True, slots=True)
class Slot:
    """The data key sealed in one way. ``body`` is what its type needs, checked when it was read."""

    id: str
    type: str
    body: Mapping[str, Any]

    @property
    def person(self) -> int:
        """Whose passphrase it is; 0 where the file does not say."""
        return int(self.body.get("person", 0))

    @property
    def name(self) -> str:
        """What the unlock page calls them; empty where nobody is asked."""
        return str(self.body.get("name", ""))

    def of(self, person: int, name: str = "") -> "Slot":
        """The same for a person."""
        rest = {key: value for key, value in self.body.items() if key not in {"person", "name"}}
        owner = {"person": person} | ({"name": name} if name else {})
        return replace(self, body={**rest, **owner})

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

    def without(self, id: str) -> "Header":
        """The next generation, without the slot of an id."""
        kept = tuple(slot for slot in self.slots if slot.id != id)
        return replace(self, generation=self.generation + 1, slots=kept, mac=b"")

    def of_type(self, *kinds: str) -> list[Slot]:
        """The slots of some types, in order."""
        return [slot for slot in self.slots if slot.type in kinds]

    def personal(self, id: str | None = None) -> list[Slot]:
        """The slots that a passphrase opens, or that one of them."""
        return [slot for slot in self.of_type(*PERSONAL) if id in (None, slot.id)]

    def to_bytes(self) -> bytes:
        """The file."""
        return json.dumps({**self._body(), "mac": as_text(self.mac)}, indent=1, sort_keys=True).encode()

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


def _refuse_newer(found: Any) -> None:
    if as_number(found["format"], FORMAT, 10**6) == FORMAT:
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
    generation = as_number(found["generation"], 1, MAX_GENERATION)
    return Header(as_hex(found["store"]), generation, slots, as_bytes(found["mac"], 32))


def _slot(found: Any, profile: KdfProfile) -> Slot:
    if not isinstance(found, dict):
        raise TypeError("not a slot")
    slot = Slot(as_hex(found.pop("id")), _word(found.pop("type")), found)
    if slot.type in PERSONAL:
        _require_personal(found, profile)
    elif slot.type == RECOVERY:
        _word(found["recipient"])
        as_bytes(found["sealed"])
        if as_number(found.get("serial", 0), 0, MAX_GENERATION):
            as_bytes(found["signing"], SIGNING)
    elif slot.type == ESCROW:
        as_number(found["laptop"], 1, MAX_LAPTOP)
        as_number(found.get("serial", 0), 0, MAX_SERIAL)
        for name, length in (("key", POINT), ("point", POINT), ("nonce", NONCE), ("sealed", KEY + TAG)):
            as_bytes(found[name], length)
    if slot.type == WITH_KEYRING:
        as_hex(found["ring"])
    return slot


def _require_personal(found: dict[str, Any], profile: KdfProfile) -> None:
    cost, _ = kdf_of(found["kdf"])
    if not profile.accepts(cost):
        raise ValueError("absurd cost")
    as_bytes(found["nonce"], NONCE)
    as_bytes(found["sealed"], KEY + TAG)
    as_number(found.get("person", 0), 0, MAX_PERSON)
    name = found.get("name", "")
    if not isinstance(name, str) or len(name) > MAX_NAME or not name.isprintable():
        raise ValueError("not a name")


def kdf_of(found: Any) -> tuple[KdfProfile, bytes]:
    """The cost and the salt as they stand in a file. Raises ValueError and its kin; the cost is not judged yet."""
    if found["name"] != "argon2id":
        raise ValueError("unknown derivation")
    cost = KdfProfile(*(as_number(found[name], 1, 2**32) for name in ("time", "memory", "lanes")))
    return cost, as_bytes(found["salt"], SALT)


def as_number(value: object, least: int, most: int) -> int:
    """An integer in a range, or ValueError."""
    if type(value) is not int or not least <= value <= most:
        raise ValueError("not a number in range")
    return value


def as_hex(value: object) -> str:
    """An id in hexadecimal, or ValueError."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{8,64}", value):
        raise ValueError("not hexadecimal")
    return value


def _word(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9+]{1,100}", value):
        raise ValueError("not a word")
    return value


def as_bytes(value: object, length: int | None = None) -> bytes:
    """Bytes from base64, of a length, or ValueError."""
    if not isinstance(value, str):
        raise TypeError("not base64")
    data = b64decode(value, validate=True)
    if length is not None and len(data) != length:
        raise ValueError("wrong length")
    return data


def as_text(data: bytes) -> str:
    """Bytes as base64."""
    return b64encode(data).decode()
