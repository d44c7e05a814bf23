"""What kind of file it is, by its content and not by its name, and whether it may be opened at all.

Refuses here, before a reader sees the file: nothing in it, locked with a password, damaged, not a spreadsheet, and zip
files that unpack to far more than a ledger can hold.
"""

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from enum import Enum
from xml.etree import ElementTree

from gridworker.errors import RosterProblem

BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, ElementTree.ParseError,
    EOFError, LookupError, NotImplementedError, OSError, OverflowError, RuntimeError, ValueError,
)  # fmt: skip
"""What taking a damaged file apart may raise: whatever it is, the file is to blame."""

MAX_FILE = 200 * 2**20
MAX_UNPACKED = 320 * 2**20
MAX_MEMBERS = 10_000
MAX_CELLS = 8_000_000
"""Rows times columns of one sheet: 200,000 people in 40 columns."""
_WINDOW = 2**17
"""Bytes of a part that are looked at together: so few stay near the processor while one look follows the other."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_TEXT = (
    b"%PDF",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x1f\x8b",
    b"BM",
    b"SQLite",
)
_MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml|!doctype|html|head|body|table|meta|style)", re.IGNORECASE)


class Container(Enum):
    """The formats that are read."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    MARKUP = "html"
    TEXT = "text"


def damaged() -> RosterProblem:
    """The file breaks off or its parts do not fit together."""
    return RosterProblem(
        "file_corrupt", "This file is damaged or was not copied whole; copy it again and import the new copy."
    )


def locked() -> RosterProblem:
    """The file asks for a password."""
    return RosterProblem(
        "file_encrypted",
        "This file is locked with a password; open it in Excel or WPS, save it without the password and import that.",
    )


def too_large() -> RosterProblem:
    """The file unpacks to more than a ledger can hold."""
    return RosterProblem(
        "file_corrupt", "This file is too large for a ledger; save only the sheets with people as a new file."
    )


def not_a_table() -> RosterProblem:
    """Something else under the name of a spreadsheet."""
    return RosterProblem("file_corrupt", "This is not a spreadsheet; save the ledger as .xlsx and import that.")


def container_of(data: bytes, suffix: str) -> Container:
    """The format of a file by its content. ``suffix`` is its ending in lower case, with the dot.

    Raises RosterProblem for what is not opened.
    """
    if not data.strip(b"\0\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise RosterProblem("file_empty", "This file is empty.")
    if len(data) > MAX_FILE:
        raise too_large()
    if data.startswith(_OLE):
        return _ole(data)
    if data.startswith(b"PK"):
        return _zip(data)
    if data.startswith(_NOT_TEXT):
        raise not_a_table()
    if suffix in {".xlsx", ".xlsm", ".ods"}:
        raise damaged()
    return Container.MARKUP if _MARKUP.match(data[:2048]) else Container.TEXT


def _ole(data: bytes) -> Container:
    """An OLE container is an old workbook, or the envelope around a locked new one."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise locked()
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book", "WORKBOOK", "BOOK")):
        return Container.XLS
    raise not_a_table()


def _zip(data: bytes) -> Container:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_size(members)
            names = {member.filename.lower() for member in members}
            if "xl/workbook.xml" in names:
                return Container.XLSX
            if "content.xml" not in names:
                raise not_a_table()
            if b"encryption-data" in member_bytes(archive, "META-INF/manifest.xml"):
                raise locked()
            return Container.ODS
    except BROKEN as fault:
        raise damaged() from fault


def _check_size(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise too_large()
    if any(member.flag_bits & 1 for member in members):
        raise locked()


def member_bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    """One file of a zip archive, found whatever the case of its name; nothing where there is none.

    The size was checked from the archive's directory; a member that unpacks to more than that stops here.
    """
    member = _member(archive, name)
    return archive.read(member) if member else b""


def member_windows(archive: zipfile.ZipFile, name: str, start: bytes) -> Iterator[bytes]:
    """The same part by part, each but the first beginning with ``start``: all of it at once may take half a gigabyte.

    A part is ``_WINDOW`` bytes, or what stands between two of ``start`` where that is more.
    """
    member = _member(archive, name)
    if member is None:
        return
    kept = b""
    with archive.open(member) as file:
        while read := file.read(max(_WINDOW, len(kept))):
            kept += read
            cut = kept.rfind(start)
            if cut > 0:
                yield kept[:cut]
                kept = kept[cut:]
    yield kept


def _member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo | None:
    wanted = name.lower()
    return next((member for member in archive.infolist() if member.filename.lower() == wanted), None)
