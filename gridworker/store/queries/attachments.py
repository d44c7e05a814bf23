"""What a list of attachments reads: the records, and whether each file is here."""

from typing import TYPE_CHECKING, NamedTuple

from gridworker.domain.attachment import is_hash
from gridworker.store.attached import Files
from gridworker.store.database import raw_cursor

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
    return [
        AttachmentRow(id_, caption, media_type, size, taken_at, _state(files, str(text)))
        for id_, caption, media_type, size, taken_at, text in cursor.fetchall()
    ]


def _state(files: Files, text: str) -> str:
    file = files.get(bytes.fromhex(text)) if is_hash(text) else None
    if file is None:
        return AWAY
    return GONE if file.path is None else HERE
