"""The kinds, one file each, and the rules. Knows no clock, file, Qt or database session; ``today`` is passed in."""
