"""A community as today's version keeps it, to be kept.

    python -m tests.store.golden_community tests/data/lives/format-N

An office and a laptop that have lived: a record of every kind with every field, values that were replaced, a conflict,
somebody erased, something deleted, a photo, a draft, bundles given and taken, a backup. Beside them stands what their
tables showed. Made once for each format, before that is left, and never again: later versions have to show the same.
Where the format of a backup alone is another one, that is kept by itself.
"""

import json
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from gridworker import discover
from gridworker.app.attachment.picture import prepared
from gridworker.errors import Invalid
from gridworker.paths import Folder
from gridworker.record import Kind, Record, Spec, Type, Value
from gridworker.store.log import sheaves
from gridworker.store.records import kind_named
from gridworker.store.store import Store
from gridworker.store.tables.changes import Act, Change
from tests.circle import Circle, delete, made_visit
from tests.pictures import photo

Shown: TypeAlias = dict[str, dict[str, dict[str, Value]]]
"""By number of the kind and number of the record: values by number of the field, those alone that there are."""

DEVICES = ("office", "laptop-1")
PHOTO = prepared(photo(1, 2000)).data
_OWN = frozenset({"device", "community", "audit_event", "staff", "grid"})
"""There are these already."""

_TYPED = {
    Type.TEXT: "梧桐", Type.NOTE: "梧桐树下\n第二行", Type.NUMBER: 3, Type.FLAG: True, Type.DAY: "2026-03-02",
    Type.MOMENT: "2026-03-02T01:00:00Z", Type.PHONES: "13800000142", Type.ID_NUMBER: "000000199902072195",
}  # fmt: skip


def shown(store: Store) -> Shown:
    """What the tables show, told by numbers: names may change."""
    found: Shown = {}
    for name, record in discover.kinds().items():
        with store.cursor() as cursor:
            cursor.execute(f'SELECT id FROM "{name}" ORDER BY id')
            ids = [row[0] for row in cursor.fetchall()]
        rows = {str(id_): _by_number(record.kind, store.get(name, id_) or {}) for id_ in ids}
        if rows:
            found[str(record.kind.number)] = rows
    return found


def _by_number(kind: Kind, values: dict[str, Value]) -> dict[str, Value]:
    numbers = {name: str(spec.number) for name, spec in kind.specs.items()}
    return {numbers[name]: value for name, value in values.items() if name in numbers and value is not None}


def live(circle: Circle) -> None:
    """What happens before it is kept."""
    office = circle.office
    grid = office.devices.add_grid("第一网格")
    home, other = circle.family(grid), circle.family(grid, "102", "王秀英", "13800000777")
    one_of_each(office.session.store, grid, office.session.who)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    laptop.records.save("resident", {"note": "住三楼", "name": "陈桂香"}, home.resident)
    laptop.records.save("resident", {"note": "搬到四楼"}, home.resident)
    made_visit(laptop, home.household)
    laptop.attachments.add("household", home.household, PHOTO, "楼道")
    laptop.records.save("household", {"remark": "门铃坏了"}, home.household)
    office.records.save("household", {"remark": "门铃修好了"}, home.household)
    circle.round(laptop)
    office.erasing.erase("resident", other.resident)
    gone = office.records.save("resident", {"name": "李英", "status": "in_place"}).id
    delete(office, "resident", gone)
    circle.round(laptop)
    laptop.records.save("household", {"contact_phone": "13800000888"}, home.household)
    laptop.drafts.keep("resident:new", {"name": "写了一半"})
    office.backups.make()
    laptop.exchange.pack(circle.stick)


def one_of_each(store: Store, grid: int, who: int) -> None:
    """A record of each kind, with every field that its checks let pass."""
    there = {"grid": grid, "staff": who}
    kinds = {name: record.kind for name, record in discover.kinds().items()}
    left = [name for name, kind in kinds.items() if name not in _OWN and not kind.office_only]
    while left:
        ready = [name for name in left if all(s.ref in there or s.ref not in left for s in kinds[name].specs.values())]
        for name in ready or left[:1]:
            left.remove(name)
            there[name] = store.new_id()
            values = _passing(kind_named(name), {spec.name: _typed(spec, there) for spec in kinds[name].specs.values()})
            store.write([Change(name, there[name], values, create=True)], Act("create", who))


def _typed(spec: Spec, there: dict[str, int]) -> object:
    if spec.type is Type.REF:
        return there.get(spec.ref or "")
    if spec.codes is not None:
        return next(iter(spec.codes.labels))
    return _TYPED.get(spec.type)


def _passing(record: type[Record], values: dict[str, object]) -> dict[str, Value]:
    try:
        return record.checked(values)
    except Invalid as invalid:
        left = {name: value for name, value in values.items() if name not in invalid.faults}
        return _passing(record, left) if len(left) < len(values) else {}


def main() -> None:
    """Make it."""
    target = Path(sys.argv[1])
    sheaves.FEWEST = 1  # a store this small has the values of its creations in sheaves as well
    with TemporaryDirectory() as place:
        circle = Circle(Path(place))
        live(circle)
        for name in DEVICES:
            words = json.dumps(shown(circle.opened[name].session.store), ensure_ascii=False, sort_keys=True, indent=0)
            target.mkdir(parents=True, exist_ok=True)
            (target / f"{name}.json").write_text(words, "utf-8")
        circle.close()
        for name in DEVICES:
            folder = Folder(shutil.copytree(Path(place) / name, target / name))
            for path in (folder.ballast, folder.mark, folder.lock):
                path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
