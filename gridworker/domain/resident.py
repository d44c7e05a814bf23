"""Residents: the people of a household."""

from collections.abc import Mapping, Sequence
from sys import intern
from typing import ClassVar

from sqlalchemy import Index, text

from gridworker.domain import codes
from gridworker.domain.identity import clean_id_number, clean_last_four, last_four
from gridworker.domain.names import clean_name
from gridworker.domain.phones import clean_phones
from gridworker.domain.tags import clean_tags
from gridworker.errors import Problem
from gridworker.record import Kind, Privacy, Record, Type, Value, field
from gridworker.text import Label

BORN_BY_NUMBER = (
    "CASE length(id_number) WHEN 18 THEN substr(id_number, 7, 8) WHEN 15 THEN '19' || substr(id_number, 7, 6) END"
)
SEX_BY_NUMBER = (
    "2 - CASE length(id_number) WHEN 18 THEN substr(id_number, 17, 1) WHEN 15 THEN substr(id_number, 15) END % 2"
)
"""What an ID number says of birth and sex, over columns."""

NUMBER_DIFFERS = (
    f"replace(birth_date, '-', '') <> {BORN_BY_NUMBER} "
    f"OR (id_number IS NOT NULL AND sex IN ('1', '2') AND sex <> {SEX_BY_NUMBER})"
)
"""The number says another day of birth or another sex: ``findings.resident_findings`` over columns."""

LOOKED_AT_SINCE = "2026-01-01"
"""Who was born later is looked at too: an index knows no today, and any later day of birth may still be to come."""

DOUBTED = (
    f"{NUMBER_DIFFERS} OR birth_date > '{LOOKED_AT_SINCE}' OR {BORN_BY_NUMBER} > '{LOOKED_AT_SINCE.replace('-', '')}'"
)
WITHOUT_BIRTH = "birth_date IS NULL AND birth_year IS NULL AND id_number IS NULL"


class Resident(Record, table=True):
    """A person, with as little as the work needs (domain.md 2.3, 7.2).

    ``basis`` says where the data come from; ``tags`` are the words of a ledger, canonical and without the blocked
    classes, one space between. ``birth_year`` is for when no more is known or may be kept, ``id_hash``
    for when the ID number is not kept in full (app/id_keeping.py).
    """

    kind: ClassVar[Kind] = Kind(6, Label("Resident"), Label("Residents"), caption=("name",))

    # Few are doubtful or without a birth, and they are looked for among all. Who changes what is asked gives another
    # name, by which a store sees that it has to be made anew.
    __table_args__ = (
        Index("ix_resident_doubted", "id_number", "birth_date", "sex", sqlite_where=text(DOUBTED)),
        Index("ix_resident_unborn", "birth_date", sqlite_where=text(WITHOUT_BIRTH)),
    )

    name: str | None = field(
        1, Label("Full name"), privacy=Privacy.PERSONAL, required=True, max_length=50, search=True, check=clean_name
    )
    sex: str | None = field(2, Label("Sex"), Type.CODE, privacy=Privacy.PERSONAL, codes=codes.SEX)
    birth_date: str | None = field(3, Label("Date of birth"), Type.DAY, privacy=Privacy.PERSONAL)
    birth_year: int | None = field(4, Label("Year of birth"), Type.NUMBER, privacy=Privacy.PERSONAL)
    phones: str | None = field(
        5, Label("Phone"), Type.PHONES, privacy=Privacy.PERSONAL, search=True, check=clean_phones
    )
    id_number: str | None = field(
        6, Label("ID number"), Type.ID_NUMBER, privacy=Privacy.SENSITIVE, max_length=40, check=clean_id_number
    )
    id_last4: str | None = field(
        7,
        Label("Last four of the ID number"),
        privacy=Privacy.PERSONAL,
        max_length=10,
        search=True,
        check=clean_last_four,
    )
    resident_kind: str | None = field(8, Label("Kind of residence"), Type.CODE, codes=codes.RESIDENT_KIND)
    registered_elsewhere: int | None = field(9, Label("Registered elsewhere"), Type.FLAG)
    status: str | None = field(10, Label("Status"), Type.CODE, required=True, codes=codes.RESIDENT_STATUS)
    status_date: str | None = field(11, Label("Status date"), Type.DAY)
    basis: str | None = field(12, Label("Basis"), Type.CODE, codes=codes.BASIS)
    note: str | None = field(13, Label("Remark"), Type.NOTE, privacy=Privacy.PERSONAL, search=True)
    id_hash: str | None = field(15, Label("Keyed hash of the ID number"), privacy=Privacy.SENSITIVE, max_length=64)
    tags: str | None = field(14, Label("Tags"), privacy=Privacy.PERSONAL, check=clean_tags)

    @classmethod
    def completed(cls, clean: dict[str, Value]) -> dict[str, Value]:
        """An ID number brings its last four characters along, so that they can be searched."""
        if clean.get("id_number"):
            clean["id_last4"] = intern(last_four(str(clean["id_number"])))  # a ledger has each of them many times
        return clean

    @classmethod
    def all_completed(cls, columns: dict[str, list[Value]]) -> dict[str, list[Value]]:
        """As ``completed`` does for each."""
        numbers = columns.get("id_number")
        if numbers is None:
            return columns
        return {**columns, "id_last4": list(map(last_four, map(str, numbers)))}

    @classmethod
    def any_breaks(cls, columns: Mapping[str, Sequence[Value]]) -> bool:
        """Only a year of birth can break the rules."""
        return "birth_year" in columns and super().any_breaks(columns)

    @classmethod
    def rules(cls, values: Mapping[str, Value]) -> dict[str, Problem]:
        """A year of birth is four digits; the date, if given too, must be of that year."""
        year, born = values.get("birth_year"), values.get("birth_date")
        if isinstance(year, int) and not 1870 <= year <= 2200:
            return {"birth_year": Problem("Write the year with four digits, like 1950.")}
        if isinstance(year, int) and born and not str(born).startswith(str(year)):
            return {"birth_year": Problem("The year of birth and the date of birth disagree.")}
        return {}
