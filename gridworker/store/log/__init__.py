"""The log and what it is made of: ops, clock, journal, the merge rule, verdicts."""
