"""The code lists of shops (domain.md 2.4): kinds of business and how they fare."""

from gridworker.record import CodeList
from gridworker.text import Label

SHOP_KIND = CodeList(
    "shop_kind",
    {
        "individual": Label("Self-employed"),
        "private": Label("Private company"),
        "other": Label("Other"),
    },
)

DEVELOPMENT = CodeList(
    "development",
    {
        "normal": Label("Doing as usual"),
        "growing": Label("Growing"),
        "struggling": Label("In difficulty"),
        "closed": Label("Shut"),
    },
)
