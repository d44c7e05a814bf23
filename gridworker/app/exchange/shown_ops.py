"""The debug export of a bundle (sync.md 8): its header and then each of its ops, as objects for lines of JSON.

What people gave as values is left out: who looks for a fault needs to know what wrote which field over which, and the
lines may be handed on to somebody who may not know the people.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.store.history import field_name
from gridworker.store.log.clock import device_of, moment_of
from gridworker.store.log.op import OpRow, What, unpack_create, unpack_edits

if TYPE_CHECKING:
    from gridworker.sync.format.bundle import Bundle

_HEADER = (
    "format", "suite", "schema", "program", "purpose", "community", "sender", "recipient", "n", "prev", "time",
    "since", "upto", "scope", "ops",
)  # fmt: skip
_NAMELESS = frozenset({What.ERASE, What.VERDICT})
"""What these say is about other ops and no field of the record."""


def told_ops(bundle: "Bundle") -> Iterator[dict[str, object]]:
    """The header, the ops that can be applied, and those that cannot, with the reason."""
    header = {name: getattr(bundle.header, name) for name in _HEADER}
    header["sections"] = {section.name: section.length for section in bundle.header.sections}
    yield {"header": header}
    for row in bundle.ops:
        author = bundle.authors[row.author]
        yield {**_told(row), "who": author.who, "scope": author.scope, "fields": _fields(row)}
    for bad in bundle.bad_ops:
        yield {**_told(bad.row), "bad": bad.reason}


def _told(row: OpRow) -> dict[str, object]:
    known, sorts = discover.by_number().get(row.kind), set(What)
    return {
        "clk": row.clk,
        "device": device_of(row.clk),
        "written": moment_of(row.clk).isoformat(),
        "kind": known.kind.name if known else row.kind,
        "record": row.record,
        "what": What(row.what).name.lower() if row.what in sorts else row.what,
    }


def _fields(row: OpRow) -> dict[str, list[int]]:
    """By the name of each field that is given a value: the ops that this one replaced there."""
    if row.what in _NAMELESS or row.what not in set(What):
        return {}
    if row.what == What.CREATE:
        return {field_name(row.kind, field): [] for field in unpack_create(row.vals)}
    return {field_name(row.kind, edit.field): list(edit.over) for edit in unpack_edits(row.record, row.vals)}
