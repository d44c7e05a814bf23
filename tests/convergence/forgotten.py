"""Of what was erased nothing is left, wherever it might lie: log, asides, drafts, index, outbox, archive, backups."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gridworker.store.engine.connection import connect
from gridworker.store.log.log import Log
from gridworker.store.log.op import OpRow, What
from gridworker.store.streams import Exchange
from gridworker.sync.format import seal
from gridworker.sync.format.bundle import sections_of
from gridworker.sync.format.frame import decompressed
from gridworker.sync.format.keys import DeviceKeys
from gridworker.sync.format.payload import MAX_PAYLOAD
from gridworker.sync.returning.giving import KIT
from tests.builders import DEK
from tests.circle import RECOVERY
from tests.convergence.community import Community
from tests.convergence.ground import NAMES, OFFICE
from tests.oracle import bare, erasures
from tests.pages import found_in

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace


def require_forgotten(community: Community, views: Mapping[str, Mapping[int, OpRow]]) -> None:
    """No value but such as was written in sight of the erasure; none of their words in any file of any device."""
    erased = erasures(views[OFFICE].values())
    for name, ops in views.items():
        with community.device(name).session.store.cursor() as cursor:
            exchange = Exchange(cursor)
            aside = [OpRow(*op[:4], 0, op.vals) for op in (*exchange.aside(), *exchange.ruled())]
        for row in (*ops.values(), *aside):
            assert row.what == What.VERDICT or row.vals == bare(row, erased), f"{name} remembers: {row.clk}"
    forgotten = {record for record, _ in erased}
    names = {
        name: family.resident
        for name, family in zip(NAMES, community.families, strict=True)
        if family.resident in forgotten and not _is_taken_over(name, family.resident, views[OFFICE])
    }
    if names:
        for name in community.names:
            found = sorted(lies(community.device(name), list(names)))
            assert not found, f"{name} keeps words of {forgotten}: {found}"
        backups = [path / "store.db" for path in community.place(OFFICE).glob("00-*")]
        kept = [path for path in backups if _kept_in(path, names)]
        assert not kept, f"backups keep words of {forgotten}: {kept}"


def _kept_in(backup: Path, names: Mapping[str, int]) -> set[str]:
    """Names that stand in a backup, but for such as another took over there: it may be of a life that was lost since.

    An office that was put back to before two were made one knows nothing of the act, and the one has that name still.
    """
    found = found_in(backup, names)
    if not found:
        return found
    with TemporaryDirectory(dir=backup.parents[1]) as place:
        copy = Path(shutil.copy(backup, place))
        with closing(connect(copy, DEK, query_only=True)) as connection:
            ops = {row.clk: row for rows in Log(connection.cursor()).ops() for row in rows}
    return {name for name in found if not _is_taken_over(name, names[name], ops)}


def _is_taken_over(name: str, resident: int, ops: Mapping[int, OpRow]) -> bool:
    """Whether another took a name over when the office made one of two: that one has it, in sight of what it lost.

    Be it that they were parted again, or that an office that was put back erased one before it heard of the act.
    """
    return any(name.encode() in row.vals for row in ops.values() if row.record != resident)


def lies(device: "Workspace", words: list[str]) -> Iterator[str]:
    """Where words stand in a data folder, for whoever has every key that opens anything there."""
    folder = device.session.folder
    device.session.store.db.checkpoint()
    if found_in(folder.database, words):
        yield folder.database.name
    with device.session.store.settings() as settings:
        own = DeviceKeys.parse(settings.secret("device_keys") or b"")
    for path in (*folder.archive.glob("*"), *folder.outbox.glob("*")):
        if _holds(_opened(seal.open_sealed(path.read_bytes(), [own.identity, RECOVERY.identity])), words):
            yield f"{path.parent.name}/{path.name}"


def kit_holds(device: "Workspace", words: list[str]) -> bool:
    """Whether any of the words stands in the kit a laptop was set up from and keeps for a while."""
    with device.session.store.settings() as settings:
        kit = settings.secret(KIT)
    return bool(kit) and _holds(_opened(kit or b""), words)


def _holds(parts: Iterator[bytes], words: list[str]) -> bool:
    inside = b"".join(parts)
    return any(word.encode() in inside for word in words)


def _opened(inner: bytes) -> Iterator[bytes]:
    for name, section in sections_of(inner).items():
        yield bytes(decompressed(section, MAX_PAYLOAD)) if name == "ops" else bytes(section)
