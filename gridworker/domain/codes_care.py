"""The code lists of care (domain.md 2.5, decisions 1 and 4): groups, cadences, priority services."""

from gridworker.domain.codes import ALONE, EMPTY_NEST
from gridworker.record import CodeList
from gridworker.text import Label

CARE_GROUP = CodeList(
    "care_group",
    {
        "C1": Label("Out of work"),
        "C2": Label("Left-behind child"),
        "C3": Label("Elderly without children at home"),
        "C4": Label("Disability"),
        "C5": Label("Low income"),
        "L1": Label("Child in need"),
    },
)
"""C1 to C5 are the five groups of the paper; L1 and on are local ones. No illness, no maternity, no police classes."""

CARE_BASIS = CodeList(
    "care_basis",
    {
        "own_request": Label("Own request"),
        "family": Label("Asked by family"),
        "official_list": Label("Official ledger"),
        "visit_consent": Label("Found on a visit, with consent"),
    },
)

CADENCE = CodeList("cadence", {"V1": Label("Weekly"), "V2": Label("Monthly"), "V3": Label("Quarterly")})
"""The visit policy a care membership asks for; the days are in ``domain/visit_policy.py``."""

PRIORITY_SERVICE = CodeList(
    "priority_service",
    {
        "P1": Label("Skills training"),
        "P2": Label("Finding work"),
        "P3": Label("Hardship allowance"),
        "P4": Label("Home help"),
        "P5": Label("Company and comfort"),
        "P6": Label("Help to see a doctor"),
    },
)


def care_label(group: str, living_arrangement: str | None = None) -> Label:
    """What a care membership is called on a chip: 独居老人 and 空巢老人 apart, both being C3 (decision 4)."""
    if group == "C3" and living_arrangement == ALONE:
        return Label("Lives alone (65+)")
    if group == "C3" and living_arrangement == EMPTY_NEST:
        return Label("Elderly couple")
    return CARE_GROUP.labels.get(group, Label("Care"))


def care_labels() -> tuple[Label, ...]:
    """All that a care membership may be called."""
    return (*CARE_GROUP.labels.values(), care_label("C3", ALONE), care_label("C3", EMPTY_NEST))
