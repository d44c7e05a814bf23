"""How bundles are put in words, on the sync page and in the merge inbox."""

from collections.abc import Mapping

from gridworker.text import gettext, ngettext

_MEGABYTE = 1_000_000
_GIGABYTE = 1_000_000_000


def groups(counts: Mapping[str, int]) -> list[tuple[int, str]]:
    """Visits, issues, other changes: (how many, what they are), always the three."""
    visits, issues = counts.get("visit", 0), counts.get("issue", 0)
    other = sum(counts.values()) - visits - issues
    return [
        (visits, ngettext("visit", "visits", visits)),
        (issues, ngettext("issue", "issues", issues)),
        (other, ngettext("other change", "other changes", other)),
    ]


def records(count: int) -> str:
    """How many records."""
    return ngettext("{count} record", "{count} records", count).format(count=count)


def size(octets: int) -> str:
    """A size of a file or of free room."""
    if octets >= _GIGABYTE:
        return gettext("{count} GB").format(count=round(octets / _GIGABYTE))
    if octets >= _MEGABYTE:
        return gettext("{count} MB").format(count=f"{octets / _MEGABYTE:.1f}")
    return gettext("{count} KB").format(count=max(round(octets / 1000), 1))
