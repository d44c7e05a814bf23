"""Sealing: age outermost, an Ed25519 signature inside.

age says who can read and that nothing was changed on the way, but not who wrote it: hence the signature, over every
byte before it. Both are standard, so that ``age`` and ``openssl`` open and check a bundle without this program.

What a one-time code opens (kits, the recovery key) is an ordinary age file for a passphrase, with a fixed, small work
factor: the code has 80 random bits, and stretching them for a second and half a gigabyte, as age does for what
people think up, would add nothing.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from gridworker.errors import BundleAltered, BundleProblem, NotForUs

if TYPE_CHECKING:
    from pyrage import x25519

MAX_FILE = 32 * 1024 * 1024
"""Bytes of a bundle file. The plain text of an age file is shorter than the file, so this caps both."""

MAX_SMALL = 64 * 1024
"""Bytes of a recovery key file."""

SIGNATURE = 64
WORK = 15
"""log2 of the scrypt work factor for one-time codes: 32 MiB and a tenth of a second."""

MAX_WORK = 18

_DAMAGED = frozenset({"decryption error", "Header MAC is invalid"})
"""How pyrage words it that a key fits and the file does not check; of all else the sentence holds that says less."""

AGE = b"age-encryption.org/v1\n"
"""How every sealed file begins."""
LOCKED = AGE + b"-> scrypt "
"""How a file begins that a code opens."""
_SCRYPT = re.compile(rb"-> scrypt [A-Za-z0-9+/]{22} ([1-9][0-9]?)\n")
_CHUNK = 64 * 1024


class Signer(Protocol):
    """Who can sign."""

    def sign(self, body: bytes) -> bytes:
        """An Ed25519 signature over ``body``."""


def seal(inner: bytes, recipients: Sequence[str]) -> bytes:
    """``inner`` as an age file that each of ``recipients`` (``age1...``) can open."""
    import pyrage

    return pyrage.encrypt(inner, [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients])


def open_sealed(data: bytes, identities: Sequence["x25519.Identity"], *, cap: int = MAX_FILE) -> bytes:
    """What an age file holds.

    Raises BundleAltered where one of ``identities`` opens its head and what follows does not check, and NotForUs for
    everything else: from outside no more is knowable.
    """
    import pyrage

    _require_age(data, cap)
    try:
        return pyrage.decrypt(data, identities)
    except (pyrage.DecryptError, ValueError) as fault:
        raise altered() if str(fault) in _DAMAGED else not_for_us() from fault


def lock(data: bytes, code: str, *, work: int | None = None) -> bytes:
    """``data`` as an age file that the passphrase ``code`` opens. ``work`` is WORK where nobody says otherwise."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    work = WORK if work is None else work
    file_key, salt, nonce = (secrets.token_bytes(16) for _ in range(3))
    wrap = Scrypt(salt=b"age-encryption.org/v1/scrypt" + salt, length=32, n=1 << work, r=8, p=1).derive(code.encode())
    wrapped = ChaCha20Poly1305(wrap).encrypt(bytes(12), file_key, None)
    header = b"%s-> scrypt %s %d\n%s\n---" % (AGE, _base64(salt), work, _base64(wrapped))
    mac = hmac.digest(_derived(file_key, b"", b"header"), header, hashlib.sha256)
    cipher = ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))
    chunks = (cipher.encrypt(counter, chunk, None) for counter, chunk in _stream(data))
    return b"".join([header, b" ", _base64(mac), b"\n", nonce, *chunks])


def unlock(data: bytes, code: str, *, cap: int = MAX_FILE) -> bytes:
    """What ``lock`` locked. Raises NotForUs."""
    import pyrage

    _require_age(data, cap)
    stanza = _SCRYPT.match(data, len(AGE))
    if not stanza or int(stanza[1]) > MAX_WORK:
        raise wrong_code()
    try:
        return pyrage.passphrase.decrypt(data, code)
    except (pyrage.DecryptError, ValueError) as fault:
        raise wrong_code() from fault


def sign(body: bytes, signer: Signer) -> bytes:
    """``body`` with the signature over it behind it."""
    return body + signer.sign(body)


def verify(inner: bytes, key: bytes) -> bool:
    """Whether the last 64 bytes of ``inner`` are a signature over the rest by the Ed25519 public ``key``."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    whole = memoryview(inner)
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(bytes(whole[-SIGNATURE:]), whole[:-SIGNATURE])
    except (InvalidSignature, ValueError):
        return False
    return True


def altered() -> BundleProblem:
    """The sentence for a bundle that is for us and is not what its sender wrote."""
    return BundleAltered(
        "This bundle was altered or damaged on its way, so nothing was merged: copy it once more, or ask its sender "
        "for a new one."
    )


def not_for_us() -> BundleProblem:
    """The sentence for a file that does not open."""
    return NotForUs("This file is not for this computer, or it was not copied whole.")


def wrong_code() -> BundleProblem:
    """The sentence for a kit or a recovery key that the code does not open."""
    return NotForUs("This code does not open this file: compare the code, and whether the file was copied whole.")


def _require_age(data: bytes, cap: int) -> None:
    if len(data) > cap:
        raise NotForUs("This file is larger than any bundle; it was not opened.")
    if not data.startswith(AGE):
        raise not_for_us()


def _stream(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of age, each with its nonce: a counter, and a last byte that is 1 on the last one."""
    last = max(0, len(data) - 1) // _CHUNK
    for at in range(last + 1):
        yield at.to_bytes(11, "big") + bytes([at == last]), data[at * _CHUNK : (at + 1) * _CHUNK]


def _base64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _derived(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt, purpose).derive(key)
