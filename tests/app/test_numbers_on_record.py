"""Whom a number belongs to: asked in the search box alone, by who may, and put on record there."""

from collections.abc import Callable

import pytest

from gridworker.app.household.life_places import LifePlaces
from gridworker.app.register.register import Register
from gridworker.app.workspace import Workspace
from tests.village import Village

PHONE, NUMBER, CONTACT = "13800000142", "11010519491231002X", "0714-6510777"

ASKED: dict[str, Callable[[Workspace, str], object]] = {
    "list of households": lambda ws, text: ws.households.ids(text).tolist(),
    "first of the list": lambda ws, text: ws.households.likeliest(text, 9),
    "person chosen for a record": lambda ws, text: Register(ws.session).find("resident", text, 9),
    "household chosen for a record": lambda ws, text: Register(ws.session).find("household", text, 9),
    "door to move to": lambda ws, text: LifePlaces(ws.session).find("dwelling", text, 9),
    "household to join": lambda ws, text: LifePlaces(ws.session).find("household", text, 9),
    "place of an issue": lambda ws, text: ws.issues.choices.places(text),
}


@pytest.mark.parametrize("asked", ASKED)
def test_no_other_box_tells_it(workspace: Workspace, village: Village, asked: str) -> None:
    home = village.household("陈桂芳", "3", "1", "202", contact_phone=CONTACT)
    person = home.people["陈桂芳"]
    village.change("resident", person, {"phones": PHONE, "id_number": NUMBER, "id_last4": "002X"})
    ask = ASKED[asked]
    if asked != "first of the list":
        assert ask(workspace, "陈桂芳")
    for text in ("0142", PHONE, "002X", NUMBER, "0777", CONTACT, "陈桂芳 0142", "陈桂芳 002x", "cgf 0777"):
        assert workspace.search.find(text).parts, text
        assert not ask(workspace, text), text
