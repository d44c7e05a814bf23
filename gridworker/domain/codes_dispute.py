"""Subcategories of issues: ours for hazards and services, GB/T 31000 for disputes, GB/T 30428.2 for the city.

Disputes keep the four digits of the standard (domain.md 3.2). Its types 14 to 16 are not in the list: such matters are
passed to the body that deals with them instead of being recorded.
"""

from gridworker.record import CodeList
from gridworker.text import Label

_CIVIL = tuple(f"100{last}" for last in range(1, 7))
_ADMINISTRATIVE = tuple(f"130{last}" for last in range(1, 8))
"""Numbers of the standard whose own words our source does not give: kept where they come along, offered nowhere."""

SUBCATEGORY = CodeList(
    "subcategory",
    {
        "A1": Label("Broken gate, light or camera"), "A2": Label("Something suspicious"),
        "A3": Label("Telephone fraud warning"), "A4": Label("Noisy shared flat"), "A9": Label("Other security hazard"),
        "0101": Label("Love and marriage"), "0102": Label("Support and guardianship"),
        "0103": Label("Family property and inheritance"), "0199": Label("Other marriage and family dispute"),
        "0201": Label("Water, drains, passage, light and air"), "0202": Label("Use of adjoining land or buildings"),
        "0203": Label("Nuisance and pollution next door"), "0299": Label("Other dispute between neighbours"),
        "0301": Label("Name and portrait"), "0302": Label("Reputation and privacy"),
        "0303": Label("Body, health and freedom"), "0399": Label("Other personality rights dispute"),
        "0401": Label("Return of property and damages"), "0402": Label("Property management dispute"),
        "0403": Label("Registration of housing"), "0499": Label("Other property dispute"),
        "0501": Label("Educational institution"), "0502": Label("Medical harm"), "0503": Label("Traffic accident"),
        "0504": Label("Environmental pollution"), "0505": Label("Product liability"),
        "0506": Label("Online infringement"), "0507": Label("Harm at work"), "0599": Label("Other liability dispute"),
        "0601": Label("Consumption and services"), "0602": Label("Buying or renting housing"),
        "0603": Label("Trade"), "0604": Label("Transport and storage"), "0699": Label("Other contract dispute"),
        "0701": Label("Labour contract and agency work"), "0702": Label("Social insurance"),
        "0703": Label("Pay and benefits"), "0704": Label("Personnel dispute"), "0799": Label("Other labour dispute"),
        "0801": Label("Securities, funds, futures"), "0802": Label("Investment and trust"),
        "0803": Label("Insurance"), "0804": Label("Loans and guarantees"), "0899": Label("Other finance dispute"),
        "0901": Label("Farmland contract"), "0902": Label("Homestead land"), "0903": Label("Forest and minerals"),
        "0904": Label("Waters and water works"), "0999": Label("Other land dispute"),
        **dict.fromkeys((*_CIVIL, "1099"), Label("Other civil or commercial dispute")),
        "1101": Label("Expropriation of housing"), "1102": Label("Requisition of collective land"),
        "1103": Label("Planning and illegal building"), "1104": Label("Infrastructure and municipal works"),
        "1105": Label("Resettlement"), "1199": Label("Other city development dispute"),
        "1201": Label("Elections and management of the community"), "1202": Label("Benefits and relief"),
        "1203": Label("Boundaries"), "1299": Label("Other civil affairs dispute"),
        **dict.fromkeys((*_ADMINISTRATIVE, "1399"), Label("Other administrative dispute")),
        "9999": Label("Other dispute"),
        "C1": Label("Blocked fire passage"), "C2": Label("Loose wires and e-bike charging"), "C3": Label("Gas hazard"),
        "C4": Label("Electrical hazard"), "C5": Label("Unsafe building or falling objects"), "C6": Label("Lift"),
        "C7": Label("Building works"), "C8": Label("Food"), "C9": Label("Road, flooding, ice"),
        "C10": Label("Home safety of an elderly person living alone"), "C99": Label("Other safety hazard"),
        "D1": Label("Out of work"), "D2": Label("Left-behind child"),
        "D3": Label("Elderly without children at home"), "D4": Label("Disability"), "D5": Label("Low income"),
        "D9": Label("Other care case"),
        "E1": Label("Schooling"), "E2": Label("Social security"), "E3": Label("Employment"),
        "E4": Label("Medical care"), "E5": Label("Housing"), "E6": Label("Transport"),
        "E7": Label("Papers and certificates"), "E8": Label("Business matters"), "E9": Label("Qualifications"),
        "E10": Label("Tax"), "E11": Label("Marriage, birth, adoption"), "E12": Label("Public utilities"),
        "E99": Label("Other service"),
        "F1": Label("Exposed rubbish"), "F2": Label("Rubbish and rubble left lying"), "F3": Label("Dirty road"),
        "F4": Label("Damaged road"), "F5": Label("Neglected green space"), "F6": Label("Abandoned vehicle"),
        "F7": Label("Abandoned furniture"), "F8": Label("Unlicensed building"), "F9": Label("Illegal advertising"),
        "F10": Label("Noise from building works"), "F11": Label("Stalls outside the shop"),
        "F12": Label("Badly parked cars"), "F13": Label("Badly parked bicycles"), "F14": Label("Things piled up"),
        "F15": Label("Commercial noise"), "F16": Label("Public facilities"), "F17": Label("Poultry and livestock"),
        "F99": Label("Other environment matter"),
        "G1": Label("Opinion or suggestion"), "G2": Label("Policy question"), "G9": Label("Other question"),
        "H1": Label("Road collapse"), "H2": Label("Burst water pipe"), "H3": Label("Burst gas pipe"),
        "H4": Label("Blocked or broken sewer"), "H5": Label("Burst heating pipe"), "H6": Label("Flooded road"),
        "H7": Label("Snow and ice on the road"), "H8": Label("Damaged overhead line"), "H99": Label("Other emergency"),
        "Z9": Label("Other"),
    },
    retired=frozenset({*_CIVIL, *_ADMINISTRATIVE}),
)  # fmt: skip

DISPUTE_FIRST = ("01", "02", "04", "05", "06", "07", "11", "12", "99")
"""The dispute types a form shows; the others are behind "more" (domain.md 3.2)."""


def subcategories(category: str, *, every: bool = False) -> tuple[str, ...]:
    """The subcategories offered for a category; of disputes the everyday types unless ``every``."""
    offered = SUBCATEGORY.offered
    if category != "B":
        return tuple(code for code in offered if code[0] == category)
    disputes = tuple(code for code in offered if code[0].isdigit())
    return disputes if every else tuple(code for code in disputes if code[:2] in DISPUTE_FIRST)
