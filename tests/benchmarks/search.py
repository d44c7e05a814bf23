"""Searching 100,000 residents, key by key, from the Workspace's call to rows."""

from functools import partial
from random import Random
from typing import TYPE_CHECKING

from gridworker.store.search.pinyin import initials, readings
from tests.benchmarks import stores
from tests.benchmarks.figures import Figure, percentile, seconds

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

TARGET_MS = 50.0
QUERIES = 120


def measure() -> list[Figure]:
    """The 99th percentile and the median over every key of names, pinyin, initials, doors, number tails and words."""
    workspace = stores.open_workspace(stores.large_laptop())
    try:
        typed = typed_keys(workspace)
        workspace.search.find(typed[0])
        times = [seconds(partial(workspace.search.find, text)) * 1000 for text in typed]
        alike = [seconds(partial(workspace.alike.to, 0, values)) * 1000 for values in _written(workspace)]
    finally:
        workspace.close()
    return [
        Figure("search p99, 100,000 residents", percentile(times, 0.99), "ms per key", TARGET_MS),
        Figure("search median, 100,000 residents", percentile(times, 0.5), "ms per key"),
        Figure("duplicates at entry p99, 100,000 residents", percentile(alike, 0.99), "ms", TARGET_MS),
    ]


def typed_keys(workspace: "Workspace") -> list[str]:
    """What people type, key by key: names, full pinyin, initials, tails of numbers, doors, a word from a note."""
    people = Random(5).sample(workspace.records.page("resident", limit=5000), QUERIES)
    texts = []
    for one in people:
        name = str(one.values["name"])
        spelled = "".join(ways[0] for ways in readings(name) if ways)
        texts += [name, spelled, initials(name), str(one.values["phones"] or "0000")[-4:], "3-2-501", "漏水"]
        texts += [f"{name} 501", f"3栋{name}", f"{name} 漏水"]
    return [text[: end + 1] for text in texts for end in range(len(text))]


def _written(workspace: "Workspace") -> list[dict[str, object]]:
    """People written down once more: by name and what else is known of them, the commonest names among them."""
    people = Random(7).sample(workspace.records.page("resident", limit=5000), QUERIES)
    known = ("name", "birth_date", "phones", "id_number")
    return [{name: one.values[name] for name in known} for one in people]
