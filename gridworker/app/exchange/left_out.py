"""At the office: records that reach a laptop with no bundle, for each alone is more than one holds."""

from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.store.streams import Exchange, kinds_of
from gridworker.text import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gridworker.app.session import Session


def left_out_lines(session: "Session", laptops: "Iterable[int]") -> list[str]:
    """A sentence for each record and laptop, by the last reply that was packed for it."""
    from gridworker.sync.summary import Summary

    if not session.is_office:
        return []
    lines = []
    with session.store.cursor() as cursor:
        exchange = Exchange(cursor)
        for laptop in laptops:
            for row in exchange.bundles(peer=laptop, outgoing=True, limit=1):
                records = Summary.parse(row.summary).too_large
                kinds = kinds_of(cursor, records)
                lines += [_line(record, kinds.get(record), laptop) for record in records]
    return lines


def _line(record: int, number: int | None, laptop: int) -> str:
    """By its number: whoever reads it here may not be meant to see the name."""
    known = discover.by_number().get(number) if number is not None else None
    words = gettext(
        "{kind} {record} does not reach laptop {laptop}: more was written about it than one bundle holds. What that "
        "laptop has of it stays as it is."
    )
    kind = str(known.kind.title) if known is not None else gettext("An entry of a newer version")
    return words.format(kind=kind, record=record, laptop=laptop)
