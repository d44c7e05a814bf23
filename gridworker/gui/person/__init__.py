"""Forms and papers about one person: written down, consent, their own file, photos, erasure."""
