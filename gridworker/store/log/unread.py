"""Ops of sorts that this version does not know: logged, passed on, judged and erased like others, read by a later one.

Nothing is shown of them and they are nobody's head, so no way leads to them from there. Beside the heads that are not
understood ``pending`` names them, each once, in place of a field under ``UNREAD``. An op that another names is here
whatever its sort; what a newer version lets it replace shows after the upgrade, which reads all heads anew.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gridworker.store.log.op import UNREAD, What, is_known

if TYPE_CHECKING:
    from gridworker.store.log.log import Columns, Cursor

_INSERT = "INSERT OR IGNORE INTO pending (record, field, clk, kind) VALUES (?,?,?,?)"


def keep(cursor: "Cursor", ops: "Columns") -> None:
    """Remember those of a lot that was just logged; nearly always none."""
    if all(map(is_known, set(ops.what))):
        return
    columns = zip(ops.record, ops.clk, ops.kind, ops.what, strict=True)
    cursor.executemany(
        _INSERT, [(record, UNREAD, clk, kind) for record, clk, kind, what in columns if not is_known(what)]
    )


def rebuild(cursor: "Cursor") -> None:
    """Remember those of the whole log, once ``pending`` is empty."""
    cursor.executemany(_INSERT, [(record, UNREAD, clk, kind) for record, clk, kind in _by_scan(cursor)])


def on(cursor: "Cursor", records: Iterable[int]) -> list[int]:
    """The clks of those on some records."""
    from gridworker.store.log.log import id_list

    cursor.execute(
        "SELECT clk FROM pending WHERE record IN (SELECT value FROM json_each(?)) AND field = ?",
        (id_list(records), UNREAD),
    )
    return [row[0] for row in cursor.fetchall()]


def differing(cursor: "Cursor") -> Iterator[int]:
    """Records of which ``pending`` and the log do not name the same."""
    cursor.execute("SELECT record, clk, kind FROM pending WHERE field = ?", (UNREAD,))
    yield from {record for record, _, _ in set(cursor.fetchall()) ^ _by_scan(cursor)}


def _by_scan(cursor: "Cursor") -> set[tuple[int, int, int]]:
    known = ",".join(str(int(what)) for what in What if is_known(what))
    cursor.execute(f"SELECT record, clk, kind FROM op WHERE what NOT IN ({known})")
    return set(cursor.fetchall())
