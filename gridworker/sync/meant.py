"""Which of two ops that bear one clk others mean by it (forks.py): it is told by the bundle they are in.

Whoever wrote over an op that lost had not seen the one that won: the op that lost is in the same bundle, or in one that
its bundle follows. That holds until its writer is told. Then it lets the op go, takes in the one that won, and goes on
as a new life: what that life writes means what everybody means.

A life of the office knew one op under a clk: all of its replies mean that one, whichever laptop they went to.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

import msgpack

from gridworker.store.intake.copies import Copies
from gridworker.store.log.clock import INCARNATION_BITS, OFFICE, device_of, laptop_of
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import OpRow, What, seen_in, unpack_all, unpack_create, unpack_edits
from gridworker.store.streams import Aside, BundleRow, Exchange
from gridworker.sync.format.header import Header, kept_header
from gridworker.sync.standing import chain_to

_T = TypeVar("_T")


class Chains:
    """By bundle: it and those it follows, as far as they are here, the newest first."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._found: dict[bytes, Sequence[bytes]] = {}

    def of(self, source: bytes) -> Sequence[bytes]:
        """Of the bundle with this hash."""
        if source not in self._found:
            self._found[source] = chain_to(self._exchange, source.hex()) or [source]
        return self._found[source]

    def meant(self, source: bytes, lost: Mapping[bytes, _T]) -> _T | None:
        """Of what lost under one clk, by bundle: what an op of a bundle means; None where it means what won."""
        if not lost:
            return None
        followed = next((one for one in self.of(source) if one in lost), None)
        found = self._told_with(source, lost) if followed is None else followed
        return None if found is None else lost[found]

    def _told_with(self, source: bytes, lost: Collection[bytes]) -> bytes | None:
        """Of some bundles one that the very life of the office wrote which wrote another."""
        writer = writer_of(self._exchange, source)
        if writer >> INCARNATION_BITS != OFFICE:
            return None
        return next((one for one in lost if writer_of(self._exchange, one) == writer), None)


class LostBefore:
    """Ops that lost in the bundles which one follows.

    ``laptop``: whose bundle it is; None for a reply that is given back, in which everybody means what that life of the
    office told: there an op that lacks no more than values which may have been erased does not count.
    """

    def __init__(self, cursor: Cursor, header: Header, laptop: int | None) -> None:
        self._exchange, self._header, self._laptop = Exchange(cursor), header, laptop
        forks = self._exchange.forks()
        own = [op for op in forks if laptop in {None, laptop_of(op.clk)}]
        self._chain = chain_to(self._exchange, header.prev) if own else []
        meant = set(self._chain)
        if laptop is None:
            own = _but_unclear(cursor, own)
            meant |= {one for one in {op.source for op in own} if writer_of(self._exchange, one) == header.sender}
        self._own = {op.clk: op for op in own if op.source in meant}
        # Where nothing here bears the clk of one that was written anew, whoever names it means it.
        gone = {op.clk for op in forks if op.written} - self._own.keys()
        gone -= Log(cursor).rows(gone).keys() if gone else set()
        self.held: Collection[int] = {clk for clk, op in self._own.items() if not op.written}
        """Those that wait for the office's word, or that it did not accept."""
        self.clks: Collection[int] = self._own.keys() | gone
        """All of them."""

    def are_meant(self, row: OpRow, clks: Collection[int]) -> bool:
        """Whether an op that names some of them means any: its writer had not been told yet that it had lost."""
        own = [clk for clk in clks if clk in self._own]
        return len(own) < len(clks) or any(device_of(row.clk) not in self._told[clk] for clk in own)

    @cached_property
    def _told(self) -> Mapping[int, set[int]]:
        """By clk: the lives of the laptop that had been told of it when they handed in."""
        if self._laptop is None:
            return defaultdict(set)
        before = _headers(filter(None, map(self._exchange.bundle, self._chain)))
        lives = [(one.sender, one.recipient, one.have.n) for one in (self._header, *before)]
        said: dict[tuple[int, bytes], list[tuple[int, int]]] = defaultdict(list)
        for reply in _headers(self._exchange.bundles(peer=self._laptop, outgoing=True)):
            for one in reply.reissued:
                said[one.clk, one.hash].append((reply.sender, reply.upto))
        return {
            clk: {life for life, office, n in lives for sender, upto in said[clk, hash_of(op)]
                  if sender == office and upto <= n}
            for clk, op in self._own.items()
        }  # fmt: skip


def writer_of(exchange: Exchange, source: bytes) -> int:
    """The life of the office that wrote a bundle, or whoever did; -1 where it is not here."""
    row = exchange.bundle(source)
    return kept_header(row.header).sender if row is not None and row.header else -1


def _but_unclear(cursor: Cursor, ops: Sequence[Aside]) -> list[Aside]:
    here, copies = Log(cursor).rows({op.clk for op in ops}), Copies(cursor)
    return [op for op in ops if op.clk not in here or not copies.are_unclear(here[op.clk], op.row)]


def hash_of(op: Aside | OpRow) -> bytes:
    """Which of two ops under one clk it is: SHA-256 over clk, kind, record, what and values in msgpack."""
    return hashlib.sha256(msgpack.packb([op.clk, op.kind, op.record, int(op.what), op.vals])).digest()


def _headers(rows: "Iterable[BundleRow]") -> list[Header]:
    return [kept_header(row.header) for row in rows if row.header]


def named_in(row: OpRow) -> set[int]:
    """All ops and records that an op may name: what it is about, replaces, had seen, refers to."""
    if row.what == What.CREATE:
        return {value for value in unpack_create(row.vals).values() if isinstance(value, int)}
    edits = unpack_edits(row.record, row.vals)
    (flat,) = unpack_all([row.vals])
    values = {edit.value for edit in edits if isinstance(edit.value, int)}
    return {row.record, *seen_in(flat), *values}.union(*(edit.over for edit in edits))
