"""Only who keeps an archive may say that a file of it stands for another bundle; nobody writes in another's name."""

from pathlib import Path

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import BundleAltered, UnknownSender
from gridworker.store.log.clock import INCARNATION_BITS
from gridworker.store.log.op import Edit, OpRow, What, pack_edits
from gridworker.sync.format.asks import Vouch
from gridworker.sync.format.parts import Redaction
from gridworker.sync.kit import introduction
from gridworker.sync.post import Post
from gridworker.sync.signers import may_give_back
from tests.circle import Circle, Family, head, phones
from tests.signing import device_of, lie
from tests.sync.samples import header

RESIDENT, NOTE = 6, 13
OFFICE_DEVICE = 0


@pytest.fixture
def circle(tmp_path: Path) -> Circle:
    return Circle(tmp_path)


def met(circle: Circle) -> tuple[Workspace, Workspace, Family]:
    """Two laptops with a grid each, and the family in that of the second."""
    grids = [circle.office.devices.add_grid(name) for name in ("第一网格", "第二网格")]
    family = circle.family(grids[1])
    one, two = circle.enrol("周敏", grids[0]), circle.enrol("赵海", grids[1])
    circle.round(one, two)
    return one, two, family


def forged(clk: int, family: Family) -> list[OpRow]:
    vals = pack_edits(family.resident, [Edit(NOTE, "forged", (family.resident,))])
    return [OpRow(clk, RESIDENT, family.resident, What.EDIT, 0, vals)]


def test_a_laptop_cannot_stand_in_for_anybody(circle: Circle) -> None:
    """Not for another laptop, not for itself, not for the office; nor where it says that it is the office."""
    one, two, family = met(circle)
    before = head(circle.office)
    for of in (device_of(two), device_of(one), OFFICE_DEVICE):
        for sender in (device_of(one), OFFICE_DEVICE):
            lied = lie(
                one, circle.stick / "lie.gwb", forged(two.session.store.new_id(), family),
                sender=sender, keys=None, proof=None, redacts=Redaction("ab" * 32, 77, of, "cd" * 32),
            )  # fmt: skip
            with pytest.raises(UnknownSender if of == OFFICE_DEVICE or sender else BundleAltered) as caught:
                circle.office.exchange.merge(lied)
            assert isinstance(caught.value, BundleAltered) or "stands for one of another" in str(caught.value)
    assert head(circle.office) == before
    assert circle.office.records.show("resident", family.resident).values["note"] is None
    assert {(one.laptop, one.n) for one in circle.office.exchange.missing()} == {(None, None)}, "of a file, no laptop"
    two.records.save("resident", {"phones": "13800000001"}, family.resident)
    circle.round(two)
    assert phones(circle.office, family.resident) == "13800000001"
    assert not any(trip.forked or trip.gap for trip in circle.office.exchange.trips())


def test_a_reply_that_stands_for_another_is_refused(circle: Circle) -> None:
    """The laptop would take itself for the office, and whatever it packed then would be for nobody."""
    _, two, family = met(circle)
    before = head(two)
    for of in (device_of(two), OFFICE_DEVICE):
        lied = lie(
            circle.office, circle.stick / "lie.gwb", [], device_of(two) >> INCARNATION_BITS,
            redacts=Redaction("ab" * 32, 77, of, "cd" * 32),
        )  # fmt: skip
        with pytest.raises(UnknownSender):
            two.exchange.merge(lied)
    assert head(two) == before
    two.records.save("resident", {"phones": "13800000001"}, family.resident)
    circle.round(two)
    assert phones(circle.office, family.resident) == "13800000001"


@pytest.mark.parametrize(
    ("sender", "of", "laptop", "may"),
    [(1, 0, 1, True), (2, 0, 1, False), (0, 0, 1, False), (1, 1, 1, False), (1, 2, 1, False)],
)
def test_a_laptop_gives_back_what_is_left_of_replies_it_keeps_itself(
    sender: int, of: int, laptop: int, may: bool
) -> None:
    said = header(sender=sender << INCARNATION_BITS | 3)
    assert may_give_back(said, Redaction("ab" * 32, 7, of << INCARNATION_BITS | 2, "cd" * 32), laptop) is may


def test_nobody_vouches_for_themselves(circle: Circle) -> None:
    """A number that the office never gave: with a word of one's own, or with the one it gave for another number."""
    one, _, family = met(circle)
    own = Post(one.session.store, one.session.folder, one.session.who).prepared(one.session.now()).header
    assert own.vouch is not None
    assert own.keys is not None
    before, stranger = head(circle.office), 900 << INCARNATION_BITS
    for vouch in (Vouch(bytes(16), bytes(64)), Vouch(bytes(16), own.vouch.signature), own.vouch):
        proof = introduction(vouch.secret, own.community, stranger, own.keys)
        lied = lie(
            one, circle.stick / "lie.gwb", forged(one.session.store.new_id(), family), sender=stranger, vouch=vouch,
            proof=proof,
        )  # fmt: skip
        with pytest.raises(UnknownSender):
            circle.office.exchange.merge(lied)
    assert head(circle.office) == before
    assert len(circle.office.devices.laptops()) == 2
