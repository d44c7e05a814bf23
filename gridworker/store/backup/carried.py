"""What goes over into the store a backup gave, from the one that was here: drafts, keys of photos, rows of the audit.

To put a backup back must not be a way to take a look or an export out of the audit: rows of this device that the backup
does not have are written once more, under new ids, for their own may still come by a salvage; who, when and on which
life of the device stay as they were. What was half written goes over too: nobody goes back for the sake of that. And
so do the keys of files that lie here: a file without a key is swept away, and a salvage would bring its record alone.

All of it is written into the new store before that takes the old one's place, so a cut leaves all of it or nothing.
What can only follow then, the archive and a salvage, is noted in it and taken up at the next start until it is done.
"""

import json
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from gridworker.errors import StoreProblem
from gridworker.store.attached import Attached
from gridworker.store.backup.account import account
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.intake.transaction import Commit
from gridworker.store.log.clock import OFFICE, device_of, laptop_of
from gridworker.store.log.journal import Journal
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import Author, OpRow
from gridworker.store.meta import FOLLOWS, HANDED_OUT, Meta
from gridworker.store.store import Incoming, Store
from gridworker.store.streams import Exchange, authors_of
from gridworker.store.tables.changes import AUDIT, NOTE, Act
from gridworker.store.tables.layout import table_named

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gridworker.paths import Folder
    from gridworker.store.engine.database import Connection
    from gridworker.store.keys.vault import Keys

PUT_BACK = "put_back"
"""The act that puts a backup back."""

Draft: TypeAlias = tuple[str, bytes, int]
"""Name, body, moment."""


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What a store has beyond a backup of it. ``author`` in ``rows`` is an index into ``authors``."""

    rows: tuple[OpRow, ...] = ()
    authors: tuple[Author, ...] = ()
    drafts: tuple[Draft, ...] = ()
    files: tuple[Attached, ...] = ()
    handed_out: str = ""
    """What was handed out on a day: the cap of a day is none where a backup of the morning begins it anew."""


def left_behind(folder: "Folder", keys: "Keys", chain: int) -> LeftBehind:
    """What the store in a folder has beyond link ``chain`` of its journal, as far as it can still be read."""
    rows: list[OpRow] = []
    authors: list[Author] = []
    beside: dict[str, list[tuple[object, ...]]] = {}
    if not folder.database.exists():
        return LeftBehind()
    with suppress(StoreProblem):
        beside = account(folder.database, keys, _BESIDE)
    with suppress(StoreProblem), closing(Database(folder.database, keys.dek, read_only=True)) as db:
        store = Store(db, keys.derive("chain"))
        with store.cursor() as cursor:
            rows, authors = authors_of(cursor, _audit_after(cursor, store, chain))
    files = _with_key([*beside.get("attached", ()), *beside.get("mislaid", ())])
    handed_out = dict(row for row in beside.get("meta", ()) if len(row) == 2).get(HANDED_OUT)
    return LeftBehind(
        tuple(rows), tuple(authors), _drafts(beside.get("draft", ())), files, str(handed_out) if handed_out else ""
    )


_BESIDE = ("draft", "attached", "mislaid", "meta")
"""What goes over and is in no log."""


def _with_key(rows: "Iterable[tuple[object, ...]]") -> tuple[Attached, ...]:
    """The files whose key is known, those too that were not found of late: they may lie elsewhere for now."""
    return tuple(
        Attached(row[0], row[1], row[2], row[3]) for row in rows
        if len(row) >= 4 and isinstance(row[0], bytes) and isinstance(row[1], int)
        and isinstance(row[2], str) and isinstance(row[3], bytes)
    )  # fmt: skip


def drafts_of(path: "Path", keys: "Keys") -> tuple[Draft, ...]:
    """The drafts in a store file that nobody has open, as far as they can be read."""
    with suppress(StoreProblem):
        return _drafts(account(path, keys, ("draft",))["draft"])
    return ()


def files_of(path: "Path", keys: "Keys") -> tuple[Attached, ...]:
    """The files whose key a store file knows that nobody has open, as far as it can be read."""
    with suppress(StoreProblem):
        found = account(path, keys, ("attached", "mislaid"))
        return _with_key([*found["attached"], *found["mislaid"]])
    return ()


def _drafts(rows: "Iterable[tuple[object, ...]]") -> tuple[Draft, ...]:
    return tuple(
        (row[0], row[1], row[2]) for row in rows
        if len(row) == 3 and isinstance(row[0], str) and isinstance(row[1], bytes) and isinstance(row[2], int)
    )  # fmt: skip


def drafts_in(cursor: Cursor) -> tuple[Draft, ...]:
    """All drafts."""
    cursor.execute("SELECT name, body, at FROM draft")
    return tuple((name, body, at) for name, body, at in cursor.fetchall())


def put_drafts(cursor: Cursor, drafts: "Iterable[Draft]") -> None:
    """Keep drafts; where one is here already, the later stays."""
    cursor.executemany(
        "INSERT INTO draft (name, body, at) VALUES (?,?,?) ON CONFLICT (name) DO UPDATE "
        "SET body = excluded.body, at = excluded.at WHERE excluded.at > at",
        list(drafts),
    )


def bring_keys(folder: "Folder", keys: "Keys", left: LeftBehind) -> None:
    """Know the keys of the files that lie in a folder, before its store is opened and sweeps away what has none."""
    if not left.files:
        return
    with closing(Database(folder.database, keys.dek)) as db, db.write() as connection:
        raw_cursor(connection).executemany(
            "INSERT INTO attached (hash, size, path, key, covered) VALUES (?,?,?,?,0) ON CONFLICT (hash) DO UPDATE "
            "SET path = excluded.path, key = excluded.key WHERE path IS NULL",
            [(file.hash, file.size, file.path, file.key) for file in left.files],
        )


def carry(folder: "Folder", keys: "Keys", left: LeftBehind, backup: str, follows: "Follows") -> None:
    """Write it into the store of the ``backup``, which nobody has open, and put on record that it was put back."""
    bring_keys(folder, keys, left)
    with closing(Store.open(Database(folder.database, keys.dek), keys.derive("chain"))) as store:
        with store.cursor() as cursor:
            who = keys.person or Meta(cursor).number("person")
        rows = [row._replace(clk=(made := store.new_id()), record=made) for row in left.rows]
        act = Act.note(PUT_BACK, who, count=len(rows), detail=backup)

        def beside(connection: "Connection", _commit: Commit) -> None:
            meta = Meta(raw_cursor(connection))
            put_drafts(raw_cursor(connection), left.drafts)
            meta.set(HANDED_OUT, both_handed_out(left.handed_out, meta.text(HANDED_OUT)))
            follows.note(meta)

        store.apply(Incoming(rows, left.authors, act, beside=beside))


def both_handed_out(one: str, other: str) -> str | None:
    """What two states of a store tell together, by the clock that is ahead. Of a form that is no more the newer one."""
    first, second = sorted((json.loads(said or "{}") for said in (one, other)), key=lambda said: said.get("time", 0))
    people = first.get("marks", {}), second.get("marks", {})
    both = {who: _later(people[0].get(who, {}), people[1].get(who, {})) for who in {*people[0], *people[1]}}
    return json.dumps({**second, "marks": both}) if "marks" in second else one or other or None


def _later(one: dict[str, float], other: dict[str, float]) -> dict[str, float]:
    return {mark: max(one.get(mark, 0), other.get(mark, 0)) for mark in sorted({*one, *other})}


@dataclass(frozen=True, slots=True)
class Follows:
    """What is still to be done once a backup is in its place: its archive, and a salvage of the store kept ``aside``.

    ``aside`` is the name of its folder, empty where nothing is to be taken out of it; ``dek`` is its data key.
    """

    aside: str = ""
    dek: bytes = field(default=b"", repr=False)

    def note(self, meta: Meta) -> None:
        """Keep it in the store until it is done."""
        meta.set(FOLLOWS, self.aside or ".")
        if self.aside:
            meta.set_secret(FOLLOWS, self.dek)

    @classmethod
    def noted(cls, meta: Meta) -> "Follows | None":
        """What is still to be done, if anything."""
        aside = meta.text(FOLLOWS)
        return cls(aside.strip("."), meta.secret(FOLLOWS) or b"") if aside else None

    @staticmethod
    def done(meta: Meta) -> None:
        """It was done."""
        meta.set(FOLLOWS, None)
        meta.forget_secret(FOLLOWS)


def not_carried(cursor: Cursor, rows: list[OpRow]) -> list[OpRow]:
    """Without those rows of the audit that ``carry`` has written under new ids already."""
    cursor.execute("SELECT no FROM batch WHERE act = ?", (f"{NOTE}{PUT_BACK}",))
    links = [Journal(cursor, b"").link(no) for (no,) in cursor.fetchall()]
    here = Log(cursor).rows(clk for link in links if link for clk in link.op_clks)
    said = Counter(row.vals for row in here.values())
    kept = []
    for row in rows:
        if said[row.vals] and row.kind == table_named(AUDIT).kind.number:
            said[row.vals] -= 1
        else:
            kept.append(row)
    return kept


def _audit_after(cursor: Cursor, store: Store, chain: int) -> list[OpRow]:
    """Rows of this device beyond a link; of a laptop those the office has not confirmed, for it has the others."""
    links = Journal(cursor, store.chain_key).links(chain)
    marks, laptop = Exchange(cursor).marks(), store.identity.laptop
    wanted = (clk for link in links for clk in link.op_clks if laptop_of(clk) == laptop)
    wanted = (clk for clk in wanted if laptop == OFFICE or clk > marks.get(device_of(clk), -1))
    return [row for row in Log(cursor).rows(wanted).values() if row.kind == table_named(AUDIT).kind.number]
