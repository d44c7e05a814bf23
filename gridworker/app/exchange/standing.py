"""How long ago bundles went or came, and how much waits to be handed over: the card at the foot of the sidebar."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from gridworker.domain.moments import local_day
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.exchange.views import Pending

AMBER_DAYS, URGED_DAYS = 2, 7
"""From when on the card is amber, and says that the office waits; never red (ui/ux.md 4a)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Two lines; ``done``: nothing waits; ``count``: how much does."""

    title: str
    text: str
    amber: bool = False
    done: bool = False
    count: int = 0


def standing(pending: "Pending", today: date) -> Standing:
    """Where this laptop stands with the office."""
    gone = (today - local_day(pending.last)).days if pending.last else None
    waits, unknown = pending.records > 0, gone is not None and gone < 0
    return Standing(
        title=_since(gone),
        text=_waiting(pending.records, gone),
        amber=waits and gone is not None and (gone >= AMBER_DAYS or unknown),
        done=not waits and gone is not None,
        count=pending.records,
    )


def _since(gone: int | None) -> str:
    if gone is None:
        return gettext("Not synced yet")
    if gone < 0:  # the clock was ahead then and was set right since
        return gettext("Last synced on a day not known")
    if gone == 0:
        return gettext("Synced today")
    return ngettext("{count} day not synced", "{count} days not synced", gone).format(count=gone)


def _waiting(records: int, gone: int | None) -> str:
    if not records:
        return gettext("Nothing to hand over") if gone is None else gettext("Everything is handed over")
    if gone is not None and gone >= URGED_DAYS:
        return gettext("{count} to go, the office waits").format(count=records)
    return gettext("{count} to hand over").format(count=records)
