"""The sync page of a laptop: handing over to the office, receiving its replies, what came of each bundle."""

from gridworker.gui.pages.sync.page import SyncPage

__all__ = ["SyncPage"]
