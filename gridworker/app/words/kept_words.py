"""How long something is kept, as a person reads it."""

from gridworker.domain.retention import Period
from gridworker.text import gettext, ngettext


def in_words(period: Period) -> str:
    """A period as a person reads it."""
    if period.for_good:
        return gettext("for good")
    if period.years:
        return gettext("{count} years").format(count=period.years) if period.years > 1 else gettext("1 year")
    return ngettext("{count} day", "{count} days", period.days).format(count=period.days)
