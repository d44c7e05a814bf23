"""Consents: what a resident agreed to have kept, for what, and until when."""

from collections.abc import Mapping
from typing import ClassVar

from gridworker.domain import codes
from gridworker.errors import Problem
from gridworker.record import Kind, Privacy, Record, Type, Value, field
from gridworker.text import Label


class Consent(Record, table=True):
    """A consent (domain.md 2.3, PIPL 17, 29, 31) of a resident or of a household. ``scope`` is the fields it opens.

    ``paper_scan`` says which picture or document of the household is the paper that was signed.
    """

    kind: ClassVar[Kind] = Kind(
        8, Label("Consent"), Label("Consents"), caption=("given_on",), within=("household_id", "resident_id")
    )

    resident_id: int | None = field(1, Label("Resident"), Type.REF, ref="resident", index=True)
    household_id: int | None = field(2, Label("Household"), Type.REF, ref="household", index=True)
    purpose: str | None = field(3, Label("Purpose"), Type.CODES, required=True, codes=codes.CONSENT_PURPOSE)
    scope: str | None = field(4, Label("Covers"), Type.CODES, required=True, codes=codes.CONSENT_SCOPE)
    method: str | None = field(5, Label("How given"), Type.CODE, required=True, codes=codes.CONSENT_METHOD)
    given_on: str | None = field(6, Label("Given on"), Type.DAY, required=True)
    expires_on: str | None = field(7, Label("Good until"), Type.DAY)
    withdrawn_on: str | None = field(8, Label("Withdrawn on"), Type.DAY)
    witness: str | None = field(9, Label("Witness"), privacy=Privacy.PERSONAL, max_length=50)
    paper_scan: int | None = field(10, Label("Scan of the paper"), Type.REF, ref="attachment")

    @classmethod
    def rules(cls, values: Mapping[str, Value]) -> dict[str, Problem]:
        """Whose consent it is must be said, and it ends after it was given."""
        faults: dict[str, Problem] = {}
        if {"resident_id", "household_id"} <= values.keys() and not (values["resident_id"] or values["household_id"]):
            faults["resident_id"] = Problem("Say whose consent this is.")
        given = str(values.get("given_on") or "")
        for name in ("expires_on", "withdrawn_on"):
            if given and values.get(name) and str(values[name]) < given:
                faults[name] = Problem("The end lies before the start.")
        return faults
