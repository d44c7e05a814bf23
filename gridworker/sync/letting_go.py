"""Which files a laptop may let go: the oldest ones that are safe at the office, and never another."""

from gridworker.store.attached import Attached, Files
from gridworker.store.clock import device_of, laptop_of
from gridworker.store.log import Cursor
from gridworker.store.parcels import COVERED, OFFICE_PEER, Parcels
from gridworker.store.streams import Exchange


def surplus(cursor: Cursor, laptop: int, keep: int) -> tuple[list[Attached], int]:
    """The files beyond the newest ``keep`` bytes that may go, and how many beyond them may not.

    A file may go where the office has confirmed it whole and has it in a verified backup, and that backup covers the
    records of this laptop that refer to it as well.
    """
    newest: dict[bytes, int] = {}
    covered, safe = Exchange(cursor).backed_up(), set[bytes]()
    unsafe = set[bytes]()
    for hash_, parcel in Parcels(cursor, OFFICE_PEER).all().items():
        (safe if parcel.state == COVERED else unsafe).add(hash_)
    for one in Files(cursor).wanted():
        newest.setdefault(one.hash, one.record)
        if laptop_of(one.record) == laptop and one.record > covered.get(device_of(one.record), 0):
            unsafe.add(one.hash)
    here = [file for file in Files(cursor).all() if file.path is not None]
    here.sort(key=lambda file: newest.get(file.hash, 0), reverse=True)
    beyond = []
    for file in here:
        keep -= file.size
        if keep < 0:
            beyond.append(file)
    gone = [file for file in beyond if file.hash in safe - unsafe]
    return gone, len(beyond) - len(gone)
