r"""The bundle file: what it is, how it is written and how it is read.

A bundle file is an age file (age-encryption.org/v1). What it holds is called the inner bundle::

    gridworker-bundle-1\n       a line of ASCII that tells this from anything else the key may ever sign
    u32 (big-endian)            length of the header
    header                      strict canonical msgpack map (header.py)
    sections                    one after the other, in the order and of the lengths the header lists
    signature                   64 bytes: Ed25519 by the sender over everything before it

The hash of a bundle is the SHA-256 of the whole inner bundle. Each bundle names the hash of the one before it.
A section's hash in the header is salted with a seed: who has the header without the seed can guess nothing back.

Sections: ``ops`` (payload.py), ``scope`` and ``chunks`` (sections.py), ``files`` (filenotes.py: what is told of
attachments), ``kit`` (kit.py), ``returns`` (returns.py: replies given back to an office that was restored), and
``pad``: zeros that bring the inner bundle to a length of which there are few (Padmé: at most 12 % more), for the size
of a file tells too. A reader keeps sections it does not know and goes on.

Order of reading: cap on the file, age, cap on the header, format, community and recipient, known sender, signature,
hashes of the sections, capped decompression, strict decoding. Whatever comes in, what comes out is a ``Bundle`` or one
of four problems: NotForUs, BundleAltered, UnknownSender, NewerFormat. Nothing is changed here: no store, no files.

``age`` and ``openssl`` open and check a bundle without this program; resources/help/bundle-format.md says how. It has
the whole format, what is shown of what comes, and what a laptop of another make has to do; tests/sync/second_reader.py
and second_writer.py are written from it alone.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from gridworker.errors import BundleProblem, NewerFormat, UnknownSender
from gridworker.store.log.clock import INCARNATION_BITS
from gridworker.store.log.op import Author, OpRow
from gridworker.sync.format import canonical, seal
from gridworker.sync.format.canonical import Damaged
from gridworker.sync.format.header import (
    FORMAT,
    MAX_HEADER,
    SEED,
    Header,
    Newer,
    kept_header,
    newer,
    pack_header,
    unpack_header,
)
from gridworker.sync.format.keys import DeviceKeys, PublicKeys
from gridworker.sync.format.parts import Section, require
from gridworker.sync.format.payload import BadRow, pack_ops, unpack_ops
from gridworker.sync.format.sections import Chunk, ScopeChange, pack_chunks, pack_scope, unpack_chunks, unpack_scope

if TYPE_CHECKING:
    from pyrage import x25519

MAGIC = b"gridworker-bundle-%d\n" % FORMAT
OPS, SCOPE, CHUNKS, PAD = "ops", "scope", "chunks", "pad"

_U32 = 4
_TRIES = 4
_ANY_MAGIC = re.compile(rb"gridworker-bundle-([1-9][0-9]{0,5})\n")
_PADDED = 512
"""Smallest inner bundle in bytes."""

_SEALED, _SEALED_PER_BYTE, _ENTRY = 2048, 4096, 256
"""Bytes age adds at most: for its recipients, and 16 per 64 KiB. Bytes of the header that list one more section."""

Known: TypeAlias = Callable[[Header], PublicKeys | None]
"""Whose signature a bundle must carry, by its header; None for a sender that is not known here."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a bundle. ``ops``, ``sections`` and ``seed`` of the header are filled in by the writer."""

    header: Header
    ops: Sequence[OpRow] = field(default=(), repr=False)
    authors: Sequence[Author] = ()
    scope: ScopeChange | None = None
    chunks: Sequence[Chunk] = ()
    other: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Sections of other kinds, by name."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was read: its signature holds and its structure is whole."""

    header: Header
    ops: list[OpRow] = field(repr=False)
    bad_ops: list[BadRow] = field(repr=False)
    authors: list[Author]
    scope: ScopeChange | None
    chunks: tuple[Chunk, ...]
    other: Mapping[str, bytes] = field(repr=False)
    """Sections this version does not know, as they stood."""
    hash: str
    inner: bytes = field(repr=False)
    """The inner bundle: proves to others what the sender signed."""
    keys: PublicKeys
    """Those its signature was checked with."""
    packed: bytes = field(repr=False)
    """The header it was read with, as ``pack_header`` gives it."""


class Written(NamedTuple):
    """A bundle file and the hash of the bundle."""

    data: bytes
    hash: str

    @property
    def file(self) -> bytes:
        """SHA-256 of the file."""
        return hashlib.sha256(self.data).digest()


def write_bundle(contents: Contents, signer: DeviceKeys, recipients: Sequence[str]) -> Written:
    """The file for ``contents``, signed by ``signer``, sealed to ``recipients`` (age1...)."""
    inner = pack_inner(contents, signer)
    return Written(seal.seal(inner, recipients), hash_of(inner))


def read_bundle(
    data: bytes,
    identities: Sequence["x25519.Identity"],
    *,
    known: Known,
    community: str | None = None,
    device: int | None = None,
) -> Bundle:
    """Read a bundle file. With ``community`` and ``device`` given, it must be for them; incarnations do not matter.

    Raises NotForUs, BundleAltered, UnknownSender or NewerFormat, and nothing else for any ``data``.
    """
    inner = seal.open_sealed(data, identities)
    return read_inner(inner, known=known, community=community, device=device)


def read_inner(inner: bytes, *, known: Known, community: str | None = None, device: int | None = None) -> Bundle:
    """Read an inner bundle. Raises like ``read_bundle``."""
    header, sections = _split(inner)
    if community not in {None, header.community}:
        raise UnknownSender("This bundle is from another community ({community}), so it was not opened.",
                            community=header.community)  # fmt: skip
    if device is not None and device >> INCARNATION_BITS != header.recipient >> INCARNATION_BITS:
        raise seal.not_for_us()
    keys = known(header)
    if keys is None:
        raise UnknownSender("The signature is of no computer known here, so nothing was merged: call whoever sent it.")
    if not seal.verify(inner, keys.signing):
        raise seal.altered()
    packed = pack_header(header)
    kept_header(packed)  # it is asked for again by those words, which are here still: read it but once
    try:
        _require_hashes(header, sections)
        return _bundle(inner, header, packed, sections, keys)
    except Damaged as fault:
        raise seal.altered() from fault


def sections_of(inner: bytes) -> dict[str, memoryview]:
    """The sections of an inner bundle as they stand, nothing verified. Raises like ``read_bundle``."""
    return _split(inner)[1]


def header_of(inner: bytes) -> Header:
    """The header of an inner bundle that was verified before. Raises like ``read_bundle``."""
    return _split(inner)[0]


def hash_of(inner: bytes) -> str:
    """The hash of a bundle."""
    return hashlib.sha256(inner).hexdigest()


# -------------------------------------------------------------------------------------------------------------- writing


def pack_inner(contents: Contents, signer: DeviceKeys, more: Mapping[str, bytes] | None = None) -> bytes:
    """The signed inner bundle; ``more`` are further sections."""
    sections = {OPS: pack_ops(contents.ops, contents.authors)}
    if contents.scope:
        sections[SCOPE] = pack_scope(contents.scope)
    if contents.chunks:
        sections[CHUNKS] = pack_chunks(contents.chunks)
    sections.update(contents.other)
    sections.update(more or {})
    header = replace(contents.header, ops=len(contents.ops), seed=secrets.token_bytes(SEED))
    return seal.sign(_padded_body(header, sections), signer)


def room_beside(contents: Contents, signer: DeviceKeys, limit: int) -> int:
    """How many bytes of pieces go beside ``contents`` in a file of at most ``limit`` bytes, as it is padded and sealed.

    Below 0 where it is larger without any.
    """
    length = min(limit, seal.MAX_FILE)
    length -= length // _SEALED_PER_BYTE + _SEALED
    if length < _PADDED:
        return -1
    free = (length.bit_length() - 1) - (length.bit_length() - 1).bit_length()
    return (length >> free << free) - len(pack_inner(contents, signer)) - _ENTRY


def _padded_body(header: Header, sections: dict[str, bytes]) -> bytes:
    """Everything before the signature, at a padded length."""
    listed = tuple(Section(name, len(data), _salted(header.seed, data)) for name, data in sections.items())
    content = sum(map(len, sections.values())) + seal.SIGNATURE
    room, wanted, tried = 0, 0, 0
    while True:  # twice or three times: a longer pad may need a longer number in the header
        pad = bytes(room)
        head = _head(replace(header, sections=(*listed, Section(PAD, room, _salted(header.seed, pad)))))
        bare = len(head) + content
        if padme(bare + room) == bare + room:
            return b"".join([head, *sections.values(), pad])
        tried += 1  # where neither number fits, because the shorter one makes the pad longer, the next length does
        wanted = padme(wanted + 1) if tried % _TRIES == 0 else max(wanted, padme(bare))
        room = wanted - bare


def _head(header: Header) -> bytes:
    """Everything before the sections."""
    packed = pack_header(header)
    if len(packed) > MAX_HEADER:
        raise ValueError("the header is too long")
    return MAGIC + len(packed).to_bytes(_U32, "big") + packed


def padme(length: int) -> int:
    """The next padded length: only the first few bits of it may be other than zero."""
    length = max(length, _PADDED)
    exponent = length.bit_length() - 1
    free = exponent - exponent.bit_length()
    return (length + (1 << free) - 1) >> free << free


def _salted(seed: bytes, section: bytes | memoryview) -> bytes:
    digest = hashlib.sha256(seed)
    digest.update(section)
    return digest.digest()


# -------------------------------------------------------------------------------------------------------------- reading


def _split(inner: bytes) -> tuple[Header, dict[str, memoryview]]:
    """Header and sections, nothing verified yet."""
    whole = memoryview(inner)
    try:
        start = _after_magic(inner)
        end = start + _U32 + int.from_bytes(whole[start : start + _U32], "big")
        header = unpack_header(whole[start + _U32 : end])
        sections = {}
        for section in header.sections:
            sections[section.name] = whole[end : end + section.length]
            end += section.length
        require(end + seal.SIGNATURE == len(whole), "bundle: length")
    except Damaged as fault:
        raise seal.altered() from fault
    except Newer as fault:
        raise _newer_format(fault) from fault
    return header, sections


def _after_magic(inner: bytes) -> int:
    found = _ANY_MAGIC.match(inner)
    if not found:
        raise Damaged("bundle: first line")
    if int(found[1]) != FORMAT:
        # Of a format to come we only rely on this: length, then a map with the version that can read it.
        start = found.end() + _U32
        raise newer(
            canonical.unpack_map(inner[start : start + int.from_bytes(inner[found.end() : start], "big")], MAX_HEADER)
        )
    return found.end()


def _newer_format(fault: Newer) -> BundleProblem:
    if fault.program is None:
        return NewerFormat(
            "This bundle was packed by a newer Gridworker, so nothing was merged: update this computer first."
        )
    return NewerFormat(
        "This bundle was packed by a newer Gridworker, so nothing was merged: update this computer to {version} first.",
        version=fault.program,
    )


def _require_hashes(header: Header, sections: Mapping[str, memoryview]) -> None:
    for section in header.sections:
        if _salted(header.seed, sections[section.name]) != section.digest:
            raise Damaged(f"section {section.name}: hash")


def _bundle(inner: bytes, header: Header, packed: bytes, sections: dict[str, memoryview], keys: PublicKeys) -> Bundle:
    if OPS not in sections:
        raise Damaged("bundle: no ops")
    ops = unpack_ops(sections[OPS])
    if len(ops.rows) + len(ops.bad) != header.ops:
        raise Damaged("bundle: number of ops")
    return Bundle(
        header=header,
        ops=ops.rows,
        bad_ops=ops.bad,
        authors=ops.authors,
        scope=unpack_scope(sections[SCOPE]) if SCOPE in sections else None,
        chunks=unpack_chunks(sections[CHUNKS]) if CHUNKS in sections else (),
        other={name: bytes(data) for name, data in sections.items() if name not in {OPS, SCOPE, CHUNKS, PAD}},
        hash=hash_of(inner),
        inner=inner,
        keys=keys,
        packed=packed,
    )
