"""Device kits on the store: the office issues one, the laptop makes its store from it.

A kit holds everything the laptop starts with, so the first visit needs no further bundle. Nothing is asked of anybody
about trust: the office is known by the kit, the laptop by the secret in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gridworker.domain.moments import local_day
from gridworker.errors import BundleProblem, NotFound
from gridworker.store.engine.database import raw_cursor
from gridworker.store.health.sidecar import highest_laptop
from gridworker.store.keys.escrow import key_for
from gridworker.store.log.clock import EPOCH, INCARNATION_BITS, MAX_LAPTOP, device
from gridworker.store.log.journal import ENROL
from gridworker.store.meta import FIELD_ROLE, Identity, Meta
from gridworker.store.recall import Recall
from gridworker.store.records import kind_named
from gridworker.store.scope.scope import grids_of
from gridworker.store.scope.spans import Spans
from gridworker.store.store import Incoming
from gridworker.store.streams import Exchange, KitRow, Stream
from gridworker.store.tables.changes import Act, Change
from gridworker.sync.enrolment.escrowed import ESCROW, ESCROW_SERIAL, seed_of, serial_of
from gridworker.sync.format.asks import Vouch
from gridworker.sync.format.bundle import Bundle, Contents
from gridworker.sync.format.code import Code
from gridworker.sync.format.header import Header
from gridworker.sync.format.keys import DeviceKeys
from gridworker.sync.format.parts import Purpose
from gridworker.sync.format.recovering import KEYS, current
from gridworker.sync.format.sections import ScopeChange
from gridworker.sync.kit import Kit, read_kit, write_kit
from gridworker.sync.outgoing import Outgoing, kit_content
from gridworker.sync.returning.giving import KIT
from gridworker.sync.returning.life import settle_life

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.store import Store

FIRST_SCOPE = 1


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom a laptop is for, and for which grids. ``new`` writes down a worker who is not on the books yet."""

    worker: int
    grids: Sequence[int]
    new: Change | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """A kit as the office gives it out: the file and, apart from it, the code."""

    data: bytes
    code: Code
    laptop: int
    device: int
    """Id of the device's record."""
    commit: "Commit"


@dataclass(frozen=True, slots=True)
class Opened:
    """A kit that was opened with its code and checked."""

    kit: Kit
    bundle: Bundle


def next_laptop(store: "Store") -> int:
    """The next laptop number; numbers are never given again. Raises BundleProblem when they have run out."""
    with store.cursor() as cursor:
        number = highest_laptop(Meta(cursor)) + 1
    if number > MAX_LAPTOP:
        raise BundleProblem("This office has given out all its laptop numbers.")
    return number


def issue(store: "Store", who: int, receiver: Receiver, now: datetime) -> Issued:
    """Enrol a laptop: all its records in one act, and the kit with everything it starts with."""
    laptop = next_laptop(store)
    record = store.new_id()
    values = {"number": laptop, "staff_id": receiver.worker, "state": "active", "issued_on": local_day(now)}
    changes = [receiver.new] if receiver.new else []
    changes.append(Change("device", record, kind_named("device").checked(values), create=True))
    for grid in receiver.grids:
        given = kind_named("device_grid").checked({"device_id": record, "grid_id": grid})
        changes.append(Change("device_grid", store.new_id(), given, create=True))
    secret = Kit.new_secret()

    def beside(connection: "Connection", _commit: "Commit") -> None:
        Exchange(raw_cursor(connection)).save_kit(KitRow(laptop, secret, 0, _ms(now)))

    commit = store.write(changes, Act(ENROL, who, record=record, kind="device"), beside)
    code, data = _kit_file(store, laptop, receiver.worker, now)
    return Issued(data, code, laptop, record, commit)


def reissue(store: "Store", who: int, laptop: int, now: datetime) -> Issued:
    """A new kit for a laptop that has not introduced itself; the earlier one opens no door any more.

    Raises BundleProblem for one that has, NotFound for one that is not here.
    """
    with store.db.read() as connection:
        exchange = Exchange(raw_cursor(connection))
        if exchange.pinned(laptop):
            raise BundleProblem(
                "Laptop {number} has introduced itself already. Give it out as a new one.", number=laptop
            )
        found = connection.exec_driver_sql("SELECT id, staff_id FROM device WHERE number = ?", (laptop,)).first()
    if found is None:
        raise NotFound("There is no laptop {name}.", name=laptop)

    def beside(connection: "Connection", _commit: "Commit") -> None:
        Exchange(raw_cursor(connection)).save_kit(KitRow(laptop, Kit.new_secret(), 0, _ms(now)))

    commit = store.write([], Act(ENROL, who, record=found.id, kind="device", always=True), beside)
    code, data = _kit_file(store, laptop, found.staff_id, now)
    return Issued(data, code, laptop, found.id, commit)


def _kit_file(store: "Store", laptop: int, worker: int, now: datetime) -> tuple[Code, bytes]:
    with store.settings() as settings:
        keys = DeviceKeys.parse(settings.secret("device_keys") or b"")
        recovery = current(settings).keys
        seed, serial = seed_of(settings), serial_of(settings)
    with store.db.read() as connection:
        cursor = raw_cursor(connection)
        grids = grids_of(connection, laptop)
        row = Exchange(cursor).kit(laptop)
        content = kit_content(connection, grids, laptop)
    if row is None:
        raise BundleProblem("Laptop {number} has no device bundle.", number=laptop)
    header = Header(
        purpose=Purpose.KIT,
        community=store.identity.community,
        sender=store.identity.device,
        recipient=device(laptop, 0),
        n=1,
        time=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        upto=content.upto,
        scope=FIRST_SCOPE,
    )
    code = Code.new()
    vouch = Vouch.issue(store.identity.community, laptop, row.secret, keys)
    point = key_for(seed, store.identity.community, laptop)
    kit = Kit(laptop, worker, tuple(grids), keys.public, recovery, row.secret, vouch, point, serial)
    contents = Contents(
        header, content.rows, content.authors, scope=ScopeChange(FIRST_SCOPE, tuple(grids), content.enter)
    )
    written = write_kit(contents, kit, keys, code)
    _hand_out(store, laptop, content)
    return code, written.data


def _hand_out(store: "Store", laptop: int, content: Outgoing) -> None:
    """The stream to the laptop begins behind what the kit holds."""
    settle_life(store)
    with store.db.write() as connection:
        cursor = raw_cursor(connection)
        Exchange(cursor).save_stream(Stream(laptop, acked=content.upto, scope=FIRST_SCOPE))
        Spans(cursor, laptop).begin(FIRST_SCOPE, content.upto, content.enter, content.grids)
        Recall(cursor).spare(laptop << INCARNATION_BITS)


def open_kit(data: bytes, code: Code) -> Opened:
    """Open a kit. Raises NotForUs (wrong code or no kit), BundleAltered, NewerFormat."""
    return Opened(*read_kit(data, code))


def identity_of(opened: Opened) -> Identity:
    """Whose store the laptop's will be."""
    header = opened.bundle.header
    return Identity(FIELD_ROLE, header.community, opened.kit.number, 0, header.scope)


def fill(store: "Store", opened: Opened) -> None:
    """Make a laptop's new store from its kit: keys of its own, the office's, the records, its place in the stream."""
    header, kit, own = opened.bundle.header, opened.kit, DeviceKeys.generate()

    def beside(connection: "Connection", _commit: "Commit") -> None:
        settings, exchange = Meta(raw_cursor(connection)), Exchange(raw_cursor(connection))
        settings.set_secret("device_keys", own.pack())
        settings.set_secret("kit_secret", kit.secret)
        settings.set_secret(KIT, opened.bundle.inner)
        if kit.vouch:
            settings.set_secret("kit_vouch", kit.vouch.pack())
        settings.set("office_keys", kit.office.pack())
        settings.set(ESCROW, kit.escrow)
        settings.set(ESCROW_SERIAL, kit.escrow_serial)
        settings.set(KEYS, kit.recovery.pack())
        settings.set("office_device", header.sender)
        settings.set("person", kit.worker)
        exchange.save_stream(Stream(header.sender, received=header.upto, scope=header.scope))

    store.apply(
        Incoming(opened.bundle.ops, opened.bundle.authors, Act(ENROL, kit.worker, always=True),
                 source=bytes.fromhex(opened.bundle.hash), beside=beside)
    )  # fmt: skip


def _ms(now: datetime) -> int:
    return int((now - EPOCH).total_seconds() * 1000)
