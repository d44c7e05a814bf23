"""Strips where bundles come: a merge that was cut off, what fits no bundle, what left and is still here."""

from gridworker.gui.bundlestrips import BundleStrips
from gridworker.gui.widgets.state import Strip

MOST = 3
"""So many of what is wrong are shown at a time."""


class StandingStrips(BundleStrips[tuple[list[str], str]]):
    """Hidden where there is nothing to say."""

    def read(self) -> tuple[list[str], str]:
        """What is wrong, a line each, and what is still here."""
        exchange = self.ws.exchange
        return [*filter(None, [exchange.cut_off()]), *exchange.left_out()], exchange.still_here()

    def strips(self, told: tuple[list[str], str]) -> list[Strip]:
        """What is wrong first."""
        wrong, still_here = told
        shown = [Strip(line, tone="due", icon="warning") for line in wrong[:MOST]]
        return [*shown, *([Strip(still_here, tone="neu", icon="info")] if still_here else [])]
