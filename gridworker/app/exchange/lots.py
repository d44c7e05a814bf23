"""Files that go in together, in the order given."""

from collections.abc import Iterator, Sequence
from pathlib import Path

TOGETHER, TOGETHER_BYTES = 512, 1 << 23
"""Files that go in together, and what they have at most: others that write wait no longer than for one large bundle."""


def lots(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Files in the order given, in lots that go in together."""
    lot: list[Path] = []
    size = 0
    for path in paths:
        length = path.stat().st_size if path.exists() else 0
        if lot and (len(lot) == TOGETHER or size + length > TOGETHER_BYTES):
            yield lot
            lot, size = [], 0
        lot.append(path)
        size += length
    if lot:
        yield lot
