"""Records of any kind: the plain register, records by name, their histories."""
