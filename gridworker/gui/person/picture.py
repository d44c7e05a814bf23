"""Making photos small before they are kept: turned as the camera was held, shrunk, and written anew as JPEG."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter

LONGEST = 1600
"""Pixels of the longer side: a meter or a notice can be read on it, and it has some 300 KB."""

QUALITY = 85


def shrunk(data: bytes) -> bytes:
    """A picture written anew; what is no picture as it is, for others to judge."""
    image = read(data, LONGEST)
    if image.isNull():
        return data
    # Painted onto a new one: a copy would keep the texts that were in the file, and Qt writes them into the new file.
    bare = QImage(image.size(), QImage.Format.Format_RGB32)
    bare.fill(Qt.GlobalColor.white)
    painter = QPainter(bare)
    painter.drawImage(0, 0, image)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    bare.save(buffer, "JPEG", QUALITY)  # type: ignore[call-overload]  # the stub wants bytes, Qt wants text
    return bytes(buffer.data().data())


def written(image: QImage) -> bytes:
    """A picture that came without a file, as one."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes, Qt wants text
    return bytes(buffer.data().data())


def read(data: bytes, longest: int) -> QImage:
    """A picture no larger than ``longest`` on either side; a null one for what is none."""
    kept = QByteArray(data)
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    reader.setDecideFormatFromContent(True)
    if bytes(reader.format().data()) not in {b"jpeg", b"png"}:
        return QImage()
    image = reader.read()
    if max(image.width(), image.height()) > longest:
        smooth = Qt.TransformationMode.SmoothTransformation
        image = image.scaled(QSize(longest, longest), Qt.AspectRatioMode.KeepAspectRatio, smooth)
    return image
