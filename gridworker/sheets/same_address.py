"""Present addresses that are said to be that of the household register: ``现住址：同户籍地址``."""

import re

from gridworker.sheets.cells import Cell, text_of
from gridworker.sheets.doors import ELSEWHERE
from gridworker.sheets.mapping import Layout
from gridworker.sheets.words import Field

_REGISTERED = re.compile("(?:户籍|户口)(?:所在)?(?:详细)?(?:地址|住址|地|所在地|门牌)")


def say_registered(rows: list[list[Cell]], layout: Layout) -> None:
    """Put the registered address where a row says that it is the present one."""
    columns = (one.index for one in layout.columns if one.field is Field.IGNORED and _REGISTERED.fullmatch(one.key))
    registered, addresses = next(columns, -1), layout.of(Field.ADDRESS)
    for row in rows[layout.below :] if registered >= 0 else ():
        for at in addresses:
            if max(at, registered) < len(row) and row[registered] != "" and ELSEWHERE.match(text_of(row[at])):
                row[at] = row[registered]
