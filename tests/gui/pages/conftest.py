"""Pages on a store without a passphrase, with a clock moved by hand."""

from tests.app.conftest import clock, office, open_store, session, village, workspace

__all__ = ["clock", "office", "open_store", "session", "village", "workspace"]
