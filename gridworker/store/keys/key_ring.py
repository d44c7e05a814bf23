"""The key ring of the system (GNOME Keyring, KWallet, Keychain, Credential Manager), where there is one.

The package ``keyring`` is an extra and is imported where it is used. What lies in a key ring never opens anything by
itself: it makes a shorter passphrase enough on the computer it was set on.
"""

import secrets
from base64 import b64decode, b64encode
from contextlib import suppress
from importlib import import_module
from typing import Protocol, cast

from gridworker.errors import StoreProblem
from gridworker.store.keys.sealing import Ring

SERVICE = "Gridworker"
SECRET = 32
_PROBE = "probe"


class _Library(Protocol):
    """What is used of the package."""

    def get_password(self, service: str, name: str) -> str | None:
        """What is kept, or None."""

    def set_password(self, service: str, name: str, secret: str) -> None:
        """Keep something."""

    def delete_password(self, service: str, name: str) -> None:
        """Let it go."""


def is_there() -> bool:
    """Whether a key ring is open in this session, found out by asking it for something it does not have."""
    try:
        _ring().get_password(SERVICE, _PROBE)
    except StoreProblem:
        return False
    except Exception:  # noqa: BLE001 - any back end of any system may be behind it
        return False
    return True


def keep_new() -> Ring:
    """A new secret, kept under a new name: until the slot that needs it is written, the one before stays good.

    Raises StoreProblem where there is no key ring.
    """
    ring = Ring(secrets.token_hex(8), secrets.token_bytes(SECRET))
    try:
        _ring().set_password(SERVICE, ring.entry, b64encode(ring.secret).decode())
    except Exception as fault:
        raise _none() from fault
    return ring


def secret_of(entry: str) -> bytes:
    """What is kept under a name. Raises StoreProblem where it is not to be had."""
    try:
        found = _ring().get_password(SERVICE, entry)
        return b64decode(found or "", validate=True) if found else b""
    except Exception as fault:
        raise _none() from fault


def forget(entry: str) -> None:
    """Let a secret go; one that stays opens nothing."""
    with suppress(Exception):
        _ring().delete_password(SERVICE, entry)


def _ring() -> _Library:
    try:
        return cast("_Library", import_module("keyring"))
    except ImportError as fault:
        raise _none() from fault


def _none() -> StoreProblem:
    return StoreProblem(
        "This passphrase works together with the key ring of this computer's user, and none is open here. Log in to "
        "the desktop as that user; or have the passphrase reset by the office."
    )
