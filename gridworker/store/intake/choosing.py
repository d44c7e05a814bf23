"""Which of several heads is shown, chosen anew where the corrections of clocks have changed."""

from gridworker.store.intake.intake import Taken
from gridworker.store.log.log import Cursor, Log, chunks
from gridworker.store.tables.projection import Places, Projection


def choose_anew(cursor: Cursor, taken: Taken) -> None:
    """Read all records anew whose heads differ: the corrections that say which is shown have changed.

    Also after the tables were read anew, where the corrections came in among all others.
    """
    cursor.execute("SELECT DISTINCT record, kind FROM conflict ORDER BY record")
    contested = cursor.fetchall()
    awaited = Log(cursor).awaited() if contested else {}
    for part in chunks(contested):
        kinds = dict(part)
        Projection(cursor).reread(kinds, Places(kinds, Log(cursor).heads(kinds), awaited))
        for record, kind in part:
            taken.altered[kind].add(record)
            taken.to_index.named[kind].add(record)
            taken.to_index.told[kind].add(record)
