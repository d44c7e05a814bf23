"""A million residents on one computer: search, pages of lists, a long file, and the window that scrolls through them.

The store is made once and kept under ``build/``; ``GRIDWORKER_PEOPLE`` makes it smaller. Searching is also set against
a store of 10,000, for its growth.
"""

import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.due.today_view import FIRST
from gridworker.app.household.filter import EVERYBODY, HouseholdFilter, parts
from gridworker.app.household.households import Households
from gridworker.app.household.order import PEOPLE, Order, orders
from gridworker.app.register.register import Register
from gridworker.domain.moments import written
from gridworker.gui.widgets.longrows import PAGE
from gridworker.store.engine.database import raw_cursor
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change
from gridworker.store.worked_out import let_go
from tests.benchmarks import stores
from tests.benchmarks.figures import Figure, percentile, seconds
from tests.benchmarks.search import typed_keys

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.app.workspace import Workspace

MANY = int(os.environ.get("GRIDWORKER_PEOPLE", "1000000"))
FEW = 10_000
ROUNDS = 7
MOST = Order(PEOPLE, down=True)
FILTERS = {
    "in care": HouseholdFilter(care="any"),
    "a care group": HouseholdFilter(care="C1"),
    "without a phone": HouseholdFilter(missing="phone"),
    "not visited": HouseholdFilter(unvisited="90"),
    "in care, not visited": HouseholdFilter(care="C1", unvisited="30"),
}
COLUMNS = (("dwelling", "room_no"), ("consent", "scope"), ("building", "building_name"))
ENTRIES = 200

_WINDOW = """
import re, sys, time
from pathlib import Path
from PySide6.QtCore import QEventLoop
from gridworker.gui import background
from gridworker.gui.desk import Desk
from gridworker.gui.frontdoor import AppFrontDoor
from gridworker.gui.start import Program, make_application, take_quick_turns
from gridworker.gui.widgets.recordtable import RecordTable
from tests.benchmarks.stores import open_workspace
STEPS = 300
take_quick_turns()
app = make_application()
program = Program(app, Path(sys.argv[1]), AppFrontDoor())
def until(ready):
    while not ready():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
loaded, opened = [], []
program.loaded.connect(lambda: loaded.append(True))
program.start()
until(lambda: loaded)
def show(workspace):
    program.show_desk(workspace)
    opened.append(workspace)
background.run(lambda: open_workspace(Path(sys.argv[1])), done=show)
until(lambda: opened)
background.wait()
program.window.findChild(Desk).open("households")
def tables():
    return [table for table in program.window.findChildren(RecordTable) if table.isVisible()]
until(lambda: tables() and tables()[0].model().rowCount() > 100)
background.wait()
app.processEvents()
table = tables()[0]
bar, longest = table.verticalScrollBar(), 0.0
for step in [*range(STEPS + 1), *range(STEPS, -1, -7)]:
    start = time.perf_counter()
    bar.setValue(bar.maximum() * step // STEPS)
    app.processEvents()
    longest = max(longest, time.perf_counter() - start)
memory = int(re.findall(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[0]) / 1024
print(longest * 1000, memory)
background.wait()
opened[0].close()
"""


def measure() -> list[Figure]:
    """Medians and percentiles, from the Workspace's call to rows."""
    folder = stores.large_laptop(people=MANY)
    few = _keys(stores.large_laptop(people=FEW))
    workspace = stores.open_workspace(folder)
    try:
        times = _searching(workspace)
        figures = [
            Figure(f"search p99, {MANY} residents", percentile(times, 0.99), "ms per key", 16.0),
            Figure("search, median", percentile(times, 0.5) / percentile(few, 0.5), f"x at {FEW} residents", 2.0),
            *_paging(workspace),
            *_narrowed(workspace),
            Figure(f"a household with {ENTRIES} entries", _filed(workspace), "ms", 50.0),
        ]
    finally:
        workspace.close()
    return [*figures, *_daily(folder), *_window(folder)]


def _keys(folder: Path) -> list[float]:
    workspace = stores.open_workspace(folder)
    try:
        return _searching(workspace)
    finally:
        workspace.close()


def _searching(workspace: "Workspace") -> list[float]:
    typed = typed_keys(workspace)
    workspace.search.find(typed[0])
    return [seconds(partial(workspace.search.find, text)) * 1000 for text in typed]


def _paging(workspace: "Workspace") -> list[Figure]:
    """The first page of a list, its ids found and its rows read, and a later one; the slowest of the lists counts.

    The first one is that of a list nobody has asked for yet: nothing of it is kept.
    """
    _let_go(workspace)
    homes, register = workspace.households, Register(workspace.session)
    ids = homes.ids()

    def later_homes(at: int) -> object:
        return homes.rows(ids[at : at + PAGE])

    lists: dict[str, tuple[Callable[[], object], Callable[[int], object]]] = {
        _named("households", order): (partial(_unread, workspace, order), later_homes)
        for order in orders()
        if order != MOST  # measured by itself
    }
    for kind in ("building", "dwelling", "care_membership"):
        after = register.entries(kind)[-1].id
        lists[kind] = (partial(register.entries, kind), partial(_after, register, kind, after))
    first = {name: _median(begin) for name, (begin, _) in lists.items()}
    later = {name: statistics.median(_each(go_on, len(ids))) for name, (_, go_on) in lists.items()}
    slow, slower = max(first, key=first.__getitem__), max(later, key=later.__getitem__)
    return [
        Figure(f"first page of a list, the slowest ({slow})", first[slow], "ms", 50.0),
        Figure(f"next page of a list, the slowest ({slower})", later[slower], "ms", 16.0),
    ]


def _narrowed(workspace: "Workspace") -> list[Figure]:
    """First pages that take more than a look into an index: before anybody has looked ahead, after it, and after the
    next start, when what was read is kept beside the books and not in memory: then each page is that of a new start.

    After it, what each filter leaves in each order: of all of them the slowest counts.
    """
    homes, register = workspace.households, Register(workspace.session)

    def sorted_by(kind: str, field: str) -> object:
        return register.entries_of(kind, register.order(kind, field)[:PAGE])

    unread = {
        _named(name, order): partial(_unread, workspace, order, narrowing)
        for (name, narrowing), order in product(FILTERS.items(), orders())
    }
    most = statistics.median(seconds(partial(_unread, workspace, MOST)) * 1000 for _ in range(ROUNDS))
    soon = {name: seconds(work) * 1000 for name, work in unread.items()}
    columns = {f"{kind} by {field}": partial(sorted_by, kind, field) for kind, field in COLUMNS}
    sorts = {name: seconds(work) * 1000 for name, work in columns.items()}
    _let_go(workspace)
    ahead, again = seconds(homes.look_ahead()), seconds(Households(workspace.session).look_ahead())
    every = {**FILTERS, **{" ".join(part): HouseholdFilter(**{part.name: part.value}) for part in parts()}}
    kept = {
        _named(name, order): _median(partial(_first, homes, order, narrowing))
        for (name, narrowing), order in product({"households": EVERYBODY, **every}.items(), orders())
    }
    started = {
        _named(name, order): seconds(partial(_unread, workspace, order, narrowing)) * 1000
        for (name, narrowing), order in product({"households": EVERYBODY, **every}.items(), orders())
    }
    slow, slower, slowest, late = (max(one, key=one.__getitem__) for one in (soon, sorts, kept, started))
    return [
        Figure("first page of the households of most people, nothing read ahead", most, "ms"),
        Figure("first page of a filter, nothing read ahead, the median", statistics.median(soon.values()), "ms"),
        Figure(f"first page of a filter, nothing read ahead, the slowest ({slow})", soon[slow], "ms"),
        Figure(f"first page of any order and filter, the slowest ({slowest})", kept[slowest], "ms", 50.0),
        Figure(
            "first page of any order and filter after the next start, the median",
            statistics.median(started.values()),
            "ms",
            50.0,
        ),
        Figure(f"first page of any order and filter after the next start, the slowest ({late})", started[late], "ms"),
        Figure("reading all orders and filters ahead", ahead, "s"),
        Figure("reading all orders and filters ahead after the next start", again, "s"),
        Figure(f"a register sorted, the slowest ({slower})", sorts[slower], "ms"),
    ]


def _daily(folder: Path) -> list[Figure]:
    """What a day begins with: the first rows of Today, and the issues.

    Where nothing is kept of them; at the next start, when it is kept beside the books; and after a save.
    """
    figures = []
    for when, target in (("with nothing kept", None), ("after the next start", 50.0)):
        workspace = stores.open_workspace(folder)
        try:
            figures += _daily_pages(workspace, when, target)
            workspace.today.keep_ahead()
            workspace.issues.look_ahead()()
            if target is not None:
                workspace.session.write([_visit(workspace.session, workspace.households.first(1)[0], 0)], "create")
                figures += _daily_pages(workspace, "after a save", target)
        finally:
            workspace.close()
    return figures


def _daily_pages(workspace: "Workspace", when: str, target: float | None) -> list[Figure]:
    pages: dict[str, Callable[[], object]] = {
        "Today": partial(workspace.today.view, most=FIRST),
        "the issues": workspace.issues.view,
    }
    return [Figure(f"first page of {name} {when}", seconds(page) * 1000, "ms", target) for name, page in pages.items()]


def _named(name: str, order: Order) -> str:
    return f"{name} by {order.by}{' down' * order.down}"


def _unread(workspace: "Workspace", order: Order, narrowing: HouseholdFilter = EVERYBODY) -> object:
    """The first page as somebody reads it who has nothing in memory."""
    return _first(Households(workspace.session), order, narrowing)


def _first(homes: Households, order: Order, narrowing: HouseholdFilter) -> object:
    by, down = order
    return homes.rows(homes.first(PAGE, by, narrowing, down=down) or homes.ids("", by, narrowing, down=down)[:PAGE])


def _let_go(workspace: "Workspace") -> None:
    """Nothing is kept beside the books any more: as after the import of them all."""
    with workspace.session.store.db.write(unheard=True) as connection:
        let_go(raw_cursor(connection))


def _after(register: Register, kind: str, after: int, _at: int) -> object:
    return register.entries(kind, after)


def _each(page: Callable[[int], object], whole: int) -> list[float]:
    return [seconds(partial(page, whole * part // (ROUNDS + 1))) * 1000 for part in range(1, ROUNDS + 1)]


def _median(work: Callable[[], object]) -> float:
    return statistics.median(seconds(work) * 1000 for _ in range(ROUNDS))


def home_of(workspace: "Workspace") -> int:
    """The household whose file is opened: not the first, where a save that is measured may be of somebody."""
    return workspace.households.first(2)[-1]


def _filed(workspace: "Workspace") -> float:
    """Opening the file of a household that has been visited two hundred times."""
    home = home_of(workspace)
    there = len(workspace.households.file(home).moments)
    changes = [_visit(workspace.session, home, number) for number in range(there, ENTRIES)]
    if changes:
        workspace.session.write(changes, "create")
    if len(workspace.households.file(home).moments) < ENTRIES:
        raise RuntimeError("the timeline is cut short")
    return _median(lambda: workspace.households.file(home))


def _visit(session: "Session", home: int, number: int) -> Change:
    values = {
        "visit_no": f"B{number}", "household_id": home, "visitor_id": session.who, "channel": "door",
        "started_at": written(session.now() - timedelta(days=number + 1)), "visit_kind": "routine",
        "outcome": "met_person", "situation_note": "聊了聊近况，家里都好。",
    }  # fmt: skip
    return Change("visit", session.new_id(), kind_named("visit").checked(values), create=True)


def _window(folder: Path) -> list[Figure]:
    if not Path("/proc/self/status").exists():
        return []
    done = subprocess.run(
        [sys.executable, "-c", _WINDOW, str(folder)], env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    longest, memory = map(float, done.stdout.split())
    return [
        Figure("dragging through all households, longest block", longest, "ms", 32.0),
        Figure("memory of the window after it", memory, "MiB", 250.0),
    ]
