"""What services of their own write, and plain records do not: devices, their grids, clocks, the office's rules.

Those services check more than a kind does, shorten what is in the books, and put the act down by its name. Saved past
them a laptop could be shut out, or people's numbers lose their key, by a line of JSON.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from gridworker.errors import Invalid, Problem
from gridworker.record import Value
from gridworker.text import Label

if TYPE_CHECKING:
    from gridworker.record import Record

_ISSUE = Label(
    "A laptop comes onto the books with its device bundle: on the page Devices and people, or with gridworker device "
    "issue."
)
_USE = Label(
    "Number, state and day of a laptop are not typed. Take it into use or out of it on the page Devices and people, or "
    "with gridworker device readmit, retire or revoke."
)
_STAYS = Label(
    "A laptop stays on the books, so that its number is never given again. Take it out of use instead, on the page "
    "Devices and people or with gridworker device retire."
)
_SCOPE = Label(
    "Which grids a laptop holds is said on the page Devices and people, or with gridworker device scope."
)  # fmt: skip
_CLOCK = Label("A clock is put right on the page Devices and people, or with gridworker device clock.")
_IDS = Label("How ID numbers are kept is set on the page Settings, or with gridworker office ids.")
_CAP = Label("How many people a laptop exports is set on the page Settings, or with gridworker approval cap.")
_KEPT = Label("How long things are kept is set on the page of that name, or with gridworker retention set.")
_FOUNDED = Label("A store has one community: it comes with the office, by gridworker office new.")
_ALL_IN_IT = Label("The community stays: all there is lies in it.")

NEW: Mapping[str, Label] = MappingProxyType({
    "device": _ISSUE, "device_grid": _SCOPE, "clock_correction": _CLOCK, "community": _FOUNDED,
})  # fmt: skip
"""Kinds of which no record is made or brought back here, and what to do instead."""

GOING: Mapping[str, Label] = MappingProxyType({
    "device": _STAYS, "device_grid": _SCOPE, "clock_correction": _CLOCK, "community": _ALL_IN_IT,
})  # fmt: skip
"""Kinds of which none is deleted here."""

FIELDS: Mapping[str, Mapping[str, Label]] = MappingProxyType(
    {
        "device": {"number": _USE, "state": _USE, "issued_on": _USE},
        "device_grid": {"device_id": _SCOPE, "grid_id": _SCOPE},
        "clock_correction": dict.fromkeys(("laptop", "since", "until", "seconds"), _CLOCK),
        "community": {"short_ids": _IDS, "id_key": _IDS, "export_cap": _CAP, "retention": _KEPT},
    }
)
"""Fields that stay as they are here; the others of their kinds are plain."""


def reserved(kind: str) -> frozenset[str]:
    """The fields of a kind that a plain form leaves out."""
    return frozenset(FIELDS.get(kind, ()))


def refuse_new(record: "type[Record]") -> None:
    """Raise Problem where a record of this kind is made, or brought back, by a service of its own."""
    if record.kind.name in NEW:
        raise Problem(NEW[record.kind.name].message)


def refuse_going(record: "type[Record]") -> None:
    """Raise Problem where no record of this kind is deleted by hand."""
    if record.kind.name in GOING:
        raise Problem(GOING[record.kind.name].message)


def refuse_reserved(record: "type[Record]", values: Mapping[str, Value], before: Mapping[str, Value]) -> None:
    """Raise Invalid where a field is to change that a service of its own writes; the same value again is no change."""
    told = FIELDS.get(record.kind.name, {})
    faults: dict[Label, str] = {}
    for name, sentence in told.items():
        if name in values and values[name] != before.get(name):
            faults.setdefault(sentence, name)
    if faults:
        specs = record.kind.specs
        raise Invalid(
            {name: Problem(sentence.message) for sentence, name in faults.items()},
            {name: specs[name].label for name in faults.values()},
        )
