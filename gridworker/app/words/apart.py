"""People of one household told apart where two have the same name."""

from collections.abc import Sequence
from typing import Protocol

from gridworker.domain.codes import RELATION
from gridworker.text import gettext


class Named(Protocol):
    """Somebody of a household."""

    @property
    def name(self) -> str:
        """What they are called."""

    @property
    def relation(self) -> str | None:
        """What they are to the head."""


def told_apart(one: Named, people: Sequence[Named]) -> str:
    """The name; of two with the same name also what each is to the head."""
    if sum(other.name == one.name for other in people) < 2 or not one.relation:
        return one.name
    return gettext("{name} ({relation})").format(name=one.name, relation=RELATION.label(one.relation))
