"""What the window does by itself while a store is open: backups, the shared folder, drives."""
