"""Records that a laptop made itself: the office remembers that it holds them."""

from collections.abc import Iterable, Mapping, Sequence

from gridworker import discover
from gridworker.store.log.log import Cursor
from gridworker.store.log.op import Author, OpRow, What
from gridworker.store.scope.spans import Spans
from gridworker.store.streams import Exchange


def made_in(rows: Iterable[OpRow], authors: Sequence[Author]) -> dict[int, int]:
    """The records that ops create and that are in some grid, each by the scope its maker had."""
    return {row.record: authors[row.author].scope for row in rows if row.what == What.CREATE and is_placed(row.kind)}


def note_made(cursor: Cursor, laptop: int, made: Mapping[int, int], scope: int, no: int) -> None:
    """A laptop holds what it made and brought with the link ``no`` of the journal. ``scope`` is that of the bundle.

    Of one that lives more than one life the others are told it whole: what was said of it may have come before it.
    """
    if made:
        spans, exchange = Spans(cursor, laptop), Exchange(cursor)
        told = spans.known_among(made) if len(exchange.pinned(laptop)) > 1 else made.keys()
        spans.made(made, max(scope, exchange.stream(laptop).scope), no)
        spans.tell_whole(made.keys() - told, no)


def is_placed(number: int) -> bool:
    """Whether records of a kind are in some grid: neither everywhere nor only at the office."""
    record = discover.by_number().get(number)
    return record is not None and not (record.kind.everywhere or record.kind.office_only)
