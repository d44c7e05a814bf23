"""Ledgers by the kinds' own declarations: columns, presets, exports, blank forms, and forms taken in again."""
