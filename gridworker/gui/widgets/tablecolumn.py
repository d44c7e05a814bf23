"""A column of a table of records, as the table, its heads and its cells know it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is called, its width at 100% (0 shares what is left), and whether it holds numbers.

    ``sort`` is the page's own name for the order by this column; empty is none. Where room is short those go that have
    a ``yields``, the least first, so that what a row is known by stays whole. ``whole`` is one whose cells are all as
    wide as it is (a moment): it gives nothing of its width to others. ``least`` is what one that shares the rest needs
    at 100%; 0 leaves it to the table.
    """

    label: str
    width: int = 0
    right: bool = False
    bold: bool = False
    sort: str = ""
    yields: int = 0
    whole: bool = False
    least: int = 0
