"""How a person uses the window on this computer, for widgets that ask: letters as keys, how a number is shown.

Set by the program from the preferences; a child of the application, as everything that outlives pages.
"""

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal


class Habits(QObject):
    """``changed`` comes when one of them was changed."""

    changed = Signal()

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self.letters = True
        """Single letters (``N``, ``V``) are keys."""
        self.reveal_once = False
        """One press shows a masked number for ten seconds, for hands that cannot hold a key; else it is held."""

    def use(self, *, letters: bool, reveal_once: bool) -> None:
        """Take over what was chosen."""
        if (letters, reveal_once) != (self.letters, self.reveal_once):
            self.letters, self.reveal_once = letters, reveal_once
            self.changed.emit()


def answers(key: str) -> bool:
    """Whether a key answers: a single letter or digit does only where a person wants it to."""
    return len(key) != 1 or not key.isascii() or habits().letters


def habits() -> Habits:
    """Those of the application."""
    app = QCoreApplication.instance()
    if app is None:
        raise RuntimeError("there is no application")
    found: Habits | None = app.findChild(Habits, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return found or Habits(app)
