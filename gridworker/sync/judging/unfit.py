"""Keeping what a bundle brings and is not applied, lot by lot: a bundle may be nothing but that."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gridworker.store.log.log import Cursor, chunks
from gridworker.store.log.op import Author, OpRow
from gridworker.store.streams import Aside, Exchange
from gridworker.sync.judging.judge import FORK
from gridworker.sync.judging.rulings import to_set_aside
from gridworker.sync.standing import chain_to

LOT = 2000
"""Ops that are looked at together."""


class Lot(NamedTuple):
    """What ops come in: who wrote them, the hash of the bundle, and of the one it follows."""

    authors: Sequence[Author]
    source: bytes
    prev: str | None = None


@dataclass
class SetAside:
    """How many ops were set aside that had not been before, and those of them that bear the clk of another."""

    count: int = 0
    forks: list[Aside] = field(default_factory=list)


def set_aside(cursor: Cursor, unfit: Sequence[tuple[OpRow, str]], lot: Lot) -> SetAside:
    """Keep what is not applied, each with its reason, but what came before."""
    kept, exchange = SetAside(), Exchange(cursor)
    for part in chunks(unfit, LOT):
        come = [
            Aside(row.clk, row.kind, row.record, row.what, *lot.authors[row.author], row.vals, reason, lot.source)
            for row, reason in part
        ]
        new = to_set_aside(cursor, come)
        exchange.set_aside([*new, *(_once_more(exchange, come, lot) if len(new) < len(come) else ())])
        kept.count += len(new)
        kept.forks += [op for op in new if op.reason == FORK]
    return kept


def _once_more(exchange: Exchange, come: Sequence[Aside], lot: Lot) -> list[Aside]:
    """What was written anew before comes in other bundles: those that follow these mean it by its clk, too."""
    before = [op for op in exchange.aside_among(op.clk for op in come) if op.reason == FORK and op.written]
    chain = {lot.source, *chain_to(exchange, lot.prev)} if before else set()
    followed = {op.clk for op in before if op.source in chain}
    known = {(*op[:4], op.vals): op for op in before if op.clk not in followed}
    found = [known.get((*op[:4], op.vals)) for op in exchange.bare(come)] if known else []
    return [op._replace(source=lot.source) for op in found if op is not None]
