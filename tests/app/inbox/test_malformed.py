"""One op that breaks the format, in a bundle that is signed and otherwise good: it alone waits, and counts as had."""

import pytest

from gridworker import discover
from gridworker.app.workspace import Workspace
from gridworker.store.log.op import Edit, OpRow, What, pack_edits
from gridworker.store.streams import Exchange
from gridworker.sync.judging.judge import MALFORMED
from tests.circle import Circle, Family, phones
from tests.signing import device_of, lie

BROKEN = b"\xc1"


def of_a_resident(by: Workspace, family: Family, vals: bytes = b"") -> OpRow:
    """An edit of the resident's phone number, or what a fault made of one."""
    kind = discover.kinds()["resident"].kind
    edit = Edit(kind.specs["phones"].number, "13800000007", (family.resident,))
    vals = vals or pack_edits(family.resident, [edit])
    return OpRow(by.session.store.new_id(), kind.number, family.resident, What.EDIT, 0, vals)


@pytest.mark.parametrize("is_told", [True, False])
def test_of_a_laptop_it_waits_for_the_office(circle: Circle, laptop: Workspace, family: Family, is_told: bool) -> None:
    """Whether or not the header says that the bundle reaches as far."""
    good, bad = of_a_resident(laptop, family), of_a_resident(laptop, family, BROKEN)
    upto = bad.clk if is_told else good.clk
    circle.office.exchange.merge(lie(laptop, circle.stick / "bad.gwb", [good, bad], upto=upto))
    assert phones(circle.office, family.resident) == "13800000007"
    (waiting,) = circle.office.asides.waiting()
    assert (waiting.reason, waiting.record) == (MALFORMED, family.resident)
    with circle.office.session.store.cursor() as cursor:
        assert Exchange(cursor).marks()[device_of(laptop)] == bad.clk


def test_of_the_office_it_is_kept_on_the_laptop(circle: Circle, laptop: Workspace, family: Family) -> None:
    good, bad = of_a_resident(circle.office, family), of_a_resident(circle.office, family, BROKEN)
    with circle.office.session.store.cursor() as cursor:
        number = Exchange(cursor).stream(1).acked + 5
    laptop.exchange.merge(lie(circle.office, circle.stick / "bad.gwb", [good, bad], laptop=1, upto=number))
    assert phones(laptop, family.resident) == "13800000007"
    with laptop.session.store.cursor() as cursor:
        assert [(op.clk, op.reason) for op in Exchange(cursor).aside()] == [(bad.clk, MALFORMED)]
