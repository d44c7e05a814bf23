"""An erasure that a laptop wrote erases nothing: not where it waits, not once it is refused and passed on."""

from gridworker.app.workspace import Workspace
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_edits
from gridworker.store.store import Incoming
from gridworker.store.tables.changes import Act
from tests.circle import Circle, Family

NOTE = 13


def erase(laptop: Workspace, resident: int) -> None:
    store = laptop.session.store
    row = OpRow(store.new_id(), 6, resident, What.ERASE, 0, pack_edits(resident, [Edit(NOTE, None, (resident,))]))
    store.apply(Incoming([row], [Author(laptop.session.who, store.identity.scope)], Act("edit", laptop.session.who)))


def test_a_refused_erasure_of_a_laptop_takes_nothing_away(
    circle: Circle, family: Family, grids: tuple[int, int]
) -> None:
    office, resident = circle.office, family.resident
    office.records.save("resident", {"note": "左耳听不清"}, resident)
    laptop, other = circle.enrol("李伟", grids[0]), circle.enrol("赵海", grids[0])
    circle.round(laptop, other)
    erase(laptop, resident)
    circle.round(laptop, other)
    (one,) = office.asides.waiting()
    office.asides.refuse([one.id])
    circle.round(laptop, other)
    for workspace in (office, laptop, other):
        assert (workspace.session.store.get("resident", resident) or {})["note"] == "左耳听不清"
        assert not [fault for fault in workspace.care_of_store.check() if fault.serious]
