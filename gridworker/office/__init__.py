"""What only the office does: the merge desk, dispatch."""
