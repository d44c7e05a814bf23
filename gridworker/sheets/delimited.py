"""Text files with a table in them: which encoding, which separator, and the records."""

import csv
import io
import itertools
from collections.abc import Iterator

from gridworker.errors import RosterProblem
from gridworker.sheets.cells import Cell, unescaped
from gridworker.sheets.container import damaged, not_a_table
from gridworker.sheets.meanings import known_words

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SEPARATORS = ",\t;，；|"
_SAMPLE = 60
_CONTROL = frozenset(map(chr, range(32))) - set("\t\r\n\f\x1a")


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8 and UTF-16 with or without a mark at the start, else GB18030. Raises RosterProblem."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if b"\0" in data[:4096]:
        return _unmarked_utf16(data)
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as fault:
            if fault.start >= len(data) - 4:  # the last character is cut off, the rest is good
                return data[: fault.start].decode(encoding)
    text = data.decode("gb18030", "replace")
    if text.count("\ufffd") * 200 > len(text):
        raise not_a_table()
    return text


def _unmarked_utf16(data: bytes) -> str:
    """UTF-16 shows by the zeros of its line ends and digits, all on one side."""
    even, odd = data[:4096:2].count(0), data[1:4096:2].count(0)
    if min(even, odd) * 10 > max(even, odd):
        raise not_a_table()
    return data.decode("utf-16-le" if odd > even else "utf-16-be", "replace")


def records(text: str) -> list[list[Cell]]:
    """The records of a text, one a row: line breaks inside quotes do not count. Raises RosterProblem."""
    if sum(character in _CONTROL for character in text[:4096]) * 50 > len(text[:4096]):
        raise not_a_table()
    separator, text = _separator(text)
    try:
        return [list(map(unescaped, record)) for record in _reader(text, separator)]
    except csv.Error as fault:
        if "field larger" in str(fault):
            raise RosterProblem(
                "file_corrupt", "One cell of this file holds more text than a ledger can; shorten it and import again."
            ) from fault
        raise damaged() from fault


def _reader(text: str, separator: str) -> Iterator[list[str]]:
    """A quote that never closes would swallow the rest of the file: then quotes are read as plain characters."""
    try:
        for _record in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            pass
    except csv.Error as fault:
        if "unexpected end" in str(fault):
            return csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=csv.QUOTE_NONE)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _separator(text: str) -> tuple[str, str]:
    """The separator and the text without a leading ``sep=;`` line, which Excel reads as an instruction, not a row."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip("\r")) == 5:
        return first[4], rest
    return max(_SEPARATORS, key=lambda separator: _fitness(text, separator)), text


def _fitness(text: str, separator: str) -> tuple[int, int]:
    """How well a separator makes a table: known headers in one row, then rows of the same number of cells."""
    try:
        sample = list(itertools.islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), _SAMPLE))
    except csv.Error:
        return 0, 0
    lengths = [len(record) for record in sample if len(record) > 1]
    regular = max((lengths.count(length) for length in set(lengths)), default=0)
    return max((known_words(record) for record in sample), default=0), regular
