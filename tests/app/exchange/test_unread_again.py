"""What a person sees of bundles that did not check, after the office was put back and its numbers began anew."""

import shutil

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import BundleProblem
from gridworker.sync.unread import Unread
from tests.circle import Circle, Family, made_visit
from tests.copies import put_back


def unread(circle: Circle, laptop: Workspace) -> tuple[int, ...]:
    return Unread(circle.office.session.folder).of(laptop.session.store.identity.device)


def damaged(circle: Circle, laptop: Workspace) -> int:
    """A bundle that the office cannot read. Returns its number."""
    sent = laptop.exchange.pack(circle.stick)
    sent.write_bytes(sent.read_bytes()[:-7])
    with pytest.raises(BundleProblem):
        circle.office.exchange.merge(sent)
    return int(sent.name.split("-")[1])


def test_a_bundle_that_bears_the_number_of_one_unread_before_the_office_fell_is_not_said_to_be_unread(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """It lost more than was in that one, so the next bundle does not cover it."""
    backup = circle.office.backups.make(circle.folder / "place").path
    made_visit(laptop, family.household)
    circle.round(laptop)
    number = damaged(circle, laptop)
    shutil.rmtree(circle.office.session.folder.archive)
    office = put_back(circle, backup)
    circle.hand_in(laptop)
    assert unread(circle, laptop) == (number,), "what was in it is not here"
    circle.reply(laptop)
    for n in range(1, number + 1):
        circle.clock.move(minutes=1)
        made_visit(laptop, family.household)
        late = office.exchange.pack(circle.stick, 1)
        sent = laptop.exchange.pack(circle.stick)
        laptop.exchange.merge(late)
        assert int(sent.name.split("-")[1]) == n
        assert [trip.state for trip in laptop.exchange.trips() if trip.file == sent.name] == ["sent"]
        office.exchange.merge(sent)
    assert unread(circle, laptop) == ()
    assert (office.exchange.missing(), laptop.exchange.missing()) == ([], [])


def test_a_bad_copy_of_what_is_in_the_books_is_not_noted(circle: Circle, laptop: Workspace, family: Family) -> None:
    """Nor where the office was put back since, and has it from its archive."""
    backup = circle.office.backups.make(circle.folder / "place").path
    made_visit(laptop, family.household)
    sent = circle.hand_in(laptop)
    sent.write_bytes(sent.read_bytes()[:-7])
    with pytest.raises(BundleProblem):
        circle.office.exchange.merge(sent)
    assert unread(circle, laptop) == ()
    office = put_back(circle, backup)
    with pytest.raises(BundleProblem):
        office.exchange.merge(sent)
    assert unread(circle, laptop) == ()
    assert office.exchange.missing() == []
