"""Keeping what a bundle brings and is not applied, lot by lot: a bundle may be nothing but that."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from gridworker.store.log.log import Cursor, chunks
from gridworker.store.log.op import Author, OpRow
from gridworker.store.streams import Aside, Exchange
from gridworker.sync.judging.judge import FORK
from gridworker.sync.judging.rulings import to_set_aside

LOT = 2000
"""Ops that are looked at together."""


@dataclass
class SetAside:
    """How many ops were set aside that had not been before, and those of them that bear the clk of another."""

    count: int = 0
    forks: list[Aside] = field(default_factory=list)


def set_aside(cursor: Cursor, unfit: Sequence[tuple[OpRow, str]], authors: Sequence[Author], source: bytes) -> SetAside:
    """Keep what is not applied, each with its reason, but what came before. ``source`` is the bundle's hash."""
    kept, exchange = SetAside(), Exchange(cursor)
    for lot in chunks(unfit, LOT):
        new = to_set_aside(cursor, [
            Aside(row.clk, row.kind, row.record, row.what, *authors[row.author], row.vals, reason, source)
            for row, reason in lot
        ])  # fmt: skip
        exchange.set_aside(new)
        kept.count += len(new)
        kept.forks += [op for op in new if op.reason == FORK]
    return kept
