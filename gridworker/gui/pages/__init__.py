"""One file per page; no page imports another."""
