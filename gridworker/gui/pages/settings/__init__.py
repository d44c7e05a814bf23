"""Settings: how the window looks and locks on this computer, its keys, and what the program is made of."""

from gridworker.gui.pages.settings.page import SettingsPage

__all__ = ["SettingsPage"]
