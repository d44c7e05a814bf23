"""Spreadsheets mutated by a seed: the sample ledgers as .xlsx, .xls, .ods and .csv, damaged and made hostile.

Half of the ways damage the file (cut off, bytes swapped, XML altered, sizes that lie); the others write a file that
holds together with hostile cells in it. The same seed gives the same bytes.
"""

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from gridworker.sheets.read import read_book
from tests.sheets.ledgers import Error, Made, ods, text, xls, xlsx

SAMPLES = Path(__file__).parents[1] / "data" / "rosters"
FILES = sorted(path for path in SAMPLES.iterdir() if path.suffix in {".xlsx", ".csv", ".ods"})
HOSTILE: tuple[Made, ...] = (
    "=1+1", '=HYPERLINK("http://localhost")', "+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "\t=1", "'=1",
    "\u202e张三\u202c", "\u200b\u200f李四\ufeff", "王\x07五", "赵\x0b六", "\x7f", "_x000D_", "​", "〃", "同上",
    "4.20202E+17", 4.20202e17, 110105194912310021, "11010519491231002X", "١٢٣", "１３８００００００１４２", -1, 1e308,
    0.1, "9999-99-99", "1900-01-00", 29367, True, Error(), Error("#REF!"), "姓名", "合计", "𠮷" * 60, "a" * 40, "𝟙𝟚𝟛",
    "\n\n", "—", "/", "迁出", "死亡", "户主", "3-2-501", "房" * 300, "%s{}\\N", "NULL", "0" * 18,
)  # fmt: skip
_MEGABYTE = 2**20
_COLUMNS = 16_384
_Rows = list[list[Made]]


def mutated(seed: int, folder: Path) -> Path:
    """One mutated spreadsheet in a folder. Two seeds one after the other are of different ways."""
    chance = random.Random(seed)
    way = _WAYS[seed % len(_WAYS)]
    sample = FILES[seed // len(_WAYS) % len(FILES)]
    return way(chance, sample, folder / f"{seed}{sample.suffix}")


# ------------------------------------------------------------------------------------------------------ damaged files


def _cut(chance: random.Random, sample: Path, out: Path) -> Path:
    data = sample.read_bytes()
    return _put(out, data[: chance.randrange(len(data))])


def _swapped(chance: random.Random, sample: Path, out: Path) -> Path:
    data = bytearray(sample.read_bytes())
    for _ in range(chance.randint(1, 30)):
        one, other = chance.randrange(len(data)), chance.randrange(len(data))
        data[one], data[other] = data[other], data[one]
    return _put(out, bytes(data))


def _altered(chance: random.Random, sample: Path, out: Path) -> Path:
    """XML that says something else in a zip archive that holds together; a text file with bytes of another encoding."""
    if sample.suffix == ".csv":
        data = sample.read_bytes()
        at = chance.randrange(len(data))
        return _put(out, data[:at] + chance.randbytes(chance.randint(1, 9)) + data[at:])
    members = _members(sample)
    name = chance.choice([one for one in members if one.endswith((".xml", ".rels"))])
    members[name] = _bent(members[name], chance)
    return _put(out, _zipped(members))


def _bent(xml: bytes, chance: random.Random) -> bytes:
    tags = [match.span() for match in re.finditer(rb"<[^>]+>", xml)] or [(0, len(xml))]
    for start, end in sorted((chance.choice(tags) for _ in range(chance.randint(1, 5))), reverse=True):
        tag = xml[start:end]
        number = b"%d" % chance.choice((0, 7, 2**31, 2**63, 99_999_999))
        bent = chance.choice((
            b"", tag * 3, tag[: len(tag) // 2], re.sub(rb"\d+", number, tag), tag.replace(b'"', b"'"), tag.upper(),
            b"<!--" + tag, b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + tag, tag + b"&b;&#0;&lt;",
        ))  # fmt: skip
        xml = xml[:start] + bent + xml[end:]
    return xml


def _lying(chance: random.Random, sample: Path, out: Path) -> Path:
    """A member that unpacks to more than its archive says, or far more than a ledger can hold."""
    if sample.suffix == ".csv":
        return _put(out, sample.read_bytes() + b"\0" * chance.randint(1, _MEGABYTE))
    members = _members(sample)
    name = chance.choice(list(members))
    members[name] += b" " * chance.choice((1, _MEGABYTE, 8 * _MEGABYTE))
    data = bytearray(_zipped(members))
    told = chance.choice((0, 1, 2**31 - 1, 2**32 - 1))
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        if data[at + 46 : at + 46 + struct.unpack_from("<H", data, at + 28)[0]] == name.encode():
            struct.pack_into("<I", data, at + 24, told)
        at += 4
    return _put(out, bytes(data))


# ----------------------------------------------------------------------------------------------- hostile, but sound


def _cells(chance: random.Random, sample: Path, out: Path) -> Path:
    rows = _rows(sample)
    for _ in range(chance.randint(1, 40)):
        row = chance.choice(rows)
        if row:
            row[chance.randrange(len(row))] = chance.choice(HOSTILE)
    return _written(chance, rows, out)


def _shuffled(chance: random.Random, sample: Path, out: Path) -> Path:
    """Rows doubled, left out, shifted by a cell, put into another order; columns left out."""
    rows = _rows(sample)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(rows))
        match chance.randrange(4):
            case 0:
                rows.insert(at, list(rows[at]))
            case 1 if len(rows) > 1:
                del rows[at]
            case 2:
                rows[at].insert(0, chance.choice(HOSTILE))
            case _:
                rows.append(rows.pop(at))
    gone = chance.randrange(12)
    return _written(chance, [row[:gone] + row[gone + 1 :] for row in rows], out)


def _long(chance: random.Random, sample: Path, out: Path) -> Path:
    """A text of 1 MB in a cell: where the format cannot hold it, in a text file."""
    rows = _rows(sample)
    row = chance.choice([row for row in rows if row])
    row[chance.randrange(len(row))] = chance.choice(("长", "x", "1", "=", "\u202e", "3-2-")) * _MEGABYTE
    if out.suffix == ".ods":
        return ods(out, {"台账": rows})
    return text(out.with_suffix(".csv"), [[_plain(cell) for cell in row] for row in rows])


def _wide(chance: random.Random, sample: Path, out: Path) -> Path:
    """16,384 columns: in the header, or in some row."""
    rows = _rows(sample)
    row = chance.choice(rows[:6])
    row += [""] * (_COLUMNS - len(row) - 1)
    row.append(chance.choice(HOSTILE))
    if chance.random() < 0.5:
        row[:] = [cell or "备注" for cell in row]
    return _written(chance, rows, out, wide=True)


_WAYS: Sequence[Callable[[random.Random, Path, Path], Path]] = (
    _cells, _cut, _shuffled, _swapped, _long, _altered, _cells, _lying, _wide, _altered,
)  # fmt: skip


# ------------------------------------------------------------------------------------------------------------- by hand


def _put(out: Path, data: bytes) -> Path:
    out.write_bytes(data)
    return out


def _members(sample: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(sample) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _rows(sample: Path) -> _Rows:
    cells = read_book(sample).sheets[0].rows()
    return [[cell if isinstance(cell, str | int | float) else str(cell) for cell in row] for row in cells]


def _plain(cell: Made) -> Made:
    return cell.code if isinstance(cell, Error) else cell


def _written(chance: random.Random, rows: _Rows, out: Path, *, wide: bool = False) -> Path:
    kind = chance.choice((".xlsx", *(".ods", ".csv") * 3) if wide else (".xlsx", ".xls", ".ods", ".csv"))
    out = out.with_suffix(kind)
    safe = [[_printable(cell) if kind != ".csv" else _plain(cell) for cell in row] for row in rows]
    if kind == ".csv":
        return text(out, safe, encoding=chance.choice(("utf-8", "gb18030", "utf-16")), separator=chance.choice(",;\t"))
    return {".xlsx": xlsx, ".xls": xls, ".ods": ods}[kind](out, {chance.choice(("台账", "3栋", "=1")): safe})


def _printable(cell: Made) -> Made:
    """What XML can hold; a number that no workbook can is a text."""
    if isinstance(cell, float) and abs(cell) > 1e300:
        return str(cell)
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", cell) if isinstance(cell, str) else cell
