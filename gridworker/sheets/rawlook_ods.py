"""The raw look at .ods files: all sheets are in one XML file (OpenDocument 1.3)."""

import html
import io
import re
import zipfile
from dataclasses import dataclass, field

from gridworker.sheets.container import member_bytes
from gridworker.sheets.rawlook import Look

_ATTRIBUTES = rb"((?:[^>\"]|\"[^\"]*\")*)"
"""Up to the end of a tag; a formula among them may hold a ``>`` of its own."""
_ODS_TAG = re.compile(
    rb"<(?:(table:table)\s%(a)s|(table:table-row)\b%(a)s|table:(?:table|covered-table)-(cell)\b%(a)s)>"
    % {b"a": _ATTRIBUTES}
)
_ODS_NAME = re.compile(rb'table:name="([^"]*)"')
_ODS_REPEAT = re.compile(rb'table:number-(?:columns|rows)-repeated="(\d{1,9})"')
_ODS_TEXT = re.compile(rb"<text:p[^>]*>([^<]{1,20})")
_OLD_ERROR = re.compile(rb"\s*<text:p[^>]*>((?:#[A-Z/0!?]{2,8}|Err:5\d\d)[!?]?)</text:p>")
"""What other programs write for an error: a number, 0, that is shown as ``#REF!`` or ``Err:502``."""
_MOST_REPEATED = 1000


@dataclass(slots=True)
class _OdsPlace:
    """Where the walk through a sheet is: the row, how often it is repeated, the column."""

    look: Look = field(default_factory=Look)
    row: int = 0
    repeat: int = 0
    column: int = 0

    def next_row(self, repeat: int) -> None:
        self.row, self.repeat, self.column = self.row + self.repeat, repeat, 0


def ods_looks(data: bytes) -> dict[str, Look]:
    """The looks of the sheets of an .ods file by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = member_bytes(archive, "content.xml")
    looks: dict[str, Look] = {}
    place = _OdsPlace()
    for tag in _ODS_TAG.finditer(xml):
        if tag[1]:
            name = _ODS_NAME.search(tag[2])
            place = _OdsPlace()
            looks[html.unescape(name[1].decode("utf-8", "replace")) if name else ""] = place.look
        elif tag[3]:
            place.next_row(_repeat(tag[4]))
        else:
            _ods_cell(xml, tag, place)
    return looks


def _ods_cell(xml: bytes, tag: re.Match[bytes], place: _OdsPlace) -> None:
    attributes = tag[6]
    count = _repeat(attributes) if b"repeated" in attributes else 1
    if b"value-type" in attributes:
        place.look.reach(place.row + place.repeat - 1, place.column + count - 1)
        code = _ods_error(xml, tag)
        for row in range(place.row, place.row + min(place.repeat, _MOST_REPEATED)) if code else ():
            for column in range(place.column, place.column + min(count, _MOST_REPEATED)):
                place.look.errors[row, column] = code
    place.column += count


def _ods_error(xml: bytes, tag: re.Match[bytes]) -> str:
    """The error that a cell shows, empty where it shows none."""
    if b'value-type="error"' in tag[6]:
        shown = _ODS_TEXT.search(xml, tag.end(), tag.end() + 2000)
        return shown[1].decode("utf-8", "replace") if shown else "#N/A"
    shown = _OLD_ERROR.match(xml, tag.end()) if b'value-type="float"' in tag[6] else None
    return shown[1].decode("ascii") if shown else ""


def _repeat(attributes: bytes) -> int:
    found = _ODS_REPEAT.search(attributes)
    return int(found[1]) if found else 1
