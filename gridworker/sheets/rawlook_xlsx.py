"""The raw look at .xlsx files: sheets are XML in a zip archive (ECMA-376)."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from gridworker.sheets.container import MAX_CELLS, member_bytes, member_windows
from gridworker.sheets.rawlook import Look

_ROW = re.compile(rb'<row\b(?: r="(\d{1,9})")?')
_FAR_ROW = re.compile(rb'r="[A-Za-z]+(\d{6,})"')
_FAR = re.compile(rb'r[= \t\r\n](?:"[A-Za-z](?:[A-Za-z]|\d{6})|[= \t\r\n])')
"""A place that is far, or that there is room before or behind its equals sign, as hardly anybody writes."""
_SPACED = re.compile(rb"\br(?:\s+=|=\s)")
_ROOM = re.compile(rb"r[=\s][=\s]")
"""What all that is so spaced has in it. Nearly nobody has, which is known in a tenth of the time."""
_PLACELESS = re.compile(rb'<c(?! r=")\b')
"""A cell that does not say first of all where it is. Where it says nothing the reader counts the cells before it."""
_NEAR = 99_999
"""Rows up to which the quick look does not see where a cell says it is, but where the row does that it stands in."""
_WIDE = re.compile(rb'r="([A-Za-z]{2,})\d')
_ERROR_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*? t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]{1,20})')
_XLSX_TAG = re.compile(rb"<(?:[^\s<>/:]++:)?(row|c)(?=[\s/>])((?:[^>\"'/]++|\"[^\"]*+\"|'[^']*+'|/(?!>))*+)(/?)>")
"""With all that stands within quotes: there may be an angle bracket in it."""
_ANY_ERROR = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_PREFIXED = re.compile(rb":(?:row|c[\s/>])")
"""A row or a cell under a name with a prefix, or something that may be one."""
_TOLD_ERROR = re.compile(rb't="e"')
"""As expressions they are found in two thirds of the time, where they are not there."""
_REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]*)(\d*)[\"']")
_FIRST = re.compile(rb"\s+r\s*=")
"""A place that is said first of all: it does not stand within the quotes of something else."""
_ERROR_TEXT = re.compile(rb"<(?:\w+:)?(?:v(?:\s[^<>]*)?>([^<]{1,20})|/c>|/\w+:c>)")
"""What a cell says, or its end where it says nothing."""
_FORMULA = rb"(?:<(?:\w+:)?f\b[^<>]*/>|<(?:\w+:)?f\b[^<>]*>[^<]*</(?:\w+:)?f>)"
_NO_VALUE = _FORMULA + rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
_UNWORKED = re.compile(rb'<c r="([A-Z]+)(\d+)"[^<>]*>' + _NO_VALUE)
_UNWORKED_HERE = re.compile(rb"\s*" + _NO_VALUE)
"""A formula without the value that a spreadsheet keeps beside it: written by a program that works nothing out."""


def xlsx_looks(data: bytes) -> dict[str, Look]:
    """The looks of the sheets of an .xlsx file by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: _xlsx_look(archive, place) for name, place in xlsx_sheets(archive)}


def xlsx_sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The sheets of a workbook: what each is called, and its part of the archive."""
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in _xml(member_bytes(archive, "xl/_rels/workbook.xml.rels"))
    }
    for element in _xml(member_bytes(archive, "xl/workbook.xml")).iter():
        if element.tag.rpartition("}")[2] == "sheet":
            relation = next((value for key, value in element.items() if key.endswith("}id")), None)
            place = posixpath.normpath(posixpath.join("/xl", targets.get(relation, ""))).lstrip("/")
            yield element.get("name", ""), place


def _xml(data: bytes) -> ElementTree.Element:
    """A small part of a workbook. Declarations are not part of the format: with one, nothing is read."""
    return ElementTree.Element("none") if not data or b"<!DOCTYPE" in data else ElementTree.fromstring(data)


def _xlsx_look(archive: zipfile.ZipFile, place: str) -> Look:
    """The quick look, at sheets written in the usual way. Anything odd, and what reaches far, is walked through."""
    look = Look()
    for xml in member_windows(archive, place, b"<row"):
        part = _quick_look(xml)
        if part is None or not look.errors.keys().isdisjoint(part.errors):
            return _xlsx_walk(member_bytes(archive, place))
        look.reach(part.rows - 1, part.columns - 1)
        look.errors |= part.errors
        look.formulas |= part.formulas
        if max(look.rows, _NEAR) * look.columns > MAX_CELLS:
            return _xlsx_walk(member_bytes(archive, place))
    return look


def _quick_look(xml: bytes) -> Look | None:
    """The look at some rows; None where they are written in another way."""
    rows = _ROW.findall(xml)
    quoted, prefixed = b"'" in xml, b":" in xml  # looked for first: a single byte is found ten times as fast
    if b"" in rows or (quoted and (b"r='" in xml or b"t='e'" in xml)) or (prefixed and _PREFIXED.search(xml)):
        return None
    look = Look(max(map(int, rows), default=0), 26)
    if _PLACELESS.search(xml):
        return None
    if _FAR.search(xml):
        if _ROOM.search(xml) and _SPACED.search(xml):
            return None
        farthest = max(map(int, set(_FAR_ROW.findall(xml))), default=0)  # a row says it again in every cell
        widest = max((_column(letters) + 1 for letters in set(_WIDE.findall(xml))), default=26)
        look = Look(max(look.rows, farthest), widest)
    told = xml.count(b't="e"') if _TOLD_ERROR.search(xml) else 0
    for cell in _ERROR_CELL.finditer(xml) if told else ():
        look.errors[int(cell[2]) - 1, _column(cell[1])] = cell[3].decode("ascii", "replace")
    if b"f" in xml and b"<f" in xml:  # a single byte is found at once, and most sheets have no formula
        look.formulas = {(int(cell[2]) - 1, _column(cell[1])) for cell in _UNWORKED.finditer(xml)}
    return look if len(look.errors) == told else None


def _xlsx_walk(xml: bytes) -> Look:
    """Cell by cell: what is found is exact, and slower, so it is done only where the quick look says so."""
    look = Look()
    row = column = below = right = -1  # the last two: as far as the reader may have come
    for tag in _XLSX_TAG.finditer(xml):
        attributes = tag[2]
        places = _REFERENCE.findall(attributes)  # of several, some within quotes, any may be the one that is believed
        if tag[1] == b"row":
            row = max((int(digits) for _, digits in places if digits), default=row + 2) - 1
            below = row if _FIRST.match(attributes) else max(below + 1, row)
            column = right = -1
            continue
        column = max((_column(letters) for letters, _ in places if letters), default=column + 1)
        at = max((int(digits) for _, digits in places if digits), default=row + 1) - 1  # whatever row it is in
        right = column if _FIRST.match(attributes) else max(right + 1, column)
        if not tag[3] and not xml.startswith(b"</", tag.end()):
            look.reach(max(at, below), right)
            if _UNWORKED_HERE.match(xml, tag.end()):
                look.formulas.add((at, column))
            if _ANY_ERROR.search(attributes):
                shown = _ERROR_TEXT.search(xml, tag.end(), tag.end() + 2000)
                look.errors[at, column] = shown[1].decode("ascii", "replace") if shown and shown[1] else "#N/A"
    return look


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1
