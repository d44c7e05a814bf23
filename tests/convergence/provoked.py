"""For each planted bug the few steps that bring it out: it is found by what the machine checks, not by luck.

The steps are rules of the machine, with the draws spelt out; without the bug they settle like any other life.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.convergence import planted
from tests.convergence.ground import Template
from tests.convergence.machine import Machine

Step: TypeAlias = tuple[str, dict[str, int | str | set[int] | timedelta]]
"""(rule, what it draws). Device 0 is the office, 1 to 3 are laptops; ``some_laptop`` counts laptops from 0."""

_TWO_SIDES: list[Step] = [
    ("clash", {"who": 2, "other": 3, "which": 0, "how": 0, "value": 1}),
    ("clash", {"who": 3, "other": 2, "which": 1, "how": 1, "value": 3}),
    ("exchange", {"who": 2}),
    ("exchange", {"who": 1}),
]
_ONE_AFTER_THE_OTHER: list[Step] = [
    ("edit", {"who": 2, "which": 0, "how": 0, "value": 1}),
    ("edit", {"who": 2, "which": 0, "how": 0, "value": 2}),
    ("exchange", {"who": 1}),
]
_WRITTEN_WHILE_A_BUNDLE_IS_AWAY: list[Step] = [
    ("edit", {"who": 1, "which": 0, "how": 0, "value": 1}),
    ("hand_in", {"who": 0}),
    ("edit", {"who": 1, "which": 0, "how": 1, "value": 2}),
    ("arrive", {"which": 0, "reader": 0}),
    ("reply", {"who": 0}),
    ("arrive", {"which": 0, "reader": 0}),
]
_LEFT_WITH_WORK_UNSENT: list[Step] = [
    ("hand_over", {"who": 0, "which": 0, "to": 2}),
    ("exchange", {"who": 0}),
]
_LEFT_WITH_HALF_A_PHOTO: list[Step] = [
    ("leave_with_a_photo_half_sent", {"who": 0, "which": 0, "number": 0, "to": 1}),
]
_WRITTEN_IN_IGNORANCE: list[Step] = [("forget_from_under", {"who": 0, "which": 0})]
_TOLD_TO_ANOTHER: list[Step] = [
    ("give", {"who": 2, "which": {0}}),
    ("exchange", {"who": 2}),
    *_WRITTEN_IN_IGNORANCE,
]
_A_DAY_LOST: list[Step] = [
    ("edit", {"who": 0, "which": 0, "how": 0, "value": 1}),
    ("office_loses_a_day", {"who": 0, "which": 0}),
    ("edit", {"who": 0, "which": 0, "how": 1, "value": 2}),
]
_A_PHOTO_LET_GO: list[Step] = [
    ("attach", {"who": 1, "which": 0, "number": 0}),
    ("exchange", {"who": 0}),
    ("exchange", {"who": 0}),
    ("make_room", {"who": 0}),
    ("put_back_office", {"which": 0}),
]
_A_PHOTO_LEFT_IN_A_NEWER_BACKUP: list[Step] = [
    ("back_up_office", {}),
    ("attach", {"who": 1, "which": 0, "number": 0}),
    ("exchange", {"who": 0}),
    ("back_up_office", {}),
    ("exchange", {"who": 0}),
    ("make_room", {"who": 0}),
    ("put_backup_back", {"who": 0, "which": 1, "gone": 1}),
]
_HALF_A_PHOTO: list[Step] = [
    ("attach", {"who": 1, "which": 0, "number": 0}),
    ("hand_in_on_a_small_stick", {"who": 0}),
    ("reply", {"who": 0}),
    ("arrive", {"which": 0, "reader": 0}),
]
_THOUGHT_BETTER_OF: list[Step] = [
    *_TWO_SIDES,
    ("think_better_of_it", {"who": 0, "side": 1}),
    ("decide", {"who": 0, "side": 0}),
    ("undo", {"who": 0}),
    ("exchange", {"who": 2}),
    ("clash", {"who": 0, "other": 3, "which": 0, "how": 0, "value": 5}),
]
_ONE_CLK_FOR_TWO: list[Step] = [
    ("work_twice_unnoticed", {"who": 0}),
    ("edit", {"who": 4, "which": 0, "how": 0, "value": 1}),
    ("edit", {"who": 1, "which": 0, "how": 2, "value": 2}),
    ("exchange", {"who": 3}),
    ("edit", {"who": 0, "which": 0, "how": 0, "value": 3}),
    ("exchange", {"who": 0}),
]

PROVOKED: Mapping[Callable[[pytest.MonkeyPatch], None], Sequence[Step]] = {
    planted.order_of_arrival_wins: _TWO_SIDES,
    planted.over_left_out: _ONE_AFTER_THE_OTHER,
    planted.one_losing_value_dropped: _TWO_SIDES,
    planted.a_receipt_one_too_high: _WRITTEN_WHILE_A_BUNDLE_IS_AWAY,
    planted.an_exit_that_forgets_unsent_work: _LEFT_WITH_WORK_UNSENT,
    planted.an_exit_that_forgets_files_on_their_way: _LEFT_WITH_HALF_A_PHOTO,
    planted.an_erasure_revived: _WRITTEN_IN_IGNORANCE,
    planted.the_restored_office_keeps_its_incarnation: _A_DAY_LOST,
    planted.files_are_left_by_an_erasure: _TOLD_TO_ANOTHER,
    planted.backups_are_left_by_an_erasure: [("back_up_office", {}), *_WRITTEN_IN_IGNORANCE],
    planted.a_history_that_tells_no_values: _ONE_AFTER_THE_OTHER,
    planted.a_file_goes_before_it_is_in_a_backup: _A_PHOTO_LET_GO,
    planted.no_newer_backup_is_asked: _A_PHOTO_LEFT_IN_A_NEWER_BACKUP,
    planted.a_newer_backup_goes_with_an_erasure: [*_A_PHOTO_LEFT_IN_A_NEWER_BACKUP, ("forget", {"which": 0})],
    planted.a_piece_is_taken_for_the_file: _HALF_A_PHOTO,
    planted.a_key_goes_with_a_file_that_is_away: [
        ("attach", {"who": 1, "which": 0, "number": 0}),
        ("be_without_files", {"who": 1, "what": 1}),
    ],
    planted.a_settlement_undone_picks_a_side: _THOUGHT_BETTER_OF,
    planted.a_fork_let_go_reads_only_its_own_record: _ONE_CLK_FOR_TWO,
    planted.late_work_stays_with_what_went: [("join_from_under", {"who": 0, "which": 0, "other": 1})],
}


A_COPY_LOSES_ITS_OFFICE: Sequence[Step] = [
    ("work_twice_unnoticed", {"who": 3}),
    ("office_loses_a_day", {"which": 2, "who": 3}),
]
"""Two copies of one life, and the office falls right after it had written anew what one of them handed in."""

A_COPY_PUTS_ON_RECORD: Sequence[Step] = [
    ("work_twice_unnoticed", {"who": 6}),
    ("away_for_long", {"which": 7, "who": 7}),
    ("undo", {"who": 4}),
    ("hand_in", {"who": 4}),
    ("put_back_office", {"which": 6}),
]
"""A copy takes its visit back, and under the clks of both the other one has put on record that it packed."""

A_COPY_SAYS_LESS: Sequence[Step] = [
    ("work_twice_unnoticed", {"who": 1}),
    ("join_from_under", {"who": 1, "which": 1, "other": 0}),
    ("visit", {"who": 4, "which": 0}),
]
"""Two copies of one life write down a visit under one clk, one with who was met and the other without."""

THE_OTHER_COPY_COMES_FIRST_NOW: Sequence[Step] = [
    ("move", {"to": 8, "which": 3}),
    ("back_up", {"who": 4}),
    ("work_twice_unnoticed", {"who": 0}),
    ("away_for_long", {"which": 8, "who": 3}),
    ("join_from_under", {"other": 10, "which": 11, "who": 5}),
    ("work_twice_unnoticed", {"who": 11}),
    ("ask_for_hand_over", {"to": 10, "which": 7, "who": 10}),
    ("put_backup_back", {"gone": 1, "which": 4, "who": 10}),
]
"""Two copies write under one clk, a third laptop hears of one, and the office is put back and takes the other."""

A_WORD_ON_WHAT_NEVER_WAS_HERE: Sequence[Step] = [
    ("work_twice", {"who": 1, "which": 0}),
    ("join", {"which": 0, "other": 1, "kind": "resident"}),
    ("office_loses_a_day", {"who": 3, "which": 0}),
    ("forget_from_under", {"who": 3, "which": 0}),
]
"""A copy writes about somebody who was on its books for an hour; the office accepts that, and tells the laptop too."""

A_FORMER_LIFE_IS_ASKED_ON: list[Step] = [
    ("put_back", {"who": 4, "which": 2}),
    ("make_room_before_the_office_falls", {"who": 7, "which": 11}),
    ("put_back_office", {"which": 10}),
    ("forget", {"which": 11}),
]
"""A laptop and then the office are set back. The office asks for what the laptop's former life may still have."""

_A_PHOTO_TOLD: list[Step] = [
    ("leave_with_a_photo_half_sent", {"number": 5, "to": 9, "which": 9, "who": 6}),
    ("leave_with_a_photo_half_sent", {"number": 0, "to": 10, "which": 3, "who": 9}),
    ("make_room_before_the_office_falls", {"which": 10, "who": 0}),
]
LOST_TO_WHAT_NO_LAPTOP_IS_TOLD: list[Step] = [
    ("work_twice_unnoticed", {"who": 3}),
    ("merge", {"into": 4, "which": 8}),
    ("work_twice_unnoticed", {"who": 2}),
    ("leave_with_a_photo_half_sent", {"number": 8, "to": 3, "which": 11, "who": 6}),
    ("back_up", {"who": 9}),
    *_A_PHOTO_TOLD,
]
"""A copy takes a photo, and a third laptop hears of it; the office falls, and what the other put on record is first."""

BUILT_ON_WHAT_LOST: list[Step] = [
    *LOST_TO_WHAT_NO_LAPTOP_IS_TOLD[:-3],
    ("newcomer", {"which": 7, "who": 5}),
    *_A_PHOTO_TOLD,
]
"""The same of somebody who moved in: a third laptop gives who that is back, and the membership that names them."""

ONE_NUMBER_FOR_TWO_KINDS: list[Step] = [
    ("work_twice_unnoticed", {"who": 3}),
    ("work_twice_unnoticed", {"who": 8}),
    ("join_from_under", {"who": 5, "which": 3, "other": 1}),
    ("put_back_office", {"which": 8}),
    ("hand_over", {"who": 8, "which": 2, "to": 6}),
]
"""A copy visits somebody, the office writes in that visit and falls; under its number comes another copy's request."""

A_VISIT_IS_GIVEN_BACK: list[Step] = [
    ("visit_somebody", {"which": 7, "who": 5}),
    ("put_back_office", {"which": 6}),
    ("join_before_the_office_falls", {"kind": "household", "other": 0, "round_again": True, "which": 8, "who": 6}),
]
"""The office makes one of two, writes that in a visit and falls; then it makes one of them the other way round."""

GONE_BY_WAY_OF_ONE_THAT_IS_BACK: list[Step] = [
    ("edit", {"who": 7, "which": 8, "how": 3, "value": 1}),
    ("join", {"which": 8, "other": 0, "kind": "household"}),
    ("bring_back", {"who": 8, "which": 7}),
    ("edit", {"who": 2, "which": 7, "how": 9, "value": 11}),
    ("join", {"which": 6, "other": 9, "kind": "household"}),
]
"""Somebody went into one who went into a third; of the second two laptops wrote since, and that waits for a person."""

AN_EDIT_OF_A_COPY_BUILDS_ON_ANOTHER: list[Step] = [
    ("move_from_under", {"who": 6, "which": 3, "to": 2}),
    ("office_loses_a_day", {"who": 11, "which": 2}),
    ("work_twice_unnoticed", {"who": 8}),
    ("office_loses_a_day", {"who": 6, "which": 6}),
    ("work_twice_unnoticed", {"who": 0}),
    ("clash", {"who": 4, "other": 4, "which": 2, "how": 10, "value": 10}),
    ("undo", {"who": 10}),
    ("move_from_under", {"who": 3, "which": 0, "to": 10}),
]
"""Of a copy's edits, both under clks of the other, the first is refused and the next accepted, which needs it."""

_A_COPY_MEETS_A_FALLEN_OFFICE: list[Step] = [
    ("work_twice_unnoticed", {"who": 5}),
    ("put_back_office", {"which": 3}),
    ("join_before_the_office_falls", {"kind": "resident", "other": 0, "round_again": True, "which": 10, "who": 4}),
    ("visit_somebody", {"which": 11, "who": 11}),
    ("move_from_under", {"to": 3, "which": 5, "who": 11}),
]
PUT_OFF_FROM_ONE_COPY: list[Step] = [
    ("split", {"which": 0}),
    ("move_from_under", {"to": 5, "which": 7, "who": 4}),
    ("merge", {"into": 3, "which": 2}),
    ("work_twice", {"which": 3, "who": 10}),
    ("reply", {"who": 3}),
    *_A_COPY_MEETS_A_FALLEN_OFFICE,
    ("away_for_long", {"which": 2, "who": 11}),
]
"""A restored office puts a copy's visit off, and confirms what the other wrote later in the same life."""

ACCEPTED_AND_FOLLOWED: list[Step] = [
    ("split", {"which": 0}),
    ("newcomer", {"which": 8, "who": 2}),
    ("move_from_under", {"to": 5, "which": 7, "who": 4}),
    ("work_twice", {"which": 3, "who": 10}),
    *_A_COPY_MEETS_A_FALLEN_OFFICE,
]
"""A visit that was set aside is accepted, and names somebody who is one with another by then."""

WRITTEN_ANEW_BY_TWO_LIVES: list[Step] = [
    ("work_twice_unnoticed", {"who": 3}),
    ("leave_with_a_photo_half_sent", {"who": 7, "which": 4, "number": 6, "to": 11}),
    ("office_loses_a_day", {"who": 0, "which": 9}),
    ("arrive_again", {"which": 3, "reader": 4}),
    ("put_backup_back", {"who": 3, "which": 10, "gone": True}),
]
"""Each of two lives of the office writes a visit anew; the third has it as the first wrote it, out of a reply."""

ERASED_BEFORE_THE_ACT_WAS_HEARD_OF: list[Step] = [
    ("forget", {"which": 1}),
    ("move", {"to": 1, "which": 9}),
    ("bring_back", {"which": 0, "who": 8}),
    ("join_before_the_office_falls", {"kind": "resident", "other": 0, "round_again": False, "which": 4, "who": 4}),
    ("forget", {"which": 3}),
]
"""Somebody who was erased is back and takes over a name; the office falls and erases whose it was, then hears of it."""

ONE_ON_THE_WAY_IS_BACK: list[Step] = [
    ("join_before_the_office_falls", {"kind": "household", "other": 0, "round_again": False, "which": 5, "who": 3}),
    ("look_after", {"group": "C3", "which": 6, "who": 5}),
    ("delete", {"kind": "resident", "which": 5, "who": 0}),
    ("office_loses_a_day", {"which": 4, "who": 9}),
    ("join", {"kind": "household", "other": 10, "which": 9}),
]
"""Somebody went into one who went into a third: the second is back, and the third is gone."""

AN_EDIT_TOLD_WITHOUT_WHAT_IT_IS_ABOUT: list[Step] = [
    ("leave_with_a_photo_half_sent", {"who": 3, "which": 6, "number": 11, "to": 3}),
    ("work_twice_unnoticed", {"who": 8}),
    ("work_twice_unnoticed", {"who": 0}),
    ("office_loses_a_day", {"who": 0, "which": 3}),
    ("join", {"which": 8, "other": 3, "kind": "resident"}),
    ("look_after", {"who": 5, "which": 3, "group": "C1"}),
    ("office_loses_a_day", {"who": 4, "which": 0}),
    ("join", {"which": 7, "other": 3, "kind": "household"}),
    ("office_loses_a_day", {"who": 4, "which": 11}),
]
"""A life of the office edits what a copy made and tells the edit alone; under that number stands a visit by now."""

GONE_WITH_BOTH_DISKS: list[Step] = [
    ("office_loses_a_day", {"which": 10, "who": 3}),
    ("delete", {"kind": "visit", "which": 6, "who": 5}),
    ("undo", {"who": 1}),
    ("hand_in_on_a_small_stick", {"who": 6}),
    ("put_back", {"which": 1, "who": 0}),
]
"""A visit is lost with the disks of office and laptop; what was written on it since came before the second died."""

CONFIRMED_BY_A_LIFE_THAT_IS_GONE: list[Step] = [
    ("work_twice_unnoticed", {"who": 10}),
    ("work_twice_unnoticed", {"who": 5}),
    ("jump", {"step": timedelta(days=1095), "who": 10}),
    ("office_loses_a_day", {"which": 4, "who": 1}),
    ("away_for_long", {"which": 6, "who": 8}),
    ("forget_from_under", {"which": 1, "who": 1}),
    ("move_from_under", {"to": 4, "which": 5, "who": 4}),
    ("arrive_again", {"reader": 0, "which": 0}),
    ("move_from_under", {"to": 10, "which": 9, "who": 6}),
]
"""A bundle leaves out what the office confirmed before it was set back; a copy with its clock ahead hides that gap."""

DELETED_BEFORE_IT_WAS_MADE_AGAIN: list[Step] = [
    ("work_twice_unnoticed", {"who": 5}),
    ("ask_for_hand_over", {"who": 6, "which": 8, "to": 2}),
    ("office_loses_a_day", {"who": 2, "which": 10}),
    ("work_twice_unnoticed", {"who": 0}),
    ("delete", {"kind": "visit", "who": 9, "which": 9}),
    ("visit_somebody", {"who": 4, "which": 4}),
    ("hand_in", {"who": 3}),
]
"""An office that lost a visit hears that it is deleted, and of what a copy made under its number, before it has it."""

TAKEN_OVER_IN_A_LIFE_THAT_WAS_LOST: list[Step] = [
    ("back_up_office", {}),
    ("join", {"kind": "household", "other": 3, "which": 7}),
    ("back_up_office", {}),
    ("put_backup_back", {"gone": False, "which": 9, "who": 1}),
    ("forget_from_under", {"which": 2, "who": 9}),
]
"""A backup of before the office was put back has a name with whom two were made one; then its owner is erased."""


def play(template: Template, folder: Path, steps: Sequence[Step]) -> None:
    """Live one life of the machine in ``folder``, settle and look. Raises where it does not settle as it must."""
    machine = Machine(template, folder)
    try:
        for rule, draws in steps:
            getattr(machine, rule)(**draws)
    except BaseException:
        machine.leave()
        raise
    machine.teardown()
