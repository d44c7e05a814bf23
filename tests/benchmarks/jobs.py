"""The jobs J1 and J2 of sync.md: an office of 100,000 residents, what ten laptops changed, as ops and as bundle files.

J1: 46,458 changes of fields on 30,000 residents by ten laptops, 1,500 of them in conflict. J2: 100,000 new residents of
twelve columns.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path
from random import Random

from gridworker.app.exchange.exchange import Exchange
from gridworker.app.session import Session
from gridworker.paths import Folder
from gridworker.record import Value
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.keys.vault import Keys
from gridworker.store.log.clock import INCARNATION_BITS, Clock, device
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_create, pack_edits
from gridworker.store.meta import Meta
from gridworker.store.scope.spans import Spans
from gridworker.store.store import Incoming, Store
from gridworker.store.streams import Exchange as Tables
from gridworker.store.streams import PeerKey, Stream
from gridworker.store.tables.changes import Act
from gridworker.sync.files.files import BundleName
from gridworker.sync.format.bundle import Contents, write_bundle
from gridworker.sync.format.header import Header
from gridworker.sync.format.keys import DeviceKeys, new_recovery
from gridworker.sync.format.parts import Purpose
from gridworker.sync.format.states import ACTIVE
from tests.builders import CHAIN_KEY, COMMUNITY, DEK, Wall, add, make_store

PEOPLE, EDITED, CHANGES, CONFLICTS = 100_000, 30_000, 46_458, 1_500
LAPTOPS = range(2, 12)
RESIDENT = 6
WHO = 1
TEXTS = (1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 13, 14)
"""The twelve fields of a resident that hold text."""
FREE = (1, 3, 5, 6, 7, 11, 13, 14)
"""Those of them that take any text."""
EDITED_AT = 197_000_000_000
"""Milliseconds since 2020."""
NAMED = "建国秀英桂兰志明晓红文华"
FILE, PERSON = "store.db", "person"


def creations(number: int, start: int = 0) -> Sequence[OpRow]:
    """New residents, some 250 bytes each."""
    clock = Clock(device(1, 0), wall=Wall(step=7, now=196_000_000_000 + start * 7))
    chance = Random(start)
    rows = []
    for at in range(start, start + number):
        clk = clock.next()
        rows.append(OpRow(clk, RESIDENT, clk, int(What.CREATE), 0, pack_create(_person(at, chance))))
    return rows


def edits(people: Sequence[int], laptops: Sequence[int] = LAPTOPS) -> Sequence[OpRow]:
    """What laptops changed, ascending by clk."""
    chance = Random(2)
    clocks = [Clock(device(laptop, 0), wall=Wall(step=9, now=EDITED_AT)) for laptop in laptops]
    rows = []
    left = CHANGES - CONFLICTS - EDITED
    for at, record in enumerate(chance.sample(people, EDITED)):
        first, second = chance.sample(clocks * 2, 2) if len(clocks) == 1 else chance.sample(clocks, 2)
        fields = sorted(chance.sample(FREE, 2 if at % 2 == 0 and left > 0 else 1))
        left -= len(fields) - 1
        changed, other = _changed(at), _changed(at + EDITED)
        rows.append(edit(first.next(), record, [Edit(field, changed[field], (record,)) for field in fields]))
        if at < CONFLICTS:
            rows.append(edit(second.next(), record, [Edit(fields[0], other[fields[0]], (record,))]))
    return sorted(rows)


def edit(clk: int, record: int, changed: Sequence[Edit]) -> OpRow:
    """An op that edits a resident."""
    return OpRow(clk, RESIDENT, record, int(What.EDIT), 0, pack_edits(record, changed))


def take(store: Store, rows: Sequence[OpRow]) -> None:
    """Merge ops as one bundle."""
    store.apply(Incoming(rows, [Author(WHO, 0)], Act("merge", WHO, always=True), b"bundle"))


class Sender:
    """Keys of laptops and the bundles they would hand in at one office, numbered."""

    def __init__(self, office: Store, laptops: Collection[int] = LAPTOPS) -> None:
        self._keys = {laptop: DeviceKeys.generate() for laptop in laptops}
        self._sent: dict[int, int] = dict.fromkeys(laptops, 0)
        keys = DeviceKeys.generate()
        self._recipient = keys.public.recipient
        hire(office, "office")
        with office.settings() as settings:
            settings.set_secret("device_keys", keys.pack())
            settings.set("recovery_keys", new_recovery().public.pack())
        with office.db.write() as connection:
            tables = Tables(raw_cursor(connection))
            for laptop, own in self._keys.items():
                tables.pin(PeerKey(device(laptop, 0), laptop, own.public.pack(), ACTIVE, 0))

    def bundle(self, folder: Path, laptop: int, rows: Sequence[OpRow]) -> Path:
        """The next bundle of a laptop, as a file."""
        self._sent[laptop] += 1
        header = Header(
            purpose=Purpose.BUNDLE, community=COMMUNITY, sender=device(laptop, 0), recipient=0, n=self._sent[laptop],
            time="2026-03-18T09:42:00Z", since=0, upto=rows[-1].clk, scope=1,
        )  # fmt: skip
        written = write_bundle(Contents(header, rows, [Author(WHO, 1)]), self._keys[laptop], [self._recipient])
        path = folder / str(BundleName.of(header.sender, header.n, written.hash))
        path.write_bytes(written.data)
        return path


def by_laptop(rows: Sequence[OpRow]) -> dict[int, list[OpRow]]:
    """Ops by the number of the laptop that wrote them."""
    found: dict[int, list[OpRow]] = defaultdict(list)
    for row in rows:
        found[(row.clk & 0xFFFF) >> INCARNATION_BITS].append(row)
    return found


def hand_out(office: Store, laptop: int, records: Collection[int]) -> None:
    """The laptop holds these records, as one whose kit was given out."""
    with office.db.write() as connection:
        Tables(raw_cursor(connection)).save_stream(Stream(laptop, scope=1))
        Spans(raw_cursor(connection), laptop).begin(1, 0, sorted(records), ())


def make_office(folder: Path, people: Sequence[OpRow]) -> Store:
    """An office with these residents, in file and not in the write-ahead log."""
    office = make_store(folder)
    take(office, people)
    office.db.checkpoint()
    return office


def hire(store: Store, role: str) -> None:
    """Somebody who may hand over and receive here, where there is nobody yet."""
    with store.cursor() as cursor:
        if Meta(cursor).number(PERSON):
            return
    person = add(store, "staff", name="刘芳", role=role, active=True)
    with store.settings() as settings:
        settings.set(PERSON, person)


def open_store(folder: Path) -> Store:
    """A store made here, opened again: with nothing in its page cache."""
    return Store.open(Database(folder / FILE, DEK), CHAIN_KEY)


def exchange_of(store: Store, folder: Path) -> Exchange:
    """Handing over and receiving at a store, by whoever was hired there."""
    with store.cursor() as cursor:
        person = Meta(cursor).number(PERSON)
    return Exchange(Session(store, Folder(folder), Keys(DEK), person))


def _changed(at: int) -> dict[int, Value]:
    """What somebody may make of the free fields of a resident; no two ``at`` alike in any of them, and no day amiss."""
    day = f"{1900 + at // 336}-{at // 28 % 12 + 1:02d}-{at % 28 + 1:02d}"
    digits = f"{at * 7919 % 1_000_000:06d}"
    return {
        1: "李" + NAMED[at % 12] + NAMED[at // 12 % 12] + chr(0x4E00 + at // 144), 3: day, 5: f"13900{digits}",
        6: f"000000{day.replace('-', '')}{digits[:3]}X{digits[3:]}", 7: f"{at:05d}", 11: day,
        13: f"第{at}次上门，人不在家，邻居说在女儿那边", 14: f"独居 编号{at}",
    }  # fmt: skip


def _person(at: int, chance: Random) -> dict[int, Value]:
    day = f"{1930 + at % 90}-{at % 12 + 1:02d}-{at % 28 + 1:02d}"
    return {
        1: f"{'陈张李王刘'[at % 5]}{'建国秀英桂兰'[at % 5]}{at % 1000}", 2: "12"[at % 2], 3: day,
        5: f"1380000{at % 10000:04d} 1390000{at % 10000:04d}", 6: f"000000{day.replace('-', '')}{at % 1000:03d}X",
        7: f"{at % 1000:03d}X", 8: "permanent", 10: "in_place", 11: day, 12: "visit",
        13: f"住在三单元{at % 30}楼，孩子在武汉工作，周末回来，电话打给女儿；{chance.getrandbits(64)}",
        14: "独居 高龄 慢病",
    }  # fmt: skip
