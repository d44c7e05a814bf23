"""Taking ops or values out of the log, with the journal as sound afterwards as before.

The log only ever grows, but for three things: an erasure blanks values, a laptop evicts records that left its scope,
and it compacts values that were superseded. Each changes ops that links of the journal are MACed over. In the
transaction that is open, the links from the first one touched on are checked against the log as it was and then MACed
anew over the log as it becomes, so that a change behind the program's back is never covered up by one of ours. A link
stays in its place when its ops go: numbers of links are stream numbers.

The cost is that of reading the ops from the first link touched to the end.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from gridworker.errors import StoreDamaged
from gridworker.store.log.journal import GENESIS, Batch, Journal, Part, pack_clks
from gridworker.store.log.log import Columns, Cursor, Log
from gridworker.store.log.sheaves import Sheaves
from gridworker.store.meta import Meta
from gridworker.store.worked_out import let_go

RELINKED = "relinked"
"""In meta: the first link that was MACed anew since the mark outside the store was raised (see lives.py); 0: none."""


def relink(cursor: Cursor, key: bytes, gone: Collection[int], vals: Mapping[int, bytes]) -> int:
    """Take the ops ``gone`` out of the log and give others new ``vals``. Returns the first link that changed, or 0.

    Raises StoreDamaged where the log is not what the journal says, before anything is changed.
    """
    touched = frozenset(gone) | vals.keys()
    links = _from_first(cursor, key, touched)
    if not links:
        return 0
    let_go(cursor)  # it may name records that are leaving
    changed = list(_anew(cursor, key, links, _Changes(cursor, frozenset(gone), vals, touched)))
    Sheaves(cursor).take_out(touched)
    cursor.executemany("DELETE FROM op WHERE clk = ?", [(clk,) for clk in sorted(gone)])
    cursor.executemany("UPDATE op SET vals = ? WHERE clk = ?", [(vals[clk], clk) for clk in sorted(vals)])
    cursor.executemany("UPDATE batch SET clks = ?, mac = ? WHERE no = ?", changed)
    meta, first = Meta(cursor), links[0].no
    meta.set(RELINKED, min(meta.number(RELINKED) or first, first))
    return first


def rechain(cursor: Cursor, old: bytes, new: bytes) -> None:
    """MAC all links anew under another key, each checked under the old one first. Raises StoreDamaged."""
    before, after, macs = GENESIS, GENESIS, list[tuple[bytes, int]]()
    journal, anew = Journal(cursor, old), Journal(cursor, new)
    for number, link in enumerate(journal.links(), start=1):
        parts = journal.parts(link, before)
        if parts is None or link.no != number:
            raise _not_sound()
        before = link.mac
        after = anew.mac(after, link.no, link.entry, link.clks, parts)
        macs.append((after, link.no))
    cursor.executemany("UPDATE batch SET mac = ? WHERE no = ?", macs)


def _from_first(cursor: Cursor, key: bytes, touched: Collection[int]) -> list[Batch]:
    """The links from the first that brought one of these ops on, found from the end: every op is in one link only."""
    left, found = set(touched), list[Batch]()
    at = 0
    for link in reversed(list(Journal(cursor, key).links())):
        if not left:
            break
        found.append(link)
        here = left.intersection(link.op_clks)
        if here:
            left -= here
            at = len(found)
    if left:
        raise _not_sound()
    return found[:at][::-1]


class _Changes:
    """What becomes of the ops of a link."""

    def __init__(
        self, cursor: Cursor, gone: frozenset[int], vals: Mapping[int, bytes], touched: frozenset[int]
    ) -> None:
        self._log = Log(cursor)
        self._gone = gone
        self._vals = vals
        self._touched = touched

    def of(self, part: Part) -> Part:
        """A part as it will be; the same where nothing in it changes."""
        if self._touched.isdisjoint(part.clks):
            return part
        rows = self._log.rows(part.clks)
        kept = [rows[clk] for clk in part.clks if clk not in self._gone]
        return Part.of(Columns.of([row._replace(vals=self._vals.get(row.clk, row.vals)) for row in kept]))


def _anew(cursor: Cursor, key: bytes, links: Sequence[Batch], changes: _Changes) -> Iterator[tuple[bytes, bytes, int]]:
    """(clks, mac, number) of links that follow from each other, as they will be."""
    journal = Journal(cursor, key)
    before = journal.link(links[0].no - 1)
    old = new = before.mac if before else GENESIS
    expected = links[0].no
    for link in links:
        parts = journal.parts(link, old)
        if parts is None or link.no != expected:
            raise _not_sound()
        old, expected = link.mac, expected + 1
        left = [part for part in map(changes.of, parts) if part.clks]
        clks = pack_clks(part.clks for part in left)
        new = journal.mac(new, link.no, link.entry, clks, left)
        yield clks, new, link.no


def _not_sound() -> StoreDamaged:
    return StoreDamaged(
        "The journal does not fit the data, so nothing was removed. Check the store, and put back the newest backup."
    )
