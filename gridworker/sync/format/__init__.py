"""The bundle file: its header, payload and sections, how it is sealed and signed, and the keys for that."""
