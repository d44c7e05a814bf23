"""Attachments: a photo or a paper that belongs to a visit, an issue, a step of one, or a household."""

import re
from collections.abc import Mapping
from typing import ClassVar

from gridworker.errors import Problem
from gridworker.record import CodeList, Kind, Privacy, Record, Type, Value, field
from gridworker.text import Label

MAX_SIZE = 10 * 1024 * 1024
"""Bytes of one attachment: a photo of 1600 pixels has a twentieth of that."""

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"

MEDIA_TYPE = CodeList("media_type", {JPEG: Label("Photo"), PNG: Label("Picture"), PDF: Label("Document")})

_SHA256 = re.compile(r"[0-9a-f]{64}")


def is_hash(text: str) -> bool:
    """Whether a text is a SHA-256 as the field holds it."""
    return _SHA256.fullmatch(text) is not None


def clean_hash(text: str) -> str:
    """A SHA-256 in lower-case hex. Raises Problem."""
    if not is_hash(text.lower()):
        raise Problem("This is no SHA-256.")
    return text.lower()


class Attachment(Record, table=True):
    """What is known of a file: the file itself lies encrypted in the data folder, or still with whoever added it.

    ``sha256`` and ``size`` are those of the file as it is kept: shrunk, and without what cameras write into it.
    """

    kind: ClassVar[Kind] = Kind(
        18, Label("Attachment"), Label("Attachments"), caption=("caption_text",),
        within=("issue_step_id", "issue_id", "visit_id", "household_id"),
    )  # fmt: skip

    sha256: str | None = field(
        1, Label("SHA-256"), privacy=Privacy.PERSONAL, required=True, max_length=64, check=clean_hash, index=True
    )
    size: int | None = field(2, Label("Size"), Type.NUMBER, required=True)
    media_type: str | None = field(3, Label("File type"), Type.CODE, required=True, codes=MEDIA_TYPE)
    caption_text: str | None = field(4, Label("Caption"), privacy=Privacy.PERSONAL, max_length=100)
    visit_id: int | None = field(5, Label("Visit"), Type.REF, ref="visit", index=True)
    issue_id: int | None = field(6, Label("Issue"), Type.REF, ref="issue", index=True)
    issue_step_id: int | None = field(7, Label("Step"), Type.REF, ref="issue_step", index=True)
    household_id: int | None = field(8, Label("Household"), Type.REF, ref="household", index=True)
    taken_at: str | None = field(9, Label("Taken at"), Type.MOMENT)

    @classmethod
    def caption(cls, values: Mapping[str, Value]) -> str:
        """What was written to it, or what sort of file it is."""
        return str(values.get("caption_text") or MEDIA_TYPE.label(str(values.get("media_type") or "")))

    @classmethod
    def rules(cls, values: Mapping[str, Value]) -> dict[str, Problem]:
        """A file is neither empty nor larger than what travels, and belongs to one thing."""
        faults: dict[str, Problem] = {}
        size = values.get("size")
        if isinstance(size, int) and not 0 < size <= MAX_SIZE:
            faults["size"] = Problem("At most {count} MB.", count=MAX_SIZE // (1024 * 1024))
        if sum(values.get(name) is not None for name in cls.kind.within) > 1:
            faults["household_id"] = Problem("It belongs to one thing only.")
        return faults
