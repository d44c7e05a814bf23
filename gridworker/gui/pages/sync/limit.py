"""How large a file may be with photos in it: asked only where photos wait, for sticks and mail that take little."""

from PySide6.QtWidgets import QWidget

from gridworker.gui.bundlewords import size
from gridworker.gui.widgets.layout import row
from gridworker.gui.widgets.segmented import Segment, Segmented
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext, ngettext

MEGABYTE = 1024 * 1024
WHOLE = "0"
"""No other limit than that of every bundle."""


class LimitChoice(QWidget):
    """What waits, and the choice."""

    def __init__(self) -> None:
        super().__init__()
        self.about = Text("", "small", "on-hero")
        sizes = [Segment(str(count), gettext("{count} MB").format(count=count)) for count in (10, 2)]
        self.choice = Segmented([Segment(WHOLE, gettext("One file")), *sizes], height=26)
        self.choice.setAccessibleName(gettext("Largest file"))
        self.choice.setToolTip(gettext("What does not fit goes with the next bundle."))
        self.setLayout(row(self.about, None, self.choice, gap=8))
        self.hide()

    def show_files(self, count: int, octets: int) -> None:
        """Say how many photos wait; none: ask nothing."""
        words = ngettext("{count} photo", "{count} photos", count).format(count=count)
        self.about.setText(gettext("{photos}, {size}").format(photos=words, size=size(octets)))
        self.setVisible(bool(count))

    def limit(self) -> int | None:
        """Bytes, or None where nothing else was chosen."""
        return None if self.isHidden() else int(self.choice.value()) * MEGABYTE or None
