"""Keeping nothing longer than the office decided (domain.md 7.6): the periods, what is due, and a person's decision.

Nothing goes by itself and nothing by the clock alone. A preview names what is due and the day it was counted on; what
then goes is what that preview showed, by the word of somebody who may erase, put on record in the same transaction.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.app.forgetting import Forgetting, Report, forget
from gridworker.app.gate import Action, Matter, needs
from gridworker.app.words.kept_words import in_words
from gridworker.domain import retention as rules
from gridworker.domain.masking import mask_name
from gridworker.domain.retention import RULES, STANDS_FOR, Period
from gridworker.errors import Denied, NotFound, Problem
from gridworker.text import ngettext

if TYPE_CHECKING:
    from gridworker.store.queries.retention import Due, Item
    from gridworker.store.wish import Wish

_CALLED = MappingProxyType({
    "visit": "visit_no", "issue": "issue_no", "household": "household_no",
    "resident": "name", "staff": "name", "issue_party": "display_name",
    "volunteer_service": "name", "post_assignment": "holder",
})  # fmt: skip
"""By which field records of a kind are called in the list; names are masked."""


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule with its period, as stored and in words, how many records are due under it, and how many are held.

    ``held``: old enough, and an open issue, need or agency request still needs them.
    """

    name: str
    title: str
    told: str
    period: str
    words: str
    due: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Going:
    """A record that is due: under which rule, what it is, called by its number or by a masked name, since when."""

    rule: str
    kind: str
    record: int
    title: str
    caption: str
    since: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What is due on a day. ``seen`` stands for exactly this list: what is decided on it is about nothing else.

    ``undated`` is how many people moved out or died without a day: none of them is due.
    """

    day: str
    rules: tuple[RuleView, ...]
    going: tuple[Going, ...]
    undated: int
    seen: str


@dataclass(frozen=True, slots=True)
class LetGo:
    """What went: how many records were due by rule, how many were erased in all, and what a person has to see to."""

    due: Mapping[str, int]
    records: int
    backups: int
    elsewhere: tuple[str, ...]


class Retention(Forgetting):
    """The periods, at the office; what is due; letting go of it."""

    @needs(Action.READ, Matter.RULES)
    def periods(self) -> dict[str, Period]:
        """How long things are kept, by rule."""
        return rules.periods(self._stored()[1])

    @needs(Action.READ, Matter.RULES)
    def rules(self) -> tuple[RuleView, ...]:
        """The rules in words, with their periods; what is due is for the preview to say."""
        return tuple(
            RuleView(name, str(RULES[name].title), str(RULES[name].told), period.written(), in_words(period))
            for name, period in self.periods().items()
        )

    @needs(Action.CHANGE, Matter.RULES)
    def set_period(self, rule: str, period: str) -> None:
        """Keep things so long from now on: like ``3y``, ``30d`` or ``keep``. Nothing goes by that. Raises Problem."""
        from gridworker.store.tables.changes import Change

        self._require_office()
        self._require_rules([rule])
        community, stored = self._stored()
        if not community:
            raise NotFound("This record is not here.")
        said = rules.with_period(stored, rule, rules.read_period(period))
        self._session.write([Change("community", community, {"retention": said})], "settings", detail="retention")

    @needs(Action.ERASE, Matter.PEOPLE)
    def preview(self) -> Preview:
        """What is due today, by rule and one by one, masked; nothing is changed. Raises Denied on a laptop."""
        from gridworker.store.queries.retention import undated

        self._require_office()
        today = self._session.today()
        found = self._due(today)
        names = self._names(item for due in found.values() for item in due.items)
        with self._session.store.db.read() as connection:
            unknown = undated(connection)
        views = tuple(_counted(rule, found.get(rule.name)) for rule in self.rules())
        going = tuple(_going(rule, item, names) for rule, due in found.items() for item in due.items)
        return Preview(today.isoformat(), views, going, unknown, _seal(found))

    @needs(Action.ERASE, Matter.PEOPLE)
    def apply(self, chosen: Collection[str], seen: str = "", report: Report | None = None) -> LetGo:
        """Let go, for good and everywhere, of what is due under some rules. Nobody can undo it.

        ``seen`` is that of the preview the person decided on; where something else is due by now, nothing goes.
        ``report`` is told how far the data and the backups are that are written anew: it stops nothing.
        Raises Denied, NotFound for a rule there is none of, Problem, StoreBusy, DiskFull.
        """
        from gridworker.store.tables.changes import Act

        self._require_office()
        self._require_rules(chosen)
        self._session.require_writer()
        found = self._due(self._session.today())
        if seen and seen != _seal(found):
            raise Problem("Something else is due than what was shown. Look at it again.")
        taken = {rule: due for rule, due in found.items() if rule in chosen and due.items}
        counts = {rule: len(due.items) for rule, due in taken.items()}
        wishes = _once(wish for due in taken.values() for wish in due.wishes)
        for kind in {wish.kind for wish in wishes}:
            self.require(Action.ERASE, self.matter(kind))
        if not wishes:
            return LetGo({}, 0, 0, ())
        said = " ".join(f"{rule}={count}" for rule, count in counts.items())
        act = Act.note("retention", self._session.who, detail=said, count=len(wishes))
        files = forget(self._session, self._copies, wishes, act, report)
        return LetGo(counts, len(wishes), files.backups, files.elsewhere)

    def _due(self, today: date) -> "dict[str, Due]":
        from gridworker.store.queries.retention import due

        until = {rule: period.last_due(today) for rule, period in self.periods().items()}
        with self._session.store.db.read() as connection:
            return due(connection, {rule: day for rule, day in until.items() if day is not None})

    def _stored(self) -> "tuple[int, str | None]":
        from gridworker.store.records import page

        with self._session.store.db.read() as connection:
            found = page(connection, "community", limit=1)
        community, values = found[0] if found else (0, {})
        stored = values.get("retention")
        return community, stored if isinstance(stored, str) else None

    def _names(self, items: "Iterable[Item]") -> dict[int, str]:
        """What records are called where nobody is named: by their number, or by a masked name."""
        from gridworker.store.queries.retention import called

        by_kind: dict[str, set[int]] = {}
        for item in items:
            by_kind.setdefault(item.kind, set()).add(item.record)
        names: dict[int, str] = {}
        with self._session.store.db.read() as connection:
            for kind, field in _CALLED.items():
                found = called(connection, kind, field, by_kind.get(kind, ()))
                names.update({id_: mask_name(name) if kind in STANDS_FOR else name for id_, name in found.items()})
        return names

    def _require_office(self) -> None:
        if not self._session.is_office:
            raise Denied("The office decides how long things are kept.")

    @staticmethod
    def _require_rules(names: Iterable[str]) -> None:
        unknown = [name for name in names if name not in RULES]
        if unknown:
            raise NotFound(
                "There is no rule called {name}. There are: {names}.", name=unknown[0], names=", ".join(RULES)
            )


def held_words(count: int) -> str:
    """How many are old enough and stay, and why."""
    return ngettext(
        "{count} more is old enough and stays: an open issue, need or request still needs it.",
        "{count} more are old enough and stay: an open issue, need or request still needs them.",
        count,
    ).format(count=count)


def _counted(rule: RuleView, due: "Due | None") -> RuleView:
    return replace(rule, due=len(due.items), held=due.held) if due else rule


def _going(rule: str, item: "Item", names: Mapping[int, str]) -> Going:
    title = str(discover.kinds()[item.kind].kind.title)
    caption = names.get(item.record) or str(item.record)
    return Going(rule, item.kind, item.record, title, caption, item.since.isoformat())


def _once(wishes: "Iterable[Wish]") -> "list[Wish]":
    """One wish a record: what one rule lets go whole goes whole, else every field that any of the rules lets go of."""
    ordered = sorted(wishes, key=lambda wish: not wish.gone)
    found: dict[int, Wish] = {}
    for wish in ordered:
        before = found.get(wish.record)
        if before is None:
            found[wish.record] = wish
        elif not before.gone:
            fields = dict.fromkeys((*(before.fields or ()), *(wish.fields or ())))
            found[wish.record] = before._replace(fields=tuple(fields), instead={**before.instead, **wish.instead})
    return list(found.values())


def _seal(found: "Mapping[str, Due]") -> str:
    """A short word for exactly this list."""
    lines = sorted(f"{rule} {item.kind} {item.record}" for rule, due in found.items() for item in due.items)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def offered(rule: str) -> tuple[Period, ...]:
    """The periods a form offers for a rule."""
    return RULES[rule].offered
