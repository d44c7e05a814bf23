"""What was erased stands as erased in the story of a household and of an entry of a register, not as left empty."""

from gridworker.app.household.view import MomentView
from gridworker.app.register.register import Register
from gridworker.app.workspace import Workspace
from tests.circle import Circle


def changes(moments: "tuple[MomentView, ...]") -> list[tuple[str, tuple[str, str] | None]]:
    return [(one.title, one.change) for one in reversed(moments) if "hone" in one.title]


def test_of_a_household(circle: Circle) -> None:
    office: Workspace = circle.office
    home = circle.family(office.devices.add_grid("第一网格")).household
    for phone in ("13800000777", "13800000778"):
        office.records.save("household", {"contact_phone": phone}, home)
    office.erasing.erase("household", home, ["contact_phone"])
    office.records.save("household", {"contact_phone": "13800000779"}, home)
    told = changes(office.households.file(home).moments)
    assert told[1:] == [
        ("Contact phone changed", ("(erased)", "(erased)")),
        ("Contact phone erased", None),
        ("Contact phone changed", ("(erased)", "138****0779")),
    ]


def test_of_an_entry_of_a_register(circle: Circle) -> None:
    office: Workspace = circle.office
    shop = office.records.save("merchant", {"name": "早点铺", "shop_kind": "other", "phone": "13800000777"}).id
    office.records.save("merchant", {"phone": "13800000778"}, shop)
    office.erasing.erase("merchant", shop, ["phone"])
    office.records.save("merchant", {"phone": "13800000779"}, shop)
    assert changes(Register(office.session).history("merchant", shop)) == [
        ("Phone changed", ("(erased)", "(erased)")),
        ("Phone erased", None),
        ("Phone changed", ("(erased)", "****")),
    ]
