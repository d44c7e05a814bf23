"""The rights of those written down: consent, one's own file, erasure, and nothing kept too long."""
