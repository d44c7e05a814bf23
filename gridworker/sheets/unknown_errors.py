"""Errors that the reader of spreadsheets does not know: for one ``#SPILL!`` it would refuse a whole workbook.

Newer programs show more errors than the seven of old. The raw look has found and named each of them, so the reader is
given the workbook with ``#N/A`` in their place.
"""

import io
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping

from gridworker.sheets.container import member_windows
from gridworker.sheets.rawlook import Look
from gridworker.sheets.rawlook_xlsx import xlsx_sheets

_KNOWN = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
_SHOWN = b"#N/A"
_ANY = re.compile(rb"\bt=[\"']e[\"']")
_PART = re.compile(rb"<(?:\w+:)?(?:(c)(?=[\s/>])([^<>]*)|v(?:\s[^<>]*)?)>([^<]*)")
_QUICKLY = 1


def any_unknown(looks: Mapping[str, Look]) -> bool:
    """Whether some sheet shows an error that the reader does not know."""
    return any(code not in _KNOWN for look in looks.values() for code in look.errors.values())


def with_known_errors(data: bytes) -> bytes:
    """An .xlsx file with ``#N/A`` in place of every error; its size was looked at, and it is gone through in parts."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as archive,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=_QUICKLY) as copy,
    ):
        sheets = {place.lower() for _, place in xlsx_sheets(archive)}
        members = {member.filename.lower(): member for member in reversed(archive.infolist())}  # the first of a name
        for name, member in members.items():
            with copy.open(member.filename, "w") as into:
                if name in sheets:
                    into.writelines(_with_known(member_windows(archive, name, b"<row")))
                else:
                    with archive.open(member) as part:
                        shutil.copyfileobj(part, into)
    return written.getvalue()


def _with_known(windows: Iterable[bytes]) -> Iterator[bytes]:
    for xml in windows:
        yield b"".join(_told(xml)) if _ANY.search(xml) else xml


def _told(xml: bytes) -> Iterator[bytes]:
    """Some rows, with ``#N/A`` for what each cell says that shows an error."""
    at, is_error = 0, False
    for part in _PART.finditer(xml):
        if part[1]:
            is_error = _ANY.search(part[2]) is not None
        elif is_error and part[3]:
            yield xml[at : part.start(3)]
            yield _SHOWN
            at = part.end(3)
    yield xml[at:]
