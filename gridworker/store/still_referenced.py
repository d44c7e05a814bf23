"""What of the records that an undo would delete has to stay, since records that stay rest on it.

An undo takes back one act. What refers to a record that act made may have been written in another one, by anybody, and
must not be left pointing to nothing: the record stays then, and so does whatever it rests on itself. A household that
stays does so with its people and their care, as far as the act made all of them: else a visit would stand with a
household in which nobody lives.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from gridworker import discover
from gridworker.record import Kind, Type, Value
from gridworker.store.conflicts import Contested, contested
from gridworker.store.log.log import Cursor, chunks, id_list
from gridworker.store.tables.changes import Change


def still_referenced(cursor: Cursor, changes: Sequence[Change]) -> set[int]:
    """Of the records that ``changes`` delete, those that would leave a visible record pointing to nothing.

    One question for each field that may refer to them. References that the changes themselves take away do not count,
    those that they bring back do.
    """
    going: dict[str, set[int]] = defaultdict(set)
    for change in changes:
        if change.alive is False:
            going[change.kind].add(change.record)
    if not going:
        return set()
    return _held({record for records in going.values() for record in records}, _references(cursor, changes, going))


_FILE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    dict.fromkeys(("household_member", "care_membership"), ("household_id", "resident_id"))
)
"""What belongs to the file of a household, and the fields by which."""


def what_stays(cursor: Cursor, changes: Sequence[Change], made: Collection[int]) -> set[int]:
    """Of the records that ``changes`` delete, those that have to stay. ``made``: all that the act had made."""
    stays = still_referenced(cursor, changes)
    others = set(made) - {change.record for change in changes if change.alive is False}
    while stays or others:
        left = [change for change in changes if change.record not in stays]
        more = _of_files(cursor, left, set(made), stays | others) or still_referenced(cursor, left)
        if not more:
            break
        stays |= more
    return stays


def _of_files(cursor: Cursor, changes: Sequence[Change], made: set[int], stays: set[int]) -> set[int]:
    """What is to go of the files of households of which something stays, where the act had made both sides."""
    found: set[int] = set()
    going = {change.record for change in changes if change.alive is False}
    for kind, fields in _FILE.items():
        records = [change.record for change in changes if change.kind == kind and change.record in going]
        for part in chunks(records):
            names = ", ".join(fields)
            cursor.execute(
                f"SELECT id, {names} FROM {kind} WHERE id IN (SELECT value FROM json_each(?))", (id_list(part),)
            )
            for record, *refs in cursor.fetchall():
                told = {ref for ref in refs if ref}
                if told <= made and told & stays:
                    found |= {record, *(told & going)}
    return found


def counted(cursor: Cursor, kind: str, record: int) -> dict[str, int]:
    """How many visible records of which kinds refer to one; itself, and kinds of which there are none, left out."""
    found: dict[str, set[int]] = defaultdict(set)
    for referring, name, _ in _fields({kind: (record,)}):
        found[referring.name].update(owner for owner, _ in _stored(cursor, referring.name, name, kind, (record,)))
        found[referring.name].discard(record)
    return {name: len(records) for name, records in found.items() if records}


def _references(
    cursor: Cursor, changes: Sequence[Change], going: Mapping[str, Collection[int]]
) -> Iterator[tuple[int, int]]:
    """(record, one that is to go and that it will refer to): as stored, and as the changes say."""
    staying = {
        change.record: {name for name, _ in change.outcomes()} for change in changes if change.alive is not False
    }
    for kind, name, referred in _fields(going):
        for record, target in _stored(cursor, kind.name, name, referred, going[referred]):
            if name not in staying.get(record, ()):
                yield record, target
    for one in contested(cursor):
        if one.field not in staying.get(one.record, ()):
            yield from ((one.record, target) for target in _named(one.kind, _values(one), going))
    for change in changes:
        if change.record in staying:
            yield from ((change.record, target) for target in _named(change.kind, change.outcomes(), going))


def _fields(going: Mapping[str, Collection[int]]) -> Iterator[tuple[Kind, str, str]]:
    """(kind, reference, the kind it refers to) of whatever may refer to what is to go; audit rows rest on nothing."""
    for record in discover.kinds().values():
        kind = record.kind
        if not kind.office_only:
            for spec in kind.specs.values():
                if spec.type is Type.REF and spec.ref and spec.ref in going:
                    yield kind, spec.name, spec.ref


def _stored(cursor: Cursor, kind: str, name: str, referred: str, targets: Collection[int]) -> Iterator[tuple[int, int]]:
    """(record, target) of the references to some targets, as far as these are not deleted already."""
    for part in chunks(targets):
        cursor.execute(
            f'SELECT id, "{name}" FROM "{kind}" WHERE "{name}" IN '
            f'(SELECT id FROM "{referred}" WHERE id IN (SELECT value FROM json_each(?)))',
            (id_list(part),),
        )
        yield from cursor.fetchall()


def _values(one: Contested) -> Iterator[tuple[str, Value]]:
    """The sides of a conflict: a person may still choose any of them."""
    yield from ((one.field, side.value) for side in one.sides if one.field != "alive")


def _named(kind: str, values: Iterable[tuple[str, Value]], going: Mapping[str, Collection[int]]) -> Iterator[int]:
    """What these values of fields refer to, of what is to go."""
    specs = discover.kinds()[kind].kind.specs
    for name, value in values:
        if isinstance(value, int) and value in going.get(specs[name].ref or "", ()):
            yield value


def _held(going: Collection[int], references: Iterable[tuple[int, int]]) -> set[int]:
    """What stays of ``going``: what is referred to from outside, what that refers to, and so on."""
    by_record: dict[int, list[int]] = defaultdict(list)
    for record, target in references:
        by_record[record].append(target)
    held: set[int] = set()
    latest = {target for record, targets in by_record.items() if record not in going for target in targets}
    while latest:
        held |= latest
        latest = {target for record in latest for target in by_record.get(record, ())} - held
    return held
