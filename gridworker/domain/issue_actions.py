"""What may be done next about an issue, and what a step must say (domain.md 3.5, ui/ux.md 4e)."""

from collections.abc import Mapping
from types import MappingProxyType

from gridworker.domain.issue_flow import IssueStatus, State
from gridworker.errors import Problem
from gridworker.record import Value
from gridworker.text import Label

_NEXT = MappingProxyType({
    State.REPORTED: ("first_response", "handle", "resolve", "refer", "reject", "note"),
    State.RESPONDED: ("handle", "resolve", "schedule_return", "refer", "suspend", "reject", "note"),
    State.HANDLING: ("handle", "resolve", "schedule_return", "refer", "suspend", "note"),
    State.REFERRED: ("handle", "resolve", "schedule_return", "suspend", "note"),
    State.SUSPENDED: ("handle", "resolve", "refer", "note"),
    State.RESOLVED: ("return_visit", "schedule_return", "verify", "handle", "note"),
    State.ANSWERED: ("close", "return_visit", "schedule_return", "handle", "note"),
    State.CLOSED: ("return_visit", "schedule_return", "reopen", "note"),
    State.REJECTED: ("reopen", "note"),
})  # fmt: skip


def next_actions(status: IssueStatus) -> tuple[str, ...]:
    """The actions offered, the one on the main button first; of a closed issue that is to reopen it."""
    actions = _NEXT[status.state]
    if status.state is State.RESOLVED and status.may_close:
        return ("close", *actions)
    if status.state is State.CLOSED:
        return ("reopen", *(action for action in actions if action != "reopen"))
    return actions


def step_faults(status: IssueStatus, values: Mapping[str, Value]) -> dict[str, Problem]:
    """What stops a person from saving this step now, by field."""
    action = str(values.get("action") or "")
    if action not in next_actions(status) and action not in {"report", "accept", "assign"}:
        return {"action": _not_now(action)}
    faults = {
        name: Problem(label.message)
        for (needing, name), label in _NEEDED.items()
        if needing == action and not values.get(name)
    }
    if action == "verify" and values.get("actor_id") == status.resolved_by:
        faults["actor_id"] = Problem("Somebody else has to verify it than who resolved it.")
    return faults


def _not_now(action: str) -> Problem:
    if action == "close":
        return Problem("It can be closed after a return visit with an answer, or after three that reached nobody.")
    return Problem("This step does not fit the state the issue is in; choose another one.")


_NEEDED = MappingProxyType({
    ("return_visit", "satisfaction"): Label("Say what the resident answered, or that nobody was reached."),
    ("schedule_return", "due_on"): Label("Say when the return visit is."),
    ("suspend", "due_on"): Label("Say when it is looked at again."),
    ("suspend", "note"): Label("Say what it is waiting for."),
    ("refer", "to_org"): Label("Say who it was passed on to."),
    ("reject", "note"): Label("Give the reason in words the resident understands."),
    ("reopen", "note"): Label("Say why it is opened again."),
})  # fmt: skip
