"""Days as ledgers write them."""

from datetime import date, datetime, time, timedelta

import pytest

from gridworker.sheets.cells import Cell, CellError
from gridworker.sheets.days import read_day
from tests.sheets.ledgers import TODAY


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("1962.2.21", "1962-02-21"),
        ("680226", "1968-02-26"),
        (680226, "1968-02-26"),
        ("900505", "1990-05-05"),
        ("200112", "2001-12"),
        ("190013", None),
        ("Feb 26, 1968", "1968-02-26"),
        ("26-Feb-68", "1968-02-26"),
        ("26th February 1968", "1968-02-26"),
        ("1968-Feb-26", "1968-02-26"),
        ("Feb 1968", "1968-02"),
        ("Monday, February 26, 1968", "1968-02-26"),
        ("1968年2月26日 星期一", "1968-02-26"),
        ("1963年3月2日", "1963-03-02"),
        ("19880515", "1988-05-15"),
        (19900505.0, "1990-05-05"),
        (19900505, "1990-05-05"),
        ("1971/1", "1971-01"),
        (date(1974, 9, 3), "1974-09-03"),
        (datetime(1974, 9, 3, 8, 30), "1974-09-03"),  # noqa: DTZ001 - a spreadsheet knows no zones
        (38227.0, "2004-08-28"),
        ("29284", "1980-03-04"),
        ("1960/08/09 00:00:00", "1960-08-09"),
        ("1936年1月", "1936-01"),
        (1985.11, "1985-11"),
        ("1950.03", "1950-03"),
        ("一九四九年八月十六日", "1949-08-16"),
        ("二〇〇三年十二月十一日", "2003-12-11"),
        ("八五年三月", "1985-03"),
        ("51.1.26", "1951-01-26"),
        ("05.1.26", "2005-01-26"),
        ("1979-1-4 ", "1979-01-04"),
        ("1950-00-00", "1950"),
        ("1950-03-00", "1950-03"),
        ("21/3/1962", "1962-03-21"),
        ("3/21/1962", "1962-03-21"),
        ("196202", "1962-02"),
        ("1990年", "1990"),
        (1990, "1990"),
        ("1949年8月16日生", "1949-08-16"),
        ("1949—8—16", "1949-08-16"),
        ("０５．１．２６", "2005-01-26"),
        ("1949.8.16（身份证）", "1949-08-16"),
        ("民国25年3月5日", "1936-03-05"),
        ("民国二十五年十二月五日", "1936-12-05"),
        ("民国79.3.5", "1990-03-05"),
        ("中华民国３８年", "1949"),
        ("民国元年十月", "1912-10"),
        ("民国25", "1936"),
        ("民国 25 年 3 月", "1936-03"),
        ("民国三十年农历三月初五", None),
        ("民国250年", None),
        ("民国", None),
    ],
)
def test_days_that_can_be_read(cell: Cell, day: str) -> None:
    assert read_day(cell, TODAY).text == day


@pytest.mark.parametrize("cell", ["", "不详", "无", "/", "-", "0", 0.0, CellError("#N/A"), 1.0])
def test_cells_that_say_nothing(cell: Cell) -> None:
    read = read_day(cell, TODAY)
    assert (read.text, read.fault) == (None, False)


@pytest.mark.parametrize(
    "cell",
    [
        "1965-13-40", "1998.2.30", "1962221", "农历1950年三月初三", "1949.8.16（农历）", "五月", "3/4/1962",
        "31/31/1962", "12345678901", "1700-01-01",
        True, time(8, 30), timedelta(days=1), -5.0, 1e300, float("nan"), float("inf"), 123456.5, "1500.12", "0000.1",
    ],
)  # fmt: skip
def test_days_that_cannot(cell: Cell) -> None:
    read = read_day(cell, TODAY)
    assert (read.text, read.fault) == (None, True)


def test_a_year_and_a_one_may_have_been_october() -> None:
    for cell in (1985.1, "1985.1"):
        read = read_day(cell, TODAY)
        assert read.text == "1985"
        assert read.fits("1985-01-20")
        assert read.fits("1985-10-20")
        assert not read.fits("1985-05-20")


def test_a_short_year_may_be_of_either_century() -> None:
    read = read_day("05.1.26", TODAY)
    assert read.fits("1905-01-26")
    assert read.fits("2005-01-26")
    assert not read.fits("2005-02-26")
