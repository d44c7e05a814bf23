"""Two ops under one clk: a copied laptop, or one set back, gave out a clk that its twin gave out too (sync.md 5).

The office keeps the one that came first and writes the other anew, over what that had replaced and without naming the
clk, so that both stand beside each other for a person. The laptop that wrote it is told by what hash, for the clk alone
would mean either; it lets its own go, takes in the one that won, and goes on as a new life.
"""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgpack

from gridworker.store.changes import Act
from gridworker.store.clock import device_of, laptop_of
from gridworker.store.lives import take_new_life
from gridworker.store.log import Log
from gridworker.store.op import Author, OpRow
from gridworker.store.reissue import let_go
from gridworker.store.store import Incoming
from gridworker.store.streams import Aside, Exchange
from gridworker.sync.header import MAX_REISSUED, Header
from gridworker.sync.judge import FORK
from gridworker.sync.rulings import acceptable, rule
from gridworker.sync.traces import Reissued

if TYPE_CHECKING:
    from gridworker.store.store import Store


def write_anew(store: "Store", forks: Sequence[OpRow], aside: Sequence[Aside], who: int) -> None:
    """At the office: write ops that were fit but for their clk as ops of the office."""
    clks = {row.clk for row in forks}
    ops = [op for op in aside if op.reason == FORK and op.clk in clks and acceptable(op)]
    if ops:
        rule(store, ops, Act("verdict", who, count=len(ops), detail=FORK), accept=True)


def reissued(exchange: Exchange, laptop: int) -> tuple[Reissued, ...]:
    """What a laptop is told of its ops that were written anew."""
    ops = [op for op in exchange.ruled() if op.reason == FORK and op.written and laptop_of(op.clk) == laptop]
    return tuple(Reissued(op.clk, hash_of(op), op.written or 0) for op in ops[-MAX_REISSUED:])


def hash_of(op: Aside | OpRow) -> bytes:
    """Which of two ops under one clk it is: SHA-256 over clk, kind, record, what and values in msgpack."""
    return hashlib.sha256(msgpack.packb([op.clk, op.kind, op.record, int(op.what), op.vals])).digest()


def take_reissued(store: "Store", header: Header, who: int) -> None:
    """On a laptop: let go of what was written anew, and take in what stands under those clks instead."""
    told = {one.clk: one.hash for one in header.reissued}
    if not told:
        return
    with store.cursor() as cursor:
        lost = {clk: row for clk, row in Log(cursor).rows(told).items() if hash_of(row) == told[clk]}
        winners = [op for op in Exchange(cursor).aside_among(lost) if op.reason == FORK]
    if not lost:
        return
    let_go(store, lost, Act.note("reissue", who))
    if winners:
        rows = [OpRow(*op[:4], number, op.vals) for number, op in enumerate(winners)]
        store.apply(Incoming(rows, [Author(op.who, op.scope) for op in winners], Act("merge", who)))
    if store.identity.device in map(device_of, lost):
        take_new_life(store)
