"""A laptop written from resources/help/bundle-format.md alone: nothing of the program is used."""

import hashlib
import hmac
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgpack
import pyrage
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.sync.second_reader import CREATE, DELETE, FIRST_LINE, Inner, Op, canonical

EDIT, RESOLVE = 1, 4
SECOND = 1000 << 22
PIECE = 65_536


def packed(thing: Any) -> bytes:
    """Canonical msgpack."""
    return bytes(msgpack.packb(_sorted(thing)))


def in_column(numbers: list[int]) -> bytes:
    """A column in the form that always does: eight planes, neither same nor steps."""
    whole = [number.to_bytes(8, "little", signed=True) for number in numbers]
    return b"\x08" + b"".join(bytes(plane) for plane in zip(*whole, strict=True)) if numbers else b""


@dataclass
class Laptop:
    """What a laptop keeps: its kit, its keys, what it wrote, and how far both ends have heard of each other."""

    kit: Inner
    ops: list[Op] = field(default_factory=list)
    confirmed: int = 0
    heard: int = 0
    n: int = 0
    prev: bytes = b""
    files: dict[bytes, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.terms = canonical(self.kit.sections["kit"])
        self.device = self.terms["number"] << 6
        self.heard, self.scope = self.kit.header["upto"], self.kit.header["scope"]
        self.identity, self.signing = pyrage.x25519.Identity.generate(), Ed25519PrivateKey.generate()
        newest = max(op["clk"] for op in self.kit.ops)
        self.last: int = newest - newest % 65_536 + self.device

    @property
    def pem(self) -> str:
        """Its age key as a file has it."""
        return f"{self.identity}\n"

    def write(self, kind: int, what: int, record: int, vals: list[Any]) -> int:
        """Write an op. Returns its clk."""
        self.last += SECOND
        about = self.last if what == CREATE else record
        op = {"clk": self.last, "kind": kind, "what": what, "record": about, "vals": vals, "at": self.scope}
        self.ops.append(op)
        return self.last

    def create(self, kind: int, **fields: int | str) -> int:
        """Create a record of fields given as ``f1=...``, ascending."""
        return self.write(kind, CREATE, 0, [part for name, value in fields.items() for part in (int(name[1:]), value)])

    def attach(self, data: bytes, visit: int) -> None:
        """A photo of a visit, by its hash."""
        digest = hashlib.sha256(data)
        self.files[digest.digest()] = data
        self.create(18, f1=digest.hexdigest(), f2=len(data), f3="image/png", f5=visit)

    def pack(self, folder: Path) -> Path:
        """The next bundle: all that was not confirmed."""
        ops = [op for op in self.ops if op["clk"] > self.confirmed]
        sections = {"ops": self._ops(ops)}
        if self.files:
            sections["chunks"] = self._chunks()
        inner = self._inner(len(ops), sections)
        self.n, self.prev = self.n + 1, hashlib.sha256(inner).digest()
        to = [pyrage.x25519.Recipient.from_str(self.terms[whose][2]) for whose in ("office", "recovery")]
        file = folder / f"{self.terms['number']:02}-{self.n}-{self.prev.hex()[:8]}.gwb"
        file.write_bytes(pyrage.encrypt(inner, to))
        return file

    def take(self, reply: Inner) -> None:
        """What a reply says of receipts and scope."""
        assert reply.header["since"] <= self.heard
        self.heard, self.confirmed = reply.header["upto"], reply.header["have"]["clk"]
        self.scope = reply.header["scope"]

    def _inner(self, count: int, sections: dict[str, bytes]) -> bytes:
        seed = hashlib.sha256(self.n.to_bytes(4, "big")).digest()[:16]
        header = {
            "format": 1, "suite": 1, "schema": 1, "program": "0.1.0", "purpose": "bundle", "seed": seed,
            "community": self.kit.header["community"], "sender": self.device, "recipient": self.kit.header["sender"],
            "n": self.n + 1, "time": "2026-11-29T08:00:00Z", "since": self.confirmed,
            "upto": max(self.last, self.confirmed), "have": {"clk": self.confirmed, "n": self.heard},
            "scope": self.scope, "ops": count, "a key to come": [1, {"b": b"c"}],
            "sections": [[name, len(data), hashlib.sha256(seed + data).digest()] for name, data in sections.items()],
        }  # fmt: skip
        if self.prev:
            header["prev"] = self.prev
        if not self.confirmed:
            header |= self._introduction()
        packed_header = packed(header)
        body = b"".join([FIRST_LINE, struct.pack(">I", len(packed_header)), packed_header, *sections.values()])
        return body + self.signing.sign(body)

    def _introduction(self) -> dict[str, Any]:
        keys = [1, self.signing.public_key().public_bytes_raw(), str(self.identity.to_public())]
        said = b"gridworker-introduction-1\n" + packed([self.kit.header["community"], self.device, keys])
        proof = hmac.digest(self.terms["secret"], said, "sha256")
        return {"keys": keys, "proof": proof, "vouch": self.terms["vouch"]}

    def _ops(self, ops: list[Op]) -> bytes:
        scopes = sorted({op["at"] for op in ops})
        vals = [packed(op["vals"]) for op in ops]
        columns = {
            **{name: in_column([op[name] for op in ops]) for name in ("clk", "kind", "what")},
            "author": in_column([scopes.index(op["at"]) for op in ops]),
            "record": in_column([op["record"] for op in ops if op["what"] != CREATE]),
            "lengths": in_column(list(map(len, vals))),
            "vals": b"".join(vals),
            "who": in_column([self.terms["worker"]] * len(scopes)),
            "scope": in_column(scopes),
        }
        lengths = {name: len(data) for name, data in columns.items()}
        directory = packed({"ops": len(ops), "authors": len(scopes), "columns": lengths})
        whole = [struct.pack(">I", len(directory)), directory, *(data for _, data in sorted(columns.items()))]
        return zstandard.ZstdCompressor(level=3).compress(b"".join(whole))

    def _chunks(self) -> bytes:
        pieces = [
            (digest, len(data), at, data[at : at + PIECE])
            for digest, data in self.files.items()
            for at in range(0, len(data), PIECE)
        ]
        directory = packed([[digest, size, at, len(data)] for digest, size, at, data in pieces])
        return b"".join([struct.pack(">I", len(directory)), directory, *(data for *_, data in pieces)])


def _sorted(thing: Any) -> Any:
    if isinstance(thing, dict):
        return {name: _sorted(thing[name]) for name in sorted(thing, key=str.encode)}
    return [_sorted(one) for one in thing] if isinstance(thing, list) else thing


__all__ = ["DELETE", "EDIT", "RESOLVE", "Laptop"]
