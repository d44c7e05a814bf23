"""How large a bundle may become by the attachments in it. What people wrote goes all at once, whatever the limit."""

from gridworker.errors import Problem

WITHOUT_FILES = 1
"""A limit that leaves attachments out: they wait."""

_LEAST_KB = 96
LEAST = _LEAST_KB * 1024
"""Bytes in which a piece of an attachment fits beside a day's work: with less no photo would ever arrive."""


def most_bytes(limit: int | None) -> int:
    """The bytes of a bundle by the limit that was chosen, None or 0 for none. Raises Problem for one too small."""
    from gridworker.sync.format.seal import MAX_FILE

    if limit and WITHOUT_FILES < limit < LEAST:
        raise Problem("With so small a limit no photo would ever arrive: choose at least {size} KB.", size=_LEAST_KB)
    return limit or MAX_FILE
