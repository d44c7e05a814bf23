"""Keys of a device: an Ed25519 key to sign with and an age X25519 identity to be written to.

The office, every laptop and the recovery key each have both. What is compared by people - the picture of 5 x 5
windows, six words, a short fingerprint - is drawn from one 32-byte hash of the public halves.

Secrets are never part of a ``repr``.
"""

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from gridworker.sync.format import canonical, seal
from gridworker.sync.format.canonical import Damaged
from gridworker.sync.format.code import ALPHABET, Code
from gridworker.sync.format.words import key_words

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from pyrage import x25519

SUITE = 1
"""age with X25519; Ed25519; SHA-256."""

MAX_KEYS = 512
_KEY_BYTES = 32
_HASH_DOMAIN = b"gridworker-keys-1\n"
_CERTIFICATE_DOMAIN = b"gridworker-certificate-1\n"
_RECOVERY_DOMAIN = b"gridworker-recovery-signing-1"
_PICTURE = 25


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """What others need of a device: ``signing`` (32 bytes) checks signatures, ``recipient`` (age1...) seals to it."""

    signing: bytes
    recipient: str

    def __post_init__(self) -> None:
        import pyrage

        if len(self.signing) != _KEY_BYTES:
            raise Damaged("keys: signing key")
        try:
            pyrage.x25519.Recipient.from_str(self.recipient)
        except (pyrage.RecipientError, TypeError, ValueError) as fault:
            raise Damaged("keys: recipient") from fault

    def thing(self) -> canonical.Thing:
        """As part of a signed structure."""
        return [SUITE, self.signing, self.recipient]

    @classmethod
    def of(cls, thing: object) -> "PublicKeys":
        """Read what ``thing`` gave. Raises Damaged."""
        match thing:
            case [int(suite), bytes(signing), str(recipient)] if suite == SUITE:
                return cls(signing, recipient)
            case _:
                raise Damaged("keys: form")

    def pack(self) -> bytes:
        """As bytes, for a store."""
        return canonical.pack(self.thing())

    @classmethod
    def parse(cls, data: bytes) -> "PublicKeys":
        """Read what ``pack`` gave. Raises Damaged."""
        return _parsed(data)

    @property
    def digest(self) -> bytes:
        """32 bytes that name these keys."""
        return hashlib.sha256(_HASH_DOMAIN + self.pack()).digest()

    @property
    def fingerprint(self) -> str:
        """80 bits of the digest to compare by eye, like 7K2M-QF9X-3D8A-PW4C."""
        number = int.from_bytes(self.digest[:10], "big")
        signs = [ALPHABET[number >> shift & 31] for shift in range(75, -1, -5)]
        return "-".join("".join(signs[at : at + 4]) for at in range(0, 16, 4))

    @property
    def words(self) -> tuple[str, ...]:
        """Six words to read aloud."""
        return key_words(self.digest)

    @property
    def windows(self) -> tuple[bool, ...]:
        """The 25 windows of the key's picture, row by row: which are lit."""
        number = int.from_bytes(self.digest[-4:], "big")
        return tuple(bool(number >> at & 1) for at in range(_PICTURE))

    def verify(self, body: bytes, signature: bytes) -> bool:
        """Whether ``signature`` over ``body`` is by these keys."""
        return seal.verify(body + signature, self.signing) if len(signature) == seal.SIGNATURE else False

    def signing_pem(self) -> str:
        """The signing key as ``openssl pkeyutl -pubin -inkey`` takes it."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        key = Ed25519PublicKey.from_public_bytes(self.signing)
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@lru_cache(maxsize=256)
def _parsed(data: bytes) -> PublicKeys:
    """Asked for with every bundle, and few."""
    return PublicKeys.of(canonical.unpack(data, MAX_KEYS))


@dataclass(frozen=True, slots=True, repr=False)
class DeviceKeys:
    """The secret keys of a device: ``seed`` is the Ed25519 one, ``secret`` the age identity (AGE-SECRET-KEY-1...)."""

    seed: bytes
    secret: str
    public: PublicKeys = field(init=False)

    def __post_init__(self) -> None:
        import pyrage

        try:
            signing = self._signing().public_key().public_bytes_raw()
            recipient = str(self.identity.to_public())
        except (pyrage.IdentityError, TypeError, ValueError) as fault:
            raise Damaged("keys: secret") from fault
        object.__setattr__(self, "public", PublicKeys(signing, recipient))

    def __repr__(self) -> str:
        return f"DeviceKeys({self.public.fingerprint})"

    @classmethod
    def generate(cls) -> "DeviceKeys":
        """New keys."""
        import pyrage
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls(Ed25519PrivateKey.generate().private_bytes_raw(), str(pyrage.x25519.Identity.generate()))

    @classmethod
    def of_recovery(cls, secret: str) -> "DeviceKeys":
        """The keys of a recovery key: its signing key follows from the age identity, which alone is kept."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return cls(HKDF(SHA256(), _KEY_BYTES, None, _RECOVERY_DOMAIN).derive(secret.encode()), secret)

    @property
    def identity(self) -> "x25519.Identity":
        """What age opens files with."""
        import pyrage

        return pyrage.x25519.Identity.from_str(self.secret)

    def sign(self, body: bytes) -> bytes:
        """An Ed25519 signature over ``body``."""
        return self._signing().sign(body)

    def pack(self) -> bytes:
        """As bytes, for an encrypted store only."""
        return canonical.pack([SUITE, self.seed, self.secret])

    @classmethod
    def parse(cls, data: bytes) -> "DeviceKeys":
        """Read what ``pack`` gave. Raises Damaged."""
        match canonical.unpack(data, MAX_KEYS):
            case [int(suite), bytes(seed), str(secret)] if suite == SUITE:
                return cls(seed, secret)
            case _:
                raise Damaged("keys: form")

    def _signing(self) -> "Ed25519PrivateKey":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed)


def new_recovery() -> DeviceKeys:
    """A new recovery key."""
    import pyrage

    return DeviceKeys.of_recovery(str(pyrage.x25519.Identity.generate()))


def seal_recovery(recovery: DeviceKeys, code: Code, *, work: int | None = None) -> bytes:
    """The recovery key as a file that ``code`` opens; ``age -d`` makes of it a key file for ``age -d -i``."""
    return _seal(f"recovery key {recovery.public.fingerprint}", recovery, code, work)


def seal_identity(keys: DeviceKeys, code: Code, *, work: int | None = None) -> bytes:
    """The age identity of a device in the same form. It opens bundles to the device and signs nothing."""
    return _seal(f"key {keys.public.fingerprint}", keys, code, work)


def _seal(title: str, keys: DeviceKeys, code: Code, work: int | None) -> bytes:
    return seal.lock(f"# Gridworker {title}\n{keys.secret}\n".encode(), code.text, work=work)


def open_recovery(data: bytes, code: Code) -> DeviceKeys:
    """Read a file of ``seal_recovery``. Raises NotForUs."""
    lines = seal.unlock(data, code.text, cap=seal.MAX_SMALL).splitlines()
    try:
        return DeviceKeys.of_recovery(lines[-1].decode("ascii"))
    except (Damaged, IndexError, UnicodeDecodeError) as fault:
        raise seal.wrong_code() from fault


@dataclass(frozen=True, slots=True)
class Certificate:
    """New keys of a device, vouched for by keys already trusted: the old ones, or the recovery key.

    ``serial`` counts a device's keys from 1: a certificate with a lower one than known changes nothing.
    """

    community: str
    device: int
    serial: int
    keys: PublicKeys
    signature: bytes

    @classmethod
    def issue(cls, community: str, device: int, serial: int, keys: PublicKeys, *, by: DeviceKeys) -> "Certificate":
        """Vouch for ``keys``."""
        return cls(community, device, serial, keys, by.sign(_vouched(community, device, serial, keys)))

    def holds(self, by: PublicKeys) -> bool:
        """Whether ``by`` vouched for it."""
        return by.verify(_vouched(self.community, self.device, self.serial, self.keys), self.signature)

    def thing(self) -> canonical.Thing:
        """As part of a signed structure."""
        return [self.community, self.device, self.serial, self.keys.thing(), self.signature]

    @classmethod
    def of(cls, thing: object) -> "Certificate":
        """Read what ``thing`` gave. Raises Damaged."""
        match thing:
            case [str(community), int(device), int(serial), keys, bytes(signature)] if serial > 0 and device >= 0:
                return cls(community, device, serial, PublicKeys.of(keys), signature)
            case _:
                raise Damaged("certificate: form")


def _vouched(community: str, device: int, serial: int, keys: PublicKeys) -> bytes:
    return _CERTIFICATE_DOMAIN + canonical.pack([community, device, serial, keys.thing()])
