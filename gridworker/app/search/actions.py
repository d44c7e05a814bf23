"""Actions and pages found in the search box by what they are called: characters, full pinyin, initials, English.

In whatever language the window is: who learned a word in the other one types that.
"""

from collections.abc import Iterable, Iterator, Mapping

from gridworker.store.search.pinyin import initials, readings
from gridworker.text import in_every_language

LEAST = 2
"""Letters before a name is compared; a single one begins too many."""


def in_words(*messages: str) -> Iterator[str]:
    """What message ids say in every language; each may name several things with commas between them."""
    for message in filter(None, messages):
        for words in in_every_language(message):
            yield from (one.strip() for one in words.replace("，", ",").split(","))


def named_like(query: str, names: Mapping[str, Iterable[str]]) -> list[str]:
    """The keys of the names of which a text begins one, or a word in one, in their order."""
    text = "".join(query.casefold().split())
    if len(text) < LEAST:
        return []
    return [key for key, called in names.items() if any(way.startswith(text) for one in called for way in _ways(one))]


def _ways(label: str) -> Iterator[str]:
    words = label.casefold().split()
    yield from ("".join(words[at:]) for at in range(len(words)))
    yield "".join(ways[0] for ways in readings(label) if ways)
    yield initials(label)
