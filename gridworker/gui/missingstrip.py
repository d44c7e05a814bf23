"""The strip on a page that names the bundles that are missing still, or could not be read."""

from gridworker.gui.bundlestrips import BundleStrips
from gridworker.gui.widgets.state import Strip
from gridworker.text import gettext

NAMED = 3
"""So many are named; of more there is a count."""


class MissingStrip(BundleStrips[list[str]]):
    """Hidden where nothing is missing."""

    def read(self) -> list[str]:
        """What is missing, a line each."""
        return self.ws.exchange.missing_lines()

    def strips(self, told: list[str]) -> list[Strip]:
        """The first few, and how many more there are."""
        shown = [Strip(line, tone="due", icon="hourglass") for line in told[:NAMED]]
        if len(told) > NAMED:
            more = gettext("and {count} more").format(count=len(told) - NAMED)
            shown.append(Strip(more, tone="due", icon="hourglass"))
        return shown
