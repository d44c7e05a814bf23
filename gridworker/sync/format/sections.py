"""The sections of a bundle beside its ops: what enters and leaves a laptop's scope, and pieces of attachments.

``scope`` is a zstd frame around a canonical map: ``number`` (the scope this makes), ``grids`` (ids, all the laptop
holds now), and the records that ``enter`` and ``leave``, each as [count, column of ids]; ``numbers``, where given, is a
column with the stream number of each of these entries, first of those that enter, then of those that leave. The number
is that of the first reply that told of it; of two entries about a record the higher one holds.

``chunks`` is u32 (big-endian) length of a directory, the directory - a canonical array with [SHA-256 of the whole
attachment, its size, offset, length] per chunk - and the bytes of the chunks one after the other, not compressed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from gridworker.sync.format import canonical
from gridworker.sync.format.canonical import Damaged, Thing
from gridworker.sync.format.columns import pack_ints, unpack_ids
from gridworker.sync.format.frame import compressed, decompressed
from gridworker.sync.format.parts import HASH, is_count, sized

MAX_RECORDS = 200_000
MAX_SCOPE = 8 * 1024 * 1024
MAX_GRIDS = 1024
MAX_THINGS = 2 * MAX_GRIDS
MAX_CHUNKS = 4096
MAX_DIRECTORY = 512 * 1024
_PER_CHUNK = 6
_U32 = 4


@dataclass(frozen=True, slots=True)
class ScopeChange:
    """What a laptop holds from now on, and the records that enter and leave with this bundle."""

    number: int
    grids: tuple[int, ...]
    enter: tuple[int, ...] = ()
    leave: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    """Stream numbers of ``enter`` and then of ``leave``, or none."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of an attachment: ``sha256`` and ``size`` are those of the whole."""

    sha256: bytes
    size: int
    offset: int
    data: bytes = field(repr=False)


def pack_scope(scope: ScopeChange) -> bytes:
    """The section ``scope``."""
    things: dict[str, Thing] = {
        "number": scope.number,
        "grids": list(scope.grids),
        "enter": [len(scope.enter), pack_ints(scope.enter)],
        "leave": [len(scope.leave), pack_ints(scope.leave)],
    }
    if scope.numbers:
        things["numbers"] = pack_ints(scope.numbers)
    return compressed(canonical.pack(things))


def unpack_scope(section: bytes | memoryview) -> ScopeChange:
    """Read what ``pack_scope`` gave. Raises Damaged."""
    match canonical.unpack_map(decompressed(section, MAX_SCOPE), MAX_SCOPE, MAX_THINGS):
        case {"number": int(number), "grids": list(grids), "enter": entering, "leave": leaving, **rest} if number >= 0:
            pass
        case _:
            raise Damaged("scope: form")
    enter, leave = _ids(entering), _ids(leaving)
    held = [grid for grid in grids if isinstance(grid, int) and grid > 0]
    if len(held) != len(grids) or len(held) > MAX_GRIDS:
        raise Damaged("scope: grids")
    numbers = rest.get("numbers", b"")
    if not isinstance(numbers, bytes):
        raise Damaged("scope: numbers")
    counted = unpack_ids(numbers, len(enter) + len(leave)) if numbers else []
    return ScopeChange(number, tuple(held), enter, leave, tuple(counted))


def pack_chunks(chunks: Sequence[Chunk]) -> bytes:
    """The section ``chunks``."""
    listed: list[Thing] = [[chunk.sha256, chunk.size, chunk.offset, len(chunk.data)] for chunk in chunks]
    directory = canonical.pack(listed)
    return b"".join([len(directory).to_bytes(_U32, "big"), directory, *(chunk.data for chunk in chunks)])


def unpack_chunks(section: bytes | memoryview) -> tuple[Chunk, ...]:
    """Read what ``pack_chunks`` gave. Raises Damaged."""
    whole = memoryview(section)
    at = _U32 + int.from_bytes(whole[:_U32], "big")
    directory = canonical.unpack(whole[_U32:at], MAX_DIRECTORY, _PER_CHUNK * (MAX_CHUNKS + 1))
    if not isinstance(directory, list) or len(directory) > MAX_CHUNKS:
        raise Damaged("chunks: directory")
    chunks = []
    for entry in directory:
        sha256, size, offset, length = _entry(entry)
        chunks.append(Chunk(sha256, size, offset, bytes(whole[at : at + length])))
        at += length
    if at != len(whole) or at < _U32:
        raise Damaged("chunks: length")
    return tuple(chunks)


def _ids(thing: Thing) -> tuple[int, ...]:
    match thing:
        case [int(count), bytes(column)] if 0 <= count <= MAX_RECORDS:
            return tuple(unpack_ids(column, count))
        case _:
            raise Damaged("scope: records")


def _entry(thing: Thing) -> tuple[bytes, int, int, int]:
    match thing:
        case [bytes(sha256), int(size), int(offset), int(length)]:
            counts = all(map(is_count, (size, offset, length)))
            if counts and sized(HASH)(sha256) and offset + length <= size:
                return sha256, size, offset, length
    raise Damaged("chunks: entry")
