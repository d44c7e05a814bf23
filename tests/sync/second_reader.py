"""A second reader of bundles, written from resources/help/bundle-format.md alone: nothing of the program is used.

It opens files with ``age``, checks them with ``openssl``, and knows what is shown of a record as the text says it.
"""

import hashlib
import re
import struct
import subprocess
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

import msgpack
import zstandard

MANUAL = Path(__file__).parents[2] / "resources" / "help" / "bundle-format.md"
FIRST_LINE = b"gridworker-bundle-1\n"
CREATE, DELETE, AUDIT = 0, 2, 16

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
    def leaves(self) -> set[int]:
        """What leaves the laptop with this reply."""
        if "scope" not in self.sections:
            return set()
        count, packed = canonical(_unpacked(self.sections["scope"]))["leave"]
        return set(column(packed, count))


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
    """What ops come to: the heads of each field, and from them what is shown and the digest."""

    heads: dict[tuple[int, int], dict[int, dict[int, Any]]] = field(default_factory=dict)
    """By kind and record, by field: clk and value of its heads."""
    seen: dict[int, list[int]] = field(default_factory=dict)

    def take(self, ops: list[Op]) -> None:
        """Take ops in, in the order they were written."""
        for op in ops:
            record = self.heads.setdefault((op["kind"], op["record"]), {})
            vals = list(op["vals"])
            if op["what"] == CREATE:
                vals = [part for at in range(0, len(vals), 2) for part in (*vals[at : at + 2], ())]
                vals = [0, 1, (), *vals]
            elif op["what"] == DELETE:
                self.seen[op["clk"]] = vals.pop()
            for number, value, over in zip(vals[::3], vals[1::3], vals[2::3], strict=True):
                there = record.setdefault(number, {op["record"]: None})
                for named in [over] if isinstance(over, int) else over:
                    there.pop(named or op["record"], None)
                if op["what"] == CREATE:
                    there.clear()
                there[op["clk"]] = value

    def digest(self, left: set[int]) -> bytes:
        """``digest.hash`` of the header, over all records but those that left."""
        whole = hashlib.sha256()
        for kind, fields in documented_kinds().items():
            if kind == AUDIT:
                continue
            whole.update(msgpack.packb(kind))
            for of, record in sorted(self.heads):
                if of == kind and record not in left and self._is_visible((of, record)):
                    values = self.heads[of, record]
                    shown = [values[number][max(values[number])] if number in values else None for number in fields]
                    whole.update(msgpack.packb([record, *shown]))
        return whole.digest()

    def _is_visible(self, key: tuple[int, int]) -> bool:
        fields = self.heads[key]
        if any(fields[0].values()):
            return True
        seen = {key[1]}.union(*(self.seen[clk] for clk in fields[0]))
        return any(set(heads) - seen for number, heads in fields.items() if number)


def documented_kinds() -> dict[int, list[int]]:
    """The numbers of kinds and their fields, as the text lists them."""
    rows = re.findall(r"^\| (\d+) \| \w+ \| (1 .*) \|$", MANUAL.read_text("utf-8"), re.MULTILINE)
    return {int(kind): [int(one.split()[0]) for one in fields.split(", ")] for kind, fields in rows}
