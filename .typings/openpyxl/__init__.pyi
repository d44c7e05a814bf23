from os import PathLike

from openpyxl.workbook import Workbook as Workbook

def load_workbook(filename: str | PathLike[str], read_only: bool = False, data_only: bool = False) -> Workbook: ...
