"""Erasing a person from a page: a plain question with what goes and what stays to be done by hand, then the deed."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gridworker.gui import background, messages
from gridworker.text import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gridworker.app.erasing import Erasing, Outcome, Preview
    from gridworker.app.mentioned import Mentioned

SHOWN = 8
"""Places named in a box before it only says how many more there are."""


class Eraser(QObject):
    """Asks and erases for the page that holds it."""

    erased = Signal()

    def __init__(self, page: QWidget, erasing: "Erasing") -> None:
        super().__init__(page)
        self._page = page
        self._erasing = erasing

    def begin(self, membership: int) -> None:
        """Show what erasing the person of a membership would do."""
        background.run(
            lambda: self._erasing.preview("resident", self._erasing.member(membership)),
            done=self._on_preview,
            owner=self._page,
        )

    def _on_preview(self, preview: "Preview") -> None:
        person = preview.going[0]
        text = gettext("Erase {name} everywhere and for good?").format(name=person.caption)
        more = gettext("{count} records go, on every laptop, from the log and from the files. Nobody can undo it.")
        question = messages.Question(
            text, "\n".join((more.format(count=len(preview.going)), *named(preview.mentioned))), gettext("Erase")
        )
        messages.ask(self._page, question, partial(self._on_agreed, person.record))

    def _on_agreed(self, resident: int) -> None:
        background.run(partial(self._erasing.erase, "resident", resident), done=self._on_erased, owner=self._page)

    def _on_erased(self, outcome: "Outcome") -> None:
        self.erased.emit()
        left = [*named(outcome.preview.mentioned), *outcome.elsewhere[:SHOWN]]
        if left:
            messages.tell(self._page, gettext("Erased. This is left to see to:"), "\n".join(left))


def named(found: "Sequence[Mentioned]") -> list[str]:
    """A line for each place where the person is named."""
    lines = [
        gettext("{title}, {label}: {excerpt}").format(title=one.title, label=one.label, excerpt=one.excerpt)
        for one in found[:SHOWN]
    ]
    if len(found) > SHOWN:
        lines.append(gettext("and {count} more").format(count=len(found) - SHOWN))
    return lines
