"""What looks wrong and stops nobody: cross-checks shown beside a record and listed for attention (domain.md 2.6)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from gridworker.domain.codes import HEAD
from gridworker.domain.identity import IdFault, birth_of, id_fault, sex_of
from gridworker.domain.moments import moment
from gridworker.record import Value
from gridworker.text import Label

LATE_AFTER = timedelta(days=7)
"""A visit written down later than this says why."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. ``code`` is for machines, ``field`` says where."""

    code: str
    field: str
    text: Label

    def __str__(self) -> str:
        """The sentence in the current language."""
        return str(self.text)


_NO_NUMBER = frozenset({IdFault.FORMAT, IdFault.LENGTH, IdFault.PRECISION})
"""Nothing can be read from it."""


def resident_findings(values: Mapping[str, Value], today: date) -> tuple[Finding, ...]:
    """ID number against birth date and sex (old records err: no block), and a birth to come, as said by either."""
    found: list[Finding] = []
    number, born = str(values.get("id_number") or ""), str(values.get("birth_date") or "")
    if id_fault(number) in _NO_NUMBER:
        number = ""
    said = birth_of(number) if number else None
    if number and born and born != str(said):
        found.append(Finding("birth_mismatch", "birth_date", Label("The ID number says another date of birth.")))
    if number and values.get("sex") in {"1", "2"} and values["sex"] != sex_of(number):
        found.append(Finding("sex_mismatch", "sex", Label("The ID number says another sex.")))
    if said is not None and said > today:
        text = Label("The ID number says a day of birth that is still to come.")
        found.append(Finding("id_birth_future", "id_number", text))
    if born > today.isoformat():
        found.append(Finding("birth_future", "birth_date", Label("The date of birth is still to come.")))
    return tuple(found)


def household_findings(members: Iterable[tuple[int, str | None]], head: int | None) -> tuple[Finding, ...]:
    """Every household that lives here has exactly one head.

    ``members``: (resident, relation) of its memberships that are not over; ``head``: whom the household names itself.
    """
    present = list(members)
    heads = {resident for resident, relation in present if relation == HEAD or resident == head}
    if present and not heads:
        return (Finding("head_missing", "head_id", Label("Nobody is named as head of the household.")),)
    if len(heads) > 1:
        return (Finding("head_duplicate", "head_id", Label("More than one is named as head of the household.")),)
    return ()


def visit_findings(values: Mapping[str, Value], now: datetime) -> tuple[Finding, ...]:
    """A visit to come, or one written down more than a week late without saying why."""
    started = values.get("started_at")
    if not started:
        return ()
    age = now - moment(str(started))
    if age < timedelta(minutes=-5):
        return (Finding("visit_future", "started_at", Label("The visit is still to come; check the clock.")),)
    if age > LATE_AFTER and not values.get("backdated_reason"):
        text = Label("Written down more than a week later; say why.")
        return (Finding("visit_late", "backdated_reason", text),)
    return ()


def issue_findings(moments: Sequence[tuple[str, str | None]], now: datetime) -> tuple[Finding, ...]:
    """Times of an issue that run backwards: pairs of field and stored moment, in the order they should have.

    That order is ``occurred_at``, ``reported_at``, accepted, first action, resolved, closed.
    """
    known = [(name, moment(text)) for name, text in moments if text]
    found = [
        Finding("time_order", later, Label("This time lies before the one it should follow."))
        for (_earlier, before), (later, after) in pairwise(known)
        if after < before
    ]
    future = [name for name, at in known if at > now + timedelta(minutes=5)]
    found += [Finding("time_future", name, Label("This time is still to come; check the clock.")) for name in future]
    return tuple(found)


_ID_IN_TEXT = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_PHONE_IN_TEXT = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_LABELLING = re.compile("上访|信访|闹事|不稳定|刁民|钉子户|无赖|泼妇|神经病|疯子|老赖|可疑人员|重点人口")


def text_findings(field: str, text: str) -> tuple[Finding, ...]:
    """Numbers and labels that do not belong in free text (domain.md 7.2, 7.4)."""
    found: list[Finding] = []
    if _ID_IN_TEXT.search(text):
        found.append(
            Finding("id_in_text", field, Label("There is an ID number in this text; it has a place of its own."))
        )
    if _PHONE_IN_TEXT.search(text):
        found.append(
            Finding("phone_in_text", field, Label("There is a phone number in this text; it has a place of its own."))
        )
    if _LABELLING.search(text):
        found.append(Finding("labelling", field, Label("Write down what happened, not what somebody is like.")))
    return tuple(found)
