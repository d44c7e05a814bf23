"""All households in an order and turned round: as sorting them does, and in little memory."""

import tracemalloc
from array import array
from collections.abc import Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridworker.app.household import two_way_order
from gridworker.app.household.two_way_order import Walk, by_last_visit, by_name, by_people
from gridworker.store.engine.database import Connection
from gridworker.store.search.sounds import sound

NO_CONNECTION, TODAY = cast("Connection", None), date(2026, 3, 18)
DOORS = st.lists(st.integers(1, 2**62), unique=True, max_size=12)
KEYS = st.sampled_from([None, "2026-01-02T03:04:05Z", "2025-11-02T03:04:05Z", "2025-11-02T03:04:06Z"])
NAMES = st.sampled_from([None, "王五", "汪武", "张三", "A", "?", "！", "12"])


def walk_of(doors: Sequence[int]) -> Walk:
    return Walk(doors, array("q", sorted(doors)))


def given_rows(monkeypatch: pytest.MonkeyPatch, of: Mapping[int, object], *, ordered: bool) -> None:
    """What the statements would bring, one household too many among them."""
    pairs = [(home, key) for home, key in {**of, 5 << 60: next(iter(of.values()), None)}.items() if key is not None]
    if ordered:
        pairs.sort(key=lambda pair: str(pair[1]))
    brings = SimpleNamespace(**dict.fromkeys(("visited", "living", "cared", "called"), lambda *_: iter(pairs)))
    monkeypatch.setattr(two_way_order, "rows", brings)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DOORS, st.data())
def test_equal_ones_are_by_door_either_way(
    monkeypatch: pytest.MonkeyPatch, doors: list[int], data: st.DataObject
) -> None:
    of = {home: data.draw(KEYS) for home in doors}
    known, rest = [one for one in doors if of[one]], [one for one in doors if not of[one]]
    up = sorted(known, key=lambda one: of[one] or "")
    turned = [*sorted(known, key=lambda one: of[one] or "", reverse=True), *rest]
    given_rows(monkeypatch, of, ordered=True)
    assert tuple(map(list, by_last_visit(NO_CONNECTION, walk_of(doors)))) == ([*rest, *up], turned)
    given_rows(monkeypatch, of, ordered=False)
    assert tuple(map(list, by_people(NO_CONNECTION, walk_of(doors), TODAY))) == ([*up, *rest], turned)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DOORS, st.data())
def test_names_are_by_their_sound(monkeypatch: pytest.MonkeyPatch, doors: list[int], data: st.DataObject) -> None:
    of = {home: data.draw(NAMES) for home in doors}
    said = {home: sound(name) for home, name in of.items() if name and sound(name)}
    rest = sorted((one for one in doors if one not in said), key=lambda one: (of[one] is None, of[one] or ""))
    known = [one for one in doors if one in said]
    given_rows(monkeypatch, of, ordered=False)
    up, down = by_name(NO_CONNECTION, walk_of(doors))
    assert list(up) == [*sorted(known, key=said.__getitem__), *rest]
    assert list(down) == [*sorted(known, key=said.__getitem__, reverse=True), *rest]


def test_no_object_is_kept_for_each_household(monkeypatch: pytest.MonkeyPatch) -> None:
    many = 20_000
    doors = array("q", range(1 << 40, (1 << 40) + many))
    brings = SimpleNamespace(visited=lambda *_: ((home, f"2026-{home}") for home in reversed(doors)))
    monkeypatch.setattr(two_way_order, "rows", brings)
    walk = walk_of(doors)
    tracemalloc.start()
    try:
        up, _ = by_last_visit(NO_CONNECTION, walk)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert up[0] == doors[-1]
    assert peak < 60 * many
