"""The code lists of the plain registers: fees, shifts, forms of training, what is made public (domain.md 1.6, 6)."""

from gridworker.record import CodeList
from gridworker.text import Label

CHARGE = CodeList("charge", {"free": Label("Free of charge"), "low": Label("At a low fee"), "paid": Label("Paid")})
"""SEED L61, L69."""

SHIFT = CodeList(
    "shift",
    {
        "day": Label("All day"),
        "morning": Label("In the morning"),
        "afternoon": Label("In the afternoon"),
        "evening": Label("In the evening"),
        "night": Label("At night"),
    },
)

TRAINING_MODE = CodeList(
    "training_mode",
    {
        "course": Label("Short course"),
        "rotation": Label("Job rotation"),
        "theory": Label("Theory"),
        "practice": Label("Practice"),
        "self": Label("By oneself"),
        "tour": Label("Study tour"),
    },
)
"""SEED L65."""

DISCLOSURE_CLASS = CodeList(
    "disclosure_class",
    {
        "committee": Label("Affairs of the residents’ committee"),
        "party": Label("Party affairs"),
        "money": Label("Money"),
        "service": Label("Services"),
        "other": Label("Other"),
    },
)

DISCLOSURE_PERIOD = CodeList(
    "disclosure_period",
    {
        "standing": Label("For good"),
        "monthly": Label("Every month"),
        "quarterly": Label("Every quarter"),
        "half_year": Label("Every half year"),
        "yearly": Label("Every year"),
        "timely": Label("As it comes"),
    },
)
"""R11 of domain.md 6."""

PUBLIC_PLACE = CodeList(
    "public_place",
    {
        "board": Label("Notice board"),
        "meeting": Label("Meeting"),
        "window": Label("Shop window"),
        "school": Label("Citizens’ school"),
        "net": Label("On the net"),
        "other": Label("Elsewhere"),
    },
)
"""SEED L67."""
