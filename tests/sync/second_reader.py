"""A second reader of bundles, written from resources/help/bundle-format.md alone: nothing of the program is used.

It opens files with ``age``, checks them with ``openssl``, and knows what is shown of a record as the text says it.
"""

import hashlib
import re
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import msgpack
import zstandard

MANUAL = Path(__file__).parents[2] / "resources" / "help" / "bundle-format.md"
FIRST_LINE = b"gridworker-bundle-1\n"
CREATE, DELETE, ERASE, VERDICT = 0, 2, 5, 6
AUDIT, CORRECTION = 16, 25
COUNTS = 2
"""The ruling by which an op counts."""

Op = dict[str, Any]


@dataclass(frozen=True)
class Inner:
    """An inner bundle whose digests are right."""

    header: dict[str, Any]
    sections: dict[str, bytes]

    @property
    def ops(self) -> list[Op]:
        """Its ops, in the order of the columns."""
        directory, rest = _after_directory(_unpacked(self.sections["ops"]))
        lengths = directory["columns"]
        ends = list(accumulate(lengths.values()))
        parts = {name: rest[end - lengths[name] : end] for name, end in zip(lengths, ends, strict=True)}
        count = directory["ops"]
        columns = {name: column(parts[name], count) for name in ("clk", "kind", "what", "author", "lengths")}
        authors = {name: column(parts[name], directory["authors"]) for name in ("who", "scope")}
        records = iter(column(parts["record"], sum(what != CREATE for what in columns["what"])))
        ops, at = [], 0
        for index in range(count):
            one: Op = {name: numbers[index] for name, numbers in columns.items()}
            one |= {name: numbers[one["author"]] for name, numbers in authors.items()}
            one["record"] = one["clk"] if one["what"] == CREATE else next(records)
            one["vals"] = canonical(parts["vals"][at : at + one["lengths"]])
            at += one["lengths"]
            ops.append(one)
        assert at == len(parts["vals"])
        return ops

    @property
    def moves(self) -> tuple[dict[int, int], dict[int, int]]:
        """What enters and what leaves, by record, with the numbers of the entries."""
        if "scope" not in self.sections:
            return {}, {}
        said = canonical(_unpacked(self.sections["scope"]))
        enter, leave = (column(packed, count) for count, packed in (said["enter"], said["leave"]))
        count = len(enter) + len(leave)
        numbers = column(said["numbers"], count) if "numbers" in said else [self.header["upto"]] * count
        return dict(zip(enter, numbers[: len(enter)], strict=True)), dict(
            zip(leave, numbers[len(enter) :], strict=True)
        )


def opened(file: Path, key: Path) -> bytes:
    """The inner bundle of a file."""
    return subprocess.run(["age", "-d", "-i", key, file], capture_output=True, check=True).stdout


def checks(inner: bytes, pem: Path, folder: Path) -> bool:
    """Whether the signature is that of a key."""
    (folder / "body").write_bytes(inner[:-64])
    (folder / "signature").write_bytes(inner[-64:])
    words = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        str(pem),
        "-rawin",
        "-in",
        "body",
        "-sigfile",
        "signature",
    ]
    return subprocess.run(words, cwd=folder, capture_output=True, check=False).returncode == 0


def parsed(inner: bytes) -> Inner:
    """Header and sections, compared with their digests."""
    assert inner.startswith(FIRST_LINE)
    header, at = _at_directory(inner, len(FIRST_LINE))
    sections = {}
    for name, length, digest in header["sections"]:
        section = inner[at : at + length]
        assert hashlib.sha256(header["seed"] + section).digest() == digest
        sections[name], at = section, at + length
    assert at == len(inner) - 64
    return Inner(header, sections)


def canonical(packed: bytes) -> Any:
    """Canonical msgpack: packed again it is the same."""
    found = msgpack.unpackb(packed, strict_map_key=True)
    assert msgpack.packb(found) == packed
    return found


def column(packed: bytes, count: int) -> list[int]:
    """The integers of a column."""
    if not count:
        assert packed == b""
        return []
    form, planes = packed[0], packed[0] & 0x0F
    held = 1 if form & 0x40 else count
    assert len(packed) == 1 + planes * held
    numbers = [int.from_bytes(packed[1 + at :: held], "little", signed=True) for at in range(held)]
    numbers *= count // held
    return list(accumulate(numbers)) if form & 0x80 else numbers


def _unpacked(frame: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(frame)


def _at_directory(packed: bytes, at: int) -> tuple[dict[str, Any], int]:
    (length,) = struct.unpack_from(">I", packed, at)
    return canonical(packed[at + 4 : at + 4 + length]), at + 4 + length


def _after_directory(packed: bytes) -> tuple[dict[str, Any], bytes]:
    directory, at = _at_directory(packed, 0)
    return directory, packed[at:]


@dataclass
class Books:
    """A laptop's, by what it was given and what it wrote: the ops it has, what is in its scope, and what is shown."""

    ops: dict[int, Op] = field(default_factory=dict)
    held: set[int] = field(default_factory=set)
    left: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By record that is out of scope, the office's device and the number of the exit."""

    def wrote(self, ops: list[Op]) -> None:
        """What the laptop itself wrote."""
        self.ops.update({op["clk"]: op for op in ops})
        self.held |= {op["record"] for op in ops if op["what"] == CREATE} - self.left.keys()

    def heed(self, inner: Inner) -> None:
        """Take in a kit or a reply."""
        for clk, digest, _ in inner.header.get("reissued", ()):
            if clk in self.ops and op_hash(self.ops[clk]) == digest:
                del self.ops[clk]
        enter, leave = ({one: (inner.header["sender"], n) for one, n in listed.items()} for listed in inner.moves)
        back = {record for record, entry in enter.items() if entry > self.left.get(record, (-1, 0))}
        for op in inner.ops:
            if op["record"] in back or op["record"] not in self.left:
                self.ops.setdefault(op["clk"], op)
        for record in back:
            self.held.add(record)
            self.left.pop(record, None)
        self.held -= leave.keys()
        self.left |= leave

    def digest(self) -> bytes:
        """``digest.hash`` of the header."""
        whole, read = hashlib.sha256(), Reading(list(self.ops.values()))
        for kind, fields in documented_kinds().items():
            if kind == AUDIT:
                continue
            whole.update(msgpack.packb(kind))
            for record in sorted(self.held):
                if read.is_visible(kind, record):
                    whole.update(msgpack.packb([record, *(read.shown(kind, record, number) for number in fields)]))
        return whole.digest()


class Reading:
    """What ops come to: the heads of each field, and what is shown."""

    def __init__(self, ops: list[Op]) -> None:
        void = _void(ops)
        self._of: dict[tuple[int, int], list[Op]] = {}
        for op in ops:
            if op["what"] <= ERASE and op["clk"] not in void:
                self._of.setdefault((op["kind"], op["record"]), []).append(op)
        self._corrections: list[Correction] = []
        self._corrections = sorted(self._corrected())

    def heads(self, kind: int, record: int, number: int) -> dict[int, Any]:
        """Clk and value of the heads of a field."""
        set_by: dict[int, tuple[Any, set[int]]] = {}
        erasures: set[int] = set()
        for op in self._of.get((kind, record), ()):
            edits = {of: (value, over) for of, value, over in _edits(op)}
            if op["what"] == CREATE or number in edits:
                set_by[op["clk"]] = edits.get(number, (None, set()))
                erasures |= {op["clk"]} if op["what"] == ERASE else set()
        named = set[int]().union(*(over for _, over in set_by.values()))
        return {
            clk: value
            for clk, (value, over) in set_by.items()
            if clk not in named and (clk in erasures or erasures <= over)
        }

    def shown(self, kind: int, record: int, number: int) -> Any:
        """The value that is shown of a field."""
        heads = self.heads(kind, record, number)
        return heads[max(heads, key=lambda clk: (self._ms(clk) if kind != CORRECTION else 0, clk))] if heads else None

    def is_visible(self, kind: int, record: int) -> bool:
        """Whether a record of that kind is shown."""
        ops = self._of.get((kind, record), ())
        if not any(op["what"] == CREATE for op in ops):
            return False
        lives = self.heads(kind, record, 0)
        if any(lives.values()):
            return True
        seen = {record}.union(*(op["vals"][3] for op in ops if op["clk"] in lives and op["what"] == DELETE))
        numbers = {number for op in ops for number, *_ in _edits(op)} - {0}
        return any(self.heads(kind, record, number).keys() - seen for number in numbers)

    def _corrected(self) -> "Iterator[Correction]":
        for kind, record in self._of:
            if kind == CORRECTION and self.is_visible(kind, record):
                laptop, since, until, seconds = (self.shown(kind, record, number) for number in (1, 2, 3, 4))
                yield Correction(record, laptop, _moment(since), _moment(until) if until else 2**41, seconds * 1000)

    def _ms(self, clk: int) -> int:
        at = clk >> 22
        fitting = [
            one.add for one in self._corrections if one.laptop == clk % 65_536 >> 6 and one.since <= at <= one.until
        ]
        return at + (fitting[-1] if fitting else 0)


class Correction(NamedTuple):
    """By how many ms the times are wrong that a laptop gave out between two, by its own clock."""

    record: int
    laptop: int
    since: int
    until: int
    add: int


def op_hash(op: Op) -> bytes:
    """The hash of an op that ``reissued`` names."""
    parts = [op["clk"], op["kind"], op["record"], op["what"], msgpack.packb(op["vals"])]
    return hashlib.sha256(msgpack.packb(parts)).digest()


def _edits(op: Op) -> list[tuple[int, Any, set[int]]]:
    """Field, value and the ops named, of each field an op sets."""
    vals = op["vals"]
    if op["what"] == CREATE:
        return [(0, 1, set()), *((vals[at], vals[at + 1], set()) for at in range(0, len(vals), 2))]
    vals = vals[:-1] if op["what"] == DELETE else vals
    overs = [{over} if isinstance(over, int) else set(over) for over in vals[2::3]]
    return [
        (number, value, {one or op["record"] for one in over})
        for number, value, over in zip(vals[::3], vals[1::3], overs, strict=True)
    ]


def _void(ops: list[Op]) -> set[int]:
    """The ops that count for nothing by the word of the office."""
    verdicts = {op["clk"]: op["vals"] for op in ops if op["what"] == VERDICT and op["clk"] % 65_536 < 64}
    replaced = {clk for vals in verdicts.values() for clk in ([vals[5]] if isinstance(vals[5], int) else vals[5])}
    ruling = {vals[2]: vals[1] for clk, vals in sorted(verdicts.items()) if clk not in replaced}
    return {clk for clk, word in ruling.items() if word != COUNTS}


def _moment(text: str) -> int:
    return int((datetime.fromisoformat(text) - datetime(2020, 1, 1, tzinfo=UTC)).total_seconds() * 1000)


def documented_kinds() -> dict[int, list[int]]:
    """The numbers of kinds and their fields, as the text lists them."""
    rows = re.findall(r"^\| (\d+) \| \w+ \| (1 .*) \|$", MANUAL.read_text("utf-8"), re.MULTILINE)
    return {int(kind): [int(one.split()[0]) for one in fields.split(", ")] for kind, fields in rows}
