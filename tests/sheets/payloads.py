"""200 texts that spreadsheets make something else of: formulas, rounded numbers, days, times, sums of money."""

import csv
import io
import subprocess
from collections.abc import Sequence
from pathlib import Path

import openpyxl
from python_calamine import CalamineWorkbook

_STARTS = ("=", "+", "-", "@", "\t=", "\r=", " =", "\t@", "＝", "＋", "－", "＠", "'=", '"=', "\u200b=", "\ufeff=")
_BODIES = ("1+1", "SUM(A1:A9)", "cmd|'/C calc'!A0", 'HYPERLINK("http://x.example","y")', "A1", "2*3", "x")
_FORMULAS = [start + body for start in _STARTS for body in _BODIES]
_OTHERS = """
00123|0|007|000000|-0|+5|5|-5|1.50|1.5|.5|5.|1,234|12,345.67|3,14|1e5|1E5|1.5e3|1e+5|12E3|1d5|0x1F|123456789012
12345678901234567890|420202198005264253|11010519491231002X|110101900101001|13800000001|0714-6280123|9999999999999999
0.1234567890123456789|2025-01-01|2025/1/1|2025.1.1|20260318|1-2|1/2|3-2|3-1-202|1/2/3|1-2-3|1.2.3|31.12.2024|1 1/2
10:30|10:30:15|4:5|-4:5|12:|2025-01-01 10:00:00|2025-01-01T10:00|3月2日|2025年3月2日|2025年3月|上午10:30|10时30分
Jan 3|3 Jan|Mar 2026|March 2026|MAR-26|may 5|MARCH1|12 AM|3 pm|TRUE|false|50%|5 %|$5|¥5|￥5|€5|5€|-$5|(5)|(123)
１２３|２０２５－０１－０１|٣|5-|1 000|'00123|''5|'=1|_x0041_|#N/A|https://x.example|a,b;c|say "hi"|—|张三
"""
PAYLOADS = tuple(dict.fromkeys([*_FORMULAS, *filter(None, _OTHERS.replace("\n", "|").split("|"))]))


def cells_of(path: Path) -> list[str]:
    """All texts of an export, as a program reads them that is not ours; raises AssertionError for a formula."""
    if path.suffix == ".csv":
        text = path.read_bytes().decode("utf-8-sig")
        return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    found = values_of(path)
    seen = CalamineWorkbook.from_path(path)
    again = {cell for name in seen.sheet_names for row in seen.get_sheet_by_name(name).to_python() for cell in row}
    assert set(found) <= set(map(str, again)) | {str(cell).removesuffix(".0") for cell in again}
    return found


def values_of(path: Path) -> list[str]:
    """The values of a workbook as texts, by openpyxl; raises AssertionError for a formula.

    A carriage return comes as the file spells it, so it is spelled out.
    """
    found: list[str] = []
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row), sheet.title
            found += [str(cell.value).replace("_x000D_", "\r") for cell in row if cell.value is not None]
    return found


def seen_by_libreoffice(files: Sequence[Path], folder: Path) -> list[tuple[Path, list[str]]]:
    """What LibreOffice made of exports that it opened and saved; CSV as an English and as a Chinese office opens it.

    With every number and day it knows taken for one, which is what a person gets who says yes to the questions.
    """
    found = []
    for language, suffix in (("1033", ".csv"), ("2052", ".csv"), ("", ".xlsx")):
        some = [file for file in files if file.suffix == suffix]
        if not some:
            continue
        out = folder / f"by{language or suffix}"
        asked = [f"--infilter=Text - txt - csv (StarCalc):44,34,76,1,,{language},false,true"] if language else []
        command = ["soffice", f"-env:UserInstallation={(folder / 'user').as_uri()}", "--headless", *asked,
                   "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *map(str, some)]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)
        found += [(file, values_of(out / f"{file.stem}.xlsx")) for file in some]
    return found
