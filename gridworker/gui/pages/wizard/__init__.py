"""The first run: who are you? A worker with a kit, the office, or somebody trying it out."""
