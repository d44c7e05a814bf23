"""How long the search takes for each key pressed. ``python -m tests.benchmarks.search_speed 1000000`` fills a store.

Every text is typed key by key, and every key is a search, as in the box; nothing typed is remembered from before.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.search import query as search_query
from gridworker.store.search import search
from gridworker.store.search.pinyin import readings
from tests.store import crowd

WORDS = ("漏水", "燃气软管", "楼道", "代买药", "电动车", "老人一个人", "wifi")


def texts(number: int, seed: int = 3) -> Iterator[str]:
    """What people look for, in every form the box takes."""
    chance = random.Random(seed)
    for name in crowd.names(number, seed):
        syllables = [unit[0] for unit in readings(name)]
        rest = syllables[1:]
        unit, floor = chance.randint(1, 3), chance.randint(1, 10)
        yield from (
            "".join(syllable[0] for syllable in syllables),
            "".join(syllables),
            " ".join(syllables),
            syllables[0] + "".join(syllable[0] for syllable in rest),
            f"{syllables[0][0]} {''.join(rest)}",
            name,
            name[1:],
            "".join(rest),
            f"{chance.randint(1, 7)}-{unit}-{floor}01",
            f"{chance.randint(1, 7)}栋{floor}02",
            f"{chance.randrange(10_000):04}",
            f"1380000{chance.randrange(10_000):04}",
            chance.choice(WORDS),
            "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=5)),
        )


def keystrokes(find: Callable[[str], object], typed: Iterable[str]) -> list[float]:
    """Seconds for each key, ascending. ``find`` searches for what stands in the box."""
    taken = []
    for text in typed:
        for end in range(1, len(text) + 1):
            search_query.read.cache_clear()
            start = time.perf_counter()
            find(text[:end])
            taken.append(time.perf_counter() - start)
    return sorted(taken)


def percentile(taken: list[float], share: float) -> float:
    """Milliseconds that this share of the keys stays below."""
    return taken[min(len(taken) - 1, int(len(taken) * share))] * 1000


def main(people: int) -> None:
    """Fill a store and print what its search takes, over all of it and with a grid first."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "store.db", bytes(32), create=True)
        with database.write() as connection:
            crowd.create(connection)
            crowd.settle(connection, crowd.Crowd(people, visits=people // 2))
            search.rebuild(connection)
        database.checkpoint()
        with database.read() as connection:
            cursor = raw_cursor(connection)
            cursor.execute("SELECT id FROM grid")
            grids = [row[0] for row in cursor.fetchall()]
        chance = random.Random(people)

        def find(text: str, grid: int | None = None) -> None:
            with database.read() as connection:
                search.find(connection, text, grid=grid)

        find("chen")
        for label, ask in (("all", find), ("a grid first", lambda text: find(text, chance.choice(grids)))):
            taken = keystrokes(ask, texts(20))
            figures = "  ".join(f"p{share * 100:g} {percentile(taken, share):.2f} ms" for share in (0.5, 0.95, 0.99))
            sys.stdout.write(
                f"{people} residents, {label}: {len(taken)} keys  {figures}  most {taken[-1] * 1000:.2f} ms\n"
            )
        database.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
