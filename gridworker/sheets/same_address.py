"""Present addresses that are said to be that of the household register: ``现住址：同户籍地址``."""

import re

from gridworker.sheets.cells import Cell, text_of
from gridworker.sheets.doors import ELSEWHERE
from gridworker.sheets.mapping import Layout
from gridworker.sheets.words import Field

_REGISTERED = re.compile("(?:户籍|户口)(?:所在)?(?:详细)?(?:地址|住址|地|所在地|门牌)")

_LEFT = frozenset({"同左", "同左边", "同前栏", "一致"})
"""Said beside the registered address, they point at it; anywhere else ``同左`` means the row above."""


def say_registered(rows: list[list[Cell]], layout: Layout) -> None:
    """Put the registered address where a row says that it is the present one."""
    columns = (one.index for one in layout.columns if one.field is Field.IGNORED and _REGISTERED.fullmatch(one.key))
    registered, addresses = next(columns, -1), layout.of(Field.ADDRESS)
    for row in rows[layout.below :] if registered >= 0 else ():
        for at in addresses:
            if max(at, registered) < len(row) and row[registered] != "" and _points(text_of(row[at]), at - registered):
                row[at] = row[registered]


def _points(text: str, behind: int) -> bool:
    """Whether a present address points at the registered one; so far ``behind`` it in its row."""
    return ELSEWHERE.match(text) is not None or (text in _LEFT and behind == 1)
