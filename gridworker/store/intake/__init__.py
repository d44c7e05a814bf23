"""The one write path: changes become ops, ops are taken in, heads merged, rows written."""
