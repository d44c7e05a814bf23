"""The office's recovery sheet on A4: what it opens, the code in large groups, and what to do with it.

The code is on paper alone and the key file on a stick alone: either is worth nothing without the other.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from gridworker.gui.look.fonts import families
from gridworker.plainfile import NOT_WAITING
from gridworker.text import gettext

_MARGIN_MM = 22
_POINTS = 11
_CELL = "padding:8px 12px; white-space:nowrap"


@dataclass(frozen=True, slots=True, repr=False)
class SheetFacts:
    """What stands on a sheet."""

    office: str
    code: str
    fingerprint: str
    words: Sequence[str]
    made_on: date


def document(facts: SheetFacts) -> QTextDocument:
    """The sheet. What people typed is never read as markup."""
    groups = "".join(
        f'<td style="{_CELL}"><span style="font-size:18pt"><b>{escape(group)}</b></span></td>'
        for group in facts.code.split("-")
    )
    steps = "".join(f"<li>{escape(step)}</li>" for step in _steps())
    blanks = "".join(
        f'<p style="margin-top:16px">{escape(label)} {"_" * 28}</p>'
        for label in (gettext("Sheet kept at, by whom:"), gettext("Key file kept at, by whom:"), gettext("Tried on:"))
    )
    made = gettext("Made on {day}").format(day=facts.made_on.isoformat())
    key = gettext("Recovery key {fingerprint}").format(fingerprint=facts.fingerprint)
    html = (
        f"<h1>{escape(gettext('Gridworker recovery sheet'))}</h1>"
        f"<p><b>{escape(facts.office)}</b><br>{escape(made)}<br>{escape(key)}<br>{escape('  '.join(facts.words))}</p>"
        f"<p>{escape(gettext('Recovery code'))}</p>"
        f'<table border="1" cellspacing="0"><tr>{groups}</tr></table>'
        f"<h2>{escape(gettext('What it is for'))}</h2>"
        f"<p>{escape(gettext('Should the passphrase be lost, this code and the key file open the office again.'))}<br>"
        f"{escape(gettext('Together they open every laptop and every bundle of this office too.'))}</p>"
        f"<h2>{escape(gettext('What to do'))}</h2><ol>{steps}</ol>{blanks}"
    )
    made_of = QTextDocument()
    font = QFont(families())
    font.setPointSize(_POINTS)
    made_of.setDefaultFont(font)
    made_of.setHtml(html)
    return made_of


def page_layout() -> QPageLayout:
    """A4, upright."""
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    return QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
    )


def write_pdf(facts: SheetFacts, path: Path) -> None:
    """The sheet as a PDF. Raises OSError where it is not written."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | NOT_WAITING, 0o666))
    writer = QPdfWriter(str(path))
    writer.setPageLayout(page_layout())
    writer.setTitle(gettext("Gridworker recovery sheet"))
    document(facts).print_(writer)
    del writer
    if not path.stat().st_size:
        raise OSError


def _steps() -> tuple[str, ...]:
    return (
        gettext("Put this sheet into a locked drawer, and the stick with the key file into another one."),
        gettext("Never photograph it, never send it, never keep it on a computer."),
        gettext("When it is needed: on the unlock page choose “Forgotten it?”, then the recovery sheet."),
        gettext("If either is lost, or was seen by others: say so at once to whoever looks after the office."),
    )
