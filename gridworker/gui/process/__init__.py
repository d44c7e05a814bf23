"""The process itself: its heap, its imports, starting it again."""
