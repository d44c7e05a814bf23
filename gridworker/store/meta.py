"""What a store knows of itself: whose it is, its number and life, its clock, the version that wrote its tables."""

from dataclasses import dataclass

from gridworker.store.log.clock import device
from gridworker.store.log.log import Cursor

OFFICE_ROLE = "office"
FIELD_ROLE = "field"

HANDED_OUT = "handed_out"
"""What each person has handed out of late, and when: as app/ledger/handed_out.py writes it."""

FOLLOWS = "put_back_follows"
"""In ``meta`` and among the secrets, from the moment a backup is in its place until all that follows is done."""

STALE = "backups_stale"
"""In ``meta``: backups that end before this link of the journal hold, or are opened by, what has to go; 0 for none."""

FILES_SETTLED = "files_settled"
"""In ``meta``: the last STALE for which the files of outbox and archive were gone through after it was cut off."""

BORNE = "erasures_borne"
"""In ``meta`` of a backup that was made anew: erasures it bears that no link of its journal tells of."""

BORNE_OPS = "erasures_borne_ops"
"""In ``meta`` of such a backup: the ops of these erasures (erasure/borne.py)."""

RENEWED = "backups_renewed"
"""In ``meta``: the places in which backups were made anew, with the STALE for which, and what lay there then."""

LATE_LOOKED = "late_looked"
"""In ``meta`` of the office: the link of the journal up to which was looked for what came late about somebody who is
forgotten. A kill between bundle and look is made up for by it."""


class Meta:
    """Named values of the store, read and written inside the caller's transaction."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def number(self, name: str, default: int = 0) -> int:
        """An integer."""
        value = self._get(name)
        return default if value is None else int(str(value))

    def text(self, name: str, default: str = "") -> str:
        """A text."""
        value = self._get(name)
        return default if value is None else str(value)

    def blob(self, name: str) -> bytes | None:
        """Raw bytes."""
        value = self._get(name)
        return value if isinstance(value, bytes) else None

    def highest(self, table: str, column: str) -> int:
        """The highest number in a column; 0 where there is none."""
        self._cursor.execute(f'SELECT coalesce(max("{column}"), 0) FROM "{table}"')
        return int(self._cursor.fetchone()[0])

    def set(self, name: str, value: int | str | bytes | None) -> None:
        """Write one value."""
        self._cursor.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?,?)", (name, value))

    def secret(self, name: str) -> bytes | None:
        """Key material; it never leaves the encrypted store unsealed."""
        self._cursor.execute("SELECT value FROM secret WHERE name = ?", (name,))
        found = self._cursor.fetchone()
        return found[0] if found else None

    def set_secret(self, name: str, value: bytes) -> None:
        """Keep key material."""
        self._cursor.execute("INSERT OR REPLACE INTO secret (name, value) VALUES (?,?)", (name, value))

    def forget_secret(self, name: str) -> None:
        """Let key material go."""
        self._cursor.execute("DELETE FROM secret WHERE name = ?", (name,))

    def _get(self, name: str) -> object:
        self._cursor.execute("SELECT value FROM meta WHERE name = ?", (name,))
        found = self._cursor.fetchone()
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose store this is. ``laptop`` 0 is the office; ``scope`` is the scope number it has taken in."""

    role: str
    community: str
    laptop: int
    incarnation: int
    scope: int = 0

    @property
    def device(self) -> int:
        """Laptop number and incarnation in 16 bits."""
        return device(self.laptop, self.incarnation)

    @property
    def is_office(self) -> bool:
        """Whether this is the office's store."""
        return self.role == OFFICE_ROLE

    def save(self, meta: Meta) -> None:
        """Write it to a store."""
        for name in ("role", "community", "laptop", "incarnation", "scope"):
            meta.set(name, getattr(self, name))

    @staticmethod
    def load(meta: Meta) -> "Identity":
        """Read it from a store."""
        return Identity(
            meta.text("role"),
            meta.text("community"),
            meta.number("laptop"),
            meta.number("incarnation"),
            meta.number("scope"),
        )
