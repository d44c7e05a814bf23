"""What a problem found by a home check is, as an issue: its category, its subcategory, how urgent it usually is.

The subcategory also tells whether the same hazard has an open issue already, so no two checks share one.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Hazard(NamedTuple):
    """Codes of ``issue``."""

    category: str
    subcategory: str
    severity: str


HAZARDS: Mapping[str, Hazard] = MappingProxyType({
    "gas": Hazard("C", "C3", "S2"),
    "power": Hazard("C", "C4", "S2"),
    "fire": Hazard("C", "C99", "S2"),
    "passage": Hazard("C", "C1", "S3"),
    "doors": Hazard("A", "A9", "S3"),
    "grab_rail": Hazard("C", "C10", "S3"),
})  # fmt: skip
"""By the key of ``codes_visit.HOME_CHECK``."""

_OTHER = Hazard("C", "C99", "S3")


def hazard_of(check: str) -> Hazard:
    """The hazard behind a check; one the office added is another safety hazard."""
    return HAZARDS.get(check, _OTHER)
