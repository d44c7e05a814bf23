"""What came of a newer version: kinds, fields and codes that this one keeps and passes on, and cannot show yet."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from gridworker.record import ALIVE
from gridworker.store.log.journal import Journal
from gridworker.store.log.log import Cursor, Log

if TYPE_CHECKING:
    from gridworker.store.store import Store


class Newer:
    """What is kept for a newer version in a store, asked link by link of its journal."""

    def __init__(self, cursor: Cursor, chain_key: bytes) -> None:
        self._log, self._journal = Log(cursor), Journal(cursor, chain_key)
        cursor.execute("SELECT record, field, clk FROM pending")
        found = cursor.fetchall()
        self._records = {record for record, field, _ in found if field == ALIVE}
        """Of kinds that are not known here."""
        self._values = Counter(clk for _, field, clk in found if field != ALIVE)

    def count(self, batch: int | None) -> int:
        """How many records and values of a link are kept so; nearly always none, which costs nothing to say."""
        if not batch or not (self._records or self._values):
            return 0
        link = self._journal.link(batch)
        came = set(link.op_clks) if link else set()
        values = sum(self._values[clk] for clk in self._values.keys() & came)  # a list of bundles asks for each of them
        return values + len(self._touched(came))

    def _touched(self, came: Collection[int]) -> set[int]:
        """Records of unknown kinds that were made or changed by some ops."""
        if not self._records:
            return set()
        return self._records & {row.record for row in self._log.rows(came).values()}


def kept_newer(store: "Store", batches: Iterable[int | None]) -> list[int]:
    """The same for each link of some that have just been taken in."""
    with store.cursor() as cursor:
        newer = Newer(cursor, store.chain_key)
        return list(map(newer.count, batches))
