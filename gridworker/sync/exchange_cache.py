"""The tables of the exchange, each thing asked once: for many bundles that go in together and change none of it."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from gridworker.store.log.log import Cursor
from gridworker.store.streams import BundleRow, Exchange, KitRow, PeerKey

_T = TypeVar("_T")


class CachedExchange(Exchange):
    """Remembers what it was asked, as long as nothing writes."""

    def __init__(self, cursor: Cursor) -> None:
        super().__init__(cursor)
        self._found: dict[object, Any] = {}

    def pinned(self, laptop: int | None = None) -> list[PeerKey]:
        """See Exchange."""
        return self._kept(("pinned", laptop), partial(super().pinned, laptop))

    def kit(self, laptop: int) -> KitRow | None:
        """See Exchange."""
        return self._kept(("kit", laptop), partial(super().kit, laptop))

    def bundle(self, hash_: bytes) -> BundleRow | None:
        """See Exchange."""
        return self._kept(hash_, partial(super().bundle, hash_))

    def _kept(self, what: object, ask: Callable[[], _T]) -> _T:
        if what not in self._found:
            self._found[what] = ask()
        found: _T = self._found[what]
        return found
