"""The window. Qt lives only here."""

from gridworker.gui.plainimports import leave_sources_unread

leave_sources_unread()
