"""An office that was restored is given back what laptops had from it."""
