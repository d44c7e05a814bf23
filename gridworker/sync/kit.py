"""Device kits: how the office enrols a laptop, and how the laptop introduces itself in its first bundle.

A kit is a bundle with purpose "kit", locked with a one-time code instead of being sealed to a key (the laptop has none
yet), and signed by the office. Its section ``kit`` carries the office's public keys, which are trusted because only the
office knows the code. The laptop makes its own keys; its first headers carry them with an HMAC under the kit's secret,
so the office can tell them from anybody else's. Whoever has the keys of the office but not the code has nothing.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from gridworker.store.keys.slots import MAX_SERIAL, POINT
from gridworker.store.log.clock import MAX_LAPTOP
from gridworker.sync.format import canonical, seal
from gridworker.sync.format.asks import Vouch
from gridworker.sync.format.bundle import Bundle, Contents, Written, hash_of, pack_inner, read_inner, sections_of
from gridworker.sync.format.canonical import Damaged, Thing
from gridworker.sync.format.code import Code
from gridworker.sync.format.header import Header
from gridworker.sync.format.keys import DeviceKeys, PublicKeys
from gridworker.sync.format.parts import Purpose, sized

SECTION = "kit"
MAX_KIT = 64 * 1024
SECRET = 16
MAX_GRIDS = 1024
_DOMAIN = b"gridworker-introduction-1\n"


@dataclass(frozen=True, slots=True)
class Kit:
    """What a laptop is enrolled with. ``grids`` and ``worker`` are record ids; the records are among the kit's ops."""

    number: int
    worker: int
    grids: tuple[int, ...]
    office: PublicKeys
    recovery: PublicKeys
    secret: bytes = field(repr=False)
    vouch: Vouch | None = None
    """The office's word for this laptop, by which it knows it even after it was set back."""
    escrow: bytes | None = None
    """The point by which the office helps out a forgotten passphrase (see store/keys/escrow.py)."""
    escrow_serial: int = 0
    """The number of the seed it is of."""

    @staticmethod
    def new_secret() -> bytes:
        """128 random bits, which the office keeps until the laptop has introduced itself."""
        return secrets.token_bytes(SECRET)

    def pack(self) -> bytes:
        """The section ``kit``."""
        return canonical.pack(
            {
                "number": self.number,
                "worker": self.worker,
                "grids": list(self.grids),
                "office": self.office.thing(),
                "recovery": self.recovery.thing(),
                "secret": self.secret,
                **({"vouch": self.vouch.thing()} if self.vouch else {}),
                **({"escrow": self.escrow} if self.escrow else {}),
                **({"escrow_serial": self.escrow_serial} if self.escrow_serial else {}),
            }
        )

    @classmethod
    def parse(cls, data: bytes | memoryview) -> "Kit":
        """Read what ``pack`` gave. Raises Damaged."""
        match canonical.unpack_map(data, MAX_KIT):
            case {
                "number": int(number), "worker": int(worker), "grids": list(grids),
                "office": office, "recovery": recovery, "secret": bytes(secret), **rest,
            } if 1 <= number <= MAX_LAPTOP and worker > 0 and len(secret) == SECRET:  # fmt: skip
                vouch = Vouch.of(rest["vouch"]) if "vouch" in rest else None
                return cls(number, worker, _grids(grids), PublicKeys.of(office), PublicKeys.of(recovery), secret,
                           vouch, _point(rest.get("escrow")), _serial(rest.get("escrow_serial", 0)))  # fmt: skip
            case _:
                raise Damaged("kit: form")


def write_kit(contents: Contents, kit: Kit, signer: DeviceKeys, code: Code, *, work: int | None = None) -> Written:
    """The file of a kit. ``contents.header.purpose`` must be KIT; its ops are the records in scope."""
    if contents.header.purpose is not Purpose.KIT:
        raise ValueError("a kit says that it is one")
    inner = pack_inner(contents, signer, {SECTION: kit.pack()})
    return Written(seal.lock(inner, code.text, work=work), hash_of(inner))


def read_kit(data: bytes, code: Code) -> tuple[Kit, Bundle]:
    """A kit and the bundle it came in. Raises the same problems as ``read_bundle``, and no others."""
    inner = seal.unlock(data, code.text)
    kit = _kit_in(inner)
    return kit, read_inner(inner, known=lambda header: kit.office if header.purpose is Purpose.KIT else None)


def introduction(secret: bytes, community: str, device: int, keys: PublicKeys) -> bytes:
    """The proof that ``keys`` are those of the laptop that got the kit with ``secret``."""
    message = _DOMAIN + canonical.pack([community, device, keys.thing()])
    return hmac.digest(secret, message, hashlib.sha256)


def introduced(header: Header, secret: bytes) -> PublicKeys | None:
    """The keys a laptop introduces itself with, or None where it does not or the proof is wrong."""
    if header.keys is None or header.proof is None:
        return None
    proof = introduction(secret, header.community, header.sender, header.keys)
    return header.keys if hmac.compare_digest(proof, header.proof) else None


def _kit_in(inner: bytes) -> Kit:
    sections: dict[str, memoryview] = sections_of(inner)
    try:
        return Kit.parse(sections.get(SECTION, memoryview(b"")))
    except Damaged as fault:
        raise seal.altered() from fault


def _point(thing: Thing) -> bytes | None:
    if thing is not None and not sized(POINT)(thing):
        raise Damaged("kit: escrow")
    return bytes(thing) if isinstance(thing, bytes) else None


def _serial(thing: Thing) -> int:
    if not isinstance(thing, int) or not 0 <= thing <= MAX_SERIAL:
        raise Damaged("kit: escrow")
    return thing


def _grids(things: list[Thing]) -> tuple[int, ...]:
    grids = tuple(thing for thing in things if isinstance(thing, int) and thing > 0)
    if len(grids) != len(things) or len(grids) > MAX_GRIDS:
        raise Damaged("kit: grids")
    return grids
