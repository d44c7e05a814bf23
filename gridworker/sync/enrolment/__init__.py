"""Giving a laptop its store and keys, and the office's word on what is asked offline."""
