"""What of a laptop's bundle the office applies, and what it sets aside for a person."""
