"""A store file that is moved to another place, without the write-ahead log that lay beside it."""

from gridworker.errors import StoreBusy
from gridworker.store.engine.database import Database


def bring_all_in(database: Database) -> None:
    """Before it is moved, have the whole log in the file: closing brings it in too, and is silent where that fails.

    Raises StoreBusy where somebody reads it, StoreDamaged, DiskFull.
    """
    if not database.checkpoint():
        raise StoreBusy("The data are open in another window. Close it, and try again.")
