"""The parts of ``make bench`` run to their end on small stores: one that broke would be met when it is needed."""

import json
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from gridworker.app.workspace import Workspace
from tests.benchmarks import __main__ as bench
from tests.benchmarks import (
    engines,
    exchange,
    growth,
    inboxes,
    jobs,
    lists,
    load,
    merge,
    pages,
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
    (pages, {"MANY": 400, "FEW": 300, "ROUNDS": 1}),
    (inboxes, {"WAITING": 40, "LOGGED": 60, "BUNDLES": 2, "_AT_ONCE": 30}),
)


OPENED = {
    "Today", "issues", "households by door", "register of dwelling by room_no", "bundles that came", "audit log",
}  # fmt: skip
"""Of a hundred lists those that are opened one by one here, in this process."""


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
    monkeypatch.setattr(pages, "_spawned", opened)
    monkeypatch.setattr(bench, "OUT", build / "out" / "bench.json")
    assert bench.main([part]) == 0
    figures = json.loads(bench.OUT.read_text("utf-8"))["figures"]
    assert figures
    assert all(one["value"] > 0 or one["unit"] in {"MiB", "ms"} for one in figures)
    assert capsys.readouterr().out.count("\n") == len(figures)


def opened(folder: Path, name: str) -> pages.Taken:
    return pages._opened(folder, name) if name in OPENED else pages.Taken(1.0, 1.0, 1.0)


def test_every_list_that_is_measured_can_be_opened(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "BUILD", build)
    for name, number in dict(SMALL)[inboxes].items():
        monkeypatch.setattr(inboxes, name, number)
    laptop = stores.large_laptop(people=PEOPLE)
    pages.read_ahead(laptop)
    for folder in (laptop, inboxes.busy_office()):
        with closing(stores.open_workspace(folder)) as ws:
            require_opened(ws)


def require_opened(ws: Workspace) -> None:
    found = pages.groups(ws, pages.About.read(ws))
    assert all(found.values())
    for listed in (one for lists_here in found.values() for one in lists_here.values()):
        assert listed.first() is not None
        listed.between()
        assert listed.later is None or listed.later(1) is not None


def test_an_office_has_as_much_waiting_as_is_measured(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "BUILD", build)
    for name, number in dict(SMALL)[inboxes].items():
        monkeypatch.setattr(inboxes, name, number)
    with closing(stores.open_workspace(inboxes.busy_office())) as office:
        assert office.merge.count() == 40
        assert sum(lot.count for lot in office.asides.lots()) == 40
        assert sum(map(len, office.merge.duplicates.pairs(office.merge.arrivals()).values())) > 30, (
            "most are known by more"
        )
        assert len(office.audit.ids()) >= 60


def test_engines_that_are_not_installed_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda _package: None)
    assert engines.measure() == []
    said = capsys.readouterr().err
    assert "apsw is not installed" in said
    assert "pygeodiff is not installed" in said
