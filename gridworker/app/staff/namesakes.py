"""Staff told apart where two have the same name: in the log, on the unlock page, where one is chosen or named.

Who did something is kept by number, and shown by name. Two of one name would look like one person.
"""

from collections import Counter
from collections.abc import Collection, Mapping

from gridworker.errors import NotFound

_TAIL = 10_000


def told_apart(names: Mapping[int, str]) -> dict[int, str]:
    """What each is called; of two with the same name also the last digits of their number."""
    bearers = Counter(names.values())
    return {id_: f"{name} …{id_ % _TAIL:04d}" if name and bearers[name] > 1 else name for id_, name in names.items()}


def meant(given: str, names: Mapping[int, str], among: Collection[int] | None = None) -> list[int]:
    """Who may be meant by a name, by a number or by what they are called here; several where that does not tell."""
    called = told_apart(names)
    return [
        id_ for id_, name in names.items() if (among is None or id_ in among) and given in (name, str(id_), called[id_])
    ]


def one_meant(given: str, names: Mapping[int, str]) -> int:
    """The one of the staff, at work or gone, who is meant. Raises NotFound."""
    found = meant(given, names)
    if len(found) != 1:
        raise several(given)
    return found[0]


def several(name: str) -> NotFound:
    """The sentence for a name that does not say who is meant."""
    return NotFound("Nobody called {name} is among the staff, or several are: give the number.", name=name)
