"""Seven bundles of three laptops, as files, in many orders: the office ends the same.

All 5,040 orders on the pure kernel: tests/store/log/test_merge.py.
"""

import os
import random
import shutil
from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path

import pytest

from gridworker.store.health.check import check
from tests.circle import Circle, delete
from tests.convergence.community import Community
from tests.convergence.ground import OFFICE, Template
from tests.convergence.machine import fast_folder
from tests.convergence.planted import order_of_arrival_wins
from tests.convergence.told import AUDIT, ops_of

ORDERS = int(os.environ.get("GRIDWORKER_ORDERS", "12"))
SEED = int(os.environ.get("GRIDWORKER_SEED", "4"))


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    """Three laptops and an office."""
    folder = fast_folder()
    yield Template.make(folder / "template")
    shutil.rmtree(folder)


def seven_bundles(community: Community) -> list[Path]:
    """Of three laptops that edit the same households and people, in part knowing of each other."""
    first, second, third = community.laptops
    shared, last = community.families[1], community.families[2]

    def note(name: str, kind: str, record: int, **values: object) -> None:
        assert community.act(name, lambda at: at.records.save(kind, values, record))

    note(first, "resident", shared.resident, phones="13800000001")
    note(second, "resident", shared.resident, phones="13800000002", note="甲")
    note(third, "household", last.household, remark="丙")
    letters = [community.pack(name) for name in (first, second, third)]
    note(first, "resident", shared.resident, note="乙")
    note(second, "household", last.household, remark="丁")
    assert community.act(third, lambda at: delete(at, "resident", last.resident))
    note(second, "resident", last.resident, phones="13800000003")
    letters += [community.pack(name) for name in (first, second, third)]
    note(first, "resident", shared.resident, phones="13800000004")
    letters.append(community.pack(first))
    return [letter.path for letter in letters]


def end_of(office: Path, bundles: Sequence[Path], folder: Path) -> tuple[str, set[int], int]:
    """What an office shows, holds and has in conflict after some bundles."""
    shutil.copytree(office, folder / OFFICE)
    circle = Circle(folder)
    for bundle in bundles:
        circle.office.exchange.merge(bundle)
    held = {row.clk for row in ops_of(circle.office) if row.kind != AUDIT}
    end = circle.office.care_of_store.digest(), held, circle.office.merge.count()
    assert check(circle.office.session.store) == []
    circle.close()
    shutil.rmtree(folder)
    return end


def ends(template: Template, many: int) -> list[tuple[str, set[int], int]]:
    """Where the office arrives by many of the orders."""
    folder = template.folder.parent
    community = Community(template, folder / "seven")
    bundles = seven_bundles(community)
    orders = list(permutations(bundles))
    chosen = [orders[0], orders[-1], *random.Random(SEED).sample(orders, many - 2)]
    found = [end_of(template.folder / OFFICE, order, folder / "order") for order in chosen]
    community.close()
    return found


def test_bundles_end_the_same_in_any_order(template: Template) -> None:
    found = ends(template, ORDERS)
    assert found.count(found[0]) == len(found) == ORDERS
    assert found[0][2] >= 2, "they meet in conflicts"


def test_an_office_where_the_last_to_arrive_wins_is_found_out(
    template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.convergence.test_orders.check", lambda _: [])
    order_of_arrival_wins(monkeypatch)
    found = ends(template, 4)
    assert found.count(found[0]) < len(found)
