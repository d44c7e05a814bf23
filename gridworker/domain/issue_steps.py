"""Steps in the order they build on each other: by what each follows, by clock only where neither knew of the other."""

import heapq
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gridworker.domain.links import join_ids, read_ids
from gridworker.record import Value


class Step(NamedTuple):
    """What the fold needs of one ``issue_step`` record; ``id`` is its record number, a clock reading."""

    id: int
    action: str
    at: str = ""
    follows: tuple[int, ...] = ()
    actor_id: int | None = None
    due_on: str | None = None
    satisfaction: str | None = None


def step_of(record: int, values: Mapping[str, Value]) -> Step:
    """The step in a record's values."""
    actor = values.get("actor_id")
    return Step(
        id=record,
        action=str(values.get("action") or "note"),
        at=str(values.get("at") or ""),
        follows=read_ids(_text(values.get("follows"))),
        actor_id=actor if isinstance(actor, int) else None,
        due_on=_text(values.get("due_on")),
        satisfaction=_text(values.get("satisfaction")),
    )


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def in_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Every step after all it follows; ties by id. Steps it follows that are not here yet hold nothing up."""
    known = {step.id: step for step in steps}
    for step in known.values():  # a loop, for thousands of issues are folded at once
        if step.follows and max(step.follows) >= step.id:
            break
    else:
        return tuple([known[id] for id in sorted(known)])  # no clock went wrong: the ids have that order
    waiting = {step.id: len({id for id in step.follows if id in known and id != step.id}) for step in known.values()}
    after: dict[int, list[int]] = {}
    for step in known.values():
        for earlier in set(step.follows) & known.keys() - {step.id}:
            after.setdefault(earlier, []).append(step.id)
    ready = [id for id, count in waiting.items() if count == 0]
    heapq.heapify(ready)
    order: list[int] = []
    while ready:
        done = heapq.heappop(ready)
        order.append(done)
        for later in after.get(done, ()):
            waiting[later] -= 1
            if waiting[later] == 0:
                heapq.heappush(ready, later)
    # Steps in a ring cannot come about honestly; they are shown last rather than lost.
    order += sorted(known.keys() - set(order))
    return tuple(known[id] for id in order)


def heads(steps: Iterable[Step]) -> tuple[int, ...]:
    """The steps no other follows: what a new step says it follows."""
    known = list(steps)
    if len(known) == 1:
        return (known[0].id,)
    followed = {id for step in known for id in step.follows if id != step.id}
    return tuple(sorted(step.id for step in known if step.id not in followed))


def follows_text(steps: Iterable[Step]) -> str | None:
    """``heads`` as the ``follows`` field of the next step."""
    return join_ids(heads(steps))


def saw(step: Step, other: int, known: Mapping[int, Step]) -> bool:
    """Whether the author of ``step`` knew of ``other``: it lies among what the step follows, directly or not."""
    trail, been = list(step.follows), set[int]()
    while trail:
        id = trail.pop()
        if id == other:
            return True
        if id not in been and id in known:
            been.add(id)
            trail.extend(known[id].follows)
    return False
