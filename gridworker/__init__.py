"""Gridworker: know every household, act at the first moment, lose nothing on the way to the office."""

__version__ = "0.1.0"
