"""Photos and papers: adding, showing, writing out, letting go."""
