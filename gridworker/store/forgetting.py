"""Erased values outside the log: ops that were set aside, and what was typed and not saved yet."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from gridworker import discover
from gridworker.record import Privacy, Spec, Type, Value
from gridworker.store.attached import Files
from gridworker.store.log.blanking import Erased, blanked
from gridworker.store.log.log import Cursor, Log, chunks, id_list
from gridworker.store.log.op import OpRow, What, unpack_create, unpack_edits

_TEXTS = frozenset({Type.TEXT, Type.NOTE, Type.PHONES, Type.ID_NUMBER})
_NUMBERS = frozenset({Type.PHONES, Type.ID_NUMBER})
SHORTEST = 2
"""Characters of a value that is looked for in drafts: one may stand for anything."""


def forget(cursor: Cursor, erased: Mapping[int, Erased], lost: Iterable[OpRow]) -> None:
    """Blank what else holds values of these records; ``lost`` are ops as they were before they were blanked."""
    lost = list(lost)
    Files(cursor).erase(lost)
    _blank_asides(cursor, erased)
    whole = _whole(cursor, erased)
    own = {word for row in lost for word in words_of(row, erased[row.record])}
    telling = {word for row in lost for word in words_of(row, erased[row.record], telling=row.record not in whole)}
    _Drafts(cursor, erased.keys(), whole | _silenced(cursor, erased)).clear(
        _longest_first(own), _longest_first(telling)
    )


def leave_to_redact(cursor: Cursor, rows: Iterable[OpRow]) -> bool:
    """Have the files gone through for those of some ops, archived and not applied, that are about who was erased.

    Returns whether there are any.
    """
    erased: set[int] = set()
    for lot in chunks(rows):
        erased.update(Log(cursor).erasures({row.record for row in lot}))
    cursor.executemany("INSERT OR IGNORE INTO unredacted (record) VALUES (?)", [(one,) for one in sorted(erased)])
    return bool(erased)


def is_left_to_redact(cursor: Cursor) -> bool:
    """Whether files have to be gone through."""
    cursor.execute("SELECT 1 FROM unredacted LIMIT 1")
    return cursor.fetchone() is not None


def words_of(row: OpRow, fields: Collection[int], *, telling: bool = False) -> Iterator[str]:
    """The texts somebody typed into some fields of an op, whole and word by word where they are lists of numbers.

    ``telling``: only those somebody goes by. A remark that lost its older texts says nothing of what others write.
    """
    record = discover.by_number().get(row.kind)
    specs = record.kind.numbered if record else {}
    for field, value in _values(row):
        spec = specs.get(field)
        if telling and not (spec and _is_told_by(spec)):
            continue
        if field in fields and isinstance(value, str) and (spec is None or spec.type in _TEXTS):
            words = {value, *(value.split() if spec and spec.type is Type.PHONES else ())}
            yield from (word for word in words if len(word) >= SHORTEST)


def _is_told_by(spec: Spec) -> bool:
    return spec.type in _NUMBERS or (spec.search and spec.type is not Type.NOTE)


def _values(row: OpRow) -> Iterable[tuple[int, Value]]:
    if row.what == What.CREATE:
        return unpack_create(row.vals).items()
    return ((edit.field, edit.value) for edit in unpack_edits(row.record, row.vals))


def _blank_asides(cursor: Cursor, erased: Mapping[int, Erased]) -> None:
    for part in chunks(sorted(erased)):
        cursor.execute(
            "SELECT clk, kind, record, what, vals, source FROM aside WHERE record IN (SELECT value FROM json_each(?))",
            (id_list(part),),
        )
        for clk, kind, record, what, vals, source in cursor.fetchall():
            bare = blanked(OpRow(clk, kind, record, what, 0, vals), erased[record])
            cursor.execute("UPDATE aside SET vals = ? WHERE clk = ? AND source = ?", (bare.vals, clk, source))


def _silenced(cursor: Cursor, erased: Mapping[int, Erased]) -> set[int]:
    """The records that stay and of which all that is personal is erased: a household that said no to being kept."""
    known = discover.by_number()
    personal = {
        number: {field for field, spec in record.kind.numbered.items() if spec.privacy >= Privacy.PERSONAL}
        for number, record in known.items()
    }
    kinds = Log(cursor).kinds(erased)
    return {one for one, kind in kinds.items() if personal.get(kind) and erased[one].keys() >= personal[kind]}


def _whole(cursor: Cursor, erased: Mapping[int, Erased]) -> set[int]:
    """The records of which nothing is left: all fields this version knows are erased, or they are not here."""
    known = discover.by_number()
    left = {
        record
        for record, number in Log(cursor).kinds(erased).items()
        if number in known and not erased[record].keys() >= known[number].kind.numbered.keys()
    }
    return erased.keys() - left


def _longest_first(words: Collection[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


class _Drafts:
    """What was typed and not saved yet. ``records`` lost something, ``whole`` of them everything."""

    def __init__(self, cursor: Cursor, records: Collection[int], whole: Collection[int]) -> None:
        self._cursor = cursor
        self._records = records
        self._whole = whole

    def clear(self, own: list[str], telling: list[str]) -> None:
        """Drop drafts of who is gone, take ``own`` words out of those of the records and ``telling`` out of others."""
        self._cursor.execute("SELECT name, body FROM draft")
        for name, body in self._cursor.fetchall():
            about = {int(part) for part in name.split(":") if part.isdecimal()}
            words = telling if about.isdisjoint(self._records) else own
            if not about.isdisjoint(self._whole):
                self._cursor.execute("DELETE FROM draft WHERE name = ?", (name,))
            elif any(word in bytes(body).decode("utf-8", "replace") for word in words):
                left = json.dumps(_without(json.loads(body), words), ensure_ascii=False).encode()
                self._cursor.execute("UPDATE draft SET body = ? WHERE name = ?", (left, name))


def _without(thing: Any, words: list[str]) -> Any:
    if isinstance(thing, str):
        for word in words:
            thing = thing.replace(word, "")
        return thing
    if isinstance(thing, list):
        return [_without(one, words) for one in thing]
    if isinstance(thing, dict):
        return {key: _without(value, words) for key, value in thing.items()}
    return thing
