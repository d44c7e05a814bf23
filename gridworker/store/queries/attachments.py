"""What a list of attachments reads: the records, and whether each file is here."""

from typing import TYPE_CHECKING, NamedTuple

from gridworker.domain.attachment import is_hash
from gridworker.store.attached import Files
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.log import Cursor
from gridworker.store.parcels import holders

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

HERE, GONE, AWAY = "here", "gone", "away"
"""A file that is here; that was here and the office keeps; that has not come yet."""

ANY = "any"
_FIELDS = frozenset({"id", "visit_id", "issue_id", "issue_step_id", "household_id"})


class AttachmentRow(NamedTuple):
    """An attachment and the state of its file."""

    id: int
    caption: str | None
    media_type: str | None
    size: int | None
    taken_at: str | None
    state: str
    holder: int = 0
    """At the office: the laptop that said last that it has the file, where it is not here."""


def attached_to(connection: "Connection", field: str = ANY, record: int = 0) -> list[AttachmentRow]:
    """The attachments whose ``field`` names a record, or all of them; oldest first."""
    if field not in {*_FIELDS, ANY}:
        raise ValueError(field)
    cursor = raw_cursor(connection)
    only = "" if field == ANY else f" WHERE {field} = ?"
    cursor.execute(
        f"SELECT id, caption_text, media_type, size, taken_at, sha256 FROM attachment{only} ORDER BY id",
        () if field == ANY else (record,),
    )
    files = Files(cursor)
    rows = [
        (AttachmentRow(id_, caption, media_type, size, taken_at, _state(files, str(text))), str(text))
        for id_, caption, media_type, size, taken_at, text in cursor.fetchall()
    ]
    return [row._replace(holder=_holder(cursor, text)) if row.state == AWAY else row for row, text in rows]


def _holder(cursor: Cursor, text: str) -> int:
    return next(iter(holders(cursor, bytes.fromhex(text))), 0) if is_hash(text) else 0


def _state(files: Files, text: str) -> str:
    file = files.get(bytes.fromhex(text)) if is_hash(text) else None
    if file is None:
        return AWAY
    return GONE if file.path is None else HERE
