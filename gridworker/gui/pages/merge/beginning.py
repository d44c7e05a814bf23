"""What stands beside an inbox with nothing chosen: what comes next in an office that has only begun."""

from typing import TYPE_CHECKING

from gridworker.gui.widgets.state import StatePanel
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

NO_LAPTOP, NO_BUNDLE, BEGUN = "no laptop", "no bundle", ""


def stage_of(ws: "Workspace") -> str:
    """How far an office whose inbox is empty has come; BEGUN also for who may not know."""
    if not ws.session.knows("READ DEVICES"):
        return BEGUN
    laptops = ws.devices.laptops()
    if not laptops:
        return NO_LAPTOP
    return BEGUN if any(laptop.seen for laptop in laptops) else NO_BUNDLE


def panel_of(stage: str) -> StatePanel:
    """The sentence that says what to do; where there is no laptop yet, its button leads to where one is set up."""
    if stage == NO_LAPTOP:
        return StatePanel(
            "empty", gettext("First set up a laptop."),
            gettext("Give out a device bundle under “Devices and people”. What is written on the laptop comes in "
                    "here."),
            gettext("Set up a laptop"), icon="laptop",
        )  # fmt: skip
    more = gettext("What agrees is merged by itself. Only what disagrees waits for you here.")
    if stage == NO_BUNDLE:
        more = gettext(
            "No bundle has come yet. On the laptop the page Sync packs one, onto a USB stick or into the shared folder."
        )
    return StatePanel("empty", gettext("Drag bundles in, or plug a USB stick in."), more, icon="tray")
