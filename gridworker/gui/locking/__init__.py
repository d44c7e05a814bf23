"""When the window locks by itself: idle, the computer's own lock, sleep."""
