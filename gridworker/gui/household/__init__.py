"""What the file of a household offers: its forms, its strips, its paper, what can happen to it."""
