"""Tickets prove that an office was set back; a laptop that merely says so costs it little (sync.md 5)."""

import os
import shutil
from dataclasses import replace

import pytest

from gridworker.app.workspace import Workspace
from gridworker.record import MAX_INTEGER
from gridworker.store import recall
from gridworker.store.health.lives import RESTORE_JUMP
from gridworker.store.health.lives_used import lived
from gridworker.store.health.sidecar import highest_laptop
from gridworker.store.log.clock import INCARNATION_BITS
from gridworker.store.log.op import Edit, OpRow, What, pack_edits
from gridworker.store.meta import Meta
from gridworker.store.streams import Exchange, last_number
from gridworker.sync import incoming
from gridworker.sync.format.header import kept_header
from gridworker.sync.format.parts import Marks
from gridworker.sync.format.tickets import RANDOM, TICKET, Ticket, new_ticket
from gridworker.sync.returning import life
from tests.circle import Circle, Family, phones
from tests.signing import device_of, keys_of, lie

RESIDENT, NOTE = 6, 13
HUGE = 1 << 61


def lives_of(workspace: Workspace) -> int:
    with workspace.session.store.cursor() as cursor:
        return len(lived(cursor, workspace.session.store.identity))


def numbers_of(workspace: Workspace) -> int:
    with workspace.session.store.settings() as settings:
        return highest_laptop(settings)


def put_folder_back(circle: Circle, copy: str) -> Workspace:
    """Nothing on this computer tells that the office was put back: its mark came along."""
    circle.close("office")
    shutil.rmtree(circle.folder / "office")
    shutil.copytree(circle.folder / copy, circle.folder / "office")
    return circle.open("office")


def tell_a_lie(circle: Circle, by: Workspace, number: int, rows: list[OpRow] | None = None) -> None:
    """A bundle of an office's to come, as far as one can be made up."""
    ways = (
        {"got": (os.urandom(32).hex(),)},
        {"got": (os.urandom(32).hex(),), "tickets": (Ticket(1, os.urandom(TICKET)),)},
        {"have": Marks(0, HUGE)},
        {"have": Marks(older=(HUGE | device_of(by) + 1,))},
    )
    path = lie(by, circle.stick / "lie.gwb", rows or [], recipient=device_of(circle.office), **ways[number % len(ways)])
    circle.office.exchange.merge(path)


def test_a_laptop_that_lies_costs_one_life_and_no_number(
    circle: Circle, laptop: Workspace, grids: tuple[int, int], family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what it may not write is shown before long, though it never gives back what it is asked for."""
    monkeypatch.setattr(recall, "PATIENCE", 2)
    grid, elsewhere = grids
    stranger = circle.family(elsewhere, "909")
    vals = pack_edits(stranger.resident, [Edit(NOTE, "forged", (stranger.resident,))])
    before, shown = lives_of(circle.office), []
    for number in range(8):
        row = OpRow(laptop.session.store.new_id(), RESIDENT, stranger.resident, What.EDIT, 0, vals)
        tell_a_lie(circle, laptop, number, [row])
        circle.office.exchange.pack_all(circle.stick)
        shown.append(len(circle.office.asides.waiting()))
        with circle.office.session.store.cursor() as cursor:
            assert Exchange(cursor).stream(1).acked <= last_number(cursor), "what never was here was not taken in"
    assert lives_of(circle.office) == before + 1
    assert [view.action for view in circle.office.audit.here()].count("set_back") == 1
    assert [trip.ahead for trip in circle.office.exchange.trips(7, outgoing=False)] == [True] * 7, "each is shown"
    assert numbers_of(circle.office) == 1
    assert shown[0] == 0
    assert shown[3] > 0
    assert circle.office.records.show("resident", stranger.resident).values["note"] is None
    other = circle.enrol("赵海", grid)
    other.records.save("resident", {"phones": "13800000001"}, family.resident)
    circle.round(other)
    assert phones(circle.office, family.resident) == "13800000001"
    assert circle.agrees(other, grid)


def test_whoever_lied_before_is_heard_where_it_has_proof(circle: Circle, laptop: Workspace, family: Family) -> None:
    """The reply that the office does not know of any more was the first to hold the edit: it comes back."""
    tell_a_lie(circle, laptop, 0)
    circle.round(laptop)
    circle.round(laptop)
    circle.copy("office", "copy")
    circle.open("office")
    circle.office.records.save("resident", {"phones": "13800000009"}, family.resident)
    circle.reply(laptop)
    put_folder_back(circle, "copy")
    circle.clock.move(minutes=5)
    before = lives_of(circle.office)
    circle.hand_in(laptop)
    assert lives_of(circle.office) == before + 1
    assert numbers_of(circle.office) == 1 + RESTORE_JUMP
    for _ in range(2):
        circle.round(laptop)
    assert phones(circle.office, family.resident) == "13800000009"
    assert (lives_of(circle.office), numbers_of(circle.office)) == (before + 1, 1 + RESTORE_JUMP)


def test_what_was_only_said_is_borne_out_by_what_comes_back(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a laptop has no ticket any more: the first word is believed, and after it turned out true the next is."""
    monkeypatch.setattr(life, "_shows", lambda *_: False)
    for phone, jumps in (("13800000008", 1), ("13800000009", 2)):
        circle.copy("office", phone)
        circle.open("office")
        circle.office.records.save("resident", {"phones": phone}, family.resident)
        circle.reply(laptop)
        put_folder_back(circle, phone)
        circle.clock.move(minutes=5)
        before = lives_of(circle.office)
        circle.hand_in(laptop)
        assert (lives_of(circle.office), numbers_of(circle.office)) == (before + 1, 1 + RESTORE_JUMP * (jumps - 1))
        circle.round(laptop)
        circle.round(laptop)
        assert phones(circle.office, family.resident) == phone
        assert (lives_of(circle.office), numbers_of(circle.office)) == (before + 1, 1 + RESTORE_JUMP * jumps)


def test_a_laptop_enrolled_by_who_was_set_back_is_proof(circle: Circle, grid: int) -> None:
    """Its number was given out, and this store knows nothing of it."""
    circle.copy("office", "copy")
    circle.open("office")
    laptop = circle.enrol("周敏", grid)
    put_folder_back(circle, "copy")
    for number in range(3):
        circle.family(grid, f"{number}05")
    circle.hand_in(laptop)
    assert lives_of(circle.office) == 2
    assert circle.office.devices.issue_kit("王强", [grid], circle.stick / "new.gwk").laptop > RESTORE_JUMP


def test_a_ticket_is_for_one_reply_to_one_laptop_of_one_life(circle: Circle, laptop: Workspace) -> None:
    office, other = keys_of(circle.office), keys_of(laptop)
    given = Ticket(5, new_ticket(office, 7, 3, 5))
    assert given.holds(office, 7, 3)
    assert not any((given.holds(other, 7, 3), given.holds(office, 8, 3), given.holds(office, 7, 4)))
    assert not replace(given, n=6).holds(office, 7, 3)
    assert not replace(given, ticket=bytes(RANDOM) + given.ticket[RANDOM:]).holds(office, 7, 3)
    with laptop.session.store.cursor() as cursor:
        reply = kept_header(Exchange(cursor).bundles(outgoing=False, limit=1)[0].header)
        assert not Meta(cursor).text(life.BELIEVED)
    assert Ticket(reply.n, reply.ticket or b"").holds(office, 1, device_of(circle.office))
    before = lives_of(circle.office)
    shown = Ticket(reply.n, reply.ticket or b"")
    circle.office.exchange.merge(
        lie(laptop, circle.stick / "lie.gwb", [], got=(), tickets=(shown,), recipient=device_of(circle.office))
    )
    assert lives_of(circle.office) == before, "it is of a reply that is known, whatever stands beside it"


def test_a_scope_number_beyond_belief_keeps_nobody_from_packing(
    circle: Circle, laptop: Workspace, grids: tuple[int, int], family: Family
) -> None:
    circle.office.exchange.merge(lie(laptop, circle.stick / "lie.gwb", [], scope=MAX_INTEGER))
    circle.office.records.save("building", {"grid_id": grids[1]}, family.building)
    circle.round(laptop)
    circle.office.records.save("building", {"grid_id": grids[0]}, family.building)
    circle.round(laptop)
    assert laptop.session.store.get("household", family.household) is not None


def test_what_bears_the_clk_of_another_is_set_aside_though_replies_may_still_come_back(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No receipt speaks of it: put off, it would never come again."""
    monkeypatch.setattr(incoming, "is_waited_for", lambda *_: True)
    vals = pack_edits(family.resident, [Edit(NOTE, "forged", (family.resident,))])
    clk = laptop.session.store.new_id() ^ (900 << INCARNATION_BITS)
    row = OpRow(clk, RESIDENT, family.resident, What.EDIT, 0, vals)
    circle.office.exchange.merge(lie(laptop, circle.stick / "lie.gwb", [row]))
    assert [one.reason for one in circle.office.asides.waiting()] == ["foreign_author"]
