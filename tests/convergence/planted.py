"""Bugs planted on purpose, one context each: the machine must catch every one of them."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from gridworker.app.backup.remaking import Remaking
from gridworker.app.exchange import following
from gridworker.app.files_back import FilesBack
from gridworker.store import history, reissue
from gridworker.store.attached import Attached, Files
from gridworker.store.backup import place as backup_place
from gridworker.store.departed import Departed
from gridworker.store.health.lives import take_new_life
from gridworker.store.intake import intake, op_writer
from gridworker.store.intake.earlier import Earlier
from gridworker.store.log.blanking import Erased
from gridworker.store.log.clock import device_of, laptop_of
from gridworker.store.log.heads import Awaited, Late, Merger
from gridworker.store.log.log import Columns
from gridworker.store.log.op import Edit, OpRow, What, pack_edits
from gridworker.store.parcels import CONFIRMED, OFFICE_PEER, Parcel
from gridworker.store.streams import Exchange, own_ops
from gridworker.sync import departing, incoming
from gridworker.sync.files import attaching, letting_go
from gridworker.sync.files.filenotes import Have
from gridworker.sync.format.header import Header
from gridworker.sync.redact import Redacted, Redactor
from gridworker.sync.returning import life
from gridworker.sync.tracing import believed
from tests.convergence import keeping
from tests.store.planted import LastToArriveWins

if TYPE_CHECKING:
    from gridworker.store.store import Store

Choose: TypeAlias = Callable[[Sequence[int]], int]


def order_of_arrival_wins(patch: pytest.MonkeyPatch) -> None:
    """Whatever comes last is the value."""
    patch.setattr(intake, "Merger", LastToArriveWins)


def over_left_out(patch: pytest.MonkeyPatch) -> None:
    """An edit does not say what it replaced."""

    def forgetful(record: int, edits: Iterable[Edit], seen: Iterable[int] | None = None) -> bytes:
        return pack_edits(record, [edit._replace(over=()) for edit in edits], seen)

    patch.setattr(op_writer, "pack_edits", forgetful)


def one_losing_value_dropped(patch: pytest.MonkeyPatch) -> None:
    """Of two values that meet only the later one is kept."""

    class Dropping(Merger):
        def _settle(self, record: int, field: int, edits: list[Late], arrived: Awaited) -> set[int]:
            named = super()._settle(record, field, edits, arrived)
            head = self.heads[record].get(field)
            if isinstance(head, list):
                self.heads[record][field] = head[-1]
            return named

    patch.setattr(intake, "Merger", Dropping)


def a_receipt_one_too_high(patch: pytest.MonkeyPatch) -> None:
    """A laptop takes the op after the last one that came for confirmed too."""
    sound = believed

    def generous(exchange: Exchange, header: Header) -> dict[int, int]:
        found = sound(exchange, header)
        for device, clk in found.items():
            rows = own_ops(exchange._cursor, laptop_of(device), {device: clk})
            found[device] = next((row.clk for row in rows if device_of(row.clk) == device), clk)
        return found

    patch.setattr(incoming, "believed", generous)


def an_exit_that_forgets_unsent_work(patch: pytest.MonkeyPatch) -> None:
    """A laptop removes what left its grids at once, whatever it has not handed in of it."""
    patch.setattr(departing, "may_go", lambda cursor, _identity: [one for one, *_ in Departed(cursor).waiting()])


def an_exit_that_forgets_files_on_their_way(patch: pytest.MonkeyPatch) -> None:
    """A laptop removes what left its grids once the office has every op of it, whatever is missing of its files."""
    patch.setattr(Files, "going", lambda *_: set[bytes]())


def an_erasure_revived(patch: pytest.MonkeyPatch) -> None:
    """Whatever comes after an erasure comes in with its values, though its author did not know of it."""
    sound = intake.Intake._erased

    def forgetful(self: intake.Intake, ops: Columns, rows: Sequence[OpRow]) -> Mapping[int, Erased]:
        erased = sound(self, ops, rows)
        return erased if What.ERASE in ops.what else {}

    patch.setattr(intake.Intake, "_erased", forgetful)


def the_restored_office_keeps_its_incarnation(patch: pytest.MonkeyPatch) -> None:
    """An office that was set back goes on counting where it was."""

    def laptops_only(store: "Store", choose: Choose = secrets.choice, **known: Any) -> None:
        if not store.identity.is_office:
            take_new_life(store, choose, **known)

    patch.setattr(keeping, "take_new_life", laptops_only)
    patch.setattr(life, "take_new_life", laptops_only)


def files_are_left_by_an_erasure(patch: pytest.MonkeyPatch) -> None:
    """The archive and the outbox stay as they were."""
    patch.setattr(Redactor, "run", lambda _self: Redacted())


def backups_are_left_by_an_erasure(patch: pytest.MonkeyPatch) -> None:
    """A new backup is made, and the old ones stay."""
    patch.setattr(backup_place, "keep_only", lambda *_: 0)
    patch.setattr(Remaking, "run", lambda *_: 0)


def a_history_that_tells_no_values(patch: pytest.MonkeyPatch) -> None:
    """Every op is listed, and nothing of what it said."""
    patch.setattr(history, "_changes", lambda *_: ())


def a_file_goes_before_it_is_in_a_backup(patch: pytest.MonkeyPatch) -> None:
    """A laptop lets go of what the office has confirmed, whether its backup has it or not."""
    patch.setattr(letting_go, "COVERED", CONFIRMED)
    patch.setattr(Exchange, "backed_up", Exchange.marks)


def no_newer_backup_is_asked(patch: pytest.MonkeyPatch) -> None:
    """An office that was put back looks for what is missing on laptops only."""
    patch.setattr(FilesBack, "bring", lambda *_: 0)


def a_newer_backup_goes_with_an_erasure(patch: pytest.MonkeyPatch) -> None:
    """An office that was put back erases somebody, and with them all that it has not heard of yet."""
    patch.setattr(Remaking, "run", lambda *_: 0)


def a_piece_is_taken_for_the_file(patch: pytest.MonkeyPatch) -> None:
    """A laptop takes a file for confirmed as soon as any of it came."""

    def hasty(one: Have, file: Attached) -> Parcel:
        return Parcel(OFFICE_PEER, one.hash, file.size, file.size, CONFIRMED)

    patch.setattr(attaching, "_answered", hasty)


def a_key_goes_with_a_file_that_is_away(patch: pytest.MonkeyPatch) -> None:
    """What is not where it ought to be is gone for good."""
    patch.setattr(Files, "mislaid", lambda _self: [])


def a_settlement_undone_picks_a_side(patch: pytest.MonkeyPatch) -> None:
    """Taking a decision back decides anew, for the side that was shown."""
    every = Earlier.standing

    def one(earlier: Earlier, record: int, number: int) -> set[int] | None:
        found = every(earlier, record, number)
        return {max(found)} if found else found

    patch.setattr(Earlier, "standing", one)


def a_fork_let_go_reads_only_its_own_record(patch: pytest.MonkeyPatch) -> None:
    """What was written over the op that won stays as it came in, over the op that lost."""
    patch.setattr(reissue, "naming", lambda *_: {})


def late_work_stays_with_what_went(patch: pytest.MonkeyPatch) -> None:
    """What laptops wrote about a record before they heard that it is one with another goes on naming it."""
    patch.setattr(following, "follow_joined", lambda *_: False)


PLANTED = (
    order_of_arrival_wins,
    over_left_out,
    one_losing_value_dropped,
    a_receipt_one_too_high,
    an_exit_that_forgets_unsent_work,
    an_exit_that_forgets_files_on_their_way,
    an_erasure_revived,
    the_restored_office_keeps_its_incarnation,
    files_are_left_by_an_erasure,
    backups_are_left_by_an_erasure,
    a_history_that_tells_no_values,
    a_file_goes_before_it_is_in_a_backup,
    no_newer_backup_is_asked,
    a_newer_backup_goes_with_an_erasure,
    a_piece_is_taken_for_the_file,
    a_key_goes_with_a_file_that_is_away,
    a_settlement_undone_picks_a_side,
    a_fork_let_go_reads_only_its_own_record,
    late_work_stays_with_what_went,
)
"""The seven of the exchange, and one for each place where the machine looks closer."""
