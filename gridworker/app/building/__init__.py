"""Buildings and their doors: shown, generated, changed."""
