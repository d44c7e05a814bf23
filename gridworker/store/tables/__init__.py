"""Record tables as a reading of the log: layouts, fields read from their heads, rows."""
