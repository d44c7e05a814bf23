"""The code lists of buildings and dwellings (domain.md 2.2)."""

from gridworker.record import CodeList
from gridworker.text import Label

BUILDING_TYPE = CodeList(
    "building_type",
    {
        "residential": Label("Residential building"),
        "shops": Label("Shop building"),
        "offices": Label("Office building"),
        "high_rise": Label("High-rise"),
        "other": Label("Other"),
    },
)

DWELLING_USAGE = CodeList(
    "dwelling_usage",
    {
        "own": Label("Lived in by the owner"),
        "rented": Label("Rented out"),
        "collective": Label("Collective housing"),
        "unused": Label("Not in use"),
        "other": Label("Other"),
    },
)
RENTED = "rented"

VACANCY = CodeList(
    "vacancy", {"occupied": Label("Occupied"), "vacant": Label("Vacant"), "unknown": Label("Not recorded")}
)
