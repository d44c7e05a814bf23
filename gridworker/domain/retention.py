"""How long what is known of people is kept (domain.md 7.6, PIPL 19): the rules, their periods, what a day makes due.

The periods are the office's to set by its archive rules; those here hold where it says nothing. Nothing is due by the
clock alone: a rule says what a person is shown, and that person decides. The audit is under no rule, see AUDIT_YEARS.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from gridworker.errors import Problem
from gridworker.text import Label

AUDIT_YEARS = 3
"""The law asks for the audit to be kept at least so long (PIPL 56); here nothing ever takes it out."""

MOST_YEARS, MOST_DAYS = 99, 3650
_WRITTEN = re.compile(r"([1-9][0-9]{0,3})([yd])")
_FOR_GOOD = "keep"


class Period(NamedTuple):
    """So many calendar years or so many days; neither: for good."""

    years: int = 0
    days: int = 0

    @property
    def for_good(self) -> bool:
        """Whether nothing of it is ever due."""
        return not self.years and not self.days

    def written(self) -> str:
        """As it is stored and typed: ``3y``, ``30d``, ``keep``."""
        if self.for_good:
            return _FOR_GOOD
        return f"{self.years}y" if self.years else f"{self.days}d"

    def last_due(self, today: date) -> date | None:
        """What ended on this day or before it is due today; None for what is kept for good.

        A year ends on the day it began on; one that began on the 29th of February ends on the 1st of March.
        """
        if self.for_good or self.years >= today.year:
            return None
        if not self.years:
            return today - timedelta(days=self.days) if self.days < today.toordinal() else None
        try:
            return today.replace(year=today.year - self.years)
        except ValueError:
            return date(today.year - self.years, 2, 28)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what goes, what it is counted from and what stays, the period, and those a form offers beside it."""

    name: str
    title: Label
    told: Label
    usual: Period
    offered: tuple[Period, ...]


_YEARS = (Period(1), Period(2), Period(3), Period(5), Period(10), Period())

VISIT_WORDS, CLOSED_ISSUES, PARTY_NAMES, SERVICE_PAPERS, GONE_PEOPLE, PAST_VOLUNTEERS = (
    "visit_words", "closed_issues", "party_names", "service_papers", "gone_people", "past_volunteers",
)  # fmt: skip

RULES: Mapping[str, Rule] = MappingProxyType({
    rule.name: rule
    for rule in (
        Rule(
            VISIT_WORDS,
            Label("Words of visits"),
            Label("After the visit. What was written, who else was there and photos go; day, outcome and topics stay."),
            Period(3),
            _YEARS,
        ),
        Rule(
            CLOSED_ISSUES,
            Label("Closed issues"),
            Label("After they were closed. The issue goes with its steps, parties and photos."),
            Period(5),
            _YEARS,
        ),
        Rule(
            PARTY_NAMES,
            Label("Names of parties in disputes"),
            Label("After the dispute was closed. Names and phones go; the issue and the parts people had in it stay."),
            Period(2),
            _YEARS,
        ),
        Rule(
            SERVICE_PAPERS,
            Label("Papers of services"),
            Label("After a livelihood service was closed. The photos and papers handed in for it go."),
            Period(days=30),
            (Period(days=7), Period(days=30), Period(days=90), Period(1), Period()),
        ),
        Rule(
            GONE_PEOPLE,
            Label("People who moved out or died"),
            Label("After they did. Names, numbers, days of birth and remarks go; sex, year of birth and dates stay."),
            Period(1),
            _YEARS,
        ),
        Rule(
            PAST_VOLUNTEERS,
            Label("Volunteers who left"),
            Label("After they left, last helped or their post ended. Name, phone and review go; what they did stays."),
            Period(2),
            _YEARS,
        ),
    )
})  # fmt: skip

STANDS_FOR: Mapping[str, str] = MappingProxyType({
    "resident": "某居民", "issue_party": "某当事人", "staff": "某志愿者", "volunteer_service": "某志愿者",
    "post_assignment": "某任职人",
})  # fmt: skip
"""What is written where a name was, by kind. Data like the name itself, so it is in the language of the data."""


def read_period(text: str) -> Period:
    """A period as somebody typed it. Raises Problem."""
    found = _WRITTEN.fullmatch(text.strip())
    if text.strip() == _FOR_GOOD:
        return Period()
    period = (Period(int(found[1])) if found[2] == "y" else Period(days=int(found[1]))) if found else Period()
    if period.for_good:
        raise Problem("Write so many years like 3y, so many days like 30d, or keep.")
    if period.years > MOST_YEARS or period.days > MOST_DAYS:
        raise Problem(
            "That is too long: at most {years} years or {days} days. What stays for good is keep.",
            years=MOST_YEARS, days=MOST_DAYS,
        )  # fmt: skip
    return period


def periods(stored: str | None) -> dict[str, Period]:
    """The periods in force, by rule: what the office set, else the usual. What a newer version wrote is passed over."""
    said = _pairs(stored)
    return {name: said.get(name, rule.usual) for name, rule in RULES.items()}


def with_period(stored: str | None, rule: str, period: Period) -> str:
    """What is stored once a rule has this period. Words of a newer version stay."""
    words = dict(word.partition("=")[::2] for word in (stored or "").split())
    return " ".join(f"{name}={value}" for name, value in sorted({**words, rule: period.written()}.items()))


def _pairs(stored: str | None) -> dict[str, Period]:
    found = {}
    for name, _, text in (word.partition("=") for word in (stored or "").split()):
        try:
            found[name] = read_period(text)
        except Problem:
            continue
    return found
