"""What is said under a text while it is typed: what does not belong in it. It stops nobody."""

from gridworker.gui.widgets.editors import NoteEditor
from gridworker.gui.widgets.text import Text


class Remarks(Text):
    """The line under a note; there only where there is something to say."""

    def __init__(self, editor: NoteEditor) -> None:
        super().__init__("", "small", "due", wrap=True)
        self._editor = editor
        self.hide()
        editor.edit.textChanged.connect(self._on_typed)

    def _on_typed(self) -> None:
        from gridworker.app.words.wording import remarks

        found = remarks(self._editor.edit.toPlainText())
        self.setText("\n".join(found))
        self.setVisible(bool(found))
