"""How far a laptop takes its work for backed up: never further than it was confirmed, whatever a receipt says."""

from dataclasses import replace

import pytest

from gridworker.app.workspace import Workspace
from gridworker.store.engine.database import raw_cursor
from gridworker.store.meta import Meta
from gridworker.store.streams import Exchange
from gridworker.sync.format.header import Header, kept_header
from gridworker.sync.incoming import _take_receipt
from gridworker.sync.standing import marks_of
from tests.circle import Circle, Family, made_visit


def safe(laptop: Workspace) -> tuple[dict[int, int], dict[int, int]]:
    """By life: how far this laptop's work is backed up at the office, and how far it is confirmed, as it holds."""
    with laptop.session.store.cursor() as cursor:
        exchange = Exchange(cursor)
        return exchange.backed_up(), exchange.marks()


def last_reply(laptop: Workspace) -> Header:
    with laptop.session.store.cursor() as cursor:
        return kept_header(Exchange(cursor).bundles(outgoing=False, limit=1)[0].header)


@pytest.fixture
def covered(circle: Circle, laptop: Workspace, family: Family) -> Workspace:
    """A laptop whose visit is at the office, and in its backup."""
    made_visit(laptop, family.household)
    circle.round(laptop)
    circle.office.backups.make()
    circle.round(laptop)
    return laptop


def test_what_is_in_the_backup_of_an_office_that_was_put_back_counts_once_it_is_confirmed_anew(
    circle: Circle, covered: Workspace, family: Family
) -> None:
    """A twin of the same life may have handed in later work: ours below it that was lost would pass for backed up."""
    before, _ = safe(covered)
    assert before
    circle.copy("office", "kept")
    circle.restore("office", "kept")
    circle.hand_in(covered)
    circle.reply(covered)
    backed_up, marks = safe(covered)
    claimed = marks_of(last_reply(covered).backed_up_to)
    assert [device for device in before if claimed[device] > marks.get(device, 0)], "it says more than it confirms"
    assert {device: clk for device, clk in backed_up.items() if clk > marks.get(device, 0)} == {}
    circle.round(covered)
    circle.office.backups.make()
    circle.round(covered)
    assert safe(covered)[0].keys() >= before.keys()


def test_a_receipt_whose_backup_goes_beyond_what_it_confirms_counts_as_far_as_that(covered: Workspace) -> None:
    told, (before, marks) = last_reply(covered), safe(covered)
    claimed = replace(told, backed_up_to=replace(told.backed_up_to, clk=max(marks.values()) + (5 << 22)))
    store = covered.session.store
    with store.db.write() as connection:
        cursor = raw_cursor(connection)
        _take_receipt(Exchange(cursor), Meta(cursor), claimed)
    after, _ = safe(covered)
    assert after.keys() == before.keys()
    assert {device: clk for device, clk in after.items() if clk > marks[device]} == {}
    assert max(after.values()) < claimed.backed_up_to.clk
