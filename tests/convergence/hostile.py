"""Run by test_hostile: an enrolled laptop signs what it likes, and the office takes it in.

Usage: hostile.py TEMPLATE FOLDER. Each bundle has one good edit and one op that no honest program writes. It is refused
whole, or the good edit goes in and the other is set aside. Prints the slowest bundle in seconds and the peak of memory
in MiB; exits 1 where the store is not sound, or holds what it should not.
"""

import re
import shutil
import struct
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgpack

from gridworker.app.workspace import Workspace
from gridworker.errors import BundleProblem
from gridworker.store.log.clock import INCARNATION_BITS, TICK
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_edits
from gridworker.store.streams import Exchange
from gridworker.sync.format.bundle import Contents, write_bundle
from gridworker.sync.format.keys import DeviceKeys
from gridworker.sync.post import Post
from tests.circle import Circle, head, is_as_before
from tests.convergence.ground import OFFICE
from tests.convergence.told import ops_of

RESIDENT, NOTE, NAME = 6, 13, 1
LAPTOP, ELSEWHERE = "laptop-1", 900 << INCARNATION_BITS


def values() -> Iterator[tuple[str, bytes]]:
    """``vals`` of an edit that must not go in."""
    yield "deep", b"\x91" * 60_000
    yield "deep in a field", b"\x93\x0d" + b"\x91" * 900 + b"\xc0\x00"
    yield "not a number", b"\x93\x0d\xcb" + struct.pack(">d", float("nan")) + b"\x00"
    yield "infinite", b"\x93\x0d\xcb" + struct.pack(">d", float("inf")) + b"\x00"
    yield "2**63", msgpack.packb([NOTE, 2**63, 0])
    yield "below -2**62", msgpack.packb([NOTE, -(2**63), 0])
    yield "field twice", msgpack.packb([NOTE, "甲", 0, NOTE, "乙", 0])
    yield "fields out of order", msgpack.packb([NOTE, "甲", 0, NAME, "乙", 0])
    yield "negative field", msgpack.packb([-1, "甲", 0])
    yield "huge field", msgpack.packb([2**40, "甲", 0])
    yield "NUL", msgpack.packb([NOTE, "甲\0乙", 0])
    yield "lone surrogate", b"\x93\x0d\xa3\xed\xa0\x80\x00"
    yield "long text", msgpack.packb([NOTE, "x" * 1_000_000, 0])
    yield "map", msgpack.packb([NOTE, {"a": 1}, 0])
    yield "bytes", msgpack.packb([NOTE, b"abc", 0])
    yield "truth", msgpack.packb([NOTE, True, 0])
    yield "over is text", msgpack.packb([NOTE, "甲", "0"])
    yield "over is huge", msgpack.packb([NOTE, "甲", [2**63]])
    yield "many overs", msgpack.packb([NOTE, "甲", list(range(1, 100_000))])
    yield "longer than it need be", b"\xdc\x00\x03\x0d\xa1a\x00"
    yield "cut short", b"\x93\x0d"
    yield "nothing", b""
    yield "two things", msgpack.packb([NOTE, "甲", 0]) * 2


def hostile(clk: int, resident: int, stranger: int, grid: int) -> Iterator[tuple[str, OpRow]]:
    """Ops that must not go in."""
    for name, vals in values():
        yield name, OpRow(clk, RESIDENT, resident, What.EDIT, 0, vals)
    plain = pack_edits(resident, [Edit(NOTE, "甲", (resident,))])
    yield "somebody of another grid", OpRow(clk, RESIDENT, stranger, What.EDIT, 0, plain)
    yield "a grid", OpRow(clk, 2, grid, What.EDIT, 0, pack_edits(grid, [Edit(1, "我的网格", (grid,))]))
    yield "another kind", OpRow(clk, 5, resident, What.EDIT, 0, plain)
    yield "another's op", OpRow(clk & ~(TICK - 1) | ELSEWHERE, RESIDENT, resident, What.EDIT, 0, plain)
    yield "an erasure", OpRow(clk, RESIDENT, resident, What.ERASE, 0, pack_edits(resident, [Edit(NOTE, None, ())]))
    yield "a verdict", OpRow(clk, RESIDENT, resident, What.VERDICT, 0, plain)


class Liar:
    """A laptop with its own keys, and an office that knows it."""

    def __init__(self, circle: Circle) -> None:
        self.office, self.laptop = circle.office, circle.open(LAPTOP)
        store = self.laptop.session.store
        with store.settings() as settings:
            self._keys = DeviceKeys.parse(settings.secret("device_keys") or b"")
        post = Post(store, self.laptop.session.folder, self.laptop.session.who)
        self._header, _, self._to, _ = post.prepared(self.laptop.session.now(), 0)
        self._n = self._header.n
        self._path = circle.stick / "lie.gwb"
        mine = {one.id for one in self.laptop.records.page("resident")}
        self.resident = min(mine)
        self.stranger = min(one.id for one in self.office.records.page("resident") if one.id not in mine)
        self.grid = self.laptop.session.grids()[0]

    def new_clk(self) -> int:
        """A clk of the laptop."""
        return self.laptop.session.store.new_id()

    def tell(self, rows: list[OpRow]) -> float:
        """Sign and hand in. Returns the seconds the office takes."""
        self._n += 1
        header = replace(self._header, n=self._n, prev=None, upto=max(row.clk for row in rows))
        authors = [Author(self.laptop.session.who, 1)]
        self._path.write_bytes(write_bundle(Contents(header, rows, authors), self._keys, [self._to]).data)
        began = time.perf_counter()
        before, refused = head(self.office), False
        try:
            self.office.exchange.merge(self._path)
        except BundleProblem:
            refused = True
        if refused and not is_as_before(self.office, before):
            sys.exit("a bundle was refused, and the store changed")
        return time.perf_counter() - began


def require_aside(office: Workspace, name: str, good: OpRow, bad: OpRow) -> None:
    """The good op went in unless the bundle was refused; the bad one did not."""
    there = {row.clk: row for row in ops_of(office)}
    if bad.clk in there:
        sys.exit(f"{name}: it went in")
    with office.session.store.cursor() as cursor:
        aside = {(op.clk, op.record) for op in Exchange(cursor).aside()}
    if good.clk in there and (bad.clk, bad.record) not in aside:
        sys.exit(f"{name}: it is neither refused nor set aside")


def main() -> None:
    """All of them."""
    template, folder = Path(sys.argv[1]), Path(sys.argv[2])
    for name in (OFFICE, LAPTOP):
        shutil.copytree(template / name, folder / name)
    circle = Circle(folder)
    liar, slowest, last = Liar(circle), 0.0, 0
    for name, _ in hostile(1, 1, 1, 1):
        good_clk, bad_clk = liar.new_clk(), liar.new_clk()
        edit = Edit(NOTE, f"真的 {name}", (last or liar.resident,))
        good = OpRow(good_clk, RESIDENT, liar.resident, What.EDIT, 0, pack_edits(liar.resident, [edit]))
        bad = dict(hostile(bad_clk, liar.resident, liar.stranger, liar.grid))[name]
        slowest = max(slowest, liar.tell(sorted([good, bad])))
        require_aside(circle.office, name, good, bad)
        last = good_clk if any(row.clk == good_clk for row in ops_of(circle.office)) else last
    strange = OpRow(liar.new_clk(), RESIDENT, liar.resident, What.EDIT, 0, msgpack.packb([NAME, "\u202e甲\u2066", 0]))
    slowest = max(slowest, liar.tell([strange]))
    faults = circle.office.care_of_store.check()
    if faults or not last:
        sys.exit(f"not sound: {faults}")
    circle.close()
    # Not ru_maxrss: a child begins with that of its parent, which may have grown.
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    sys.stdout.write(f"{slowest} {int(peak[1]) / 1024 if peak else 0}\n")


if __name__ == "__main__":
    main()
