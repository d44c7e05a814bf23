"""Bundles as a person handles them, the shared folder, laptops, grids, and what follows from what came."""
