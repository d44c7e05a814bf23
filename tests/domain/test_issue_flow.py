"""The fold of an issue's steps: one state for one set of steps, whatever order and whatever clock."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.domain import codes_issue, issue_flow
from gridworker.domain.issue_actions import next_actions, step_faults
from gridworker.domain.issue_flow import IssueStatus, State, fold
from gridworker.domain.issue_steps import Step, follows_text, heads, in_order, saw, step_of
from gridworker.record import Value

AT = "2026-03-18T01:00:00Z"


def chain(*actions: str, start: int = 1) -> list[Step]:
    """Steps one after the other; ``return_visit=1`` gives an answer."""
    steps: list[Step] = []
    for number, action in enumerate(actions, start):
        name, _, answer = action.partition("=")
        follows = (number - 1,) if steps else ()
        steps.append(Step(number, name, f"2026-03-18T01:{number:02d}:00Z", follows, satisfaction=answer or None))
    return steps


@pytest.mark.parametrize(
    ("actions", "state", "done"),
    [
        ("", State.REPORTED, 1),
        ("report", State.REPORTED, 1),
        ("report accept assign note", State.REPORTED, 1),
        ("report first_response", State.RESPONDED, 2),
        ("report first_response handle handle", State.HANDLING, 2),
        ("report handle", State.HANDLING, 2),
        ("report first_response refer", State.REFERRED, 2),
        ("report first_response suspend", State.SUSPENDED, 2),
        ("report first_response suspend handle", State.HANDLING, 2),
        ("report resolve", State.RESOLVED, 3),
        ("report first_response handle resolve verify schedule_return", State.RESOLVED, 3),
        ("report resolve return_visit=3", State.ANSWERED, 4),
        ("report resolve return_visit=2 close", State.CLOSED, 5),
        ("report resolve return_visit=1", State.HANDLING, 2),
        ("report resolve return_visit=1 resolve return_visit=3 close", State.CLOSED, 5),
        ("report resolve return_visit=0 return_visit=0", State.RESOLVED, 3),
        ("report resolve return_visit=0 return_visit=0 return_visit=0 close", State.CLOSED, 5),
        ("report resolve return_visit=3 close reopen", State.HANDLING, 2),
        ("report resolve return_visit=3 close return_visit=1", State.HANDLING, 2),
        ("report resolve return_visit=3 close return_visit=3", State.CLOSED, 5),
        ("report resolve handle", State.HANDLING, 2),
        ("report reject", State.REJECTED, 5),
        ("report reject reopen", State.HANDLING, 2),
    ],
)
def test_ways_of_an_issue(actions: str, state: State, done: int) -> None:
    status = fold(chain(*actions.split()))
    assert (status.state, status.state.done) == (state, done)
    assert status.unapplied == ()


@pytest.mark.parametrize(
    "actions",
    [
        "report close",
        "report resolve close",
        "report resolve return_visit=0 return_visit=0 close",
        "report return_visit=3",
        "report reopen",
        "report suspend",
        "report handle reject",
        "report resolve return_visit=3 close handle",
        "report newer_action",
    ],
)
def test_a_step_that_does_not_fit_changes_nothing_and_is_listed(actions: str) -> None:
    words = actions.split()
    status, before = fold(chain(*words)), fold(chain(*words[:-1]))
    assert status.state is before.state
    assert status.unapplied == (len(words),)


def test_what_is_read_along_the_way() -> None:
    steps = chain("report", "first_response", "resolve", "schedule_return", "return_visit=2", "close")
    steps[2] = Step(3, "resolve", steps[2].at, (2,), actor_id=7)
    steps[3] = Step(4, "schedule_return", steps[3].at, (3,), due_on="2026-03-25")
    assert fold(steps[:4]).planned_on == "2026-03-25"
    status = fold(steps)
    assert (status.first_action_at, status.resolved_at, status.resolved_by) == (steps[1].at, steps[2].at, 7)
    assert (status.planned_on, status.returned_at, status.satisfaction) == (None, (steps[4].at,), "2")
    assert (status.closed_at, status.order, heads(steps)) == (steps[5].at, (1, 2, 3, 4, 5, 6), (6,))
    reopened = fold([*steps, Step(7, "reopen", AT, (6,))])
    assert (reopened.reopened, reopened.closed_at) == (1, None)


def test_resolving_again_starts_the_return_visits_anew() -> None:
    status = fold(chain("report", "resolve", "return_visit=0", "return_visit=0", "handle", "resolve", "return_visit=0"))
    assert (status.failed_contacts, status.may_close) == (1, False)


def test_a_late_no_reopens_whatever_else_was_done_meanwhile() -> None:
    steps = [
        *chain("report", "resolve"),
        Step(10, "return_visit", AT, (2,), satisfaction="3"),
        Step(11, "close", AT, (10,)),
    ]
    for number in (3, 50):
        unhappy = Step(number, "return_visit", AT, (2,), satisfaction="1")
        assert fold([*steps, unhappy]).state is State.HANDLING


@pytest.mark.parametrize("number", [3, 50])
def test_taking_back_needs_to_have_seen_what_it_takes_back(number: int) -> None:
    steps = chain("report", "first_response", "resolve")
    steps[2] = Step(20, "resolve", AT, (2,))
    assert fold([*steps, Step(number, "handle", AT, (2,))]).state is State.RESOLVED
    assert fold([*steps, Step(number, "handle", AT, (20,))]).state is State.HANDLING


@given(st.permutations(range(1, 8)))
def test_a_wrong_clock_decides_nothing(numbers: list[int]) -> None:
    """The same chain under any clock readings, delivered in any order."""
    actions = ["report", "first_response", "handle", "resolve", "return_visit", "close", "reopen"]
    steps = [
        Step(number, action, AT, tuple(numbers[at - 1 : at]), satisfaction="3")
        for at, (number, action) in enumerate(zip(numbers, actions, strict=True))
    ]
    status = fold(sorted(steps, key=lambda step: step.id))
    assert status.state is State.HANDLING
    assert status.order == tuple(numbers)
    assert status.unapplied == ()


steps_of_two_laptops = st.lists(
    st.tuples(
        st.sampled_from(sorted(codes_issue.ACTION.labels)),
        st.lists(st.integers(1, 12), max_size=2),
        st.sampled_from(["3", "2", "1", "0", None]),
    ),
    max_size=12,
).map(
    lambda drawn: [
        Step(number, action, AT, tuple(follows), satisfaction=answer)
        for number, (action, follows, answer) in enumerate(drawn, 1)
    ]
)


@given(steps_of_two_laptops, st.randoms(use_true_random=False))
def test_the_same_steps_give_the_same_state_in_any_order(steps: list[Step], chance: object) -> None:
    mixed = list(steps)
    getattr(chance, "shuffle")(mixed)  # noqa: B009 - hypothesis gives its generator no public type
    assert fold(mixed) == fold(steps) == fold([*steps, *steps])


@given(steps_of_two_laptops)
def test_a_way_that_others_went_gives_what_its_own_steps_give(steps: list[Step]) -> None:
    told = [
        step._replace(at=f"2026-03-18T01:{step.id:02d}:00Z", actor_id=100 + step.id, due_on=f"2026-04-{step.id:02d}")
        for step in steps
    ]
    ordered = in_order(told)
    assert fold(told) == (issue_flow._folded(ordered).status(ordered) if told else IssueStatus())
    assert fold([step._replace(due_on=None, actor_id=None) for step in told]).planned_on is None


@given(steps_of_two_laptops)
def test_nothing_is_lost_and_every_step_comes_after_what_it_follows(steps: list[Step]) -> None:
    backward = [Step(s.id, s.action, s.at, tuple(id for id in s.follows if id < s.id)) for s in steps]
    order = [step.id for step in in_order(backward)]
    assert sorted(order) == [step.id for step in backward]
    place = {id: at for at, id in enumerate(order)}
    assert all(place[id] < place[step.id] for step in backward for id in step.follows)
    assert len(in_order(steps)) == len(steps)


@given(steps_of_two_laptops)
def test_closed_means_asked(steps: list[Step]) -> None:
    status = fold(steps)
    if status.state is State.CLOSED:
        visits = [step for step in steps if step.action == "return_visit"]
        answered = any(step.satisfaction in {"2", "3"} for step in visits)
        assert answered or sum(step.satisfaction in {"0", None} for step in visits) >= 3


def test_two_branches_meet_in_the_furthest_state() -> None:
    trunk = chain("report", "first_response")
    left, right = Step(8, "handle", AT, (2,)), Step(9, "resolve", AT, (2,))
    for first, second in itertools.permutations((left, right)):
        assert fold([first, *trunk, second]).state is State.RESOLVED
    assert heads([*trunk, left, right]) == (8, 9)
    assert follows_text([*trunk, left, right]) == "8 9"
    assert follows_text([]) is None


def test_a_step_out_of_a_record() -> None:
    values: dict[str, Value] = {
        "action": "return_visit",
        "at": AT,
        "follows": "3 5",
        "actor_id": 4,
        "due_on": None,
        "satisfaction": "2",
    }
    assert step_of(9, values) == Step(9, "return_visit", AT, (3, 5), 4, None, "2")
    assert step_of(9, {}) == Step(9, "note")
    assert saw(Step(9, "note", follows=(3,)), 1, {3: Step(3, "note", follows=(1,))})
    assert not saw(
        Step(9, "note", follows=(3,)), 2, {3: Step(3, "note", follows=(9,)), 9: Step(9, "note", follows=(3,))}
    )


@pytest.mark.parametrize("state", State)
def test_every_offered_action_moves_the_issue(state: State) -> None:
    for action in next_actions(IssueStatus(state)):
        assert action in codes_issue.ACTION
    assert str(state.label)
    assert state.is_open == (state not in {State.CLOSED, State.REJECTED})


@pytest.mark.parametrize(
    "actions",
    ["report", "report first_response", "report handle", "report refer", "report handle suspend", "report resolve",
     "report resolve return_visit=3", "report resolve return_visit=3 close", "report reject",
     "report resolve return_visit=0 return_visit=0 return_visit=0"],
)  # fmt: skip
def test_every_offered_action_fits(actions: str) -> None:
    words = actions.split()
    for action in next_actions(fold(chain(*words))):
        assert fold(chain(*words, f"{action}=3" if action == "return_visit" else action)).unapplied == (), action


def test_the_main_button_is_the_next_step() -> None:
    assert next_actions(fold(chain("report")))[0] == "first_response"
    assert next_actions(fold(chain("report", "first_response")))[0] == "handle"
    assert next_actions(fold(chain("report", "resolve")))[0] == "return_visit"
    assert next_actions(fold(chain("report", "resolve", "return_visit=3")))[0] == "close"
    assert next_actions(fold(chain("report", "resolve", *["return_visit=0"] * 3)))[0] == "close"
    assert next_actions(IssueStatus(State.CLOSED))[0] == "reopen"


@pytest.mark.parametrize(
    ("state", "values", "fields"),
    [
        (State.RESOLVED, {"action": "close"}, {"action"}),
        (State.ANSWERED, {"action": "close"}, set()),
        (State.REPORTED, {"action": "return_visit"}, {"action"}),
        (State.RESOLVED, {"action": "return_visit"}, {"satisfaction"}),
        (State.RESOLVED, {"action": "return_visit", "satisfaction": "0"}, set()),
        (State.HANDLING, {"action": "schedule_return"}, {"due_on"}),
        (State.HANDLING, {"action": "suspend"}, {"due_on", "note"}),
        (State.HANDLING, {"action": "refer", "to_org": "街道"}, set()),
        (State.HANDLING, {"action": "refer"}, {"to_org"}),
        (State.REPORTED, {"action": "reject"}, {"note"}),
        (State.CLOSED, {"action": "reopen"}, {"note"}),
        (State.RESOLVED, {"action": "verify", "actor_id": 7}, {"actor_id"}),
        (State.RESOLVED, {"action": "verify", "actor_id": 8}, set()),
        (State.REPORTED, {"action": "assign"}, set()),
    ],
)
def test_what_a_step_must_say(state: State, values: dict[str, str | int | None], fields: set[str]) -> None:
    found = step_faults(IssueStatus(state, resolved_by=7), values)
    assert set(found) == fields
    assert all(str(problem) for problem in found.values())
