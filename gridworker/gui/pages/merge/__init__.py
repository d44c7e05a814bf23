"""The merge inbox of the office: bundles come in, what disagrees is settled, replies go out."""

from gridworker.gui.pages.merge.page import MergePage

__all__ = ["MergePage"]
