"""Audit: who did what, written in the same transaction as the deed. Numbers of records, never names."""

from collections.abc import Mapping
from typing import ClassVar

from sqlalchemy import Index, text

from gridworker.domain.codes_office import AUDIT_ACTION
from gridworker.record import Kind, Record, Type, Value, field
from gridworker.text import Label

ABOUT_FORGETTING = "action > 'erase' AND action < 'erasf'"
"""Acts whose code begins with ``erase_``. Of nearly every other row the first letters tell that it is none of these."""

BY_AN_OFFICE = "device < 64"
"""Acts on the computer of an office: its number 0, in any of its 64 lives."""


class AuditEvent(Record, table=True):
    """One audited act (domain.md 7.6). Goes to the office and nowhere else.

    ``record`` is a number and not a reference: it may be of any kind, and may be gone. ``detail`` names fields and
    hashes of files; nothing a person typed.
    """

    kind: ClassVar[Kind] = Kind(
        16, Label("Audit entry"), Label("Audit log"), caption=("at", "action"), office_only=True, append_only=True
    )

    # Few of very many, looked for whenever a household's file is opened; and an office's own ones in the order of time,
    # which are looked for among all that its laptops handed in without it. See resident.py about their names.
    __table_args__ = (
        Index("ix_audit_event_forgetting", "action", sqlite_where=text(ABOUT_FORGETTING)),
        Index("ix_audit_event_of_office", "id", sqlite_where=text(BY_AN_OFFICE)),
    )

    at: str | None = field(1, Label("Time"), Type.MOMENT, required=True)
    staff_id: int | None = field(2, Label("Done by"), Type.REF, ref="staff")
    device: int | None = field(3, Label("Laptop number"), Type.NUMBER)
    action: str | None = field(4, Label("Action"), Type.CODE, required=True, codes=AUDIT_ACTION)
    record_kind: str | None = field(5, Label("Kind of record"), max_length=40)
    record: int | None = field(6, Label("Record number"), Type.NUMBER)
    count: int | None = field(7, Label("How many"), Type.NUMBER)
    purpose: str | None = field(8, Label("Purpose"), max_length=100)
    detail: str | None = field(9, Label("Detail"), max_length=400)

    @classmethod
    def caption(cls, values: Mapping[str, Value]) -> str:
        """The action in words."""
        return AUDIT_ACTION.label(str(values.get("action") or ""))
