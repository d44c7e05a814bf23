"""References that lead nowhere: to a record of which nothing is known here and nothing can be on its way.

A reference is never a constraint (sync.md 3): what it names may have been deleted or erased, may not have come yet,
wait for the office's word, or be none of a laptop's business. All that is explained and no fault. What is left was
written by a fault of a program, or what it names was lost.

At the office it is a fault too where the office refused what is named: it will not come, and whoever names it is for a
clerk to put right. On a laptop that may be its own work, which waits at the office for a word.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from gridworker import discover
from gridworker.record import Kind, Spec, Type
from gridworker.store.departed import Departed
from gridworker.store.log.clock import DEVICE_BITS, OFFICE, device_of, laptop_of
from gridworker.store.log.log import Cursor, chunks, id_list
from gridworker.store.log.verdicts import Verdicts
from gridworker.store.meta import Identity
from gridworker.store.recall import Recall
from gridworker.store.streams import Exchange


class Dangling(NamedTuple):
    """One of them: field ``spec`` of ``record`` of ``kind`` names ``target``, which the office may have ``refused``."""

    kind: Kind
    spec: Spec
    record: int
    target: int
    refused: bool = False


def dangling(cursor: Cursor, identity: Identity) -> list[Dangling]:
    """All references that nothing explains. Costs a look at the whole log only where a table lacks what is named."""
    absent = list(_absent(cursor))
    if not absent:
        return []
    targets = {one.target for one in absent}
    known, explained = _known(cursor, targets), _Explained(cursor, identity)
    refused = Verdicts(cursor).refused(targets) if identity.is_office else set[int]()
    return [
        one._replace(refused=one.target in refused)
        for one in absent
        if one.target in refused
        or ((one.target, _number(one.spec)) not in known and not explained.may_be_elsewhere(one.target))
    ]


def _absent(cursor: Cursor) -> Iterator[Dangling]:
    """References to what their table does not show. Who an audit row names is the word of the act: nobody mends it."""
    for record in discover.kinds().values():
        kind = record.kind
        for spec in () if kind.office_only else kind.specs.values():
            if spec.type is Type.REF and spec.ref is not None:
                cursor.execute(
                    f'SELECT id, "{spec.name}" FROM "{kind.name}" WHERE "{spec.name}" IS NOT NULL '
                    f'AND "{spec.name}" NOT IN (SELECT id FROM "{spec.ref}") ORDER BY id'
                )
                yield from (Dangling(kind, spec, *row) for row in cursor.fetchall())


def _known(cursor: Cursor, targets: Collection[int]) -> set[tuple[int, int]]:
    """(record, kind) of those of some records that the log knows or that lie aside.

    Such are deleted, erased or not accepted, or named by an edit before their creation came.
    """
    found: set[tuple[int, int]] = set()
    for part in chunks(sorted(targets)):
        for table in ("op", "aside"):
            cursor.execute(
                f"SELECT DISTINCT record, kind FROM {table} WHERE record IN (SELECT value FROM json_each(?))",
                (id_list(part),),
            )
            found.update(cursor.fetchall())
    return found


def _number(spec: Spec) -> int:
    return discover.kinds()[spec.ref or ""].kind.number


class _Explained:
    """Whether a record of which there is no word here may yet be somewhere, by the id it has."""

    def __init__(self, cursor: Cursor, identity: Identity) -> None:
        self._identity = identity
        cursor.execute("SELECT number FROM device")
        self._laptops = {OFFICE, identity.laptop, *(row[0] for row in cursor.fetchall())}
        self._marks = Exchange(cursor).marks()
        self._lost = Recall(cursor).lost()
        self._departed = Departed(cursor).all()

    def may_be_elsewhere(self, target: int) -> bool:
        """It left this laptop, or another computer of the community wrote it, and we need not have it."""
        if target in self._departed:
            return True
        device = device_of(target)
        if device == self._identity.device or laptop_of(target) not in self._laptops or not target >> DEVICE_BITS:
            return False
        if not self._identity.is_office:
            return True  # outside this laptop's grids, or still to come
        return device in self._lost or (laptop_of(target) != OFFICE and target > self._marks.get(device, 0))
