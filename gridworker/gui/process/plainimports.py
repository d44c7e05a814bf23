"""Python's own way to import, which the binding of Qt replaces by one that reads the source of every module."""

import builtins

import PySide6.QtCore  # noqa: F401  the replacing is done when it is loaded


def leave_sources_unread() -> None:
    """Have modules imported as before Qt was.

    The binding looks for its own name in the source of each module that is imported after it, to know where its
    switchable features (``from __feature__ import …``) count. The lines it read stay in ``linecache`` for good: with
    all that the window loads these are 27 MiB. We use no feature. A binding that does not do so is left as it is.
    """
    theirs, before = (getattr(builtins, name, None) for name in ("__feature_import__", "__orig_import__"))
    if before is not None and builtins.__import__ is theirs:
        builtins.__import__ = before
