"""The files last opened on this device, kept like a draft of nobody in particular."""

import json
from typing import TYPE_CHECKING

from gridworker.app.session import Session
from gridworker.store import drafts

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

OPENED = "opened"
"""The name it is kept under."""


def last_opened(session: Session, connection: "Connection") -> list[int]:
    """The households, newest first. For who reads already: the search asks at every letter."""
    kept = drafts.own(connection, OPENED, session.who)
    return [int(id_) for id_ in json.loads(kept.body).get("ids", ())] if kept else []
