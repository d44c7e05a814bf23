"""Qt's own words (file dialogs, message boxes, menus of text fields) in the language of the window."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QObject, QTranslator

from gridworker import resources, text


class QtWords(QObject):
    """The translators that are in use. English needs none: it is what Qt says by itself."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._used: list[QTranslator] = []

    def follow(self) -> None:
        """Go over to the language of our own words. A catalogue that is missing is gone without."""
        for old in self._used:
            QCoreApplication.removeTranslator(old)
            old.deleteLater()
        found = map(self._loaded, _catalogues()) if text.language() == "zh_CN" else ()
        self._used = [one for one in found if one is not None]
        for one in self._used:
            QCoreApplication.installTranslator(one)

    def _loaded(self, catalogue: Path) -> QTranslator | None:
        translator = QTranslator(self)
        return translator if translator.load(str(catalogue)) else None


def _catalogues() -> tuple[Path, ...]:
    """Ours has what Qt's lacks in the versions we run with; where both know a word, the later one is taken."""
    of_qt = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    return resources.path("locale", "zh_CN", "qt.qm"), of_qt / "qtbase_zh_CN.qm"
