"""What follows a backup that was put back, for the next who opens the store: the power may go in between."""

from typing import TYPE_CHECKING

from gridworker.paths import Folder

if TYPE_CHECKING:
    from gridworker.app.session import Session


def go_on(session: "Session") -> None:
    """Do what follows a backup that was put back, until it is done: once it is, this changes nothing any more.

    Files that did not come back with it are wanted again: else an office would go on saying that it has them, and
    laptops would let theirs go. Of an office what the archive has is taken in; what is whole in a damaged store is
    taken out of it.
    """
    from gridworker.app.attachment.attachments import Attachments
    from gridworker.app.exchange.exchange import Exchange
    from gridworker.store.backup.carried import Follows
    from gridworker.store.backup.rescue import salvage
    from gridworker.store.keys.vault import Keys
    from gridworker.store.meta import Meta

    with session.store.cursor() as cursor:
        follows = Follows.noted(Meta(cursor))
    if follows is None:
        return
    Attachments(session).tidy()
    Exchange(session).recover()
    damaged = Folder(session.folder.root / follows.aside).database
    if follows.aside and damaged.exists():
        done = salvage(damaged, Keys(follows.dek), session.store, session.who)
        session.salvaged, session.damaged_pages = done.new, done.damaged
    with session.store.settings() as settings:
        Follows.done(settings)
