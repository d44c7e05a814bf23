"""The raw look at .ods files: all sheets are in one XML file (OpenDocument 1.3)."""

import html
import io
import re
import zipfile
from dataclasses import dataclass, field

from gridworker.sheets.container import member_bytes
from gridworker.sheets.rawlook import Look

_ODS_TAG = re.compile(
    rb"<(?:(table:table)\s([^>]*)|(table:table-row)\b([^>]*)|table:(?:table|covered-table)-(cell)\b([^>]*))>"
)
_ODS_NAME = re.compile(rb'table:name="([^"]*)"')
_ODS_REPEAT = re.compile(rb'table:number-(?:columns|rows)-repeated="(\d{1,9})"')
_ODS_TEXT = re.compile(rb"<text:p[^>]*>([^<]{1,20})")


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
        if b'value-type="error"' in attributes:
            shown = _ODS_TEXT.search(xml, tag.end(), tag.end() + 2000)
            code = shown[1].decode("utf-8", "replace") if shown else "#N/A"
            for column in range(place.column, place.column + min(count, 1000)):
                place.look.errors[place.row, column] = code
    place.column += count


def _repeat(attributes: bytes) -> int:
    found = _ODS_REPEAT.search(attributes)
    return int(found[1]) if found else 1
