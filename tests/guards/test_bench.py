"""The parts of ``make bench`` run to their end on small stores: one that broke would be met when it is needed."""

import json
from functools import partial
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as bench
from tests.benchmarks import (
    engines,
    exchange,
    growth,
    jobs,
    lists,
    load,
    merge,
    roster,
    safekeeping,
    search,
    small,
    stores,
)

PEOPLE = 400
SMALL = (
    (jobs, {"PEOPLE": PEOPLE, "EDITED": 60, "CHANGES": 80, "CONFLICTS": 4}),
    (merge, {"HELD": 10, "ROUNDS": 1}),
    (small, {"BUNDLES": 10, "ROUNDS": 1}),
    (growth, {"FEW": 100, "MANY": 200, "CHANGES": 20, "ROUNDS": 1, "PART": 100}),
    (load, {"ROUNDS": 1}),
    (roster, {"ROWS": 40, "TIMES": 2, "ROUNDS": 1}),
    (exchange, {"EDITS": 40, "ROUNDS": 1}),
    (search, {"QUERIES": 5}),
    (safekeeping, {"COUNT": PEOPLE, "ROUNDS": 1, "SAVES": 3}),
    (lists, {"MANY": 400, "FEW": 300, "ROUNDS": 1, "ENTRIES": 20}),
)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


@pytest.mark.parametrize("part", [name for name in bench.PARTS if name not in {"engines", "window"}])
def test_each_part_of_the_benchmark_tells_its_figures(
    part: str, build: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module, numbers in SMALL:
        for name, number in numbers.items():
            monkeypatch.setattr(module, name, number)
    for name in ("large_laptop", "large_office"):
        monkeypatch.setattr(stores, name, partial(getattr(stores, name), people=PEOPLE))
    monkeypatch.setattr(stores, "BUILD", build)
    monkeypatch.setattr(safekeeping, "BUILD", build)
    monkeypatch.setattr(lists, "_window", lambda _folder: [])  # a window is opened by its own part already
    monkeypatch.setattr(bench, "OUT", build / "out" / "bench.json")
    assert bench.main([part]) == 0
    figures = json.loads(bench.OUT.read_text("utf-8"))["figures"]
    assert figures
    assert all(one["value"] > 0 or one["unit"] in {"MiB", "ms"} for one in figures)
    assert capsys.readouterr().out.count("\n") == len(figures)


def test_engines_that_are_not_installed_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda _package: None)
    assert engines.measure() == []
    said = capsys.readouterr().err
    assert "apsw is not installed" in said
    assert "pygeodiff is not installed" in said
