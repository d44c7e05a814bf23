"""What is loaded while a passphrase is typed, so that nobody waits for it between the passphrase and the first page."""

import gc
import sys
from importlib import import_module

HEAVY = (
    "gridworker.app.workspace", "gridworker.app.access.opening", "gridworker.store.store",
    "gridworker.app.today.today", "gridworker.app.household.roll", "gridworker.app.issue.issue_news",
    "gridworker.app.household.roll_news", "gridworker.app.exchange.exchange", "gridworker.sync.post",
    "gridworker.store.search.search", "gridworker.store.engine.lock", "gridworker.store.upgrade.tables",
    "sqlalchemy.dialects.sqlite", "gridworker.app.issue.issues", "gridworker.app.exchange.standing",
    "gridworker.app.exchange.watched", "gridworker.app.backup.backups", "gridworker.app.backup.plan",
    "gridworker.app.exchange.clocks", "gridworker.app.staff.people_here", "gridworker.app.staff.slot_rollback",
    "gridworker.app.access.slots_settled", "gridworker.store.backup.backup", "pyrage",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
)  # fmt: skip
"""Loaded in a pool thread while the passphrase is typed. Nothing with Qt in it: Qt's classes are made in one thread."""

PAGES = (
    "gridworker.gui.widgets.sidebar", "gridworker.gui.widgets.sharestrip", "gridworker.gui.widgets.veil",
    "gridworker.gui.pagestack", "gridworker.gui.desk", "gridworker.gui.watching.folderwatch",
    "gridworker.gui.watching.handover", "gridworker.gui.watching.rolewatch", "gridworker.gui.watching.chores",
    "gridworker.gui.locking.sessionlock",
    "gridworker.gui.owner", "gridworker.gui.widgets.signs", "gridworker.gui.widgets.weekstrip",
    "gridworker.gui.widgets.hero", "gridworker.gui.widgets.ring", "gridworker.gui.widgets.headers",
    "gridworker.gui.widgets.searchfield", "gridworker.gui.pages.today.looks", "gridworker.gui.pages.today.hero",
    "gridworker.gui.pages.today.waiting", "gridworker.gui.pages.today.page",
    *(("PySide6.QtDBus",) if sys.platform == "linux" else ()),
)  # fmt: skip
"""Loaded in the window's thread meanwhile, one between two events, so that nobody notices while typing."""


ROUNDS = 40
"""So often the young are looked through before those that outlived it are: these are many at a time, and few go."""


def rehearse() -> None:
    """Paint an empty list that nobody sees.

    The binding makes the classes of Qt's views, with sixty enumerations, when the first one is made.
    """
    from gridworker.gui.widgets.rowlist import RowList

    part = RowList()
    part.grab()
    part.deleteLater()


def settle() -> None:
    """Rehearse, and take what is loaded by now out of what Python looks through for garbage: it stays.

    From now on what outlived a look is looked through less often, too.

    A hundred thousand objects are these, and looking through them held the window up for fifty milliseconds each time.
    """
    rehearse()
    gc.freeze()
    young, _, old = gc.get_threshold()
    gc.set_threshold(young, ROUNDS, old)


def load_heavy() -> None:
    """All of it that has nothing of Qt in it."""
    for name in HEAVY:
        import_module(name)
    from gridworker.app.register.records import Records

    Records.kinds()
