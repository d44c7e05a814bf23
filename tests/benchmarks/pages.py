"""Every list that a person opens: its first page and the next ones, from the Workspace's call to rows.

Each is opened in a process of its own, which has read nothing before: what is kept beside the books is all it has. Then
come the next pages, then the first one again. ``python -m tests.benchmarks.pages FOLDER LIST`` opens one.
"""

import gc
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from gridworker.app.due.today_view import FIRST
from gridworker.app.household.filter import EVERYBODY, HouseholdFilter
from gridworker.app.household.order import Order, orders
from gridworker.app.issue.issues import PAGE as ISSUES
from gridworker.app.issue.views import IssueFilter
from gridworker.app.register.register import Register
from gridworker.errors import Problem
from gridworker.gui.widgets.longrows import PAGE
from tests.benchmarks import inboxes, stores
from tests.benchmarks.figures import Figure, seconds
from tests.benchmarks.lists import FEW, MANY, home_of

if TYPE_CHECKING:
    from gridworker.app.access.audit import AuditView
    from gridworker.app.inbox.conflict_views import Named
    from gridworker.app.workspace import Workspace

FIRST_MS, NEXT_MS = 50.0, 16.0
ROUNDS = 7
TYPED = ("漏", "漏水", "lou", "S00", "没有这个")
TYPED_HOMES = ("陈", "chen", "cgf", "3-2-501")
TEXTS = "issues with a text"
"""The group in which the next page is what another letter finds: a first page."""

AHEAD, SHOWN = 3, 300
"""Conflicts that are told at once, and changes set aside that are listed of a bundle, on the page of the office."""

BESIDE = "beside the lists"
"""The group of what is read once the first page is there, and promised no time."""


class Listed(NamedTuple):
    """How a list is opened, and how its next pages are read: ``later`` is given a number from 1 on."""

    first: Callable[[], object]
    later: Callable[[int], object] | None = None
    between: Callable[[], object] = int
    """What a worker reads before there is a next page: it is not counted."""
    stands: Callable[[], object] = int
    """What the page shows before anybody asks for this: it is not counted either."""


class Taken(NamedTuple):
    """What a list took, in milliseconds: at a new start, again, and its next pages; 0 where there are none."""

    cold: float
    warm: float
    later: float


class About(NamedTuple):
    """What lists are asked about; read before, by somebody else."""

    buildings: list[int]
    home: int
    conflicts: "Sequence[Named]" = ()

    @classmethod
    def read(cls, ws: "Workspace") -> "About":
        """Some of what there is."""
        if ws.session.is_office:
            came = ws.merge.arrivals()
            return cls([], 0, max((one.conflicts for one in came), key=len, default=()))
        return cls([one.id for one in ws.records.page("building", limit=ROUNDS + 1)], home_of(ws))


Lists: TypeAlias = Iterator[tuple[str, Listed]]


def groups(ws: "Workspace", about: About) -> dict[str, dict[str, Listed]]:
    """All lists there are here, by what they are of and by name."""
    if ws.session.is_office:
        return {
            "merge inbox": dict(_inbox(ws, about)),
            "audit log": dict(_audit(ws)),
            BESIDE: dict(_beside_at_office(ws)),
        }
    return {
        "Today": dict(_days(ws)),
        "households": dict(_homes(ws)),
        "households of a building or a text": dict(_few_homes(ws, about)),
        "buildings": dict(_places(ws, about)),
        "issues": dict(_issues(ws, about)),
        TEXTS: dict(_typed_issues(ws)),
        "registers": dict(_registers(ws)),
        "logs": dict(_logs(ws)),
        BESIDE: dict(_beside(ws)),
    }


def _days(ws: "Workspace") -> Lists:
    view = ws.today.view
    yield "Today", Listed(partial(view, most=FIRST), lambda _: view())
    yield "Today by route", Listed(partial(view, most=FIRST, by_route=True), lambda _: view(by_route=True))
    yield "Today while others look on", Listed(partial(view, most=FIRST, sharing=True))
    yield "search with nothing typed", Listed(partial(ws.search.find, ""))


def _homes(ws: "Workspace") -> Lists:
    homes, whole = ws.households, dict[Order, Sequence[int]]()

    def snapshot(order: Order) -> None:
        whole[order] = homes.ids("", order.by, down=order.down)

    def later(order: Order, at: int) -> object:
        return homes.rows(_part(whole[order], at))

    for order in orders():
        name = f"households by {order.by}{' down' * order.down}"
        yield name, Listed(partial(_first_homes, ws, order), partial(later, order), partial(snapshot, order))


def _first_homes(ws: "Workspace", order: Order, narrowing: HouseholdFilter = EVERYBODY) -> object:
    homes, (by, down) = ws.households, order
    return homes.rows(homes.first(PAGE, by, narrowing, down=down) or homes.ids("", by, narrowing, down=down)[:PAGE])


def _few_homes(ws: "Workspace", about: About) -> Lists:
    here = HouseholdFilter(building=str(about.buildings[0]))
    for by in ("door", "name"):
        yield f"households of a building by {by}", Listed(partial(_first_homes, ws, Order(by), here))
    for text in TYPED_HOMES:
        yield f"households, typed {text}", Listed(partial(_typed_homes, ws, text))
    yield "a household's file", Listed(partial(ws.households.file, about.home))


def _typed_homes(ws: "Workspace", text: str) -> object:
    return ws.households.rows(ws.households.likeliest(text, PAGE) or ws.households.ids(text)[:PAGE])


def _places(ws: "Workspace", about: About) -> Lists:
    view = ws.buildings.view
    yield "tabs of the buildings", Listed(partial(ws.buildings.tabs, counted=False))
    yield "doors of a building", Listed(partial(view, about.buildings[0]), lambda at: view(about.buildings[at]))


def _issues(ws: "Workspace", about: About) -> Lists:
    asked = {
        "issues": IssueFilter(),
        "issues, newest first": IssueFilter(newest=True),
        "issues to respond to": IssueFilter(state="waiting"),
        "issues in progress": IssueFilter(state="handling"),
        "issues, return due": IssueFilter(state="return"),
        "issues settled": IssueFilter(state="closed"),
        "issues of a track": IssueFilter(track="F3"),
        "issues of a building": IssueFilter(building=about.buildings[0]),
        "issues settled of a track": IssueFilter(state="closed", track="F3"),
    }
    for name, wanted in asked.items():
        yield name, Listed(partial(ws.issues.view, wanted), partial(_more_issues, ws, wanted))


def _more_issues(ws: "Workspace", wanted: IssueFilter, at: int) -> object:
    return ws.issues.view(wanted, most=ISSUES * (at + 1))


def _typed_issues(ws: "Workspace") -> Lists:
    """What is typed on the page before the words of all issues were read, and after it."""
    ahead = ws.issues.look_ahead()
    for text in TYPED:
        another = partial(_typed_after_a_letter, ws, text)
        yield (
            f"issues, typed {text}",
            Listed(partial(ws.issues.so_far, IssueFilter(text=text)), another, ahead, ws.issues.so_far),
        )


def _typed_after_a_letter(ws: "Workspace", text: str, at: int) -> object:
    return ws.issues.so_far(IssueFilter(text=text, newest=bool(at % 2)))


def _registers(ws: "Workspace") -> Lists:
    register, whole = Register(ws.session), dict[tuple[str, str], Sequence[int]]()

    def snapshot(kind: str, field: str) -> None:
        whole[kind, field] = register.order(kind, field)

    def first(kind: str, field: str) -> object:
        return register.entries_of(kind, register.order(kind, field)[:PAGE])

    def later(kind: str, field: str, at: int) -> object:
        return register.entries_of(kind, _part(whole[kind, field], at))

    for kind in (one.name for one in register.kinds()):
        begin = partial(register.entries, kind, limit=PAGE)
        yield f"register of {kind}", Listed(begin, partial(later, kind, ""), partial(snapshot, kind, ""))
        for field in sorted(register.sortable(kind)):
            more = partial(later, kind, field), partial(snapshot, kind, field)
            yield f"register of {kind} by {field}", Listed(partial(first, kind, field), *more)


def _logs(ws: "Workspace") -> Lists:
    last: list[AuditView] = []

    def rows(at: int) -> object:
        last[:] = ws.audit.here(None, last[-1].id if at and last else None, PAGE)
        return last

    yield "own log", Listed(partial(rows, 0), rows)


def _beside(ws: "Workspace") -> Lists:
    yield "what is overdue in each building", Listed(ws.buildings.tabs)
    yield "buildings with issues", Listed(ws.issues.buildings)
    yield "what all issues say", Listed(partial(ws.issues.view, IssueFilter(text=TYPED[0])))
    yield "what households can be narrowed to", Listed(ws.households.choices)
    for order in orders():
        name = f"all ids of households by {order.by}{' down' * order.down}"
        yield name, Listed(partial(ws.households.ids, "", order.by, down=order.down))
    for text in TYPED_HOMES:
        yield f"all ids of households, typed {text}", Listed(partial(ws.households.ids, text))


def _inbox(ws: "Workspace", about: About) -> Lists:
    def conflicts(at: int) -> object:
        return ws.merge.told(about.conflicts[at : at + AHEAD])

    yield "bundles that came", Listed(partial(_bundles, ws))
    yield "conflicts of a bundle", Listed(partial(conflicts, 0), conflicts)


def _bundles(ws: "Workspace") -> object:
    """The list of them before what waits is counted."""
    return ws.asides.lots(), ws.merge.count(), ws.merge.arrivals(counted=False)


def _audit(ws: "Workspace") -> Lists:
    whole = list[Sequence[int]]()

    def later(at: int) -> object:
        return ws.audit.of_ids(_part(whole[0], at))

    yield "audit log", Listed(partial(ws.audit.everywhere, limit=PAGE), later, lambda: whole.append(ws.audit.ids()))
    yield "own log at the office", Listed(partial(ws.audit.here, None, None, PAGE))


def _beside_at_office(ws: "Workspace") -> Lists:
    yield "conflicts by bundle", Listed(ws.merge.arrivals)
    yield "what was set aside with a bundle", Listed(partial(_aside, ws))
    yield "who may be on the books twice", Listed(partial(_pairs, ws))
    yield "audit log by number", Listed(ws.audit.ids)
    yield "alarms of the audit log", Listed(ws.audit.alarms)


def _aside(ws: "Workspace") -> object:
    return ws.asides.waiting(SHOWN, [lot.bundle for lot in ws.asides.lots()][:1])


def _pairs(ws: "Workspace") -> object:
    return ws.merge.duplicates.pairs(ws.merge.arrivals(counted=False))


def _part(whole: Sequence[int], at: int) -> Sequence[int]:
    begin = len(whole) * at // (ROUNDS + 1)
    return whole[begin : begin + PAGE]


def measure() -> list[Figure]:
    """The slowest of each group, at a new start after a day's work, again, and its next pages."""
    laptop = stores.large_laptop(people=MANY)
    read_ahead(laptop)
    figures = list[Figure]()
    for folder in (laptop, inboxes.busy_office()):
        with closing(stores.open_workspace(folder)) as ws:
            named = {group: list(lists) for group, lists in groups(ws, About.read(ws)).items()}
        for group, names in named.items():
            stores.read_through(folder)
            figures += _told(group, {name: _spawned(folder, name) for name in names})
    return figures


def _told(group: str, taken: Mapping[str, Taken]) -> Iterator[Figure]:
    """The slowest of a group in each way, and all that take longer than was promised."""
    first = None if group == BESIDE else FIRST_MS
    more, later = ("another letter", first) if group == TEXTS else ("next page", NEXT_MS)
    for which, words, target in (
        ("cold", "first page at a new start", first), ("warm", "first page again", first), ("later", more, later),
    ):  # fmt: skip
        times = {name: float(getattr(one, which)) for name, one in taken.items()}
        slowest = max(times, key=times.__getitem__)
        if times[slowest]:
            yield Figure(f"{group}: {words} ({slowest})", times[slowest], "ms", target)
        for name, time in times.items():
            if target is not None and time > target and name != slowest:
                yield Figure(f"late: {name}, {words}", time, "ms", target)


def read_ahead(folder: Path) -> None:
    """What the pages of a day read while nobody asks, and keep for the next start."""
    with closing(stores.open_workspace(folder)) as ws:
        ws.households.look_ahead()()
        ws.today.view()
        ws.today.keep_ahead()
        ws.issues.look_ahead()()
        register = Register(ws.session)
        for kind in register.kinds():
            register.look_ahead(kind.name)()


def _spawned(folder: Path, name: str) -> Taken:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.pages", str(folder), name],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    return Taken(*json.loads(done.stdout))


def _opened(folder: Path, name: str) -> Taken:
    """Open one list of a store in this process.

    It was opened in a small store before: what is loaded of the program is loaded while the window opens. Then what is
    loaded stays, and no garbage is collected while a page is read: so the window has it (loading.py, background.py).
    """
    with closing(stores.open_workspace(folder)) as before:
        about, is_office = About.read(before), before.session.is_office
    few = stores.large_office if is_office else stores.large_laptop
    with closing(stores.open_workspace(few(people=FEW))) as small, suppress(Problem):
        _named(small, name, About.read(small)).first()
    gc.freeze()
    gc.disable()
    with closing(stores.open_workspace(folder)) as ws:
        listed = _named(ws, name, about)
        listed.stands()
        cold = seconds(listed.first) * 1000
        listed.between()
        later = [seconds(partial(listed.later, at)) * 1000 for at in range(1, ROUNDS + 1)] if listed.later else [0.0]
        warm = statistics.median(seconds(listed.first) * 1000 for _ in range(ROUNDS))
        return Taken(cold, warm, statistics.median(later))


def _named(ws: "Workspace", name: str, about: About) -> Listed:
    return next(lists[name] for lists in groups(ws, about).values() if name in lists)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_opened(Path(sys.argv[1]), sys.argv[2])))
