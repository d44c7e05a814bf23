"""The payload: the ops of a bundle as columns, and the strict reading of them.

The section ``ops`` is one zstd frame (level 3, content size given) around::

    u32 (big-endian)    length of the directory
    directory           canonical msgpack map {"authors": count, "columns": {name: length in bytes}, "ops": count}
    columns             one after the other, in the order of the directory, that is by name

Columns of integers (see columns.py): ``clk``, ``kind``, ``what`` and ``author`` have one number per op; ``author``
counts from 0 into the pairs that ``who`` and ``scope`` spell out, one number per author. ``record`` has one number per
op that is no creation: what a creation creates is its clk. ``lengths`` has the length of every op's ``vals``;
``vals`` is these bytes one after the other, unchanged. A reader skips columns it does not know.

A directory or a column that breaks these rules damages the whole payload. A single op whose *content* breaks the rules
of ``store/log/op.py``, or whose text is not NFC or holds control characters, is a ``BadRow``: set aside, shown, never
lost. More than ``MAX_BROKEN`` that are bent in more than their text damage the payload too: no program makes them by
mistake.

Everything is checked in lumps of some 100 kB by a few calls into C; only a lump that does not pass is looked at op by
op.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, chain, compress, repeat
from operator import eq, itemgetter, not_
from typing import Any, NamedTuple

import msgpack

from gridworker.record import MAX_INTEGER
from gridworker.store.intake.transaction import collecting_paused
from gridworker.store.log.log import Columns
from gridworker.store.log.op import MAX_FIELD, MAX_OVER, MAX_TEXT, Author, OpRow, What, require_canonical
from gridworker.sync.format import canonical
from gridworker.sync.format.canonical import Damaged
from gridworker.sync.format.columns import pack_ints, unpack_ids, unpack_ints
from gridworker.sync.format.frame import compressed, decompressed

MAX_OPS = 200_000
MAX_AUTHORS = 65_536
MAX_VALS = 256 * 1024
"""Bytes of one op: a hundred times the longest remark a form takes."""

MAX_ALL_VALS = 20 * 1024 * 1024
MAX_PAYLOAD = 32 * 1024 * 1024
MAX_DIRECTORY = 4096
MAX_KIND = 65_535
MAX_WHAT = 255
MAX_BROKEN = 1000

LUMP = 128 * 1024
"""Bytes decoded at once. A hostile byte can become a list of 72 bytes: it must not do so ten million times over."""

_COLUMNS = ("author", "clk", "kind", "lengths", "record", "scope", "vals", "what", "who")
_U32 = 4
_UNFIT = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""What ``record.clean_text`` removes from everything that is typed or imported."""

_PAIR, _TRIPLE = 2, 3
_VALUES = frozenset({type(None), int, str})


class Reason(StrEnum):
    """Why an op was set aside by the reader."""

    MALFORMED = "malformed"
    TEXT = "bad_text"
    TWICE = "twice"
    WRONG_KIND = "wrong_kind"


class BadRow(NamedTuple):
    """An op of a valid bundle that cannot be applied: its place in the bundle, itself, and why."""

    at: int
    row: OpRow
    reason: Reason


@dataclass(frozen=True, slots=True)
class Ops:
    """The ops of a bundle. ``author`` in the rows is an index into ``authors``."""

    rows: list[OpRow]
    authors: list[Author]
    bad: list[BadRow]


def portions(rows: Iterable[OpRow]) -> Iterator[list[OpRow]]:
    """``rows`` in the order given, in lists that each fit one bundle."""
    rows = list(rows)
    if len(rows) <= MAX_OPS and sum([len(row.vals) for row in rows]) <= MAX_ALL_VALS:
        yield from [rows] if rows else []
        return
    part: list[OpRow] = []
    size = 0
    for row in rows:
        if len(part) == MAX_OPS or size + len(row.vals) > MAX_ALL_VALS:
            yield part
            part, size = [], 0
        part.append(row)
        size += len(row.vals)
    if part:
        yield part


def pack_ops(rows: Sequence[OpRow], authors: Sequence[Author]) -> bytes:
    """The section ``ops``. Raises ValueError for more than ``portions`` would put together."""
    ops = Columns.of(rows)
    vals = b"".join(ops.vals)
    if len(rows) > MAX_OPS or len(authors) > MAX_AUTHORS or len(vals) > MAX_ALL_VALS:
        raise ValueError("too much for one bundle")
    columns = {
        "author": pack_ints(ops.author),
        "clk": pack_ints(ops.clk),
        "kind": pack_ints(ops.kind),
        "lengths": pack_ints(list(map(len, ops.vals))),
        "record": pack_ints(list(compress(ops.record, ops.what))),
        "scope": pack_ints([author.scope for author in authors]),
        "vals": vals,
        "what": pack_ints(ops.what),
        "who": pack_ints([author.who for author in authors]),
    }
    lengths: dict[str, canonical.Thing] = {name: len(column) for name, column in columns.items()}
    directory = canonical.pack({"authors": len(authors), "columns": lengths, "ops": len(rows)})
    whole = b"".join([len(directory).to_bytes(_U32, "big"), directory, *columns.values()])
    return compressed(whole)


def unpack_ops(section: bytes | memoryview) -> Ops:
    """The ops of a section ``ops``. Raises Damaged."""
    ops, authors, columns = _columns(decompressed(section, MAX_PAYLOAD))
    with collecting_paused():
        people = map(Author, unpack_ints(columns["who"], authors), unpack_ints(columns["scope"], authors))
        rows, bad = _rows(ops, authors, columns)
        return Ops(rows, list(people), bad)


def _columns(whole: memoryview) -> tuple[int, int, dict[str, memoryview]]:
    """The number of ops, the number of authors, and the columns by name."""
    start = _U32 + int.from_bytes(whole[:_U32], "big")
    directory = canonical.unpack_map(whole[_U32:start], MAX_DIRECTORY, MAX_DIRECTORY)
    ops, authors, lengths = (directory.get(key) for key in ("ops", "authors", "columns"))
    if not (isinstance(ops, int) and isinstance(authors, int) and isinstance(lengths, dict)):
        raise Damaged("payload: directory")
    if not (0 <= ops <= MAX_OPS and 0 <= authors <= MAX_AUTHORS and set(_COLUMNS) <= set(lengths)):
        raise Damaged("payload: directory")
    columns = {}
    for name, length in lengths.items():
        if not isinstance(length, int) or not 0 <= length <= len(whole) - start:
            raise Damaged("payload: column lengths")
        columns[name] = whole[start : start + length]
        start += length
    if start != len(whole):
        raise Damaged("payload: column lengths")
    return ops, authors, columns


def _rows(ops: int, authors: int, columns: dict[str, memoryview]) -> tuple[list[OpRow], list[BadRow]]:
    """The good rows and the bad ones."""
    clks = unpack_ids(columns["clk"], ops)
    whats = _within(unpack_ints(columns["what"], ops), MAX_WHAT)
    kinds = _within(unpack_ints(columns["kind"], ops), MAX_KIND)
    author = _within(unpack_ints(columns["author"], ops), authors - 1)
    creations = whats.count(What.CREATE)
    named = iter(unpack_ids(columns["record"], ops - creations))
    records = [next(named) if what else clk for clk, what in zip(clks, whats, strict=True)]
    vals = _cut(bytes(columns["vals"]), unpack_ints(columns["lengths"], ops))
    rows = list(map(tuple.__new__, repeat(OpRow), zip(clks, kinds, records, whats, author, vals, strict=True)))
    faults = _misfits(whats, vals)
    if len(set(clks)) != ops or sum(map(eq, clks, records)) != creations:
        faults.update(_misnamed(rows))
        _require_few(faults)
    if not faults:
        return rows, []
    bad = [BadRow(at, rows[at], reason) for at, reason in sorted(faults.items())]
    return [row for at, row in enumerate(rows) if at not in faults], bad


def _within(numbers: list[int], high: int) -> list[int]:
    if numbers and not (min(numbers) >= 0 and max(numbers) <= high):
        raise Damaged("payload: a number out of range")
    return numbers


def _cut(vals: bytes, lengths: list[int]) -> list[bytes]:
    """``vals`` op by op."""
    if sum(_within(lengths, MAX_ALL_VALS)) != len(vals) or len(vals) > MAX_ALL_VALS:
        raise Damaged("payload: lengths")
    return [vals[end - length : end] for end, length in zip(accumulate(lengths), lengths, strict=True)]


def _misnamed(rows: list[OpRow]) -> Iterator[tuple[int, Reason]]:
    """Ops with the clk of another in the bundle, and ops that say they were made by themselves."""
    seen: set[int] = set()
    for at, row in enumerate(rows):
        if row.clk in seen:
            yield at, Reason.TWICE
        elif row.clk == row.record and row.what:
            yield at, Reason.WRONG_KIND
        seen.add(row.clk)


def _misfits(whats: list[int], vals: list[bytes]) -> dict[int, Reason]:
    """The ops whose values break the rules."""
    faults = {}
    for lump in _lumps(vals):
        if not _all_fit(whats[lump], vals[lump]):
            found = ((at, _fault_of(whats[at], vals[at])) for at in range(lump.start, lump.stop))
            faults.update({at: reason for at, reason in found if reason})
            _require_few(faults)
    return faults


def _require_few(faults: dict[int, Reason]) -> None:
    """Raise Damaged where more is broken than one slip explains; a text can be wrong ten thousand times by one."""
    if len(faults) > MAX_BROKEN and sum(reason is not Reason.TEXT for reason in faults.values()) > MAX_BROKEN:
        raise Damaged("payload: too many ops that break the format")


def _lumps(vals: list[bytes]) -> Iterator[slice]:
    """Slices of about ``LUMP`` bytes."""
    start = size = 0
    for at, length in enumerate(map(len, vals), 1):
        size += length
        if size > LUMP or at == len(vals):
            yield slice(start, at)
            start, size = at, 0


def _fault_of(what: int, vals: bytes) -> Reason | None:
    """What is wrong with the values of one op, slowly."""
    if len(vals) > MAX_VALS:
        return Reason.MALFORMED
    try:
        _require_few_lists(vals)
        require_canonical(what, vals)
    except (ValueError, TypeError):
        return Reason.MALFORMED
    texts = [value for value in msgpack.unpackb(vals) if isinstance(value, str)]
    return None if _texts_fit(texts) else Reason.TEXT


def _require_few_lists(vals: bytes) -> None:
    """Raise ValueError for more lists than the fields of an op can have: a bomb is not worth unpacking to its end."""
    lists = repeat(None, MAX_FIELD + 3)

    def one_more(items: list[object]) -> list[object]:
        if next(lists, False) is False:
            raise ValueError("too many lists")
        return items

    msgpack.unpackb(vals, list_hook=one_more, max_ext_len=0, max_map_len=0)


def _texts_fit(texts: list[str]) -> bool:
    """Whether texts are NFC and free of control, zero-width and bidi characters."""
    # A space, for it is printable and nothing composes with it.
    joined = " ".join(texts)
    if not joined.isprintable() and _UNFIT.search(joined):
        return False
    return joined.isascii() or unicodedata.is_normalized("NFC", joined)


def _all_fit(whats: list[int], vals: list[bytes]) -> bool:
    """Whether nothing is wrong with any op of a lump, fast. False where only the slow way can tell."""
    if max(map(len, vals)) > MAX_VALS:
        return False
    array = b"\xdd" + len(vals).to_bytes(_U32, "big")
    try:
        flats = msgpack.unpackb(array + b"".join(vals), max_ext_len=0, max_map_len=0)
        pairs, triples = list(compress(flats, map(not_, whats))), list(compress(flats, whats))
        if set(map(type, flats)) != {list} or not _pairs_fit(pairs):
            return False
        if What.DELETE in whats:
            triples, seen = _without_seen(triples, compress(whats, whats))
            if not (set(map(type, seen)) <= {list} and _overs_fit(seen)):
                return False
        if not _triples_fit(triples):
            return False
        return list(map(msgpack.Packer().pack, flats)) == vals
    except (ValueError, TypeError, msgpack.UnpackException):
        return False


def _without_seen(flats: list[list[object]], whats: Iterable[int]) -> tuple[list[list[object]], list[object]]:
    """The fields of ops, and what those of them that are deletions say they had seen."""
    told = [what == What.DELETE and len(flat) % _TRIPLE == 1 for flat, what in zip(flats, whats, strict=True)]
    seen = [flat[-1] for flat in compress(flats, told)]
    return [flat[:-1] if is_told else flat for flat, is_told in zip(flats, told, strict=True)], seen


def _pairs_fit(flats: list[list[object]]) -> bool:
    return _fields_fit(flats, _PAIR) and _values_fit(_every(flats, 1, _PAIR))


def _triples_fit(flats: list[list[object]]) -> bool:
    return (
        _fields_fit(flats, _TRIPLE) and _values_fit(_every(flats, 1, _TRIPLE)) and _overs_fit(_every(flats, 2, _TRIPLE))
    )


def _every(flats: list[list[object]], first: int, step: int) -> list[object]:
    return list(chain.from_iterable(map(itemgetter(slice(first, None, step)), flats)))


def _fields_fit(flats: list[list[object]], step: int) -> bool:
    """Whether the field numbers ascend; ops that set the same fields are looked at once."""
    lengths = set(map(len, flats))
    if any(length % step for length in lengths) or (step == _TRIPLE and 0 in lengths):
        return False
    for fields in set(map(tuple, map(itemgetter(slice(0, None, step)), flats))):
        if not set(map(type, fields)) <= {int} or sorted(set(fields)) != list(fields):
            return False
        if fields and (fields[0] < 0 or fields[-1] > MAX_FIELD):
            return False
    return True


def _values_fit(values: list[object]) -> bool:
    if not set(map(type, values)) <= _VALUES:
        return False
    texts = [value for value in values if type(value) is str]
    if texts and (max(map(len, texts)) > MAX_TEXT or not _texts_fit(texts)):
        return False
    return _lie_within([value for value in values if type(value) is int], -MAX_INTEGER)


def _overs_fit(overs: list[object]) -> bool:
    lists = [over for over in overs if type(over) is list]
    if any(len(over) > MAX_OVER for over in lists):
        return False
    clks = [over for over in overs if type(over) is not list]
    clks.extend(chain.from_iterable(lists))
    return set(map(type, clks)) <= {int} and _lie_within(clks, 0)


def _lie_within(numbers: list[Any], low: int) -> bool:
    return not numbers or (min(numbers) >= low and max(numbers) <= MAX_INTEGER)
