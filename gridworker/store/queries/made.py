"""When a record was made, as its id tells: it stands in for a time that is missing, or that is none (house.md 1.3)."""

from gridworker.store.log.clock import EPOCH, MS_SHIFT


def made_at(table: str) -> str:
    """The moment, in SQL, of the rows of a table named so in the statement."""
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {_seconds(table)}, 'unixepoch')"


def made_on(table: str) -> str:
    """The day in China."""
    return f"date({_seconds(table)}, 'unixepoch', '+8 hours')"


def _seconds(table: str) -> str:
    return f"({table}.id >> {MS_SHIFT}) / 1000 + {int(EPOCH.timestamp())}"
