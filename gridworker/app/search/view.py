"""What the search palette shows: parts, hits with the letters that matched, and what can be done."""

from dataclasses import dataclass

from gridworker.app.due.today_view import Sign

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class HitView:
    """One line. ``reading`` is what it was found by, ``spans`` the letters of it to embolden.

    ``page`` and ``target`` are what ``→`` opens; ``household`` is whom Enter starts a visit at.
    """

    kind: str
    id: int
    title: str
    subtitle: str = ""
    reading: str = ""
    spans: tuple[Span, ...] = ()
    signs: tuple[Sign, ...] = ()
    right: str = ""
    household: int | None = None
    page: str = ""
    target: object = None


@dataclass(frozen=True, slots=True)
class PartView:
    """Lines under a heading."""

    title: str
    hits: tuple[HitView, ...]


@dataclass(frozen=True, slots=True)
class SearchView:
    """Everything the palette shows for one text. ``by_number``: found by the end of a phone or ID number."""

    query: str
    parts: tuple[PartView, ...] = ()
    by_number: bool = False
    how: str = ""

    @property
    def count(self) -> int:
        """How many lines there are."""
        return sum(len(part.hits) for part in self.parts)

    @property
    def first(self) -> HitView | None:
        """The likeliest hit."""
        return next((hit for part in self.parts for hit in part.hits), None)
