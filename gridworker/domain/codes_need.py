"""The code lists of needs (domain.md 2.4, 2.5): what they are about, and how far they have come."""

from gridworker.record import CodeList
from gridworker.text import Label

NEED_KIND = CodeList(
    "need_kind",
    {
        "living": Label("Everyday life"),
        "school": Label("School"),
        "work": Label("Work"),
        "doctor": Label("Seeing a doctor"),
        "housing": Label("Housing"),
        "comfort": Label("Company and comfort"),
        "law": Label("Legal aid"),
        "skills": Label("Skills training"),
        "rights": Label("Rights and interests"),
        "facility": Label("Public facilities"),
        "surroundings": Label("Surroundings"),
        "property": Label("Property management"),
        "other": Label("Other"),
    },
)

COLLECTED, DONE, PUBLISHED, DECLINED = "collected", "done", "published", "declined"

NEED_STATUS = CodeList(
    "need_status",
    {
        COLLECTED: Label("Collected"),
        "verified": Label("Looked into"),
        "queued": Label("Waiting its turn"),
        "working": Label("Being worked on"),
        DONE: Label("Met"),
        PUBLISHED: Label("Answer published"),
        DECLINED: Label("Not for now, with the reason"),
    },
)

CLOSED = frozenset({DONE, PUBLISHED, DECLINED})
"""What nothing more is to be done about."""
