"""Devices and people at the office: grids, staff, laptops and the kits that set them up."""

from gridworker.gui.pages.devices.page import DevicesPage

__all__ = ["DevicesPage"]
