"""A fact of a household: an icon, a line, a grey line under it."""

from PySide6.QtWidgets import QWidget

from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.icon import Icon
from gridworker.gui.widgets.layout import column, flow, row
from gridworker.gui.widgets.text import Text


class Fact(QWidget):
    """One fact. ``strong`` follows the words in a colour of ink; ``chip`` stands behind them."""

    def __init__(
        self,
        icon_name: str,
        words: str,
        under: str = "",
        *,
        strong: tuple[str, str] = ("", "ink"),
        chip: ChipSpec | None = None,
    ) -> None:
        super().__init__()
        more, ink = strong
        if more or chip:
            parts: list[QWidget] = [Text(words)]
            parts += [Text(more, "body", ink, bold=True)] if more else []
            parts += [Chip(chip)] if chip else []
            top: QWidget = flow(*parts, gap=6, line_gap=2)
        else:
            top = Text(words, wrap=True)
        text = column(top, gap=2)
        if under:
            text.addWidget(Text(under, "small", "ink-2", wrap=True))
        layout = row(gap=10)
        layout.addLayout(column(2, Icon(icon_name), None))
        layout.addLayout(text, 1)
        self.setLayout(layout)
