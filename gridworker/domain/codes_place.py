"""The code lists of grids, buildings and dwellings (domain.md 2.2)."""

from gridworker.record import CodeList
from gridworker.text import Label

GRID_KIND = CodeList("grid_kind", {"general": Label("General grid"), "special": Label("Dedicated grid")})
"""A dedicated grid is one firm, school or market instead of some hundreds of households."""

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
