"""``make bench``: print a table and write ``build/bench.json``. Ends with 0 also where a target is missed."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import (
    engines,
    exchange,
    growth,
    lists,
    load,
    merge,
    pages,
    roster,
    safekeeping,
    search,
    small,
    window,
)
from tests.benchmarks.figures import Figure

OUT = Path(__file__).parents[2] / "build" / "bench.json"
PARTS: dict[str, Callable[[], list[Figure]]] = {
    "window": window.measure,
    "roster": roster.measure,
    "exchange": exchange.measure,
    "merge": merge.measure,
    "load": load.measure,
    "small": small.measure,
    "growth": growth.measure,
    "engines": engines.measure,
    "search": search.measure,
    "safekeeping": safekeeping.measure,
    "lists": lists.measure,
    "pages": pages.measure,
}


def main(chosen: list[str]) -> int:
    """Measure all parts, or those named."""
    figures: list[Figure] = []
    for name, measure in PARTS.items():
        if chosen and name not in chosen:
            continue
        for figure in measure():
            figures.append(figure)
            target = "" if figure.target is None else f"<= {figure.target:g}"
            mark = "" if figure.target is None else "ok" if figure.ok else "MISSED"
            print(f"{figure.name:55} {figure.value:9.3f} {figure.unit:26} {target:8} {mark}", flush=True)
    OUT.parent.mkdir(exist_ok=True)
    plain = [
        {"name": one.name, "value": round(one.value, 4), "unit": one.unit, "target": one.target, "ok": one.ok}
        for one in figures
    ]
    OUT.write_text(json.dumps({"figures": plain}, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
