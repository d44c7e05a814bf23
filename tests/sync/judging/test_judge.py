"""What of a laptop's bundle the office applies."""

from dataclasses import replace
from functools import partial

import pytest

from gridworker import discover
from gridworker.record import ALIVE, Value
from gridworker.store.log.clock import device
from gridworker.store.log.op import Edit, OpRow, What, pack_create, pack_edits
from gridworker.sync.judging import judge as judge_module
from gridworker.sync.judging.basis import records_named
from gridworker.sync.judging.judge import (
    FOREIGN_AUTHOR,
    MALFORMED,
    NOT_FOR_LAPTOPS,
    OUT_OF_SCOPE,
    WRONG_KIND,
    Office,
    judge,
)

LAPTOP = 3
HERE, ELSEWHERE, GRID = 1 << 22, 2 << 22, 3 << 22
MINE = device(LAPTOP, 0)


def clk(number: int, writer: int = MINE) -> int:
    return (1000 + number) << 22 | writer


def kind(name: str) -> int:
    return discover.kinds()[name].kind.number


def creation(name: str, number: int, /, **values: int | str) -> OpRow:
    specs = discover.kinds()[name].kind.specs
    at = clk(number)
    vals = pack_create({specs[field].number: value for field, value in sorted(values.items())})
    return OpRow(at, kind(name), at, What.CREATE, 0, vals)


def edit(name: str, number: int, record: int, field: str = "", value: int | str | None = "x") -> OpRow:
    specs = discover.kinds()[name].kind.specs
    spec = specs[field] if field else next(iter(specs.values()))
    vals = pack_edits(record, [Edit(spec.number, value, (record,))], None)
    return OpRow(clk(number), kind(name), record, What.EDIT, 0, vals)


def life(record: int, what: What, alive: int, of: str = "household", number: int = 10) -> OpRow:
    seen = () if what is What.DELETE else None
    return OpRow(clk(number), kind(of), record, int(what), 0, pack_edits(record, [Edit(ALIVE, alive, (record,))], seen))


def _stored(values: dict[str, Value], _kind: str, _record: int) -> dict[str, Value]:
    return values


@pytest.fixture
def office() -> Office:
    """A laptop with one household in its grid, and another's elsewhere."""
    return Office(LAPTOP, {HERE, GRID}, {HERE: kind("household"), ELSEWHERE: kind("household"), GRID: kind("grid")})


def reasons(office: Office, *rows: OpRow) -> list[str]:
    return [reason for _, reason in judge(rows, office).aside]


def test_what_is_in_scope_goes_in(office: Office) -> None:
    visit = creation("visit", 1, household_id=HERE)
    rows = [visit, edit("visit", 2, visit.record), edit("household", 3, HERE)]
    assert judge(rows, office).good == rows


def test_each_op_is_judged_by_what_its_own_author_had_taken_in(office: Office) -> None:
    """One bundle brings what was written before its laptop heard that the household left, and what came after."""
    left = replace(office, left={HERE: ((3, 5),)}, scopes=(2, 4, 5))
    rows = [edit("household", 1 + at, HERE)._replace(author=at) for at in range(3)]
    judged = judge(rows, left)
    assert judged.good == rows[:2], "the first from before it entered, for all that is remembered"
    assert judged.aside == [(rows[2], OUT_OF_SCOPE)]


def test_a_place_made_in_the_same_bundle_is_a_place(office: Office) -> None:
    household = creation("household", 1)
    assert reasons(office, household, creation("visit", 2, household_id=household.record)) == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (edit("household", 1, ELSEWHERE), OUT_OF_SCOPE),
        (edit("household", 1, clk(0, device(4, 0))), OUT_OF_SCOPE),  # of another's that has not come yet
        (creation("visit", 1, household_id=ELSEWHERE), OUT_OF_SCOPE),
        (edit("visit", 1, HERE), WRONG_KIND),
        (edit("grid", 1, GRID), NOT_FOR_LAPTOPS),
        (creation("staff", 1, name="王强"), NOT_FOR_LAPTOPS),
        (edit("household", 1, HERE)._replace(clk=clk(1, device(4, 0))), FOREIGN_AUTHOR),
        (edit("household", 1, HERE)._replace(what=What.ERASE), NOT_FOR_LAPTOPS),
        (edit("household", 1, HERE)._replace(what=What.VERDICT), NOT_FOR_LAPTOPS),
        (creation("visit", 1, household_id=HERE)._replace(record=clk(7)), WRONG_KIND),
        (edit("audit_event", 1, HERE), NOT_FOR_LAPTOPS),
        (edit("issue_step", 1, HERE), NOT_FOR_LAPTOPS),
    ],
)
def test_what_is_set_aside(office: Office, row: OpRow, reason: str) -> None:
    assert reasons(office, row) == [reason]


def test_a_laptop_does_not_hand_a_household_to_another_grid(office: Office) -> None:
    far = 9 << 22
    held = Office(LAPTOP, office.scope, {**office.kinds, far: kind("dwelling")})
    assert reasons(held, edit("household", 1, HERE, "dwelling_id", far)) == [OUT_OF_SCOPE]
    own = creation("dwelling", 1, building_id=GRID)
    assert reasons(held, own, edit("household", 2, HERE, "dwelling_id", own.record)) == []


def test_kinds_of_a_newer_version_are_kept(office: Office) -> None:
    newer = OpRow(clk(1), 9999, clk(1), What.CREATE, 0, pack_create({1: "x"}))
    later = OpRow(clk(2), 9999, newer.record, What.EDIT, 0, pack_edits(newer.record, [Edit(1, "y", (newer.record,))]))
    assert reasons(office, newer, later) == []
    held = replace(office, kinds={**office.kinds, newer.record: 9999})
    assert reasons(held, later) == [], "it came with an earlier bundle, and nobody here can say in which grid it is"


def test_what_the_judgement_needs_to_know(office: Office) -> None:
    del office
    visit = creation("visit", 1, household_id=HERE)
    assert records_named([visit, edit("household", 2, ELSEWHERE, "dwelling_id", 7)]) == {
        visit.record: kind("visit"),
        HERE: kind("household"),
        ELSEWHERE: kind("household"),
        7: kind("dwelling"),
    }


def test_what_hangs_on_a_record_that_was_not_taken_in_waits_with_it(office: Office) -> None:
    visit = creation("visit", 1, household_id=ELSEWHERE)
    assert reasons(office, visit, edit("visit", 2, visit.record)) == [OUT_OF_SCOPE, OUT_OF_SCOPE]
    household = clk(1)
    waiting = Office(LAPTOP, office.scope, office.kinds, unmade={household})
    assert reasons(waiting, creation("visit", 2, household_id=household)) == [OUT_OF_SCOPE]
    assert reasons(office, creation("visit", 2, household_id=household)) == []


def test_places_are_judged_before_what_lies_in_them_whatever_was_written_first(office: Office) -> None:
    """A ledger makes the door before its building, and the household and its people before either is known."""
    far = 9 << 22
    elsewhere = Office(LAPTOP, office.scope, {**office.kinds, far: kind("grid")})
    resident = creation("resident", 1, name="王强")
    household = creation("household", 2, dwelling_id=clk(4))
    member = creation("household_member", 3, household_id=household.record, resident_id=resident.record)
    dwelling = creation("dwelling", 4, building_id=clk(5))
    building = creation("building", 5, grid_id=far)
    phone = edit("resident", 6, resident.record, "phones", "13800000001")
    rows = [resident, household, member, dwelling, building, phone]
    assert judge(rows, elsewhere).aside == [(row, OUT_OF_SCOPE) for row in rows]
    at_home = [*rows[:4], creation("building", 5, grid_id=GRID), phone]
    assert judge(at_home, elsewhere).good == at_home


def test_a_person_whom_something_in_scope_brings_too_is_taken_in(office: Office) -> None:
    resident = creation("resident", 1, name="王强")
    there = creation("household_member", 2, household_id=ELSEWHERE, resident_id=resident.record)
    here = creation("household_member", 3, household_id=HERE, resident_id=resident.record)
    judged = judge([resident, there, here], office)
    assert (judged.good, judged.aside) == ([resident, here], [(there, OUT_OF_SCOPE)])


def test_what_a_copy_made_under_the_same_number_leaves_a_bundle_as_it_is(office: Office) -> None:
    resident = creation("resident", 1, name="王强")
    home = creation("household_member", 2, household_id=HERE, resident_id=resident.record)
    edited = edit("resident", 3, resident.record, "name", "王强强")
    twin = replace(office, kinds={**office.kinds, resident.record: kind("audit_event")})
    assert judge([resident, home, edited], twin) == judge([resident, home, edited], office)


def test_nobody_is_brought_in_from_outside(office: Office) -> None:
    """A membership, or a door, would take a stranger, or a building, into the laptop's grids."""
    person, house = 8 << 22, 9 << 22
    known = Office(LAPTOP, office.scope, {**office.kinds, person: kind("resident"), house: kind("building")})
    rows = [
        creation("household_member", 1, household_id=HERE, resident_id=person),
        edit("household_member", 2, HERE, "resident_id", person)._replace(record=HERE),
        creation("dwelling", 3, grid_id=GRID, building_id=house, room_no="101"),
    ]
    held = Office(LAPTOP, office.scope, {**known.kinds, HERE: kind("household_member")})
    assert reasons(known, rows[0], rows[2]) == [OUT_OF_SCOPE, OUT_OF_SCOPE]
    assert reasons(held, rows[1]) == [OUT_OF_SCOPE]
    assert set(records_named(rows)) >= {person, house}
    in_scope = Office(LAPTOP, {*office.scope, person, house}, known.kinds)
    assert reasons(in_scope, rows[0], rows[2]) == []


def test_nothing_is_taken_out_of_every_grid(office: Office) -> None:
    """A household without a door, a building without a grid: they would leave everybody's laptop."""
    assert reasons(office, edit("household", 1, HERE, "dwelling_id", None)) == [OUT_OF_SCOPE]
    issue: dict[str, Value] = {"household_id": HERE, "building_id": None, "grid_id": GRID}
    kinds = {**office.kinds, HERE: kind("issue")}
    places: list[tuple[Value, list[str]]] = [(GRID, []), (None, [OUT_OF_SCOPE]), (99 << 22, [OUT_OF_SCOPE])]
    for place, expected in places:
        stored = {**issue, "grid_id": place}
        held = Office(LAPTOP, office.scope, kinds, stored=partial(_stored, stored))
        assert reasons(held, edit("issue", 1, HERE, "household_id", None)) == expected


def test_a_bad_creation_takes_nothing_with_it_that_is_here(office: Office) -> None:
    forged = creation("household", 1)._replace(record=HERE)
    good = [edit("household", 2, HERE), creation("visit", 3, household_id=HERE)]
    judged = judge([forged, *good], office)
    assert (judged.good, judged.aside) == (good, [(forged, WRONG_KIND)])


@pytest.mark.parametrize("what", [What.EDIT, What.RESOLVE, What.RESTORE])
def test_a_deletion_goes_by_its_name_alone(office: Office, what: What) -> None:
    # As an edit it would be counted by nobody: the guard against deletions looks for deletions.
    deletion = life(HERE, what, 0)
    assert reasons(office, deletion) == [MALFORMED]
    assert reasons(office, life(HERE, What.DELETE, 0)) == []
    assert reasons(office, life(HERE, What.RESTORE, 1)) == []


def test_an_op_of_six_fields_that_deletes_is_found_among_plain_edits(office: Office) -> None:
    vals = pack_edits(HERE, [Edit(number, 0, (HERE,)) for number in (ALIVE, *range(1, 6))])
    assert vals[0] == 0xDC
    assert reasons(office, OpRow(clk(1), kind("household"), HERE, What.EDIT, 0, vals)) == [MALFORMED]
    plain = pack_edits(HERE, [Edit(number, "x", (HERE,)) for number in range(13, 19)])
    assert reasons(office, OpRow(clk(2), kind("household"), HERE, What.EDIT, 0, plain)) == []


def test_a_deletion_says_nothing_else(office: Office) -> None:
    vals = pack_edits(HERE, [Edit(ALIVE, 0, (HERE,)), Edit(4, "x", (HERE,))], ())
    assert reasons(office, OpRow(clk(1), kind("household"), HERE, What.DELETE, 0, vals)) == [MALFORMED]


@pytest.mark.parametrize("what", [What.EDIT, What.RESOLVE])
def test_a_step_stays_as_written_by_whatever_name_it_is_changed(office: Office, what: What) -> None:
    step, mine = clk(7, device(0, 0)), clk(8)
    known = replace(
        office, scope={*office.scope, step, mine}, kinds={step: kind("issue_step"), mine: kind("issue_step")}
    )
    note = edit("issue_step", 20, step, "note")._replace(what=int(what))
    assert reasons(known, note, note._replace(clk=clk(21), record=mine)) == [NOT_FOR_LAPTOPS] * 2


def test_a_laptop_takes_back_its_own_step_and_no_other(office: Office) -> None:
    step, mine = clk(7, device(0, 0)), clk(8)
    known = replace(
        office, scope={*office.scope, step, mine}, kinds={step: kind("issue_step"), mine: kind("issue_step")}
    )
    rows = [life(mine, What.DELETE, 0, "issue_step"), life(step, What.DELETE, 0, "issue_step", 11)]
    assert judge(rows, known).good == rows[:1]
    assert reasons(known, *rows) == [NOT_FOR_LAPTOPS]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("consent", {"household_id": HERE, "resident_id": ELSEWHERE}),
        ("care_membership", {"household_id": HERE, "resident_id": ELSEWHERE}),
        ("visit", {"household_id": HERE, "grid_id": ELSEWHERE}),
        ("issue", {"household_id": HERE, "building_id": ELSEWHERE}),
        ("issue", {"household_id": HERE, "merchant_id": ELSEWHERE}),
        ("need", {"household_id": HERE, "building_id": ELSEWHERE}),
        ("issue_party", {"resident_id": ELSEWHERE}),
        ("handover_request", {"household_id": ELSEWHERE}),
    ],
)
def test_a_new_record_names_nothing_outside_the_grids(office: Office, name: str, values: dict[str, int]) -> None:
    assert reasons(office, creation(name, 1, **values)) == [OUT_OF_SCOPE]
    inside = {field: HERE if value == ELSEWHERE else value for field, value in values.items()}
    assert reasons(office, creation(name, 1, **inside)) == []


def test_an_edit_may_name_who_is_elsewhere(office: Office) -> None:
    """Who undoes another head names once more whom somebody of more grids had named."""
    assert reasons(office, edit("household", 1, HERE, "head_id", ELSEWHERE)) == []


def test_an_undo_names_the_place_in_another_grid_that_stood_there(office: Office) -> None:
    """An issue names a household here and a building of others; a laptop gives another building, and undoes that."""
    issue, near = clk(7, device(0, 0)), clk(8)
    building = discover.kinds()["issue"].kind.specs["building_id"].number
    made = creation("issue", 7, household_id=HERE, building_id=ELSEWHERE)._replace(clk=issue, record=issue)
    known = replace(office, scope={*office.scope, issue}, kinds={**office.kinds, issue: kind("issue")})
    known = replace(known, ops=lambda clks: {issue: made} if issue in set(clks) else {})

    def change(number: int, to: int, *over: int) -> OpRow:
        vals = pack_edits(issue, [Edit(building, to, over)], None)
        return OpRow(clk(number), kind("issue"), issue, What.EDIT, 0, vals)

    changed, undone = change(10, near, issue), change(11, ELSEWHERE, clk(10))
    assert judge([undone, changed], known).good == [changed, undone]
    sent = replace(known, ops=lambda clks: {op.clk: op for op in (made, changed) if op.clk in set(clks)})
    assert reasons(sent, undone) == [], "what it takes back came before"
    assert reasons(known, undone) == [OUT_OF_SCOPE], "what it takes back is not here"
    assert reasons(known, changed, change(12, ELSEWHERE + 1, clk(10))) == [OUT_OF_SCOPE], "another place"
    assert reasons(known, change(13, ELSEWHERE, issue)) == [OUT_OF_SCOPE], "no change of its own"
    other = creation("issue", 7, building_id=HERE)._replace(clk=issue, record=issue)
    moved = replace(known, ops=lambda _: {issue: other})
    assert reasons(moved, changed, undone) == [OUT_OF_SCOPE], "it never was there"


def test_a_record_goes_back_to_its_next_place_where_that_is_in_the_grids(office: Office) -> None:
    """No op of the bundle names the building of a door whose own grid is taken away again."""
    door, building = clk(7, device(0, 0)), clk(8, device(0, 0))
    known = replace(
        office, scope={*office.scope, door}, kinds={door: kind("dwelling")},
        stored=partial(_stored, {"grid_id": GRID, "building_id": building}),
    )  # fmt: skip
    back = edit("dwelling", 1, door, "grid_id", None)
    assert reasons(known, back) == [OUT_OF_SCOPE]
    assert reasons(replace(known, reaches=lambda *of: of == (kind("building"), building)), back) == []


def test_what_a_laptop_made_may_lose_its_place_and_nothing_else(office: Office) -> None:
    mine, theirs = clk(7), clk(8, device(0, 0))
    known = replace(
        office, scope={*office.scope, mine, theirs}, kinds={mine: kind("household"), theirs: kind("household")}
    )
    rows = [edit("household", 9, mine, "dwelling_id", None), edit("household", 10, theirs, "dwelling_id", None)]
    assert judge(rows, known).good == rows[:1]


@pytest.mark.parametrize(("what", "reason"), [(9, ""), (127, ""), (128, NOT_FOR_LAPTOPS), (255, NOT_FOR_LAPTOPS)])
def test_a_sort_of_a_newer_version_goes_in_unless_it_is_the_offices(office: Office, what: int, reason: str) -> None:
    row = edit("household", 10, HERE)._replace(what=what)
    judged = judge([row], office)
    assert (judged.good, judged.aside) == (([], [(row, reason)]) if reason else ([row], []))


def test_plain_edits_are_judged_by_the_short_way_as_by_the_long_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside one another: what it holds, what it made and never handed in, what it makes here, and what it may not."""
    own, foreign, person, gone = clk(90), clk(91, device(LAPTOP + 1, 0)), 4 << 22, 5 << 22
    people = dict.fromkeys((person, gone), kind("resident"))
    office = replace(
        office, kinds={**office.kinds, **people}, scope={*office.scope, *people}, left={gone: ((0, 1),)}, scopes=(2,)
    )
    rows = [
        edit("resident", 14, person), edit("resident", 15, gone),
        creation("visit", 16, household_id=HERE), edit("resident", 17, clk(16)),
        edit("resident", 1, HERE), edit("household", 2, HERE, "remark"), edit("resident", 3, ELSEWHERE),
        edit("resident", 4, own), edit("resident", 5, foreign), edit("household", 6, own, "remark"),
        creation("resident", 7, name="新人"), edit("resident", 8, clk(7)), edit("household", 9, clk(7), "remark"),
        life(own, What.DELETE, 0, "resident", 10), life(own, What.EDIT, 0, "resident", 11),
        edit("resident", 12, own)._replace(clk=clk(12, device(LAPTOP + 1, 0))), edit("visit", 13, own),
    ]  # fmt: skip
    offices = [office, replace(office, kinds={**office.kinds, own: kind("visit")}, scope={*office.scope, own})]
    short = [judge(rows, one) for one in offices]
    assert sum(judge_module._plain(rows, office)) >= 2
    monkeypatch.setattr(judge_module, "_plain", lambda rows, _office: [False] * len(rows))
    assert short == [judge(rows, one) for one in offices]


def test_what_a_laptop_made_and_holds_no_more_it_names_no_more(office: Office) -> None:
    """Its own may be named before it comes; where it is here and left its grids since, it is as anybody else's."""
    made = clk(7)
    left = replace(office, kinds={**office.kinds, made: kind("household")})
    assert reasons(left, creation("visit", 10, household_id=made)) == [OUT_OF_SCOPE]
    assert reasons(office, creation("visit", 10, household_id=made)) == [], "it has not come yet"


def test_what_was_said_to_be_of_another_kind_before_it_was_made_waits(office: Office) -> None:
    """What hangs on what such an op says was not seen then, nor would be now."""
    visit = creation("visit", 10, household_id=HERE)
    for said, expected in (("resident", [OUT_OF_SCOPE]), ("visit", [])):
        early = replace(office, early={visit.record: [edit(said, 3, visit.record)]})
        assert reasons(early, visit) == expected


def test_an_undo_names_no_second_place_in_another_grid_on_the_way(office: Office) -> None:
    """The building goes back to where it was; the grid that is named along with it never stood there."""
    issue, near = clk(7, device(0, 0)), clk(8)
    specs = discover.kinds()["issue"].kind.specs
    building, grid = specs["building_id"].number, specs["grid_id"].number
    made = creation("issue", 7, household_id=HERE, building_id=ELSEWHERE)._replace(clk=issue, record=issue)
    change = OpRow(clk(10), kind("issue"), issue, What.EDIT, 0, pack_edits(issue, [Edit(building, near, (issue,))]))
    known = replace(office, scope={*office.scope, issue}, kinds={**office.kinds, issue: kind("issue")})
    known = replace(known, ops=lambda clks: {op.clk: op for op in (made, change) if op.clk in set(clks)})
    back = Edit(building, ELSEWHERE, (clk(10),))
    for also, expected in (((), []), ((Edit(grid, ELSEWHERE, (issue,)),), [OUT_OF_SCOPE])):
        edits = sorted((back, *also), key=lambda one: one.field)
        undone = OpRow(clk(11), kind("issue"), issue, What.EDIT, 0, pack_edits(issue, edits))
        assert reasons(known, undone) == expected
