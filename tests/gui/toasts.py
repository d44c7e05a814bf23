"""What a window says in passing."""

from gridworker.gui.widgets.toast import Toast
from gridworker.gui.window import Window


def toast_text(window: Window) -> str:
    """What the toast of a window says now, as it is read aloud, or ''."""
    toast = window.findChild(Toast)
    return toast.accessibleName() if toast is not None and toast.isVisible() else ""
