"""The section ``files``: what both ends tell each other about attachments, beside the pieces themselves.

A zstd frame around a canonical map. ``have``: an array of [SHA-256, reach, covered], how many bytes from its start the
sender has of a file - of what its records refer to and it lacks, and of what the recipient asked for; ``covered`` is 1
where it is in a verified backup as well. ``ask``: an array of SHA-256, files of which the sender wants to be told that.
Both are said anew with each bundle; the newest one counts. Where there is none, nothing is
lacking and nothing is asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from gridworker.sync.format import canonical
from gridworker.sync.format.canonical import Damaged, Thing
from gridworker.sync.format.frame import compressed, decompressed
from gridworker.sync.format.parts import HASH, is_count, sized

SECTION = "files"
MOST = 2048
"""Files named at once in either list; the rest with later bundles."""

MAX_NOTES = 512 * 1024
MAX_THINGS = 8 * MOST


class Have(NamedTuple):
    """How far somebody has a file."""

    hash: bytes
    reach: int
    covered: int = 0


@dataclass(frozen=True, slots=True)
class FileNotes:
    """What one side says of its files."""

    have: tuple[Have, ...] = ()
    ask: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, have: Iterable[Have], ask: Iterable[bytes] = ()) -> "FileNotes":
        """As much of it as fits."""
        return cls(tuple(have)[:MOST], tuple(ask)[:MOST])

    def sections(self) -> dict[str, bytes]:
        """The section, where there is anything to say."""
        if not (self.have or self.ask):
            return {}
        things: dict[str, Thing] = {"have": [list(one) for one in self.have], "ask": list(self.ask)}
        return {SECTION: compressed(canonical.pack(things))}

    @classmethod
    def parse(cls, section: bytes | None) -> "FileNotes | None":
        """Read a section; None where there is none. Raises Damaged."""
        if section is None:
            return None
        match canonical.unpack_map(decompressed(section, MAX_NOTES), MAX_NOTES, MAX_THINGS):
            case {"have": list(have), "ask": list(ask)} if len(have) <= MOST and len(ask) <= MOST:
                return cls(tuple(map(_have, have)), tuple(map(_hash, ask)))
        raise Damaged("files: form")


def _have(thing: Thing) -> Have:
    match thing:
        case [digest, int(reach), int(covered)] if is_count(reach) and covered in (0, 1):
            return Have(_hash(digest), reach, covered)
    raise Damaged("files: entry")


def _hash(thing: Thing) -> bytes:
    if isinstance(thing, bytes) and sized(HASH)(thing):
        return thing
    raise Damaged("files: hash")
