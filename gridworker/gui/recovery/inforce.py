"""What is said once a new recovery sheet is in force: what the old one opens still, and until when it is kept."""

from collections.abc import Sequence

from gridworker.gui import messages
from gridworker.gui.page import DialogPage
from gridworker.text import gettext


def say_in_force(dialog: DialogPage, elsewhere: Sequence[str]) -> None:
    """Say it; ``elsewhere`` are places whose backups the old sheet opens, for a person to see to."""
    words = gettext("The new sheet is in force. Keep the old one until every laptop was unlocked once more.")
    if not elsewhere:
        dialog.shell.toast(words)
        return
    still = gettext("The old sheet still opens what lies in {name}.")
    messages.tell(dialog.parentWidget(), words, "\n".join(still.format(name=one) for one in elsewhere))
