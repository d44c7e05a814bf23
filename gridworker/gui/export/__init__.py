"""Handing a ledger out: what for, of which grid, in whose form."""
