"""Small things a store remembers for the people at it, as texts by name. They stay here: no bundle has them."""

from gridworker.store.log.log import Cursor


class Remembering:
    """The texts, read and written inside the caller's transaction."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def all(self, prefix: str) -> dict[str, str]:
        """Those whose name begins so, by the rest of the name."""
        self._cursor.execute(
            "SELECT name, value FROM setting WHERE substr(name, 1, ?) = ? ORDER BY name", (len(prefix), prefix)
        )
        return {name[len(prefix) :]: value for name, value in self._cursor.fetchall()}

    def keep(self, name: str, text: str) -> None:
        """Remember a text."""
        self._cursor.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?,?)", (name, text))

    def forget(self, name: str) -> None:
        """Remember it no more."""
        self._cursor.execute("DELETE FROM setting WHERE name = ?", (name,))
