"""One file per page, or a folder where a page has parts; no page imports another."""
