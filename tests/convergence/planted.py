"""Bugs planted on purpose, one context each: the machine must catch every one of them."""

import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import pytest

from gridworker.store import changes, intake
from gridworker.store.clock import TICK
from gridworker.store.heads import Awaited, Late, Merger
from gridworker.store.lives import take_new_life
from gridworker.store.log import Cursor
from gridworker.store.op import Edit, OpRow, pack_edits
from gridworker.store.scope import grids_of, in_scope
from gridworker.store.streams import own_ops
from gridworker.sync import incoming, life, outgoing, passage, post
from tests.convergence import community
from tests.store.planted import LastToArriveWins

if TYPE_CHECKING:
    from gridworker.store.database import Connection
    from gridworker.store.meta import Identity
    from gridworker.store.store import Store

Choose: TypeAlias = Callable[[Sequence[int]], int]


def order_of_arrival_wins(patch: pytest.MonkeyPatch) -> None:
    """Whatever comes last is the value."""
    patch.setattr(intake, "Merger", LastToArriveWins)


def over_left_out(patch: pytest.MonkeyPatch) -> None:
    """An edit does not say what it replaced."""

    def forgetful(record: int, edits: Iterable[Edit], seen: Iterable[int] | None = None) -> bytes:
        return pack_edits(record, [edit._replace(over=()) for edit in edits], seen)

    patch.setattr(changes, "pack_edits", forgetful)


def one_losing_value_dropped(patch: pytest.MonkeyPatch) -> None:
    """Of two values that meet only the later one is kept."""

    class Dropping(Merger):
        def _settle(self, record: int, field: int, edits: list[Late], arrived: Awaited) -> set[tuple[int, int, int]]:
            named = super()._settle(record, field, edits, arrived)
            head = self.heads[record].get(field)
            if isinstance(head, list):
                self.heads[record][field] = head[-1]
            return named

    patch.setattr(intake, "Merger", Dropping)


def a_receipt_one_too_high(patch: pytest.MonkeyPatch) -> None:
    """The office confirms the op after the last one it has."""
    sound = incoming._own_marks

    def generous(arrived: incoming.Arrived, gaps: Collection[int]) -> list[tuple[int, int]]:
        return [(device, clk + TICK) for device, clk in sound(arrived, gaps)]

    patch.setattr(incoming, "_own_marks", generous)


def an_exit_that_forgets_unsent_work(patch: pytest.MonkeyPatch) -> None:
    """A laptop hands in nothing about what has left its grids."""
    sound = outgoing.to_office

    def tidy(connection: "Connection", identity: "Identity", office: int) -> outgoing.Outgoing:
        scope = in_scope(connection, grids_of(connection, identity.laptop), identity.laptop)

        def own(cursor: Cursor, laptop: int, marks: dict[int, int]) -> list[OpRow]:
            rows = own_ops(cursor, laptop, marks)
            gone = passage._living(cursor, {row.record for row in rows if row.kind != community.AUDIT}) - scope
            return [row for row in rows if row.record not in gone]

        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(outgoing, "own_ops", own)
            return sound(connection, identity, office)

    patch.setattr(post, "to_office", tidy)


def the_restored_office_keeps_its_incarnation(patch: pytest.MonkeyPatch) -> None:
    """An office that was set back goes on counting where it was."""

    def laptops_only(store: "Store", choose: Choose = secrets.choice) -> None:
        if not store.identity.is_office:
            take_new_life(store, choose)

    patch.setattr(community, "take_new_life", laptops_only)
    patch.setattr(life, "take_new_life", laptops_only)


PLANTED = (
    order_of_arrival_wins,
    over_left_out,
    one_losing_value_dropped,
    a_receipt_one_too_high,
    an_exit_that_forgets_unsent_work,
    the_restored_office_keeps_its_incarnation,
)
