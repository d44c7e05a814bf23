from collections.abc import Iterator
from os import PathLike
from typing import Any

class Cell:
    value: Any
    data_type: str
    number_format: str
    coordinate: str

class Rule:
    sqref: object
    formula1: str

class Rules:
    dataValidation: list[Rule]

class Dimension:
    number_format: str
    width: float

class Sheet:
    title: str
    freeze_panes: str | None
    sheet_state: str
    data_validations: Rules
    column_dimensions: dict[str, Dimension]
    def iter_rows(self, min_row: int | None = None) -> Iterator[tuple[Cell, ...]]: ...
    def cell(self, row: int, column: int, value: object = None) -> Cell: ...
    def __getitem__(self, key: int) -> tuple[Cell, ...]: ...

class Workbook:
    worksheets: list[Sheet]
    def save(self, filename: str | PathLike[str]) -> None: ...
