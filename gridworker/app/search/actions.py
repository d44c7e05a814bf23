"""Actions and pages found in the search box by what they are called: characters, full pinyin, initials, English."""

from collections.abc import Mapping

from gridworker.store.search.pinyin import initials, readings

LEAST = 2
"""Letters before a name is compared; a single one begins too many."""


def named_like(query: str, labels: Mapping[str, str]) -> list[str]:
    """The keys of the labels that a text begins, in their order."""
    text = "".join(query.casefold().split())
    if len(text) < LEAST:
        return []
    return [key for key, label in labels.items() if any(way.startswith(text) for way in _ways(label))]


def _ways(label: str) -> tuple[str, ...]:
    spelled = "".join(ways[0] for ways in readings(label) if ways)
    return "".join(label.casefold().split()), spelled, initials(label)
