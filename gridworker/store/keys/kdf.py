"""Keys from passphrases and keys from keys: Argon2id with its cost checked before it is paid, and HKDF."""

import unicodedata
from dataclasses import dataclass

from gridworker.errors import StoreProblem

KEY = 32
SALT = 16


@dataclass(frozen=True, slots=True)
class KdfProfile:
    """The cost of one guess: passes over the memory, memory in KiB, lanes."""

    time: int
    memory: int
    lanes: int

    def accepts(self, found: "KdfProfile") -> bool:
        """Whether parameters read from a file are sane for a vault of this profile.

        Checked before any of it is allocated or computed: a file that asks for terabytes is refused at once.
        """
        return (
            min(self.time, LEAST.time) <= found.time <= MOST.time
            and min(self.memory, LEAST.memory) <= found.memory <= MOST.memory
            and 1 <= found.lanes <= MOST.lanes
            and found.memory >= 8 * found.lanes
            and found.memory * found.time <= MOST_WORK
        )


PRODUCTION = KdfProfile(time=2, memory=256 * 1024, lanes=1)
"""The memory and the 0.8 s of security.md; a store that was made with more passes keeps them. One lane: the other core
goes on loading what comes after the unlock page."""

CHEAP = KdfProfile(time=1, memory=64, lanes=1)
"""For tests, handed to the vault's constructor; a vault of the production profile refuses files made with it."""

LEAST = KdfProfile(time=1, memory=64 * 1024, lanes=1)
MOST = KdfProfile(time=16, memory=1024 * 1024, lanes=8)
MOST_WORK = 8 * PRODUCTION.time * PRODUCTION.memory


def stretch(passphrase: str, salt: bytes, profile: KdfProfile) -> bytes:
    """The root key of a passphrase. Compatibility forms are one: ａ１ of an input method is a1."""
    from argon2.exceptions import HashingError
    from argon2.low_level import Type, hash_secret_raw

    secret = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    try:
        return hash_secret_raw(secret, salt, profile.time, profile.memory, profile.lanes, KEY, Type.ID)
    except HashingError as error:
        raise StoreProblem(
            "Not enough memory to check the passphrase: {size} MB are needed. Close other programs, then try again.",
            size=profile.memory // 1024,
        ) from error


def derive(key: bytes, label: str, length: int = KEY) -> bytes:
    """A key for one purpose. Keys of different labels tell nothing about each other or about ``key``."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), length, None, f"gridworker/{label}".encode()).derive(key)
