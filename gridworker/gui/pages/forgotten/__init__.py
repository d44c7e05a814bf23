"""A forgotten passphrase, from the unlock page: the office's answer, or its recovery sheet."""

from gridworker.gui.pages.forgotten.page import ForgottenPage

__all__ = ["ForgottenPage"]
