"""The code lists of exports: which ledgers there are (domain.md 5.3), how days and numbers are written in them."""

from gridworker.record import CodeList
from gridworker.text import Label

LEDGER = CodeList(
    "ledger",
    {
        "residents": Label("Ledger of residents"),
        "households": Label("Ledger of households"),
        "visits": Label("Records of visits"),
        "issues": Label("Ledger of issues"),
        "disputes": Label("Disputes mediated"),
        "needs": Label("Ledger of needs"),
        "shops": Label("Ledger of shops"),
        "requests": Label("Agency requests"),
        "volunteering": Label("Records of volunteering"),
        "shifts": Label("Duty roster"),
        "trainings": Label("Records of training"),
        "posts": Label("Posts"),
        "disclosures": Label("What is made public"),
    },
)

DAY_FORM = CodeList(
    "day_form",
    {
        "dash": Label("2026-03-18, with dashes"),
        "dot": Label("2026.03.18, with dots"),
        "slash": Label("2026/3/18, with slashes"),
        "words": Label("18 March 2026, in words"),
        "plain": Label("20260318, digits alone"),
    },
)
DAY_PATTERN = {
    "dash": "{0:%Y-%m-%d}", "dot": "{0:%Y.%m.%d}", "slash": "{0.year}/{0.month}/{0.day}",
    "words": "{0.year}年{0.month}月{0.day}日", "plain": "{0:%Y%m%d}",
}  # fmt: skip
"""How each is written, for ``str.format`` with a date: what superiors ask for, whatever the language of the window."""

MASKED, LAST_FOUR, IN_FULL = "masked", "last4", "full"

NUMBER_FORM = CodeList(
    "number_form",
    {
        MASKED: Label("ID numbers and phones masked"),
        LAST_FOUR: Label("The last four of ID numbers, phones masked"),
        IN_FULL: Label("In full, from the office only"),
    },
)
