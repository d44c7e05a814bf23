"""The pictures of the tour."""

from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from gridworker.gui.tour import lay_over


def test_a_form_is_in_the_middle_of_its_picture_whatever_the_screen(qtbot: QtBot) -> None:
    window, picture = QWidget(), QPixmap(1440, 900)
    qtbot.addWidget(window)
    window.resize(picture.size())
    window.show()
    picture.fill(QColor("white"))
    dialog = QDialog(window)
    dialog.setStyleSheet("background: #ff0000")
    dialog.resize(640, 400)
    dialog.show()
    qtbot.waitExposed(dialog)
    lay_over(picture, dialog, window)
    image = picture.toImage()
    red = [at for at in range(1440) if image.pixelColor(at, 450) == QColor("#ff0000")]
    assert (len(red), abs(red[0] - 400) <= 1) == (640, True)
