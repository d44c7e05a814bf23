"""What every concern of the machine has: the community it acts on, and how draws become devices and records.

A concern is a class in a file of its own with rules for one side of life (records, bundles, clocks, copies). The
machine is put together from all of them in ``machine.py``; what a concern needs to hold in the end it adds to
``settled.CHECKS``.
"""

from hypothesis import strategies as st

from tests.convergence.community import Community

NUMBERS = st.integers(0, 11)
"""Enough to reach any device and record there is; taken modulo."""


class Concern:
    """Rules for one side of life."""

    community: Community

    def someone(self, who: int) -> str:
        """A device."""
        names = self.community.names
        return names[who % len(names)]

    def some_laptop(self, who: int) -> str:
        """A laptop."""
        names = self.community.laptops
        return names[who % len(names)]

    def one_of(self, name: str, kind: str, which: int) -> int | None:
        """A record of a kind that may be edited at a device."""
        found = self.community.editable(name, kind)
        return found[which % len(found)] if found else None
