"""The header of a bundle: everything about it but its content, in one strict canonical msgpack map.

A key that is not set is left out. Unknown keys are kept in ``extra`` and ignored: that is how the format grows. What
an older program could not read in spite of that gets a higher ``format``; it then says which version is needed.

    key            type            meaning
    format         int             1: this layout
    suite          int             1: age with X25519, Ed25519, SHA-256
    schema         int             the writer's version of kinds and fields; a higher one than ours is no obstacle
    program        text            the writer's version of Gridworker, like "0.1.0"
    purpose        text            "bundle" to the office, "reply" from it, "kit" to enrol a laptop
    community      text            code of the community both ends belong to
    sender         int             device: laptop number << 6 | incarnation; laptop number 0 is the office
    recipient      int             device it is for
    n              int             number of the bundle in the stream from sender to recipient, from 1
    prev           32 bytes        hash of bundle n - 1
    since, upto    int             what it covers, (since, upto]: clks of its life to the office, stream numbers from it
    have           map             the receipt, see Marks
    backed_up_to   map             what of that is also in a verified backup, see Marks
    time           text            the writer's clock, YYYY-MM-DDTHH:MM:SSZ
    scope          int             number of the scope the sender has taken in (laptop) or gives (office)
    ops            int             number of ops
    seed           16 bytes        random; salts the hashes of the sections
    sections       array           [name, length, SHA-256(seed | section)] in the order they stand in
    refused        array of int    numbers of the recipient's bundles that could not be taken in: send them again
    keys           array           the sender's public keys, in a laptop's bundles until the office has confirmed one
    proof          32 bytes        HMAC over them under the secret of the kit (see kit.py)
    certificate    array           new keys of the office, vouched for by the old or the recovery keys (see keys.py)
    redacts        map             {"hash", "n", "prev", "sender"}: the bundle it stands for, erased values left out
    digest         map             {"hash", "n", "scope"}: what the records of a scope hash to at a stream number
    recent         array           [n, time] of the sender's bundles before this one that have no receipt yet
    came           array           {"device", "hash", "n"}: the newest bundle of each life of the recipient's that came
    reissued       array           [clk, hash, new clk] of ops, mostly the recipient's, that bore the clk of another
    got            array           hashes of the newest bundles of the recipient's life that were taken in, oldest first
    asks           array           [device, n, backed up]: what a restored office asks back of its former lives
    returns        array           [device, n]: how far a laptop has what it was asked for (see returns.py)
    vouch          array           [secret, signature]: the office's word for a laptop it enrolled (see asks.py)
    escrow         32 bytes        in replies: the point the laptop seals its key to (see store/keys/escrow.py)
    escrow_serial  int             the number of the seed it is of, where that was made anew
    recovery       array           [number, keys]: the office's recovery key, where it was made anew (see recovering.py)
    lives_left     int             in a laptop's bundles: incarnations it has left, where these are few
    ticket         24 bytes        in replies: by it the office knows this one again (see tickets.py)
    tickets        array           [n, ticket] of the newest replies of the recipient's life that a laptop took in
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import takewhile
from typing import Any

import gridworker
from gridworker.record import MAX_INTEGER
from gridworker.store.keys.slots import MAX_SERIAL, POINT
from gridworker.sync.format import canonical
from gridworker.sync.format.asks import MAX_ASKS, Ask, Reach, Vouch
from gridworker.sync.format.canonical import Damaged, Thing
from gridworker.sync.format.keys import SUITE, Certificate, PublicKeys
from gridworker.sync.format.parts import (
    HASH,
    MAX_INCARNATIONS,
    NO_MARKS,
    Agreement,
    Check,
    Marks,
    Purpose,
    Redaction,
    Section,
    hex_of,
    is_community,
    is_count,
    is_device,
    is_hash,
    is_name,
    is_program,
    is_time,
    listed,
    maybe,
    number,
    sized,
    tuple_of,
)
from gridworker.sync.format.recovering import Renewed
from gridworker.sync.format.tickets import TICKET, Ticket
from gridworker.sync.format.traces import Came, Handed, Reissued

__all__ = ["FORMAT", "SCHEMA", "Agreement", "Header", "Marks", "Newer", "Purpose", "Redaction", "Section"]

FORMAT = 1
SCHEMA = 1
PROGRAM = ".".join(takewhile(str.isdecimal, gridworker.__version__.split(".")))
"""Our version without what a release candidate or a build has behind it."""

MAX_HEADER = 64 * 1024
MAX_SECTIONS = 32
MAX_REFUSED = 1024
MAX_RECENT = 32
MAX_REISSUED = 256
MAX_GOT = 16
SEED = 16


class Newer(Exception):
    """A format, suite or purpose that this version cannot read; ``program`` is one that can, if it says."""

    def __init__(self, program: str | None) -> None:
        super().__init__(program)
        self.program = program


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A header. ``ops``, ``sections`` and ``seed`` are filled in when a bundle is written.

    Hashes are hex here and bytes in the file. Raises Damaged where a value cannot be.
    """

    purpose: Purpose
    community: str
    sender: int
    recipient: int
    n: int
    time: str
    prev: str | None = None
    since: int = 0
    upto: int = 0
    have: Marks = NO_MARKS
    backed_up_to: Marks = NO_MARKS
    scope: int = 0
    refused: tuple[int, ...] = ()
    keys: PublicKeys | None = None
    proof: bytes | None = None
    certificate: Certificate | None = None
    redacts: Redaction | None = None
    digest: Agreement | None = None
    recent: tuple[Handed, ...] = ()
    came: tuple[Came, ...] = ()
    reissued: tuple[Reissued, ...] = ()
    got: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = ()
    returns: tuple[Reach, ...] = ()
    vouch: Vouch | None = None
    escrow: bytes | None = None
    escrow_serial: int | None = None
    recovery: Renewed | None = None
    lives_left: int | None = None
    ticket: bytes | None = None
    tickets: tuple[Ticket, ...] = ()
    ops: int = 0
    seed: bytes = bytes(SEED)
    sections: tuple[Section, ...] = ()
    format: int = FORMAT
    suite: int = SUITE
    schema: int = SCHEMA
    program: str = PROGRAM
    extra: Mapping[str, Thing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, holds in _RULES.items():
            if not holds(getattr(self, name)):
                raise Damaged(f"header: {name}")
        if self.since > self.upto or (self.keys is None) != (self.proof is None) or set(self.extra) & _NAMES:
            raise Damaged("header: what belongs together")


def pack_header(header: Header) -> bytes:
    """A header as it stands in the file."""
    things: dict[str, Thing] = dict(header.extra)
    for name in _NAMES:
        value = getattr(header, name)
        if value is not None and value not in ((), NO_MARKS):
            things[name] = _WRITERS[name](value) if name in _WRITERS else value
    return canonical.pack(things)


def unpack_header(data: bytes | memoryview) -> Header:
    """Read what ``pack_header`` gave. Raises Damaged, and Newer where a newer program is needed."""
    return _unpacked(bytes(data))


@lru_cache(maxsize=8)
def _unpacked(data: bytes) -> Header:
    """The same once, for a header that was just read and is kept. Few, for what was not verified yet may be large."""
    things = canonical.unpack_map(data, MAX_HEADER)
    _require_readable(things)
    known: dict[str, Any] = {}
    extra: dict[str, Thing] = {}
    for name, thing in things.items():
        if name in _NAMES:
            known[name] = _READERS[name](thing) if name in _READERS else thing
        else:
            extra[name] = thing
    if _REQUIRED - set(known):
        raise Damaged("header: a key is missing")
    return Header(**known, extra=extra)


@lru_cache(maxsize=1024)
def kept_header(data: bytes) -> Header:
    """The header of a bundle that is here, but what is not understood: it is asked for again with all that follow."""
    header = unpack_header(data)
    return replace(header, extra={}) if header.extra else header


def newer(things: Mapping[str, Thing]) -> Newer:
    """The exception for a header of a format to come, of which only ``program`` is understood."""
    program = things.get("program")
    return Newer(str(program) if is_program(program) else None)


def _require_readable(things: Mapping[str, Thing]) -> None:
    for name, highest in (("format", FORMAT), ("suite", SUITE)):
        level = things.get(name)
        if not isinstance(level, int) or level < 1:
            raise Damaged(f"header: {name}")
        if level > highest:
            raise newer(things)
    purpose = things.get("purpose")
    if not is_name(purpose):
        raise Damaged("header: purpose")
    if purpose not in set(Purpose):
        raise newer(things)


def _are_sections(sections: tuple[Section, ...]) -> bool:
    return len(sections) <= MAX_SECTIONS and len({section.name for section in sections}) == len(sections)


def _is(kind: type) -> Check:
    return lambda value: isinstance(value, kind)


_RULES: dict[str, Check] = {
    "purpose": _is(Purpose),
    "community": is_community,
    "sender": is_device,
    "recipient": is_device,
    "n": number(MAX_INTEGER, 1),
    "time": is_time,
    "prev": maybe(is_hash),
    "since": is_count,
    "upto": is_count,
    "have": _is(Marks),
    "backed_up_to": _is(Marks),
    "scope": is_count,
    "refused": listed(is_count, MAX_REFUSED),
    "keys": maybe(_is(PublicKeys)),
    "proof": maybe(sized(HASH)),
    "certificate": maybe(_is(Certificate)),
    "redacts": maybe(_is(Redaction)),
    "digest": maybe(_is(Agreement)),
    "recent": listed(_is(Handed), MAX_RECENT),
    "came": listed(_is(Came), MAX_INCARNATIONS),
    "reissued": listed(_is(Reissued), MAX_REISSUED),
    "got": listed(is_hash, MAX_GOT),
    "asks": listed(_is(Ask), MAX_ASKS),
    "returns": listed(_is(Reach), MAX_ASKS),
    "vouch": maybe(_is(Vouch)),
    "escrow": maybe(sized(POINT)),
    "escrow_serial": maybe(number(MAX_SERIAL, 1)),
    "recovery": maybe(_is(Renewed)),
    "lives_left": maybe(number(MAX_INCARNATIONS)),
    "ticket": maybe(sized(TICKET)),
    "tickets": listed(_is(Ticket), MAX_GOT),
    "ops": is_count,
    "seed": sized(SEED),
    "sections": _are_sections,
    "format": number(FORMAT, FORMAT),
    "suite": number(SUITE, SUITE),
    "schema": number(MAX_INTEGER, 1),
    "program": is_program,
}
_NAMES = frozenset(_RULES)
_REQUIRED = frozenset(
    {"format", "suite", "schema", "program", "purpose", "community", "sender", "recipient", "n", "time", "seed"}
)
_WRITERS: dict[str, Callable[[Any], Thing]] = {
    "purpose": str,
    "prev": bytes.fromhex,
    "have": Marks.thing,
    "backed_up_to": Marks.thing,
    "refused": list,
    "keys": PublicKeys.thing,
    "certificate": Certificate.thing,
    "redacts": Redaction.thing,
    "digest": Agreement.thing,
    "recent": lambda listed: [one.thing() for one in listed],
    "came": lambda listed: [one.thing() for one in listed],
    "reissued": lambda listed: [one.thing() for one in listed],
    "got": lambda hashes: list(map(bytes.fromhex, hashes)),
    "asks": lambda asks: [ask.thing() for ask in asks],
    "returns": lambda reaches: [reach.thing() for reach in reaches],
    "vouch": Vouch.thing,
    "recovery": Renewed.thing,
    "tickets": lambda tickets: [one.thing() for one in tickets],
    "sections": lambda sections: [section.thing() for section in sections],
}
_READERS: dict[str, Callable[[object], Any]] = {
    "purpose": lambda thing: Purpose(str(thing)),
    "prev": hex_of,
    "have": Marks.of,
    "backed_up_to": Marks.of,
    "refused": tuple_of,
    "keys": PublicKeys.of,
    "certificate": Certificate.of,
    "redacts": Redaction.of,
    "digest": Agreement.of,
    "recent": lambda things: tuple(Handed.of(thing) for thing in tuple_of(things)),
    "came": lambda things: tuple(Came.of(thing) for thing in tuple_of(things)),
    "reissued": lambda things: tuple(Reissued.of(thing) for thing in tuple_of(things)),
    "got": lambda things: tuple(hex_of(thing) for thing in tuple_of(things)),
    "asks": lambda things: tuple(Ask.of(thing) for thing in tuple_of(things)),
    "returns": lambda things: tuple(Reach.of(thing) for thing in tuple_of(things)),
    "vouch": Vouch.of,
    "recovery": Renewed.of,
    "tickets": lambda things: tuple(Ticket.of(thing) for thing in tuple_of(things)),
    "sections": lambda things: tuple(Section.of(thing) for thing in tuple_of(things)),
}
