"""Lives walked at random: every rule of the machine with a weight of its own in each, short ones and long ones.

Hypothesis draws lives that differ little from one another; here each leans another way, and which rules it leans on is
drawn too. ``python -m tests.convergence.walk 401 450`` walks the lives of these numbers, a line each. What did not
settle is written to ``build/walks/NUMBER.json``; ``walk FILE`` shortens it to the steps that it takes, to be played in
``provoked.py``, and ``walk --replay FILE`` lives it once and tells what was wrong.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from tests.convergence.ground import Template
from tests.convergence.machine import Machine, fast_folder
from tests.convergence.provoked import Step, play

TOP = Path(__file__).parents[2]
RED = TOP / "build" / "walks"
LENGTHS = (4, 45)
"""Of a life, in steps."""
LEANINGS = (0, 1, 1, 1, 4)
"""How often a rule is taken against the others, drawn for each."""
UNNOTICED = 0.7
"""How many of the lives have copies that nobody notices: most of what was ever found here needed one."""


def walk(template: Template, folder: Path, number: int) -> tuple[list[Step], BaseException | None]:
    """Live the life of a number. Returns its steps, and what was wrong with it."""
    chance, machine, steps = Random(number), Machine(template, folder), list[Step]()
    try:
        _begin(machine, chance, steps)
        rules = list(machine.rules)
        weights = [chance.choice(LEANINGS) for _ in rules]
        for _ in range(chance.randint(*LENGTHS)):
            may = [all(holds(machine) for holds in rule.preconditions) for rule in rules]
            open_to = [weight * open_ for weight, open_ in zip(weights, may, strict=True)]
            if not any(open_to):
                break
            rule = chance.choices(rules, open_to)[0]
            draws = {name: drawn(strategy, chance) for name, strategy in sorted(rule.arguments.items())}
            steps.append((rule.function.__name__, draws))
            rule.function(machine, **draws)
    except BaseException as wrong:  # noqa: BLE001 -- whatever it is, it is what the life is told for
        machine.leave()
        return steps, wrong
    try:
        machine.teardown()
    except BaseException as wrong:  # noqa: BLE001 -- as above, it is told
        return steps, wrong
    return steps, None


def _begin(machine: Machine, chance: Random, steps: list[Step]) -> None:
    unnoticed = chance.random() < UNNOTICED
    steps.append(("beware", {"unnoticed": unnoticed}))
    machine.beware(unnoticed=unnoticed)


def drawn(strategy: Any, chance: Random) -> Any:
    """A value such as a strategy of hypothesis gives, each as likely as the others."""
    while hasattr(strategy, "wrapped_strategy"):
        strategy = strategy.wrapped_strategy
    if hasattr(strategy, "elements"):
        return chance.choice(strategy.elements)
    if hasattr(strategy, "start"):
        return chance.randint(strategy.start, strategy.end)
    if hasattr(strategy, "mapped_strategy"):  # of sets there is nothing but lists
        some = strategy.mapped_strategy
        return {drawn(some.element_strategy, chance) for _ in range(chance.randint(some.min_size, some.max_size))}
    return chance.random() < 0.5


def shorten(steps: list[Step], is_wrong: Callable[[list[Step]], bool]) -> list[Step]:
    """The steps that are left when none can go without the life settling."""
    size = len(steps) // 2
    while size:
        at, shorter = 0, False
        while at < len(steps):
            without = steps[:at] + steps[at + size :]
            if is_wrong(without):
                steps, shorter = without, True
            else:
                at += size
        size = size if shorter and size == 1 else size // 2
    return steps


def save(steps: list[Step], path: Path) -> None:
    """Write a life down."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(step, default=_plain) + "\n" for step in steps), "utf-8")


def load(path: Path) -> list[Step]:
    """A life as it was written down."""
    return [(name, _draws(draws)) for name, draws in map(json.loads, path.read_text("utf-8").splitlines())]


def _plain(value: timedelta | set[int]) -> object:
    return value.total_seconds() if isinstance(value, timedelta) else sorted(value)


def _draws(draws: dict[str, Any]) -> dict[str, Any]:
    if "step" in draws:
        return draws | {"step": timedelta(seconds=draws["step"])}
    return {name: set(value) if isinstance(value, list) else value for name, value in draws.items()}


@contextmanager
def ground() -> Iterator[Template]:
    """What each life is copied from."""
    folder = fast_folder()
    with TemporaryDirectory(dir=folder.parent) as place:
        folder.rmdir()
        yield Template.make(Path(place) / "template")


def trouble(template: Template, steps: list[Step]) -> str:
    """Live a life once more. Returns what is wrong with it; nothing where it settles."""
    with TemporaryDirectory(dir=template.folder.parent) as place:
        try:
            play(template, Path(place) / "life", steps)
        except BaseException as wrong:
            if isinstance(wrong, KeyboardInterrupt):
                raise
            return f"{type(wrong).__name__}: {wrong}"
        return ""


def _sort(trouble: str) -> str:
    """What it begins with: a life without some of its steps may fail in a way that has nothing to do with it."""
    return trouble.partition(":")[0]


def main(words: list[str]) -> int:
    """See above. Returns 1 where anything was wrong."""
    replay, words = "--replay" in words, [word for word in words if word != "--replay"]
    with ground() as template:
        if words and words[0].endswith(".json"):
            steps = load(Path(words[0]))
            if not replay:
                sort = _sort(trouble(template, steps))
                steps = shorten(steps, lambda some: _sort(trouble(template, some)) == sort)
                save(steps, Path(words[0]).with_suffix(".short.json"))
            wrong = trouble(template, steps)
            sys.stdout.write("".join(f"    {step!r},\n" for step in steps) + (wrong or "all good") + "\n")
            return bool(wrong)
        return _walk_all(template, range(int(words[0]), int(words[-1]) + 1))


def _walk_all(template: Template, numbers: range) -> int:
    red = 0
    for number in numbers:
        began = time.monotonic()
        with TemporaryDirectory(dir=template.folder.parent) as place:
            steps, wrong = walk(template, Path(place) / "life", number)
        if isinstance(wrong, KeyboardInterrupt):
            raise wrong
        if wrong:
            red += 1
            save(steps, RED / f"{number}.json")
        told = f"{type(wrong).__name__}: {str(wrong)[:300]}" if wrong else "good"
        sys.stdout.write(f"{number}: {len(steps)} steps, {time.monotonic() - began:.1f} s, {told}\n")
        sys.stdout.flush()
    return bool(red)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
