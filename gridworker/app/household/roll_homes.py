"""Who is in the list of households, by numbers that stay: what orders and filters in memory are made of."""

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence

PLACE = "I"
"""The place of a household among all takes 32 bits."""


class Homes:
    """The ids by place: as they were read, ascending, then those who came since as they came.

    So a place stays that of its household whoever comes. Who has left keeps theirs and is ``gone``.
    """

    def __init__(
        self, ids: "array[int]", read: int | None = None, gone: Iterable[int] = (), code: bytes | None = None
    ) -> None:
        self.ids = ids
        self.read = len(ids) if read is None else read
        self.gone = set(gone)
        self._late = {ids[place]: place for place in range(self.read, len(ids))}
        self._aged: array[int] | None = None
        self._code = code

    @property
    def code(self) -> bytes:
        """What those are told by that were read, whoever came since."""
        if self._code is None:
            self._code = hashlib.sha256(self.ids[: self.read].tobytes()).digest()
        return self._code

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def living(self) -> int:
        """How many are in the list."""
        return len(self.ids) - len(self.gone)

    def place(self, home: int) -> int | None:
        """The place of a household, be it gone or not; None for one that never was in the list."""
        place = bisect_left(self.ids, home, 0, self.read)
        if place < self.read and self.ids[place] == home:
            return place
        return self._late.get(home)

    def places(self, homes: Iterable[int]) -> set[int]:
        """The places of some, those who never had one left out."""
        return {place for home in homes if (place := self.place(home)) is not None}

    def take(self, asked: Collection[int], living: Collection[int]) -> None:
        """Some were asked about, and these of them live here."""
        for home in sorted(asked):
            place = self.place(home)
            if home in living and place is None:
                self._late[home] = len(self.ids)
                self.ids.append(home)
            elif home in living and place is not None:
                self.gone.discard(place)
            elif place is not None:
                self.gone.add(place)
        self._aged = None

    def aged(self, *, oldest_first: bool) -> Sequence[int]:
        """The places by the age of their files."""
        if not self._late and not self.gone:
            whole = range(len(self.ids))
            return whole if oldest_first else whole[::-1]
        if self._aged is None:
            self._aged = array(PLACE, self._by_age())
        return self._aged if oldest_first else self._aged[::-1]

    def _by_age(self) -> Iterator[int]:
        at = 0
        for home in (*sorted(self._late), None):
            until = self.read if home is None else bisect_left(self.ids, home, 0, self.read)
            yield from (place for place in range(at, until) if place not in self.gone)
            if home is not None and self._late[home] not in self.gone:
                yield self._late[home]
            at = until
