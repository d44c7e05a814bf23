"""Which records a laptop may hold, now and in earlier days."""
