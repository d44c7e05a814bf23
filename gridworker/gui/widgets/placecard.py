"""A place where somebody is named, and what to do about it: take the name out, blank it, or leave it."""

from collections.abc import Sequence
from dataclasses import dataclass

from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.editors import NoteEditor
from gridworker.gui.widgets.layout import row
from gridworker.gui.widgets.segmented import Segment, Segmented
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.text import gettext


@dataclass(frozen=True, slots=True)
class Place:
    """What is shown: the place in words, whose it is, lines with the name in them, and what can be done.

    ``ways`` are values and words, the usual one first. ``suggestion`` is offered for editing while the way ``edits`` is
    picked; empty where there is nothing to edit.
    """

    title: str
    about: str
    lines: Sequence[str]
    ways: Sequence[tuple[str, str]] = ()
    edits: str = ""
    suggestion: str = ""


class PlaceCard(Card):
    """One place. ``way`` and ``text`` are the answer."""

    def __init__(self, place: Place) -> None:
        super().__init__(kind="panel", gap=6, margins=(14, 10, 14, 12))
        self._place = place
        name = gettext("{place}, {about}").format(place=place.title, about=place.about) if place.about else place.title
        self.setAccessibleName(name)
        self.setAccessibleDescription(gettext("; ").join(place.lines))
        head = row(Text(place.title, bold=True), gap=8)
        head.addWidget(ElidedText(place.about, "small", "ink-2"), 1)
        self.body.addLayout(head)
        for line in place.lines:
            self.body.addWidget(Text(line, "small", "ink-2", wrap=True))
        self.ways: Segmented | None = None
        self.editor: NoteEditor | None = None
        if place.ways:
            self.ways = Segmented([Segment(value, words) for value, words in place.ways], height=32)
            self.ways.setAccessibleName(gettext("What becomes of: {place}").format(place=name))
            self.ways.chosen.connect(self._on_chosen)
            self.body.addLayout(row(self.ways, None))
        if place.suggestion:
            self.editor = NoteEditor(lines=2)
            self.editor.set_name(gettext("The new text of: {place}").format(place=name))
            self.editor.set_value(place.suggestion)
            self.body.addWidget(self.editor)
            self._on_chosen(self.way())

    def way(self) -> str:
        """What was picked; '' where there is nothing to pick."""
        return self.ways.value() if self.ways else ""

    def text(self) -> str | None:
        """The new text; None where there is none to write."""
        if self.editor is None or self.way() != self._place.edits:
            return None
        return str(self.editor.value() or "")

    def _on_chosen(self, way: str) -> None:
        if self.editor is not None:
            self.editor.setVisible(way == self._place.edits)
