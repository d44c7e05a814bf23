"""How the window looks: colours, type, icons, the order of Tab."""
