"""What the merge inbox shows, as it is read at once; no widgets."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gridworker.app.conflict_views import Arrival, Conflict
    from gridworker.app.exchange_views import SetAside
    from gridworker.app.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Found:
    """The bundles that are listed, and what waits; ``loose`` are conflicts that came with none of them."""

    arrivals: "list[Arrival]"
    loose: "list[Conflict]"
    aside: "list[SetAside]"
    agreement: str = ""

    @classmethod
    def read(cls, ws: "Workspace") -> "Found":
        """As it is now."""
        arrivals = ws.merge.arrivals()
        return cls(arrivals, ws.merge.unclaimed(arrivals), ws.asides.waiting(), ws.exchange.agreement_words())

    def arrival(self, key: object) -> "Arrival | None":
        """A bundle by its key in the list."""
        return next((one for one in self.arrivals if one.trip.hash == key), None)

    def aside_of(self, arrival: "Arrival") -> "list[SetAside]":
        """What a bundle brought that was set aside."""
        return [one for one in self.aside if one.bundle == arrival.trip.hash]

    def earlier(self) -> "list[SetAside]":
        """What was set aside with bundles that are not listed any more."""
        return [one for one in self.aside if self.arrival(one.bundle) is None]

    def waiting(self) -> int:
        """How many records in conflict and bundles with something set aside wait for a person."""
        conflicts = {(one.kind, one.record) for arrival in self.arrivals for one in arrival.conflicts}
        return len(conflicts) + len(self.loose) + len({one.bundle for one in self.aside})
